import assert from 'node:assert/strict';
import type { AutoScalingGroupSpec } from '../../../../operator/api/auto-scaling/auto-scaling-group.ts';
import type { ScheduledActionSpec, ScheduledActionStatus } from '../../../../operator/api/auto-scaling/scheduled-action.ts';
import { scheduledActionController } from '../../../../operator/controllers/scheduled-action/controller.ts';
import { scheduleOf } from '../../../../operator/controllers/scheduled-action/schedule.ts';
import { AutoScalingGroup, ScheduledAction } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';
import { aGroup, aScheduledAction } from '../../../support/scaling-objects.ts';

const controller = scheduledActionController();

interface Outcome {
  sizes: (number | undefined)[];
  reason: string | undefined;
  next: string | undefined;
  status: ScheduledActionStatus;
  cluster: FakeCluster;
  clock: FakeClock;
}

async function outcomeOf(spec: Partial<ScheduledActionSpec>, { now = '2026-01-05T09:00:30Z', group = {}, status }: { now?: string; group?: Partial<AutoScalingGroupSpec>; status?: ScheduledActionStatus } = {}): Promise<Outcome> {
  const clock = new FakeClock(now);
  const cluster = new FakeCluster({ clock, objects: [aGroup('web', { desiredCapacity: 4, ...group }), aScheduledAction('a', spec, status)] });
  await passUntilQuiet(cluster, controller, { namespace: NAMESPACE, name: 'a' }, clock);
  const sizes = cluster.get(AutoScalingGroup, { namespace: NAMESPACE, name: 'web' })?.spec;
  const after = cluster.get(ScheduledAction, { namespace: NAMESPACE, name: 'a' })?.status ?? {};
  return { sizes: [sizes?.minSize, sizes?.maxSize, sizes?.desiredCapacity], reason: after.conditions?.[0]?.reason, next: after.nextTime, status: after, cluster, clock };
}

describe('a scheduled action', () => {
  const cases: Record<string, { spec: Partial<ScheduledActionSpec>; options?: Parameters<typeof outcomeOf>[1]; want: [sizes: (number | undefined)[], reason: string, next: string | undefined] }> = {
    'happens once, at its time': { spec: { startTime: '2026-01-05T09:00:00Z', desiredCapacity: 9 }, want: [[0, 20, 9], 'Done', undefined] },
    'waits for its time': { spec: { startTime: '2026-01-05T10:00:00Z', desiredCapacity: 9 }, want: [[0, 20, 4], 'Waiting', '2026-01-05T10:00:00.000Z'] },
    'recurs, in its time zone': { spec: { recurrence: '0 10 * * *', timeZone: 'Europe/Berlin', desiredCapacity: 9 }, want: [[0, 20, 9], 'Waiting', '2026-01-06T09:00:00.000Z'] },
    'sets the limits, and the capacity within them': { spec: { recurrence: '0 9 * * *', minSize: 6, maxSize: 8 }, want: [[6, 8, 6], 'Waiting', '2026-01-06T09:00:00.000Z'] },
    'begins with its start': { spec: { recurrence: '0 9 * * *', startTime: '2026-01-07T00:00:00Z', desiredCapacity: 9 }, want: [[0, 20, 4], 'Waiting', '2026-01-07T09:00:00.000Z'] },
    'ends with its end': { spec: { recurrence: '0 9 * * *', endTime: '2026-01-05T12:00:00Z', desiredCapacity: 9 }, want: [[0, 20, 9], 'Done', undefined] },
    'is refused for sizes that contradict each other': { spec: { recurrence: '0 9 * * *', minSize: 21 }, want: [[0, 20, 4], 'Waiting', '2026-01-06T09:00:00.000Z'] },
    'says that a recurrence cannot be read': { spec: { recurrence: '61 9 * * *', desiredCapacity: 9 }, want: [[0, 20, 4], 'InvalidSchedule', undefined] },
    'says that a time zone does not exist': { spec: { recurrence: '0 9 * * *', timeZone: 'Mars/Base', desiredCapacity: 9 }, want: [[0, 20, 4], 'InvalidSchedule', undefined] },
    'says that its time was over before it was made': { spec: { startTime: '2025-12-01T00:00:00Z', desiredCapacity: 9 }, want: [[0, 20, 4], 'TimeIsPast', undefined] },
    'says that its group is not there': { spec: { autoScalingGroup: 'none', startTime: '2026-01-06T00:00:00Z', desiredCapacity: 9 }, want: [[0, 20, 4], 'GroupNotFound', '2026-01-06T00:00:00.000Z'] },
    'passes a suspended group by': { spec: { recurrence: '0 9 * * *', desiredCapacity: 9 }, options: { group: { suspendedProcesses: ['ScheduledActions'] } }, want: [[0, 20, 4], 'Waiting', '2026-01-06T09:00:00.000Z'] },
  };
  for (const [name, { spec, options, want }] of Object.entries(cases)) {
    it(name, async () => {
      const { sizes, reason, next } = await outcomeOf(spec, options);
      assert.deepEqual([sizes, reason, next], want);
    });
  }

  it('tells its cause, does not happen twice, and leaves later changes alone', async () => {
    const { cluster, clock } = await outcomeOf({ recurrence: '0 9 * * *', desiredCapacity: 9 });
    const key = { namespace: NAMESPACE, name: 'web' };
    assert.match(cluster.get(AutoScalingGroup, key)?.spec.capacityChange?.cause ?? '', /^the scheduled action a for 2026-01-05T09:00:00.000Z executed. Setting desired capacity to 9\.$/);
    await cluster.patch(AutoScalingGroup, key, { spec: { desiredCapacity: 2 } });
    await passUntilQuiet(cluster, controller, { namespace: NAMESPACE, name: 'a' }, clock);
    assert.equal(cluster.get(AutoScalingGroup, key)?.spec.desiredCapacity, 2);
  });

  it('of times that were missed carries out the newest', () => {
    const action = aScheduledAction('a', { recurrence: '0 * * * *', desiredCapacity: 1 });
    const { due, next } = scheduleOf(action, Date.parse('2026-01-01T00:30:00Z'), Date.parse('2026-01-03T10:15:00Z'));
    assert.deepEqual([new Date(due ?? 0).toISOString(), new Date(next ?? 0).toISOString()], ['2026-01-03T10:00:00.000Z', '2026-01-03T11:00:00.000Z']);
  });

  it('after a change of its schedule happens only at times to come', async () => {
    const { sizes, next } = await outcomeOf({ recurrence: '0 8 * * *', desiredCapacity: 9 }, { status: { observedGeneration: 0, lastTime: '2026-01-01T00:00:00.000Z' } });
    assert.deepEqual([sizes[2], next], [4, '2026-01-06T08:00:00.000Z']);
  });
});
