import type { Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach, requireOne } from '../ids.ts';
import { instancesById, withinNamespace } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** The caller's instance of this id, made by the API or by kubectl. */
export function findInstance(id: string, { read, caller }: Lookup): Instance | undefined {
  return read.byIndex(instancesById, withinNamespace(caller.namespace, id))[0];
}

/** The instances that a request names, each once. @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound */
export function requireInstances(ids: readonly string[] | undefined, context: Lookup): Instance[] {
  return requireEach(IdKinds.instance, ids, (id) => findInstance(id, context));
}

/** The one instance that a request names. @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound */
export function requireInstance(id: string, context: Lookup): Instance {
  return requireOne(IdKinds.instance, id, (wanted) => findInstance(wanted, context));
}
