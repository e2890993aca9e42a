import type { ScalingProcessQuery } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { processesFrom } from './process-names.ts';

/**
 * Lets suspended processes of a group go on, without names all of them.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ResumeProcesses.html
 */
export async function resumeProcesses(input: ScalingProcessQuery, context: OperationContext): Promise<void> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const processes = processesFrom(input.ScalingProcesses);
  await changeGroup(
    group,
    ({ spec }) => {
      const before = spec.suspendedProcesses ?? [];
      const rest = before.filter((process) => !processes.includes(process));
      if (rest.length === before.length) return undefined;
      return { suspendedProcesses: rest.length > 0 ? rest : null };
    },
    context.write,
  );
}
