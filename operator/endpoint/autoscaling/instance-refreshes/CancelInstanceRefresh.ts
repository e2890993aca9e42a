import type { CancelInstanceRefreshAnswer, CancelInstanceRefreshType } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { endRefresh } from './end-refresh.ts';

/**
 * Stops an instance refresh where it stands: what is replaced stays replaced.
 * @throws AwsError ValidationError, ActiveInstanceRefreshNotFound
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CancelInstanceRefresh.html
 */
export async function cancelInstanceRefresh(input: CancelInstanceRefreshType, context: OperationContext): Promise<CancelInstanceRefreshAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  return { InstanceRefreshId: await endRefresh(group, 'cancel', context) };
}
