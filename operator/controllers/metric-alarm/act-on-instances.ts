import { ec2IdOf } from '../../api/ec2-id.ts';
import { actionsIn, type AlarmState, type MetricAlarm } from '../../api/monitoring/metric-alarm.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { Instance } from '../../kubernetes/resources.ts';
import type { Json } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';

/**
 * Carries out the EC2 actions of a new state on the instance that the metric is of. Scaling policies look at the state by themselves; topics and functions
 * do not exist here.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/UsingAlarmActions.html
 */
export async function actOnInstances(alarm: MetricAlarm, state: AlarmState, { read, write, clock }: ReconcileContext): Promise<void> {
  const instanceId = alarm.spec.dimensions?.find(({ name }) => name === 'InstanceId')?.value;
  const instance = read.list(Instance, alarm.metadata.namespace).find((candidate) => ec2IdOf('i', candidate) === instanceId);
  if (instance === undefined) return;
  for (const action of actionsIn(alarm, state)) {
    const spec = changeBy(action, new Date(clock.now()).toISOString());
    if (spec === undefined) continue;
    await write.patch(Instance, { namespace: instance.metadata.namespace, name: instance.metadata.name }, { spec }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // gone by now
    });
  }
}

function changeBy(action: string, now: string): Json | undefined {
  const [, verb] = /^arn:aws:(?:automate:[^:]*:ec2:|swf:[^:]*:[0-9]*:action\/actions\/AWS_EC2\.InstanceId\.)(stop|terminate|reboot)/i.exec(action) ?? [];
  switch (verb?.toLowerCase()) {
    case 'stop':
      return { powerState: 'stopped' };
    case 'terminate':
      return { powerState: 'terminated' };
    case 'reboot':
      return { rebootRequestedAt: now };
    default:
      return undefined;
  }
}
