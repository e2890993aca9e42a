import type { RollbackInstanceRefreshAnswer, RollbackInstanceRefreshType } from '@aws-sdk/client-auto-scaling';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { endRefresh } from './end-refresh.ts';

/**
 * Turns an instance refresh: instances become again what they were made of before.
 * @throws AwsError ValidationError, ActiveInstanceRefreshNotFound, IrreversibleInstanceRefresh
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RollbackInstanceRefresh.html
 */
export async function rollbackInstanceRefresh(input: RollbackInstanceRefreshType, context: OperationContext): Promise<RollbackInstanceRefreshAnswer> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const id = await endRefresh(group, 'rollback', context, ({ desiredConfiguration }, { spec }) => {
    const version = spec.launchTemplate?.version ?? spec.mixedInstancesPolicy?.launchTemplate.version;
    // What $Latest stood for before is not known any more.
    if (desiredConfiguration === undefined || version === '$Latest' || version === '$Default') {
      throw new AwsError('IrreversibleInstanceRefresh', 'The instance refresh cannot be rolled back: it has no desired configuration, or the group launches from $Latest or $Default.');
    }
  });
  return { InstanceRefreshId: id };
}
