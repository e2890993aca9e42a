import assert from 'node:assert/strict';
import type { MetricAlarmSpec } from '../../../operator/api/monitoring/metric-alarm.ts';
import { alarmDatapoints, evaluateAlarm } from '../../../operator/metrics/alarm-evaluation.ts';
import type { MetricQuery, MetricsSource } from '../../../operator/metrics/metrics-source.ts';
import { anAlarm } from '../../support/metric-objects.ts';

const now = Date.parse('2026-01-01T12:00:30Z');
const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const INSUFFICIENT = 'INSUFFICIENT_DATA';

/** Datapoints as CloudWatch's documentation draws them: `-` nothing, `0` within the threshold, `X` beyond it; five periods. */
function drawn(picture: string): { at: number; value: number }[] {
  const from = Date.parse('2026-01-01T11:55:00Z');
  return picture.split(' ').flatMap((mark, index) => (mark === '-' ? [] : [{ at: from + index * 60_000, value: mark === 'X' ? 100 : 10 }]));
}

// @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html#alarms-evaluating-missing-data
const tables: Record<string, { spec: Partial<MetricAlarmSpec>; rows: Record<string, (string | undefined)[]> }> = {
  'three out of three': {
    spec: {},
    rows: {
      '0 - X - X': ['OK', 'OK', 'OK', 'OK'],
      '- - - - 0': ['OK', 'OK', 'OK', 'OK'],
      '- - - - -': [INSUFFICIENT, undefined, 'ALARM', 'OK'],
      '0 X X - X': ['ALARM', 'ALARM', 'ALARM', 'ALARM'],
      '- - X - -': ['ALARM', undefined, 'ALARM', 'OK'],
    },
  },
  'two out of three': {
    spec: { datapointsToAlarm: 2 },
    rows: {
      '0 - X - X': ['ALARM', 'ALARM', 'ALARM', 'ALARM'],
      '0 0 X 0 X': ['ALARM', 'ALARM', 'ALARM', 'ALARM'],
      '0 - X - -': ['OK', 'OK', 'ALARM', 'OK'],
      '- - - - 0': ['OK', 'OK', 'ALARM', 'OK'],
      '- - - - X': ['ALARM', undefined, 'ALARM', 'OK'],
    },
  },
};

for (const [name, { spec, rows }] of Object.entries(tables)) {
  describe(`an alarm on ${name}, as CloudWatch documents it`, () => {
    for (const [picture, wanted] of Object.entries(rows)) {
      for (const [index, treatMissingData] of treatments.entries()) {
        it(`${picture} with ${treatMissingData}: ${wanted[index] ?? 'stays'}`, () => {
          assert.equal(evaluateAlarm(anAlarm('a', { ...spec, treatMissingData }), drawn(picture), now).state, wanted[index]);
        });
      }
    }
  });
}

describe('an alarm', () => {
  const comparisons: Record<MetricAlarmSpec['comparisonOperator'], [below: string, at: string, above: string]> = {
    GreaterThanThreshold: ['OK', 'OK', 'ALARM'],
    GreaterThanOrEqualToThreshold: ['OK', 'ALARM', 'ALARM'],
    LessThanThreshold: ['ALARM', 'OK', 'OK'],
    LessThanOrEqualToThreshold: ['ALARM', 'ALARM', 'OK'],
  };
  for (const [comparisonOperator, wanted] of Object.entries(comparisons) as [MetricAlarmSpec['comparisonOperator'], string[]][]) {
    it(`compares by ${comparisonOperator}`, () => {
      const states = [79, 80, 81].map((value) => evaluateAlarm(anAlarm('a', { evaluationPeriods: 1, comparisonOperator }), [{ at: now, value }], now).state);
      assert.deepEqual(states, wanted);
    });
  }

  it("says why in CloudWatch's words", () => {
    const verdict = evaluateAlarm(anAlarm('a', { evaluationPeriods: 1 }), [{ at: Date.parse('2026-01-01T11:59:00Z'), value: 95.5 }], now);
    assert.equal(verdict.reason, 'Threshold Crossed: 1 out of the last 1 datapoints [95.5 (01/01/26 11:59:00)] was greater than the threshold (80) (minimum 1 datapoint for OK -> ALARM transition).');
    assert.deepEqual((JSON.parse(verdict.reasonData) as { recentDatapoints: number[] }).recentDatapoints, [95.5]);
  });

  const asking = (asked: MetricQuery[], values: Readonly<Record<string, number>> = {}): MetricsSource => ({
    hasMachineMetrics: false,
    datapoints: async (_, query) => {
      asked.push(query);
      return [query.to - 120_000, query.to - 60_000].map((at) => ({ at, value: values[query.metricName] ?? 0 }));
    },
  });

  it('asks for the periods that are over, and two more', async () => {
    const asked: MetricQuery[] = [];
    await alarmDatapoints(anAlarm('a'), asking(asked), now);
    assert.deepEqual(asked.map(({ from, to }) => [new Date(from).toISOString(), new Date(to).toISOString()]), [['2026-01-01T11:55:00.000Z', '2026-01-01T12:00:00.000Z']]);
  });

  it('looks at what its expressions come to', async () => {
    const stat = { namespace: 'App', stat: 'Average', period: 60 };
    const metrics = [
      { id: 'visible', metricStat: { ...stat, metricName: 'Visible' }, returnData: false },
      { id: 'running', metricStat: { ...stat, metricName: 'Running' }, returnData: false },
      { id: 'backlog', expression: 'visible / running', returnData: true },
    ];
    const alarm = anAlarm('a', { metrics });
    const asked: MetricQuery[] = [];
    const datapoints = await alarmDatapoints(alarm, asking(asked, { Visible: 500, Running: 4 }), now);
    assert.deepEqual(datapoints.map(({ value }) => value), [125, 125]);
    assert.deepEqual(asked.map(({ metricName, periodSeconds, to }) => [metricName, periodSeconds, to]), [['Visible', 60, Date.parse('2026-01-01T12:00:00Z')], ['Running', 60, Date.parse('2026-01-01T12:00:00Z')]]);
    assert.equal(evaluateAlarm(alarm, datapoints, now).state, 'ALARM');
    await assert.rejects(alarmDatapoints(anAlarm('a', { ...alarm.spec, metrics: [...metrics.slice(0, 2), { id: 'b', expression: 'visible / nothing', returnData: true }] }), asking([]), now), /Undefined variable 'nothing'/);
  });
});
