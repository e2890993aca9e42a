import { AwsError } from '../../errors.ts';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import type { Refresh } from '../../../api/auto-scaling/auto-scaling-refresh.ts';
import type { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { activeRefreshOf } from './sdk-refresh.ts';

/**
 * Ends the refresh that goes on. Answers with its id.
 * @param check - throws if this refresh cannot be ended in this way
 * @throws AwsError ActiveInstanceRefreshNotFound
 */
export async function endRefresh(group: AutoScalingGroup, end: 'cancel' | 'rollback', context: OperationContext, check: (refresh: Refresh, group: AutoScalingGroup) => void = () => undefined): Promise<string> {
  let ended = '';
  await changeGroup(
    group,
    (current) => {
      const active = activeRefreshOf(current);
      const request = current.spec.instanceRefresh;
      if (active === undefined || request === undefined || active.status === 'Cancelling' || (end === 'rollback' && active.status === 'RollbackInProgress')) {
        throw new AwsError('ActiveInstanceRefreshNotFound', `No in progress or pending Instance Refresh found for Auto Scaling group ${autoScalingGroupNameOf(current)}`);
      }
      check(active, current);
      ended = active.id;
      return { instanceRefresh: { ...request, end } };
    },
    context.write,
  );
  return ended;
}
