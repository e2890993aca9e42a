import type { DeletePlacementGroupRequest } from '@aws-sdk/client-ec2';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { PlacementGroup } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { membersOf, requirePlacementGroup } from './find-placement-group.ts';

/**
 * Removes a group that has no instances, stopped ones included.
 * @throws AwsError InvalidPlacementGroup.Unknown, InvalidPlacementGroup.InUse
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeletePlacementGroup.html
 */
export async function deletePlacementGroup({ GroupName }: DeletePlacementGroupRequest, context: OperationContext): Promise<void> {
  if (!GroupName) throw missingParameter('GroupName');
  const group = requirePlacementGroup(GroupName, context);
  if (membersOf(group, context).length > 0) {
    throw new AwsError('InvalidPlacementGroup.InUse', `The placement group '${GroupName}' is in use and may not be deleted.`);
  }
  const { namespace, name, uid } = group.metadata;
  await context.write.remove(PlacementGroup, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}
