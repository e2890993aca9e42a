import type { EnableMetricsCollectionQuery } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { changeGroup } from '../groups/change-group.ts';
import { requireGroup } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { metricsFrom } from './metric-names.ts';

/**
 * Has metrics of a group collected, without names all of them.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnableMetricsCollection.html
 */
export async function enableMetricsCollection(input: EnableMetricsCollectionQuery, context: OperationContext): Promise<void> {
  if (input.Granularity !== '1Minute') throw validationError(`Invalid granularity: ${input.Granularity ?? ''}. The only valid value is 1Minute.`);
  const group = requireGroup(input.AutoScalingGroupName, context);
  const metrics = metricsFrom(input.Metrics);
  await changeGroup(
    group,
    ({ spec }) => {
      const before = spec.enabledMetrics ?? [];
      const added = [...new Set(metrics)].filter((metric) => !before.includes(metric));
      return added.length === 0 ? undefined : { enabledMetrics: [...before, ...added] };
    },
    context.write,
  );
}
