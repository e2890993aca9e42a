import type { Volume } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach, requireOne } from '../ids.ts';
import { volumesById, withinNamespace } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** The caller's volume of this id, made by the API or by kubectl. */
export function findVolume(id: string, { read, caller }: Lookup): Volume | undefined {
  return read.byIndex(volumesById, withinNamespace(caller.namespace, id))[0];
}

/** The volumes that a request names, each once. @throws AwsError InvalidParameterValue, InvalidVolume.NotFound */
export function requireVolumes(ids: readonly string[] | undefined, context: Lookup): Volume[] {
  return requireEach(IdKinds.volume, ids, (id) => findVolume(id, context));
}

/** The one volume that a request names. @throws AwsError InvalidParameterValue, InvalidVolume.NotFound */
export function requireVolume(id: string | undefined, context: Lookup): Volume {
  return requireOne(IdKinds.volume, id ?? '', (wanted) => findVolume(wanted, context));
}
