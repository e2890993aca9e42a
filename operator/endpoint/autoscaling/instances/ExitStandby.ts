import type { ExitStandbyAnswer, ExitStandbyQuery } from '@aws-sdk/client-auto-scaling';
import { lifecycleStateOf } from '../../../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { OperationContext } from '../../operation.ts';
import { sdkActivityFrom } from '../activities/sdk-activity.ts';
import { requireGroup, requireMembers } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { requestInstances } from './request-instances.ts';

/**
 * Puts instances on standby back into service; the desired capacity grows by them.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html
 */
export async function exitStandby(input: ExitStandbyQuery, context: OperationContext): Promise<ExitStandbyAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const members = requireMembers(input.InstanceIds ?? [], group, context);
  for (const member of members) {
    if (lifecycleStateOf(member) !== 'Standby') throw validationError(`The instance ${ec2IdOf('i', member)} is not in Standby state.`);
  }
  if (members.length === 0) return { Activities: [] };
  const wanted = { action: 'exit-standby', direction: 1, verb: 'take out of standby', done: 'moved out of standby', description: 'Moving EC2 instance out of Standby' } as const;
  const { activities } = await requestInstances(members, group, wanted, context);
  return { Activities: activities.map((activity) => sdkActivityFrom(activity, group, context)) };
}
