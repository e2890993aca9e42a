import type { ScalingProcessQuery } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { processesFrom } from './process-names.ts';

/**
 * Suspends processes of a group, without names all of them.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SuspendProcesses.html
 */
export async function suspendProcesses(input: ScalingProcessQuery, context: OperationContext): Promise<void> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const processes = processesFrom(input.ScalingProcesses);
  await changeGroup(
    group,
    ({ spec }) => {
      const before = spec.suspendedProcesses ?? [];
      const added = [...new Set(processes)].filter((process) => !before.includes(process));
      return added.length === 0 ? undefined : { suspendedProcesses: [...before, ...added] };
    },
    context.write,
  );
}
