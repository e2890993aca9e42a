import type { DeleteFleetError, DeleteFleetErrorItem, DeleteFleetsRequest, DeleteFleetsResult, DeleteFleetSuccessItem } from '@aws-sdk/client-ec2';
import { Fleet, Instance } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { terminateInstances } from '../instances/TerminateInstances.ts';
import { fleetOfId, isFleetId } from './find-fleet.ts';
import { fleetStateOf, instanceIdsOf } from './sdk-fleet.ts';

/** EC2's limit of fleets of type instant in one request. */
const FLEETS_LIMIT = 25;

/**
 * Ends fleets and their instances, and says of each what became of it. A fleet of type instant cannot be deleted without its instances.
 * @throws AwsError InvalidParameterValue - for more than 25 fleets
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteFleets.html
 */
export async function deleteFleets({ FleetIds = [], TerminateInstances }: DeleteFleetsRequest, context: OperationContext): Promise<DeleteFleetsResult> {
  const ids = [...new Set(FleetIds)];
  if (ids.length > FLEETS_LIMIT) throw new AwsError('InvalidParameterValue', `At most ${FLEETS_LIMIT} fleets of type instant can be deleted at a time.`);
  const deleted: DeleteFleetSuccessItem[] = [];
  const failed: DeleteFleetErrorItem[] = [];
  for (const FleetId of ids) {
    const result = await deleteOne(FleetId, TerminateInstances === true, context);
    if ('Code' in result) failed.push({ FleetId, Error: result });
    else deleted.push({ FleetId, ...result });
  }
  return { SuccessfulFleetDeletions: deleted, UnsuccessfulFleetDeletions: failed };
}

async function deleteOne(id: string, isTerminating: boolean, context: OperationContext): Promise<Omit<DeleteFleetSuccessItem, 'FleetId'> | DeleteFleetError> {
  if (!isFleetId(id)) return { Code: 'fleetIdMalformed', Message: `Invalid id: "${id}" (expecting "fleet-...")` };
  const fleet = fleetOfId(id, context);
  if (!fleet) return { Code: 'fleetIdDoesNotExist', Message: `The fleet ID '${id}' does not exist` };
  if (!isTerminating) return { Code: 'fleetNotInDeletableState', Message: 'A fleet of type instant can be deleted only together with its instances: set TerminateInstances.' };
  const { read, write, caller, clock } = context;
  const PreviousFleetState = fleetStateOf(fleet, context);
  const present = instanceIdsOf(fleet).filter((name) => read.get(Instance, { namespace: caller.namespace, name }) !== undefined);
  try {
    if (present.length > 0) await terminateInstances({ InstanceIds: present }, context);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Code: 'unexpectedError', Message: error.message };
  }
  const deletedAt = fleet.spec.deletedAt ?? new Date(clock.now()).toISOString();
  const changed = await write.patch(Fleet, { namespace: caller.namespace, name: id }, { spec: { deletedAt } });
  return { PreviousFleetState, CurrentFleetState: fleetStateOf(changed, context) };
}
