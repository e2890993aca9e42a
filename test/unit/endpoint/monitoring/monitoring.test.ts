import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-cloudwatch';
import type { GetMetricStatisticsInput, MetricDatum, PutMetricAlarmInput } from '@aws-sdk/client-cloudwatch';
import { monitoringOperations as operations } from '../../../../operator/endpoint/monitoring/operations.ts';
import type { OperationContext } from '../../../../operator/endpoint/operation.ts';
import { MetricAlarm, MetricSeries } from '../../../../operator/kubernetes/resources.ts';
import { theAccount } from '../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anAlarm, aSeries } from '../../../support/metric-objects.ts';
import { operationContext } from '../../../support/operation-context.ts';
import { ResponseChecker } from '../../../support/response-violations.ts';

const checker = new ResponseChecker('@aws-sdk/client-cloudwatch', sdk);
const now = Date.parse('2026-01-01T00:00:00Z');
const minutesAgo = (minutes: number): Date => new Date(now - minutes * 60_000);

function cloud(objects: (MetricAlarm | MetricSeries)[] = []): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({ objects: [theAccount(), ...objects] });
  return { cluster, context: operationContext(cluster) };
}

async function code(promise: Promise<unknown>, wanted: string): Promise<void> {
  await assert.rejects(promise, (error: Error & { code?: string }) => error.code === wanted || assert.fail(`${error.code ?? ''} ${error.message}`));
}

const anAlarmInput: PutMetricAlarmInput = {
  AlarmName: 'cpu', Namespace: 'App', MetricName: 'Load', Statistic: 'Average', Period: 60, EvaluationPeriods: 2, Threshold: 80, ComparisonOperator: 'GreaterThanThreshold',
};

