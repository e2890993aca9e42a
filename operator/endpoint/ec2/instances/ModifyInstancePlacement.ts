import type { ModifyInstancePlacementRequest, ModifyInstancePlacementResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext, ReadOnlyContext } from '../../operation.ts';
import type { Instance } from '../../../kubernetes/resources.ts';
import { changeSpecOf } from './change-instance.ts';
import { groupPlacementFor, otherZone } from './launch-placement.ts';
import { requireLiving } from './require-living.ts';
import { shownStateOf } from './shown-state.ts';

type Placement = { groupName?: string | null; partitionNumber?: number | null };

/**
 * Moves a stopped instance into a placement group, into another partition, or out of its group (GroupName ''): the next start is by the new rules.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState, InvalidPlacementGroup.Unknown, InvalidPlacementGroupId.Malformed, InvalidHostID.NotFound,
 *   InvalidParameterCombination, InvalidParameterValue, InvalidRequest - a tenancy other than default
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstancePlacement.html
 */
export async function modifyInstancePlacement(input: ModifyInstancePlacementRequest, context: OperationContext): Promise<ModifyInstancePlacementResult> {
  requireSharedHosts(input);
  const instance = requireLiving(input.InstanceId, context);
  requireStopped(instance);
  const placement = placementFor(input, instance, context);
  if (placement) {
    await changeSpecOf(
      instance,
      (current) => {
        requireStopped(current);
        return { placement };
      },
      context.write,
    );
  }
  return { Return: true };
}

function requireSharedHosts({ Affinity, HostId, HostResourceGroupArn, Tenancy, ...rest }: ModifyInstancePlacementRequest): void {
  if (HostId) throw new AwsError('InvalidHostID.NotFound', `The host ID '${HostId}' does not exist`);
  if (Tenancy === 'dedicated' || Tenancy === 'host' || HostResourceGroupArn || Affinity === 'host') {
    throw new AwsError('InvalidRequest', 'The requested tenancy is not supported. Only shared tenancy is available.');
  }
  if (Tenancy !== undefined && Tenancy !== 'default') throw invalidParameterValue('tenancy', String(Tenancy), 'It must be default, dedicated or host.');
  if (Affinity !== undefined && Affinity !== 'default') throw invalidParameterValue('affinity', String(Affinity), 'It must be default or host.');
  const { GroupName, GroupId, PartitionNumber } = rest;
  if ([Affinity, Tenancy, GroupName, GroupId, PartitionNumber].some((value) => value !== undefined)) return;
  throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
}

function requireStopped(instance: Instance): void {
  if (shownStateOf(instance) === 'stopped') return;
  throw new AwsError('IncorrectInstanceState', `The instance '${ec2IdOf('i', instance)}' is not in the 'stopped' state.`);
}

/** The new placement as a patch; undefined if nothing is said about it. */
function placementFor(input: ModifyInstancePlacementRequest, { spec, status }: Instance, context: Pick<ReadOnlyContext, 'read' | 'caller'>): Placement | undefined {
  const { GroupName, GroupId, PartitionNumber } = input;
  if (GroupName === undefined && GroupId === undefined && PartitionNumber === undefined) return undefined;
  if (GroupName === '' && !GroupId) {
    if (PartitionNumber !== undefined) throw new AwsError('InvalidParameterCombination', 'The partition number can be given only with a placement group.');
    return { groupName: null, partitionNumber: null };
  }
  const name = GroupName ?? (GroupId ? undefined : spec.placement.groupName);
  if (!name && !GroupId) throw new AwsError('InvalidParameterCombination', 'The partition number can be given only with a placement group.');
  const group = groupPlacementFor({ GroupName: name, GroupId, PartitionNumber }, context);
  const zone = status?.availabilityZone ?? spec.placement.availabilityZone;
  if (group?.onlyZone !== undefined && zone !== undefined && group.onlyZone !== zone) throw otherZone(group);
  return { groupName: group?.groupName ?? null, partitionNumber: group?.partitions[0] ?? null };
}
