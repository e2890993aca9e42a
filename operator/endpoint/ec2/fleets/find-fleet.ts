import { Fleet } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/** Whether a text has the form of a fleet's id. */
export function isFleetId(text: string): boolean {
  return /^fleet-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}

/** The fleet of an id. */
export function fleetOfId(id: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): Fleet | undefined {
  return read.get(Fleet, { namespace: caller.namespace, name: id });
}

/** @throws AwsError InvalidFleetId.Malformed, InvalidFleetId.NotFound */
export function requireFleet(id: string, context: Pick<ReadOnlyContext, 'read' | 'caller'>): Fleet {
  if (!isFleetId(id)) throw new AwsError('InvalidFleetId.Malformed', `Invalid id: "${id}" (expecting "fleet-...")`);
  const fleet = fleetOfId(id, context);
  if (fleet) return fleet;
  throw new AwsError('InvalidFleetId.NotFound', `The fleet ID '${id}' does not exist`);
}
