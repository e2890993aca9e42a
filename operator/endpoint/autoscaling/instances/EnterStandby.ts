import type { EnterStandbyAnswer, EnterStandbyQuery } from '@aws-sdk/client-auto-scaling';
import { lifecycleStateOf } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { OperationContext } from '../../operation.ts';
import { sdkActivityFrom } from '../activities/sdk-activity.ts';
import { requireGroup, requireMembers } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { requestInstances } from './request-instances.ts';

/**
 * Puts instances on standby: they run on, but serve nobody and are not replaced.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html
 */
export async function enterStandby(input: EnterStandbyQuery, context: OperationContext): Promise<EnterStandbyAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const members = requireMembers(input.InstanceIds ?? [], group, context);
  for (const member of members) {
    if (lifecycleStateOf(member) !== 'InService') throw validationError(`The instance ${ec2IdOf('i', member)} is not in InService state.`);
  }
  if (members.length === 0) return { Activities: [] };
  const wanted = { action: 'enter-standby', direction: input.ShouldDecrementDesiredCapacity ? -1 : 0, verb: 'place into standby', done: 'moved to standby', description: 'Moving EC2 instance to Standby' } as const;
  const { activities } = await requestInstances(members, group, wanted, context);
  return { Activities: activities.map((activity) => sdkActivityFrom(activity, group, context)) };
}
