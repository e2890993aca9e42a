import assert from 'node:assert/strict';
import { metricAlarmController } from '../../../../operator/controllers/metric-alarm/controller.ts';
import { metricSeriesController } from '../../../../operator/controllers/metric-series/controller.ts';
import { customMetricsOnly } from '../../../../operator/metrics/metrics-source-of.ts';
import { Instance, MetricAlarm, MetricSeries } from '../../../../operator/kubernetes/resources.ts';
import { pass, passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { anAlarm, aSeries } from '../../../support/metric-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

const key = { namespace: NAMESPACE, name: 'a' };
const controller = metricAlarmController(customMetricsOnly);

function world(alarm: MetricAlarm, values: readonly number[], others: (Instance | MetricSeries)[] = []): { cluster: FakeCluster; clock: FakeClock; status: () => NonNullable<MetricAlarm['status']> } {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects: [alarm, aSeries('s', values, clock.now()), ...others] });
  return { cluster, clock, status: () => cluster.get(MetricAlarm, key)?.status ?? {} };
}

describe('the alarm controller', () => {
  it('goes to ALARM and back, remembers both, and writes nothing in between', async () => {
    const { cluster, clock, status } = world(anAlarm('a'), [90, 90, 90]);
    const outcome = await passUntilQuiet(cluster, controller, key, clock);
    assert.equal(outcome?.requeueAfterSeconds, 60);
    assert.equal(status().state, 'ALARM');
    assert.match(status().stateReason ?? '', /^Threshold Crossed: 3 out of the last 3 datapoints \[90 /);
    const writes = cluster.writes.length;
    await pass(cluster, controller, key, clock);
    assert.equal(cluster.writes.length, writes);
    await cluster.patch(MetricSeries, { namespace: NAMESPACE, name: 's' }, { spec: { minutes: aSeries('s', [1, 1, 1], clock.now()).spec.minutes } });
    await passUntilQuiet(cluster, controller, key, clock);
    assert.deepEqual(status().history?.map(({ oldState, newState }) => `${oldState} > ${newState}`), ['ALARM > OK', 'INSUFFICIENT_DATA > ALARM']);
  });

  it('says what it cannot know: no data, no source, no such statistic', async () => {
    const cases: [Parameters<typeof anAlarm>[1], string, string][] = [
      [{ metricName: 'Nobody' }, 'INSUFFICIENT_DATA', 'Evaluated'],
      [{ namespace: 'AWS/EC2', metricName: 'CPUUtilization' }, 'INSUFFICIENT_DATA', 'NoMetricsSource'],
      [{ namespace: 'AWS/ELB' }, 'INSUFFICIENT_DATA', 'NoMetricsSource'],
      [{ extendedStatistic: 'p99' }, 'INSUFFICIENT_DATA', 'UnsupportedStatistic'],
      [{ period: 10 }, 'INSUFFICIENT_DATA', 'UnsupportedPeriod'],
    ];
    for (const [spec, state, reason] of cases) {
      const { cluster, clock, status } = world(anAlarm('a', spec), [90, 90, 90]);
      await passUntilQuiet(cluster, controller, key, clock);
      assert.deepEqual([status().state, status().conditions?.[0]?.reason], [state, reason]);
    }
  });

  it('takes a state by hand until the next evaluation', async () => {
    const { cluster, clock, status } = world(anAlarm('a', { requestedState: { state: 'ALARM', reason: 'a drill', at: '2026-01-01T00:00:00Z' } }), [1, 1, 1]);
    await pass(cluster, controller, key, clock);
    assert.deepEqual([status().state, status().stateReason], ['ALARM', 'a drill']);
    await passUntilQuiet(cluster, controller, key, clock);
    assert.equal(status().state, 'OK');
  });

  it('remembers when it was last reconfigured; a request for a state is no change of configuration', async () => {
    const { cluster, clock, status } = world(anAlarm('a'), [1, 1, 1]);
    await passUntilQuiet(cluster, controller, key, clock);
    assert.equal(status().configurationUpdatedAt, undefined, 'made, but not changed yet');
    await clock.advance(60_000);
    await cluster.patch(MetricAlarm, key, { spec: { threshold: 70 } });
    await passUntilQuiet(cluster, controller, key, clock);
    const changedAt = new Date(clock.now()).toISOString();
    assert.equal(status().configurationUpdatedAt, changedAt);
    await clock.advance(60_000);
    await cluster.patch(MetricAlarm, key, { spec: { requestedState: { state: 'ALARM', reason: 'a drill', at: '2026-01-01T00:00:00Z' } } });
    await passUntilQuiet(cluster, controller, key, clock);
    assert.equal(status().configurationUpdatedAt, changedAt);
  });

  it('stops and reboots the instance of its metric, unless its actions are switched off', async () => {
    const dimensions = [{ name: 'InstanceId', value: 'i-00000000000000001' }];
    for (const [verb, actionsEnabled, want] of [['stop', true, 'stopped'], ['terminate', true, 'terminated'], ['stop', false, 'running']] as const) {
      const alarm = anAlarm('a', { dimensions, actionsEnabled, alarmActions: [`arn:aws:automate:us-east-1:ec2:${verb}`] });
      const { cluster, clock } = world(alarm, [], [anInstance('i-00000000000000001'), anInstance('i-00000000000000002'), aSeries('t', [90, 90, 90], new FakeClock().now(), { dimensions })]);
      await passUntilQuiet(cluster, controller, key, clock);
      assert.deepEqual(['1', '2'].map((digit) => cluster.get(Instance, { namespace: NAMESPACE, name: `i-0000000000000000${digit}` })?.spec.powerState), [want, 'running']);
    }
  });
});

describe('the series controller', () => {
  it('removes a series once all of its values are too old', async () => {
    const clock = new FakeClock();
    const cluster = new FakeCluster({ clock, objects: [aSeries('s', [1, 2], clock.now())] });
    const series = { namespace: NAMESPACE, name: 's' };
    const outcome = await pass(cluster, metricSeriesController(), series, clock);
    assert.equal(outcome?.requeueAfterSeconds, 179 * 60);
    const later = new FakeClock(clock.now() + 179 * 60_000);
    await pass(cluster, metricSeriesController(), series, later);
    assert.equal(cluster.get(MetricSeries, series), undefined);
  });
});