describe('PutMetricData', () => {
  it('keeps values by the minute, and gives them back by statistic and period', async () => {
    const { cluster, context } = cloud();
    const Dimensions = [{ Name: 'Host', Value: 'a' }];
    await operations.PutMetricData.run({
      Namespace: 'App',
      MetricData: [
        { MetricName: 'Load', Dimensions, Value: 10, Timestamp: minutesAgo(3), Unit: 'Percent' },
        { MetricName: 'Load', Dimensions, Values: [20, 40], Counts: [2, 1], Timestamp: minutesAgo(3), Unit: 'Percent' },
        { MetricName: 'Load', Dimensions, StatisticValues: { SampleCount: 4, Sum: 100, Minimum: 5, Maximum: 60 }, Timestamp: minutesAgo(2), Unit: 'Percent' },
        { MetricName: 'Other', Value: 1 },
      ],
    }, context);
    assert.deepEqual(cluster.list(MetricSeries).map(({ spec }) => spec.minutes.length).sort(), [1, 2]);
    const input: GetMetricStatisticsInput = {
      Namespace: 'App', MetricName: 'Load', Dimensions, StartTime: minutesAgo(5), EndTime: minutesAgo(0), Period: 60, Statistics: ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'],
    };
    const { Datapoints } = await operations.GetMetricStatistics.run(input, context);
    assert.deepEqual(Datapoints, [
      { Timestamp: minutesAgo(3), Unit: 'Percent', Average: 22.5, Sum: 90, Minimum: 10, Maximum: 40, SampleCount: 4 },
      { Timestamp: minutesAgo(2), Unit: 'Percent', Average: 25, Sum: 100, Minimum: 5, Maximum: 60, SampleCount: 4 },
    ]);
    assert.deepEqual((await operations.GetMetricStatistics.run({ ...input, Period: 300, Statistics: ['Sum'] }, context)).Datapoints?.map(({ Sum }) => Sum), [190]);
    assert.deepEqual((await operations.GetMetricStatistics.run({ ...input, Unit: 'Bytes' }, context)).Datapoints, []);
    assert.deepEqual((await operations.GetMetricStatistics.run({ ...input, Dimensions: [] }, context)).Datapoints, []);
    const listed = await operations.ListMetrics.run({ Namespace: 'App' }, context);
    assert.deepEqual(checker.violations('ListMetrics', listed), []);
    assert.deepEqual(listed.Metrics?.map(({ MetricName }) => MetricName).sort(), ['Load', 'Other']);
    assert.deepEqual((await operations.ListMetrics.run({ Dimensions: [{ Name: 'Host' }] }, context)).Metrics?.length, 1);
  });

  it('loses nothing of calls at the same time, and writes them together', async () => {
    const { cluster, context } = cloud();
    const put = (Value: number): Promise<void> => operations.PutMetricData.run({ Namespace: 'App', MetricData: [{ MetricName: 'Load', Value, Timestamp: minutesAgo(1) }] }, context);
    await Promise.all(Array.from({ length: 50 }, (_, index) => put(index)));
    assert.equal(cluster.list(MetricSeries)[0]?.spec.minutes[0]?.sum, 1225);
    assert.equal(cluster.writes.length, 1);
    await Promise.all([put(1), put(2)]);
    assert.equal(cluster.list(MetricSeries)[0]?.spec.minutes[0]?.sampleCount, 52);
    assert.equal(cluster.writes.length, 2);
  });

  const refused: Record<string, { datum: MetricDatum; namespace?: string; want: string }> = {
    "a service's namespace": { datum: { MetricName: 'm', Value: 1 }, namespace: 'AWS/EC2', want: 'InvalidParameterValue' },
    'no value': { datum: { MetricName: 'm' }, want: 'InvalidParameterCombination' },
    'two kinds of values': { datum: { MetricName: 'm', Value: 1, Values: [1] }, want: 'InvalidParameterCombination' },
    'what is no number': { datum: { MetricName: 'm', Value: NaN }, want: 'InvalidParameterValue' },
    'a number that is too large': { datum: { MetricName: 'm', Value: 1e300 }, want: 'InvalidParameterValue' },
    'a value of yesterday': { datum: { MetricName: 'm', Value: 1, Timestamp: minutesAgo(24 * 60) }, want: 'InvalidParameterValue' },
    'a value of tomorrow': { datum: { MetricName: 'm', Value: 1, Timestamp: minutesAgo(-24 * 60) }, want: 'InvalidParameterValue' },
    'counts that do not fit': { datum: { MetricName: 'm', Values: [1, 2], Counts: [1] }, want: 'InvalidParameterValue' },
    'statistics that contradict each other': { datum: { MetricName: 'm', StatisticValues: { SampleCount: 1, Sum: 1, Minimum: 2, Maximum: 1 } }, want: 'InvalidParameterValue' },
    'a dimension twice': { datum: { MetricName: 'm', Value: 1, Dimensions: [{ Name: 'a', Value: '1' }, { Name: 'a', Value: '2' }] }, want: 'InvalidParameterValue' },
    'values of single seconds': { datum: { MetricName: 'm', Value: 1, StorageResolution: 1 }, want: 'InvalidParameterValue' },
  };
  for (const [name, { datum, namespace = 'App', want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => code(operations.PutMetricData.run({ Namespace: namespace, MetricData: [datum] }, cloud().context), want));
  }

  it('stops at the limit of series', async () => {
    const { context } = cloud(Array.from({ length: 500 }, (_, index) => aSeries(`s${String(index)}`, [1], now, { metricName: `m${String(index)}` })));
    await code(operations.PutMetricData.run({ Namespace: 'App', MetricData: [{ MetricName: 'one-more', Value: 1 }] }, context), 'LimitExceeded');
    await operations.PutMetricData.run({ Namespace: 'App', MetricData: [{ MetricName: 'm7', Value: 1 }] }, cloud([aSeries('s7', [1], now, { metricName: 'm7' })]).context);
  });
});

describe('GetMetricData', () => {
  const stat = { Metric: { Namespace: 'App', MetricName: 'Load' }, Period: 60, Stat: 'Maximum' };
  const range = { StartTime: minutesAgo(10), EndTime: minutesAgo(0) };

  it('gives the newest first unless asked otherwise, and says what has no source', async () => {
    const { context } = cloud([aSeries('s', [1, 2, 3], now)]);
    const MetricDataQueries = [{ Id: 'a', MetricStat: stat }, { Id: 'b', MetricStat: { ...stat, Metric: { Namespace: 'AWS/EC2', MetricName: 'CPUUtilization' } } }];
    const result = await operations.GetMetricData.run({ ...range, MetricDataQueries }, context);
    assert.deepEqual(checker.violations('GetMetricData', result), []);
    assert.deepEqual(result.MetricDataResults?.map(({ Id, Values }) => [Id, Values]), [['a', [3, 2, 1]], ['b', []]]);
    assert.match(result.MetricDataResults?.[1]?.Messages?.[0]?.Value ?? '', /KUBE_EC2_PROMETHEUS_URL/);
    const ascending = await operations.GetMetricData.run({ ...range, MetricDataQueries: [{ Id: 'a', MetricStat: stat }], ScanBy: 'TimestampAscending' }, context);
    assert.deepEqual(ascending.MetricDataResults?.[0]?.Values, [1, 2, 3]);
  });

  it('computes what expressions say, of metrics whose data are not asked for too', async () => {
    const { context } = cloud([aSeries('s', [1, 2, 3], now), aSeries('t', [10, 0, 30], now, { metricName: 'Other' })]);
    const other = { ...stat, Metric: { Namespace: 'App', MetricName: 'Other' } };
    const MetricDataQueries = [
      { Id: 'a', MetricStat: stat, ReturnData: false },
      { Id: 'b', MetricStat: other, ReturnData: false },
      { Id: 'share', Expression: '100 * a / b', Label: 'share' },
      { Id: 'all', Expression: 'SUM(METRICS())' },
      { Id: 'twice', Expression: 'all * 2' },
      { Id: 'each', Expression: 'METRICS() - AVG(METRICS())' },
    ];
    const result = await operations.GetMetricData.run({ ...range, MetricDataQueries, ScanBy: 'TimestampAscending' }, context);
    assert.deepEqual(checker.violations('GetMetricData', result), []);
    assert.deepEqual(result.MetricDataResults?.map(({ Id, Label, Values }) => [Id, Label, Values]), [
      ['share', 'share', [10, 10]],
      ['all', 'all', [11, 2, 33]],
      ['twice', 'twice', [22, 4, 66]],
      ['each', 'Load', [-4.5, 1, -13.5]],
      ['each', 'Other', [4.5, -1, 13.5]],
    ]);
  });

  const refused: Record<string, [Parameters<typeof operations.GetMetricData.run>[0]['MetricDataQueries'], string]> = {
    'an expression of what is not there': [[{ Id: 'a', Expression: 'b * 2' }], 'ValidationError'],
    'an expression that is none': [[{ Id: 'a', Expression: '2 +' }], 'ValidationError'],
    'an expression that is a number': [[{ Id: 'a', Expression: '2 + 2' }], 'ValidationError'],
    'expressions in a circle': [[{ Id: 'a', Expression: 'b * 2' }, { Id: 'b', Expression: 'a * 2' }], 'ValidationError'],
    'a search': [[{ Id: 'a', Expression: "SEARCH('{App} x', 'Sum')" }], 'ValidationError'],
    'neither metric nor expression': [[{ Id: 'a' }], 'ValidationError'],
    'two queries with one id': [[{ Id: 'a', MetricStat: stat }, { Id: 'a', MetricStat: stat }], 'ValidationError'],
    'an id that is none': [[{ Id: 'A', MetricStat: stat }], 'ValidationError'],
    'a period that is none': [[{ Id: 'a', MetricStat: { ...stat, Period: 90 } }], 'InvalidParameterValue'],
    'an unknown statistic': [[{ Id: 'a', MetricStat: { ...stat, Stat: 'Median' } }], 'InvalidParameterValue'],
    'percentiles of what is not kept': [[{ Id: 'a', MetricStat: { ...stat, Stat: 'p90' } }], 'InvalidParameterValue'],
  };
  for (const [name, [MetricDataQueries, want]] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => code(operations.GetMetricData.run({ ...range, MetricDataQueries }, cloud([aSeries('s', [1], now)]).context), want));
  }

  it('refuses an empty range and more datapoints than anybody can read', async () => {
    const input: GetMetricStatisticsInput = { Namespace: 'App', MetricName: 'Load', StartTime: minutesAgo(1), EndTime: minutesAgo(1), Period: 60, Statistics: ['Sum'] };
    await code(operations.GetMetricStatistics.run(input, cloud().context), 'InvalidParameterCombination');
    await code(operations.GetMetricStatistics.run({ ...input, StartTime: minutesAgo(2000) }, cloud().context), 'InvalidParameterCombination');
    await code(operations.GetMetricStatistics.run({ ...input, Statistics: [] }, cloud().context), 'InvalidParameterCombination');
  });
});

