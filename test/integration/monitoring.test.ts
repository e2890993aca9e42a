import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-cloudwatch';
import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, GetMetricDataCommand, GetMetricStatisticsCommand, ListMetricsCommand, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, RunInstancesCommand, waitUntilInstanceRunning } from '@aws-sdk/client-ec2';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { startPrometheus } from '../support/prometheus.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

const checker = new ResponseChecker('@aws-sdk/client-cloudwatch', sdk);
const protocols = { JSON: undefined, CBOR: AwsSmithyRpcV2CborProtocol, query: AwsQueryProtocol };
const MINUTE = 60_000;

describe('CloudWatch on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let prometheus: Awaited<ReturnType<typeof startPrometheus>>;
  let instanceId = '';
  const client = (form: keyof typeof protocols = 'JSON'): CloudWatchClient => {
    const { accessKeyId, secretAccessKey } = tenant.account;
    const protocol = protocols[form];
    return new CloudWatchClient({ endpoint: cloud.operator.endpointUrl, region: REGION, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1, ...(protocol && { protocol }) });
  };
  const stateOf = async (name: string): Promise<string | undefined> => (await client().send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0]?.StateValue;

  before(async () => {
    cloud = await sharedCloud();
    prometheus = await startPrometheus(cloud);
  });
  openForEachTry(async () => {
    tenant = await cloud.open('metrics');
    const { Instances } = await tenant.ec2.send(new RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 }));
    instanceId = Instances?.[0]?.InstanceId ?? '';
    prometheus.exporter.set(tenant.account.namespace, instanceId, { cores: 1.5, receivedBytes: 1000 });
  });
  after(async () => prometheus?.stop());

  it('keeps custom metrics in every form, and sets off an alarm', async () => {
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    for (const [index, form] of (['JSON', 'CBOR', 'query'] as const).entries()) {
      const MetricData = [{ MetricName: 'Depth', Dimensions: [{ Name: 'Queue', Value: 'a' }], Value: 100 + index, Timestamp: new Date(now - (3 - index) * MINUTE), Unit: 'Count' as const }];
      await client(form).send(new PutMetricDataCommand({ Namespace: 'App', MetricData }));
    }
    const metric = { Namespace: 'App', MetricName: 'Depth', Dimensions: [{ Name: 'Queue', Value: 'a' }] };
    for (const form of ['JSON', 'CBOR', 'query'] as const) {
      const range = { StartTime: new Date(now - 5 * MINUTE), EndTime: new Date(now + MINUTE), ScanBy: 'TimestampAscending' as const };
      const data = await client(form).send(new GetMetricDataCommand({ ...range, MetricDataQueries: [{ Id: 'a', MetricStat: { Metric: metric, Period: 60, Stat: 'Average' } }] }));
      assert.deepEqual([checker.violations('GetMetricData', data), data.MetricDataResults?.[0]?.Values], [[], [100, 101, 102]], form);
      const listed = await client(form).send(new ListMetricsCommand({ Namespace: 'App' }));
      assert.deepEqual([checker.violations('ListMetrics', listed), listed.Metrics], [[], [metric]], form);
    }
    await client().send(new PutMetricAlarmCommand({ AlarmName: 'deep', ...metric, Statistic: 'Average', Period: 60, EvaluationPeriods: 3, Threshold: 50, ComparisonOperator: 'GreaterThanThreshold' }));
    await eventually('the alarm goes off', 60, async () => (await stateOf('deep')) === 'ALARM');
    const shown = await client('CBOR').send(new DescribeAlarmsCommand({ AlarmNames: ['deep'] }));
    assert.deepEqual(checker.violations('DescribeAlarms', shown), []);
    assert.match(shown.MetricAlarms?.[0]?.StateReason ?? '', /^Threshold Crossed: 3 out of the last 3 datapoints/);
    const told = await client().send(new DescribeAlarmHistoryCommand({ AlarmName: 'deep' }));
    assert.deepEqual([checker.violations('DescribeAlarmHistory', told), told.AlarmHistoryItems?.[0]?.HistorySummary], [[], 'Alarm updated from INSUFFICIENT_DATA to ALARM']);
  });

  it('answers aws CLI and boto3', async () => {
    await tenant.aws('cloudwatch', 'put-metric-alarm', '--alarm-name', 'cli', '--namespace', 'Cli', '--metric-name', 'Jobs', '--statistic', 'Sum', '--period', '60', '--evaluation-periods', '1', '--threshold', '1', '--comparison-operator', 'GreaterThanThreshold', '--tags', 'Key=team,Value=a');
    const { MetricAlarms } = (await tenant.aws('cloudwatch', 'describe-alarms', '--alarm-names', 'cli')) as { MetricAlarms: { AlarmArn: string }[] };
    assert.equal(MetricAlarms[0]?.AlarmArn, `arn:aws:cloudwatch:${REGION}:${tenant.account.accountId}:alarm:cli`);
    const answer = await tenant.python(`
import boto3, json, datetime
cloudwatch = boto3.client('cloudwatch')
cloudwatch.set_alarm_state(AlarmName='cli', StateValue='ALARM', StateReason='drill')
# More than 10 KB: compressed.
cloudwatch.put_metric_data(Namespace='Boto', MetricData=[{'MetricName': 'many' if n else 'one', 'Dimensions': [{'Name': 'n', 'Value': 'x' * 100}], 'Value': n} for n in range(120)])
alarm = cloudwatch.describe_alarms(AlarmNames=['cli'])['MetricAlarms'][0]
tags = cloudwatch.list_tags_for_resource(ResourceARN=alarm['AlarmArn'])['Tags']
metrics = sum(len(page['Metrics']) for page in cloudwatch.get_paginator('list_metrics').paginate(Namespace='Boto'))
try:
    cloudwatch.delete_alarms(AlarmNames=['none'])
except cloudwatch.exceptions.ResourceNotFound as error:
    code = error.response['Error']['Code']
print(json.dumps([tags, metrics, code]))
`);
    assert.deepEqual(answer, [[{ Key: 'team', Value: 'a' }], 2, 'ResourceNotFound']);
    await client().send(new DeleteAlarmsCommand({ AlarmNames: ['cli'] }));
    assert.equal(await stateOf('cli'), undefined);
  });

  it('measures machines by Prometheus, and an alarm ends the one that is too busy', async () => {
    await waitUntilInstanceRunning({ client: tenant.ec2, maxWaitTime: 120, minDelay: 1, maxDelay: 1 }, { InstanceIds: [instanceId] });
    const Dimensions = [{ Name: 'InstanceId', Value: instanceId }];
    const json = client();
    const statistics = async (MetricName: string): Promise<number[]> => {
      const range = { StartTime: new Date(Date.now() - MINUTE), EndTime: new Date(), Period: 10 };
      const answer = await json.send(new GetMetricStatisticsCommand({ Namespace: 'AWS/EC2', MetricName, Dimensions, ...range, Statistics: ['Average'] }));
      assert.deepEqual(checker.violations('GetMetricStatistics', answer), []);
      return (answer.Datapoints ?? []).map(({ Average = NaN }) => Average);
    };
    // 1.5 of 2 vCPUs, and 1000 bytes a second for a minute.
    const near = (value: number | undefined, want: number): boolean => value !== undefined && Math.abs(value - want) < want * 0.2;
    await eventually('CPUUtilization is known', 60, async () => (await statistics('CPUUtilization')).some((value) => near(value, 75)));
    await eventually('NetworkIn is known', 60, async () => {
      const values = await statistics('NetworkIn');
      if (values.some((value) => near(value, 60_000))) return true;
      throw new Error(values.join());
    });
    const spec = {
      namespace: 'AWS/EC2', metricName: 'CPUUtilization', dimensions: [{ name: 'InstanceId', value: instanceId }], statistic: 'Average', period: 10, evaluationPeriods: 1, threshold: 60,
      comparisonOperator: 'GreaterThanThreshold', alarmActions: [`arn:aws:automate:${REGION}:ec2:terminate`],
    };
    await cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'MetricAlarm', metadata: { name: 'busy', namespace: tenant.account.namespace }, spec }]);
    await eventually('the alarm goes off', 60, async () => (await stateOf('busy')) === 'ALARM');
    await eventually('the instance ends', 120, async () => {
      const { Reservations } = await tenant.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
      return ['shutting-down', 'terminated'].includes(Reservations?.[0]?.Instances?.[0]?.State?.Name ?? '');
    });
  });
});
