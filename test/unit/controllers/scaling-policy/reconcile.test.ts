import assert from 'node:assert/strict';
import { metricAlarmController } from '../../../../operator/controllers/metric-alarm/controller.ts';
import { scalingPolicyController } from '../../../../operator/controllers/scaling-policy/controller.ts';
import { adjustedCapacity, stepFor } from '../../../../operator/controllers/scaling-policy/proposal.ts';
import type { AutoScalingGroupSpec } from '../../../../operator/api/auto-scaling/auto-scaling-group.ts';
import type { ScalingPolicySpec } from '../../../../operator/api/auto-scaling/scaling-policy.ts';
import { AutoScalingGroup, Instance, MetricAlarm, MetricSeries, ScalingPolicy } from '../../../../operator/kubernetes/resources.ts';
import { customMetricsOnly } from '../../../../operator/metrics/metrics-source-of.ts';
import { pass, passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anAlarm, aSeries } from '../../../support/metric-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';
import { aGroup, aPolicy, membersIn } from '../../../support/scaling-objects.ts';

const policies = scalingPolicyController(customMetricsOnly);
const alarms = metricAlarmController(customMetricsOnly);
const webKey = { namespace: NAMESPACE, name: 'web' };
const load = { namespace: 'App', metricName: 'Load', statistic: 'Average', period: 60 } as const;
const tracking = (more: object = {}): Partial<ScalingPolicySpec> => ({ policyType: 'TargetTrackingScaling', targetTracking: { customizedMetric: load, targetValue: 50, disableScaleIn: false, ...more } });
const step = (stepAdjustments: ScalingPolicySpec['stepAdjustments'], more: Partial<ScalingPolicySpec> = {}): Partial<ScalingPolicySpec> => ({ policyType: 'StepScaling', adjustmentType: 'ChangeInCapacity', stepAdjustments, ...more });
const simple = (scalingAdjustment: number, more: Partial<ScalingPolicySpec> = {}): Partial<ScalingPolicySpec> => ({ policyType: 'SimpleScaling', adjustmentType: 'ChangeInCapacity', scalingAdjustment, ...more });
const ringing = (policy: string, threshold = 50): MetricAlarm => anAlarm(`alarm-${policy}`, { threshold, alarmActions: [`ScalingPolicy/${policy}`] }, { state: 'ALARM' });

interface World {
  cluster: FakeCluster;
  clock: FakeClock;
  /** All controllers once over everything, until nothing changes. */
  settle: () => Promise<void>;
  desired: () => number | undefined;
  cause: () => string | undefined;
}

function world(objects: (ScalingPolicy | MetricAlarm | Instance)[], values: readonly number[], group: Partial<AutoScalingGroupSpec> = {}): World {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects: [aGroup('web', { desiredCapacity: 4, ...group }), aSeries('s', values, clock.now()), ...membersIn('web', group.desiredCapacity ?? 4), ...objects] });
  const groupNow = (): AutoScalingGroup | undefined => cluster.get(AutoScalingGroup, webKey);
  return {
    cluster,
    clock,
    settle: async () => {
      for (let round = 0; round < 3; round += 1) {
        for (const { metadata } of cluster.list(ScalingPolicy)) await passUntilQuiet(cluster, policies, { namespace: NAMESPACE, name: metadata.name }, clock);
        for (const { metadata, status } of cluster.list(MetricAlarm)) if (status?.state !== 'ALARM' || round === 0) await passUntilQuiet(cluster, alarms, { namespace: NAMESPACE, name: metadata.name }, clock);
      }
    },
    desired: () => groupNow()?.spec.desiredCapacity,
    cause: () => groupNow()?.spec.capacityChange?.cause,
  };
}

const hot = Array.from({ length: 20 }, () => 100);
const cold = Array.from({ length: 20 }, () => 10);
const right = Array.from({ length: 20 }, () => 48);

