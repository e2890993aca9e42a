import type { PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import type { OperationContext } from '../../operation.ts';
import { invalidParameter } from '../errors.ts';
import { putValueFrom } from './metric-values.ts';
import { writeValues } from './series-writer.ts';

const DATA_LIMIT = 1000;

/**
 * Keeps values of custom metrics, by the minute, for three hours.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination, LimitExceeded
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export async function putMetricData({ Namespace = '', MetricData = [], EntityMetricData }: PutMetricDataInput, context: OperationContext): Promise<void> {
  if (!/^[^:].{0,254}$/s.test(Namespace)) throw invalidParameter('The value  for parameter Namespace is invalid: it must have 1 to 255 characters and not begin with a colon.');
  if (Namespace.startsWith('AWS/')) throw invalidParameter(`The value ${Namespace} for parameter Namespace is invalid: namespaces that begin with AWS/ are those of services.`);
  if (EntityMetricData && EntityMetricData.length > 0) throw invalidParameter('The parameter EntityMetricData is not supported.');
  if (MetricData.length === 0) throw invalidParameter('The parameter MetricData must have a member.');
  if (MetricData.length > DATA_LIMIT) throw invalidParameter(`The collection MetricData must not have a size greater than ${String(DATA_LIMIT)}.`);
  const now = context.clock.now();
  const values = MetricData.map((datum, index) => putValueFrom(Namespace, datum, `MetricData.member.${String(index + 1)}`, now));
  await writeValues(values, context);
}
