import type { RecordLifecycleActionHeartbeatType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { timestampOf } from '../groups/capacity-change.ts';
import { requireGroup } from '../groups/find-group.ts';
import { changeMember } from '../instances/change-member.ts';
import { isNamedBy, requireHeldMember } from './open-actions.ts';

/**
 * Begins the time of a lifecycle action anew.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RecordLifecycleActionHeartbeat.html
 */
export async function recordLifecycleActionHeartbeat(input: RecordLifecycleActionHeartbeatType, context: OperationContext): Promise<object> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const member = requireHeldMember(input, group, context);
  const heartbeatAt = timestampOf(context);
  await changeMember(member, ({ lifecycleActions = [] }) => ({ lifecycleActions: lifecycleActions.map((action) => (isNamedBy(input)(action) ? { ...action, heartbeatAt } : action)) }), context.write);
  return {};
}
