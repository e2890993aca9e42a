import type { DeleteAlarmsInput } from '@aws-sdk/client-cloudwatch';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { MetricAlarm } from '../../../kubernetes/resources.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import type { OperationContext } from '../../operation.ts';
import { validationError } from '../errors.ts';
import { requireAlarm } from './find-alarms.ts';

const NAMES_LIMIT = 100;

/**
 * Removes alarms, all or none.
 * @throws AwsError ResourceNotFound - if one of them does not exist; ValidationError
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DeleteAlarms.html
 */
export async function deleteAlarms({ AlarmNames = [] }: DeleteAlarmsInput, context: OperationContext): Promise<void> {
  if (AlarmNames.length > NAMES_LIMIT) throw validationError(`The collection AlarmNames must not have a size greater than ${String(NAMES_LIMIT)}.`);
  const alarms = [...new Set(AlarmNames)].map((name) => requireAlarm(name, context));
  await allBounded(alarms, 8, async ({ metadata: { namespace, name, uid } }) =>
    context.write.remove(MetricAlarm, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // already gone is what we want
    }),
  );
}
