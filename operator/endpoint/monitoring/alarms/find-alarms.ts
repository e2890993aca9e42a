import { createHash } from 'node:crypto';
import { alarmNameOf } from '../../../api/monitoring/metric-alarm.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { defineIndex } from '../../../kubernetes/read.ts';
import { MetricAlarm } from '../../../kubernetes/resources.ts';
import type { Json } from '../../../kubernetes/write.ts';
import { inTurn } from '../../ec2/in-turn.ts';
import { withinNamespace } from '../../ec2/indexes.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext, ReadOnlyContext } from '../../operation.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;
const TRIES = 5;

const alarmsByName = defineIndex(MetricAlarm, 'alarm-name', (alarm) => [withinNamespace(alarm.metadata.namespace, alarmNameOf(alarm))]);

/** The alarm of a name; of several that were made with kubectl the oldest. */
export function alarmOfName(name: string, { read, caller }: Lookup): MetricAlarm | undefined {
  const ageOf = ({ metadata }: MetricAlarm): string => `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
  return read.byIndex(alarmsByName, withinNamespace(caller.namespace, name)).toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))[0];
}

/** @throws AwsError ResourceNotFound */
export function requireAlarm(name: string | undefined, context: Lookup): MetricAlarm {
  const alarm = name === undefined ? undefined : alarmOfName(name, context);
  if (alarm) return alarm;
  throw new AwsError('ResourceNotFound', `Unknown alarm ${name ?? ''}`, { status: 404 });
}

/** Name of the object of an alarm: of two calls for one name at once one makes it. */
export function alarmObjectName(name: string): string {
  return `metricalarm-${createHash('sha256').update(name).digest('hex').slice(0, 40)}`;
}

/** ARN of an alarm. */
export function alarmArn(name: string, { region, caller }: Pick<ReadOnlyContext, 'region' | 'caller'>): string {
  return `arn:aws:cloudwatch:${region}:${caller.accountId}:alarm:${name}`;
}

/**
 * Changes the spec of an alarm as `change` says of the newest one there is; others' changes in between are not lost.
 * @throws AwsError ResourceNotFound
 */
export async function changeAlarm(name: string, change: (spec: MetricAlarm['spec']) => Json, context: OperationContext): Promise<void> {
  const { write, live, caller } = context;
  await inTurn(`${caller.namespace}/MetricAlarm/${name}`, async () => {
    let alarm: MetricAlarm | undefined = requireAlarm(name, context);
    const key = { namespace: caller.namespace, name: alarm.metadata.name };
    for (let tried = 1; ; tried += 1) {
      if (!alarm) throw new AwsError('ResourceNotFound', `Unknown alarm ${name}`, { status: 404 });
      try {
        await write.patch(MetricAlarm, key, { metadata: { resourceVersion: alarm.metadata.resourceVersion }, spec: change(alarm.spec) });
        return;
      } catch (error) {
        if ((!isConflict(error) && !isNotFound(error)) || tried === TRIES) throw error;
        alarm = await live.fetch(MetricAlarm, key);
      }
    }
  });
}
