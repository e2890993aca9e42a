import type { PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { MetricAlarmDefinition } from '../../../api/monitoring/metric-alarm.ts';
import type { Tag } from '../../../api/shared.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { mergePatchFrom } from '../../../kubernetes/merge-patch.ts';
import { MetricAlarm } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { validationError } from '../errors.ts';
import { monitoringTagsFrom } from '../tags/monitoring-tags.ts';
import { alarmObjectName, alarmOfName, changeAlarm } from './find-alarms.ts';
import { requestedAlarmFrom } from './requested-alarm.ts';

/** CloudWatch's own. */
const ALARMS_LIMIT = 5000;

/**
 * Makes an alarm, or gives the one of this name other settings; its state stays. Tags are for new alarms only.
 * @throws AwsError ValidationError, InvalidParameterCombination, InvalidParameterValue, LimitExceeded
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export async function putMetricAlarm(input: PutMetricAlarmInput, context: OperationContext): Promise<void> {
  const name = input.AlarmName ?? '';
  if (name === '' || name.length > 255 || /\p{Cc}/u.test(name)) throw validationError('The alarm name must have 1 to 255 characters and no control characters.');
  const requested = requestedAlarmFrom(input);
  const tags = monitoringTagsFrom(input.Tags);
  if (!alarmOfName(name, context) && (await create(name, requested, tags, context))) return;
  await changeAlarm(name, ({ tags: _tags, requestedState: _requested, alarmName: _name, ...spec }) => mergePatchFrom(spec, requested) ?? {}, context);
}

/** False if another call was quicker. */
async function create(name: string, requested: ReturnType<typeof requestedAlarmFrom>, tags: readonly Tag[], { read, write, caller }: OperationContext): Promise<boolean> {
  if (read.list(MetricAlarm, caller.namespace).length >= ALARMS_LIMIT) {
    throw new AwsError('LimitExceeded', `The quota of ${String(ALARMS_LIMIT)} alarms of this account is reached.`);
  }
  const alarm: MetricAlarm = {
    apiVersion: MetricAlarmDefinition.apiVersion,
    kind: MetricAlarmDefinition.kind,
    metadata: { name: alarmObjectName(name), namespace: caller.namespace },
    spec: { alarmName: name, ...requested, ...(tags.length > 0 && { tags: [...tags] }) },
  };
  return write.create(MetricAlarm, alarm).then(
    () => true,
    (error: unknown) => {
      if (isAlreadyExists(error)) return false;
      throw error;
    },
  );
}