describe('alarms through the API', () => {
  it('are made, shown, changed and deleted', async () => {
    const { cluster, context } = cloud();
    const topic = 'arn:aws:sns:us-east-1:123456789012:ops';
    await operations.PutMetricAlarm.run({ ...anAlarmInput, AlarmActions: [topic], AlarmDescription: 'hot', Tags: [{ Key: 'team', Value: 'a' }] }, context);
    const { MetricAlarms: [shown] = [], ...rest } = await operations.DescribeAlarms.run({ AlarmNames: ['cpu'] }, context);
    assert.deepEqual(checker.violations('DescribeAlarms', { MetricAlarms: [shown], ...rest }), []);
    assert.deepEqual(
      [shown?.AlarmArn, shown?.StateValue, shown?.AlarmActions, shown?.TreatMissingData, shown?.Threshold],
      ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu', 'INSUFFICIENT_DATA', [topic], 'missing', 80],
    );
    const ResourceARN = shown?.AlarmArn;
    assert.deepEqual(await operations.ListTagsForResource.run({ ResourceARN }, context), { Tags: [{ Key: 'team', Value: 'a' }] });
    await operations.PutMetricAlarm.run({ ...anAlarmInput, Threshold: 90, ActionsEnabled: false }, context);
    const [changed] = (await operations.DescribeAlarms.run({}, context)).MetricAlarms ?? [];
    assert.deepEqual([changed?.Threshold, changed?.ActionsEnabled, changed?.AlarmActions, changed?.AlarmDescription], [90, false, [], undefined]);
    await operations.EnableAlarmActions.run({ AlarmNames: ['cpu', 'none'] }, context);
    await operations.TagResource.run({ ResourceARN, Tags: [{ Key: 'a', Value: '1' }] }, context);
    await operations.UntagResource.run({ ResourceARN, TagKeys: ['team'] }, context);
    assert.deepEqual(cluster.list(MetricAlarm).map(({ spec }) => [spec.actionsEnabled, spec.tags]), [[true, [{ key: 'a', value: '1' }]]]);
    await operations.SetAlarmState.run({ AlarmName: 'cpu', StateValue: 'ALARM', StateReason: 'drill' }, context);
    assert.equal(cluster.list(MetricAlarm)[0]?.spec.requestedState?.state, 'ALARM');
    await code(operations.DeleteAlarms.run({ AlarmNames: ['cpu', 'none'] }, context), 'ResourceNotFound');
    await operations.DeleteAlarms.run({ AlarmNames: ['cpu'] }, context);
    assert.deepEqual(cluster.list(MetricAlarm), []);
    await code(operations.SetAlarmState.run({ AlarmName: 'cpu', StateValue: 'OK', StateReason: '' }, context), 'ResourceNotFound');
    await code(operations.ListTagsForResource.run({ ResourceARN }, context), 'ResourceNotFoundException');
  });

  it('are one alarm for calls at the same time, and keep what each of them changes', async () => {
    const { cluster, context } = cloud();
    await Promise.all([1, 2, 3].map(async (Threshold) => operations.PutMetricAlarm.run({ ...anAlarmInput, Threshold }, context)));
    assert.equal(cluster.list(MetricAlarm).length, 1);
    const ResourceARN = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:cpu';
    await Promise.all(['a', 'b', 'c'].map(async (Key) => operations.TagResource.run({ ResourceARN, Tags: [{ Key, Value: '' }] }, context)));
    assert.equal(cluster.list(MetricAlarm)[0]?.spec.tags?.length, 3);
  });

  it('are found by prefix, state, action, metric and in pages', async () => {
    const history = [{ at: '2026-01-01T00:00:00.000Z', oldState: 'OK', newState: 'ALARM', reason: 'hot' }] as const;
    const { context } = cloud([anAlarm('web-1', {}, { state: 'ALARM', history: [...history] }), anAlarm('web-2'), anAlarm('db', { metricName: 'Disk', alarmActions: ['arn:aws:sns:x'] })]);
    const names = async (input: sdk.DescribeAlarmsInput): Promise<unknown> => (await operations.DescribeAlarms.run(input, context)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
    assert.deepEqual(await names({ AlarmNamePrefix: 'web' }), ['web-1', 'web-2']);
    assert.deepEqual(await names({ StateValue: 'ALARM' }), ['web-1']);
    assert.deepEqual(await names({ ActionPrefix: 'arn:aws:sns' }), ['db']);
    assert.deepEqual(await names({ AlarmTypes: ['CompositeAlarm'] }), []);
    const first = await operations.DescribeAlarms.run({ MaxRecords: 2 }, context);
    assert.deepEqual(await names({ MaxRecords: 2, NextToken: first.NextToken }), ['web-2']);
    await code(operations.DescribeAlarms.run({ NextToken: 'x' }, context), 'InvalidNextToken');
    await code(operations.DescribeAlarms.run({ MaxRecords: 0 }, context), 'ValidationError');
    const ofMetric = await operations.DescribeAlarmsForMetric.run({ Namespace: 'App', MetricName: 'Disk' }, context);
    assert.deepEqual([checker.violations('DescribeAlarmsForMetric', ofMetric), ofMetric.MetricAlarms?.length], [[], 1]);
    const told = await operations.DescribeAlarmHistory.run({ AlarmName: 'web-1' }, context);
    assert.deepEqual([checker.violations('DescribeAlarmHistory', told), told.AlarmHistoryItems?.map(({ HistorySummary }) => HistorySummary)], [[], ['Alarm updated from OK to ALARM']]);
  });

  const refused: Record<string, { input: Partial<PutMetricAlarmInput>; want: string }> = {
    'no name': { input: { AlarmName: '' }, want: 'ValidationError' },
    'no metric': { input: { MetricName: undefined }, want: 'ValidationError' },
    'two statistics': { input: { ExtendedStatistic: 'p90' }, want: 'InvalidParameterCombination' },
    'an unknown statistic': { input: { Statistic: undefined, ExtendedStatistic: 'tm90' }, want: 'ValidationError' },
    'a period of 90 seconds': { input: { Period: 90 }, want: 'ValidationError' },
    'more than a day': { input: { EvaluationPeriods: 2000 }, want: 'ValidationError' },
    'more datapoints than periods': { input: { DatapointsToAlarm: 3 }, want: 'ValidationError' },
    'no threshold': { input: { Threshold: undefined }, want: 'ValidationError' },
    'anomalies': { input: { ComparisonOperator: 'GreaterThanUpperThreshold' }, want: 'ValidationError' },
    'metrics beside a metric': { input: { Metrics: [{ Id: 'a', Expression: 'SUM(METRICS())' }] }, want: 'InvalidParameterCombination' },
    'an action that is no ARN': { input: { AlarmActions: ['mail me'] }, want: 'ValidationError' },
    'recovery': { input: { AlarmActions: ['arn:aws:automate:us-east-1:ec2:recover'] }, want: 'ValidationError' },
    'an unknown treatment': { input: { TreatMissingData: 'guess' }, want: 'ValidationError' },
    'a reserved tag': { input: { Tags: [{ Key: 'aws:x', Value: '' }] }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => code(operations.PutMetricAlarm.run({ ...anAlarmInput, ...input }, cloud().context), want));
  }

  const { Namespace, MetricName, Statistic: Stat, Period, ...withoutMetric } = anAlarmInput;
  const element = { Id: 'm', MetricStat: { Metric: { Namespace, MetricName }, Stat, Period }, ReturnData: false };

  it('take metrics and expressions, and show them as they were given', async () => {
    const { cluster, context } = cloud();
    const Metrics = [element, { Id: 'e', Expression: 'CEIL(m / 2)', Label: 'half', ReturnData: true }];
    await operations.PutMetricAlarm.run({ ...withoutMetric, Metrics }, context);
    const answer = await operations.DescribeAlarms.run({}, context);
    assert.deepEqual(checker.violations('DescribeAlarms', answer), []);
    const [shown] = answer.MetricAlarms ?? [];
    assert.deepEqual([shown?.MetricName, shown?.Period, shown?.Metrics?.map(({ Id, Expression, Label, ReturnData }) => [Id, Expression, Label, ReturnData])], [undefined, undefined, [['m', undefined, undefined, false], ['e', 'CEIL(m / 2)', 'half', true]]]);
    assert.deepEqual(shown?.Metrics?.[0]?.MetricStat, { Metric: { Namespace, MetricName, Dimensions: [] }, Stat, Period });
    assert.deepEqual((await operations.DescribeAlarmsForMetric.run({ Namespace, MetricName }, context)).MetricAlarms, []);
    await operations.PutMetricAlarm.run(anAlarmInput, context);
    assert.deepEqual(cluster.list(MetricAlarm).map(({ spec }) => [spec.metrics, spec.metricName]), [[undefined, 'Load']]);
  });

  const wrongMetrics: Record<string, { input: Partial<PutMetricAlarmInput>; want: RegExp }> = {
    'two results': { input: { Metrics: [{ ...element, ReturnData: true }, { Id: 'e', Expression: 'm' }] }, want: /Exactly one element of the metrics list should return data/ },
    'a result that is a list': { input: { Metrics: [element, { Id: 'e', Expression: 'METRICS()' }] }, want: /Error in expression 'e': The expression must return a single time series, not 'Array\[TimeSeries\]'/ },
    'an unknown function': { input: { Metrics: [element, { Id: 'e', Expression: 'ANOMALY_DETECTION_BAND(m, 2)' }] }, want: /Error in expression 'e': the function ANOMALY_DETECTION_BAND is not supported/ },
    'different periods': { input: { Metrics: [element, { ...element, Id: 'n', MetricStat: { ...element.MetricStat, Period: 300 } }, { Id: 'e', Expression: 'm + n' }] }, want: /different periods/ },
    'no metric': { input: { Metrics: [{ Id: 'e', Expression: 'TIME_SERIES(1)' }] }, want: /At least one element of the metrics list must be a metric/ },
    'an id twice': { input: { Metrics: [element, { ...element, ReturnData: true }] }, want: /not unique/ },
    'a metric beside': { input: { MetricName: 'Load', Metrics: [element] }, want: /MetricName and Metrics cannot be used together/ },
    'a statistic that is none': { input: { Metrics: [{ ...element, ReturnData: true, MetricStat: { ...element.MetricStat, Stat: 'Median' } }] }, want: /metricStat\.stat/ },
    'metrics of others': { input: { Metrics: [{ ...element, ReturnData: true, AccountId: '111122223333' }] }, want: /other accounts/ },
  };
  for (const [name, { input, want }] of Object.entries(wrongMetrics)) {
    it(`refuse metrics with ${name}`, async () => assert.rejects(operations.PutMetricAlarm.run({ ...withoutMetric, ...input }, cloud().context), want));
  }
});