describe('target tracking', () => {
  it('makes two alarms, and as many instances as bring the metric to the target', async () => {
    const { cluster, settle, desired, cause } = world([aPolicy('p', tracking())], hot);
    await settle();
    assert.deepEqual(cluster.list(MetricAlarm).map(({ spec }) => [spec.alarmName, spec.evaluationPeriods, spec.threshold]).sort(), [
      ['TargetTracking-web-AlarmHigh-uid-p', 3, 50], ['TargetTracking-web-AlarmLow-uid-p', 15, 45],
    ]);
    assert.equal(desired(), 8);
    assert.equal(cause(), 'a monitor alarm TargetTracking-web-AlarmHigh-uid-p in state ALARM triggered policy p changing the desired capacity from 4 to 8.');
    assert.equal(cluster.get(ScalingPolicy, { namespace: NAMESPACE, name: 'p' })?.status?.conditions?.[0]?.reason, 'Ready');
  });

  it('keeps what expressions come to at the target, such as a backlog per instance', async () => {
    const metrics = [
      { id: 'visible', metricStat: { namespace: 'App', metricName: 'Load', stat: 'Sum', period: 60 }, returnData: false },
      { id: 'running', metricStat: { namespace: 'AWS/AutoScaling', metricName: 'GroupInServiceInstances', dimensions: [{ name: 'AutoScalingGroupName', value: 'web' }], stat: 'Average', period: 60 }, returnData: false },
      { id: 'backlog', expression: 'visible / running', returnData: true },
    ];
    const { cluster, clock, settle, desired } = world([aPolicy('p', tracking({ customizedMetric: { metrics }, targetValue: 20 }))], hot, { enabledMetrics: ['GroupInServiceInstances'] });
    await settle();
    assert.deepEqual(cluster.list(MetricAlarm).map(({ spec }) => [spec.metrics?.length, spec.metricName, spec.threshold]).sort(), [[3, undefined, 18], [3, undefined, 20]]);
    // 100 for 4 instances are 25 each; 20 each take 5.
    assert.equal(desired(), 5);
    const writes = cluster.writes.length;
    await passUntilQuiet(cluster, policies, { namespace: NAMESPACE, name: 'p' }, clock);
    assert.deepEqual(cluster.writes.slice(writes).filter(({ kind }) => kind === 'MetricAlarm'), [], 'alarms that are right are written again');
  });

  const cases: Record<string, { values: number[]; spec?: object; group?: Partial<AutoScalingGroupSpec>; want: number }> = {
    'leaves a metric near its target alone': { values: right, want: 4 },
    'removes what is too much': { values: cold, want: 1 },
    'keeps to the limits of the group': { values: hot, group: { maxSize: 5 }, want: 5 },
    'removes nothing if it must not': { values: cold, spec: { disableScaleIn: true }, want: 4 },
    'keeps to the least size': { values: cold, group: { minSize: 3 }, want: 3 },
    'does nothing while the group takes no notice of alarms': { values: hot, group: { suspendedProcesses: ['AlarmNotification'] }, want: 4 },
  };
  for (const [name, { values, spec, group, want }] of Object.entries(cases)) {
    it(name, async () => {
      const { settle, desired } = world([aPolicy('p', tracking(spec))], values, group);
      await settle();
      assert.equal(desired(), want);
    });
  }

  it('does not add again for instances that are still warming, and writes nothing meanwhile', async () => {
    const { cluster, clock, settle, desired } = world([aPolicy('p', { ...tracking(), estimatedInstanceWarmup: 300 })], hot);
    await settle();
    assert.equal(desired(), 8);
    for (const member of membersIn('web', 4, '2026-01-01T00:00:10Z')) await cluster.create(Instance, { ...member, metadata: { name: member.metadata.name, namespace: NAMESPACE } });
    await clock.advance(120_000);
    const before = cluster.writes.length;
    const outcome = await pass(cluster, policies, { namespace: NAMESPACE, name: 'p' }, clock);
    assert.equal(desired(), 8);
    assert.equal(cluster.writes.length, before);
    assert.ok((outcome?.requeueAfterSeconds ?? 0) > 0);
  });

  it('removes only what all policies agree on, and adds what one of them wants most', async () => {
    const calm = { customizedMetric: { ...load, metricName: 'Calm' }, targetValue: 50 };
    const one = world([aPolicy('p', tracking()), aPolicy('q', tracking(calm))], cold);
    await one.settle();
    assert.equal(one.desired(), 4);
    const both = world([aPolicy('p', tracking()), aPolicy('q', tracking({ targetValue: 25 }))], hot);
    await both.settle();
    assert.equal(both.desired(), 16);
  });

  it('says so when nothing measures its metric', async () => {
    for (const predefined of [{ predefinedMetricType: 'ALBRequestCountPerTarget', resourceLabel: 'x' }, { predefinedMetricType: 'ASGAverageCPUUtilization' }]) {
      const { cluster, settle } = world([aPolicy('p', { policyType: 'TargetTrackingScaling', targetTracking: { ...predefined, targetValue: 50, disableScaleIn: true } as never })], hot);
      await settle();
      assert.equal(cluster.get(ScalingPolicy, { namespace: NAMESPACE, name: 'p' })?.status?.conditions?.[0]?.reason, 'NoMetricsSource');
    }
  });

  it('says so when its group is not there', async () => {
    const { cluster, settle } = world([aPolicy('p', { ...tracking(), autoScalingGroup: 'none' })], hot);
    await settle();
    assert.equal(cluster.get(ScalingPolicy, { namespace: NAMESPACE, name: 'p' })?.status?.conditions?.[0]?.reason, 'GroupNotFound');
  });
});

