import type { DisableMetricsCollectionQuery } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { metricsFrom } from './metric-names.ts';

/**
 * Has metrics of a group collected no more, without names none at all.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DisableMetricsCollection.html
 */
export async function disableMetricsCollection(input: DisableMetricsCollectionQuery, context: OperationContext): Promise<void> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const metrics = metricsFrom(input.Metrics);
  await changeGroup(
    group,
    ({ spec }) => {
      const before = spec.enabledMetrics ?? [];
      const rest = before.filter((metric) => !metrics.includes(metric));
      if (rest.length === before.length) return undefined;
      return { enabledMetrics: rest.length > 0 ? rest : null };
    },
    context.write,
  );
}
