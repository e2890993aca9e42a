import type { PlacementGroup as SdkPlacementGroup } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { partitionCountOf, placementGroupNameOf } from '../../../api/compute/placement-group.ts';
import type { PlacementGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';

/** A placement group in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_PlacementGroup.html */
export function sdkPlacementGroupFrom(group: PlacementGroup, { caller, region }: Pick<ReadOnlyContext, 'caller' | 'region'>): SdkPlacementGroup {
  const { strategy, tags } = group.spec;
  const name = placementGroupNameOf(group);
  return {
    GroupName: name,
    GroupId: ec2IdOf('pg', group),
    GroupArn: `arn:aws:ec2:${region}:${caller.accountId}:placement-group/${name}`,
    State: 'available',
    Strategy: strategy,
    ...(strategy === 'partition' && { PartitionCount: partitionCountOf(group) }),
    ...(strategy === 'spread' && { SpreadLevel: 'rack' }),
    Tags: sdkTagsFrom(tags),
  };
}