describe('step and simple scaling', () => {
  const steps = [{ metricIntervalLowerBound: 0, metricIntervalUpperBound: 20, scalingAdjustment: 1 }, { metricIntervalLowerBound: 20, scalingAdjustment: 3 }];
  const cases: Record<string, { policy: Partial<ScalingPolicySpec>; threshold?: number; group?: Partial<AutoScalingGroupSpec>; want: number }> = {
    'a small breach takes the first step': { policy: step(steps), threshold: 90, want: 5 },
    'a large breach takes the second': { policy: step(steps), threshold: 50, want: 7 },
    'a breach outside of all steps does nothing': { policy: step([{ metricIntervalLowerBound: 100, scalingAdjustment: 1 }]), want: 4 },
    'a simple policy adds': { policy: simple(2), want: 6 },
    'a simple policy removes': { policy: simple(-2), want: 2 },
    'a policy that is switched off does nothing': { policy: simple(2, { enabled: false }), want: 4 },
    'an exact capacity is taken as it is': { policy: simple(9, { adjustmentType: 'ExactCapacity' }), want: 9 },
  };
  for (const [name, { policy, threshold, group, want }] of Object.entries(cases)) {
    it(name, async () => {
      const { settle, desired } = world([aPolicy('p', policy), ringing('p', threshold)], hot, group);
      await settle();
      assert.equal(desired(), want);
    });
  }

  it('a simple policy rests for its cooldown, then acts again', async () => {
    const { cluster, clock, settle, desired } = world([aPolicy('p', simple(1, { cooldown: 120 })), ringing('p')], hot);
    await settle();
    assert.equal(desired(), 5);
    await clock.advance(100_000);
    const outcome = await pass(cluster, policies, { namespace: NAMESPACE, name: 'p' }, clock);
    assert.deepEqual([desired(), outcome?.requeueAfterSeconds], [5, 20]);
    await clock.advance(21_000);
    await pass(cluster, policies, { namespace: NAMESPACE, name: 'p' }, clock);
    assert.equal(desired(), 6);
  });

  it('does not wait for what others changed, but after a crash for what it changed itself', async () => {
    const byOthers = { at: '2026-01-01T00:00:00Z', cause: 'a user request explicitly set group desired capacity.' };
    const byItself = { at: '2026-01-01T00:00:00Z', cause: 'a monitor alarm x in state ALARM triggered policy p changing the desired capacity from 3 to 4.' };
    for (const [capacityChange, want] of [[byOthers, 5], [byItself, 4]] as const) {
      const { settle, desired } = world([aPolicy('p', simple(1, { cooldown: 60 })), ringing('p')], hot, { capacityChange });
      await settle();
      assert.equal(desired(), want);
    }
  });

  it('acts by hand, once for each request', async () => {
    const { cluster, clock, settle, desired, cause } = world([aPolicy('p', simple(1, { execution: { requestId: 'request-1', at: '2026-01-01T00:00:00Z', honorCooldown: false } }))], hot);
    await settle();
    assert.deepEqual([desired(), cause()], [5, 'a user request executed policy p changing the desired capacity from 4 to 5 (request-1).']);
    await cluster.patchStatus(ScalingPolicy, { namespace: NAMESPACE, name: 'p' }, { status: { executionObserved: null } });
    await pass(cluster, policies, { namespace: NAMESPACE, name: 'p' }, clock);
    assert.equal(desired(), 5, 'after a crash before the status was written');
  });

  it('acts on an alarm that is all right again, if the policy is named there', async () => {
    const allRight = anAlarm('fine', { threshold: 200, okActions: ['ScalingPolicy/p'] }, { state: 'OK' });
    const { settle, desired, cause } = world([aPolicy('p', simple(-1, { cooldown: 600 })), allRight], hot);
    await settle();
    assert.deepEqual([desired(), cause()], [3, 'a monitor alarm fine in state OK triggered policy p changing the desired capacity from 4 to 3.']);
  });

  it('lets the largest of several policies win', async () => {
    const { settle, desired } = world([aPolicy('p', simple(1)), aPolicy('q', simple(5)), ringing('p'), ringing('q')], hot);
    await settle();
    assert.equal(desired(), 9);
  });

  it('decides anew when the group was changed meanwhile', async () => {
    const { cluster, clock } = world([aPolicy('p', simple(1)), ringing('p')], hot);
    const stale = cluster.get(AutoScalingGroup, webKey);
    await cluster.patch(AutoScalingGroup, webKey, { spec: { desiredCapacity: 7 } });
    const read = { get: (type: unknown, key: never) => (type === AutoScalingGroup ? stale : cluster.get(type as never, key)), list: cluster.list.bind(cluster), byIndex: cluster.byIndex.bind(cluster) };
    const policy = cluster.get(ScalingPolicy, { namespace: NAMESPACE, name: 'p' });
    await assert.rejects(async () => policies.reconcile(policy as never, { read: read as never, live: cluster, write: cluster, clock, log: undefined as never }), { code: 409 });
    assert.equal(cluster.get(AutoScalingGroup, webKey)?.spec.desiredCapacity, 7);
    assert.equal(cluster.list(MetricSeries).length, 1);
  });
});

describe('adjustments', () => {
  const percent = (minAdjustmentMagnitude?: number) => aPolicy('p', simple(1, { adjustmentType: 'PercentChangeInCapacity', ...(minAdjustmentMagnitude !== undefined && { minAdjustmentMagnitude }) }));
  const rows: [percent: number, base: number, magnitude: number | undefined, want: number][] = [[10, 40, undefined, 44], [10, 4, undefined, 5], [-10, 4, undefined, 3], [25, 10, undefined, 12], [10, 10, 4, 14], [-50, 3, undefined, 2], [0, 5, undefined, 5]];
  for (const [change, base, magnitude, want] of rows) it(`${String(change)} % of ${String(base)} is ${String(want)}`, () => assert.equal(adjustedCapacity(percent(magnitude), change, base), want));

  it('finds the step on either side of the threshold', () => {
    const steps = [{ metricIntervalUpperBound: -10, scalingAdjustment: -2 }, { metricIntervalLowerBound: -10, metricIntervalUpperBound: 0, scalingAdjustment: -1 }, { metricIntervalLowerBound: 0, metricIntervalUpperBound: 10, scalingAdjustment: 1 }, { metricIntervalLowerBound: 10, scalingAdjustment: 2 }];
    assert.deepEqual([-11, -10, -5, -0.1, 0, 9, 10].map((difference) => stepFor(steps, difference)?.scalingAdjustment), [-2, -2, -1, -1, 1, 1, 2]);
  });
});
