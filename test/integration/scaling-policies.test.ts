import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-auto-scaling';
import {
  AutoScalingClient, CreateAutoScalingGroupCommand, DeletePolicyCommand, DescribeAutoScalingGroupsCommand, DescribePoliciesCommand, DescribeScalingActivitiesCommand, DescribeScheduledActionsCommand, EnableMetricsCollectionCommand, ExecutePolicyCommand,
  PutScalingPolicyCommand, PutScheduledUpdateGroupActionCommand, SetDesiredCapacityCommand,
} from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateLaunchTemplateCommand } from '@aws-sdk/client-ec2';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

const checker = new ResponseChecker('@aws-sdk/client-auto-scaling', sdk);
const MINUTE = 60_000;

describe('scaling policies and schedules on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let scaling: AutoScalingClient;
  let watch: CloudWatchClient;
  const AutoScalingGroupName = 'workers';

  const desired = async (): Promise<number | undefined> => (await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }))).AutoScalingGroups?.[0]?.DesiredCapacity;
  const comesTo = async (capacity: number, seconds = 120): Promise<unknown> => eventually(`the desired capacity is ${String(capacity)}`, seconds, async () => {
    const now = await desired();
    if (now !== capacity) throw new Error(`it is ${String(now)}`);
    return true;
  });
  const put = async (MetricName: string, value: number, minutes: number): Promise<void> => {
    const now = Math.floor(Date.now() / MINUTE) * MINUTE;
    const MetricData = Array.from({ length: minutes }, (_, index) => ({ MetricName, Value: value, Timestamp: new Date(now - (index + 1) * MINUTE) }));
    await watch.send(new PutMetricDataCommand({ Namespace: 'App', MetricData }));
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('policies');
    const { accessKeyId, secretAccessKey, instanceStoreImageId } = tenant.account;
    const settings = { endpoint: cloud.operator.endpointUrl, region: REGION, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 };
    scaling = new AutoScalingClient(settings);
    watch = new CloudWatchClient(settings);
    await tenant.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'worker', LaunchTemplateData: { ImageId: instanceStoreImageId, InstanceType: 't3.micro' } }));
    await scaling.send(new CreateAutoScalingGroupCommand({ AutoScalingGroupName, LaunchTemplate: { LaunchTemplateName: 'worker' }, MinSize: 0, MaxSize: 9, DesiredCapacity: 1, DefaultInstanceWarmup: 0, DefaultCooldown: 0, AvailabilityZones: [`${REGION}a`] }));
    await eventually('an instance is in service', 120, async () => {
      const { AutoScalingGroups } = await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }));
      return AutoScalingGroups?.[0]?.Instances?.[0]?.LifecycleState === 'InService';
    });
  });

  it('target tracking brings a custom metric to its target, with a cause', async () => {
    await put('Backlog', 30, 3);
    const made = await scaling.send(new PutScalingPolicyCommand({
      AutoScalingGroupName, PolicyName: 'backlog', PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: { CustomizedMetricSpecification: { Namespace: 'App', MetricName: 'Backlog', Statistic: 'Average' }, TargetValue: 10, DisableScaleIn: true },
    }));
    assert.deepEqual(checker.violations('PutScalingPolicy', made), []);
    await comesTo(3);
    const shown = await scaling.send(new DescribePoliciesCommand({ AutoScalingGroupName }));
    assert.deepEqual(checker.violations('DescribePolicies', shown), []);
    const { MetricAlarms } = await watch.send(new DescribeAlarmsCommand({ AlarmNames: made.Alarms?.map(({ AlarmName = '' }) => AlarmName) }));
    assert.deepEqual(MetricAlarms?.map(({ StateValue, AlarmActions }) => [StateValue, AlarmActions]), [['ALARM', [made.PolicyARN]]]);
    await eventually('the launches tell why', 60, async () => {
      const { Activities } = await scaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName }));
      return (Activities ?? []).some(({ Cause }) => /a monitor alarm TargetTracking-workers-AlarmHigh-\S+ in state ALARM triggered policy backlog changing the desired capacity from 1 to 3/.test(Cause ?? ''));
    });
    await scaling.send(new DeletePolicyCommand({ PolicyName: made.PolicyARN }));
    await eventually('its alarms go with it', 60, async () => (await watch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'TargetTracking' }))).MetricAlarms?.length === 0);
  });

  it('target tracking keeps a backlog per instance, by metric math', async () => {
    await scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 1 }));
    await scaling.send(new EnableMetricsCollectionCommand({ AutoScalingGroupName, Granularity: '1Minute', Metrics: ['GroupInServiceInstances'] }));
    await put('Visible', 40, 3);
    const running = { Namespace: 'AWS/AutoScaling', MetricName: 'GroupInServiceInstances', Dimensions: [{ Name: 'AutoScalingGroupName', Value: AutoScalingGroupName }] };
    const Metrics = [
      { Id: 'visible', MetricStat: { Metric: { Namespace: 'App', MetricName: 'Visible' }, Stat: 'Average' }, ReturnData: false },
      { Id: 'running', MetricStat: { Metric: running, Stat: 'Average' }, ReturnData: false },
      { Id: 'backlog', Label: 'backlog per instance', Expression: 'visible / FILL(running, 1)', ReturnData: true },
    ];
    const made = await scaling.send(new PutScalingPolicyCommand({
      AutoScalingGroupName, PolicyName: 'per-instance', PolicyType: 'TargetTrackingScaling',
      TargetTrackingConfiguration: { CustomizedMetricSpecification: { Metrics }, TargetValue: 20, DisableScaleIn: true },
    }));
    const shown = await scaling.send(new DescribePoliciesCommand({ AutoScalingGroupName, PolicyNames: ['per-instance'] }));
    assert.deepEqual(checker.violations('DescribePolicies', shown), []);
    const [configuration] = shown.ScalingPolicies?.map(({ TargetTrackingConfiguration }) => TargetTrackingConfiguration?.CustomizedMetricSpecification?.Metrics) ?? [];
    assert.deepEqual(configuration?.map(({ Id, Expression }) => [Id, Expression]), [['visible', undefined], ['running', undefined], ['backlog', 'visible / FILL(running, 1)']]);
    const AlarmNames = made.Alarms?.map(({ AlarmName = '' }) => AlarmName);
    await eventually('its alarm is on metric math', 60, async () => {
      const { MetricAlarms } = await watch.send(new DescribeAlarmsCommand({ AlarmNames }));
      assert.deepEqual(MetricAlarms?.map(({ MetricName, Metrics: ofAlarm }) => [MetricName, ofAlarm?.length]), [[undefined, 3]]);
      return true;
    });
    await eventually('the group grows', 120, async () => ((await desired()) ?? 0) >= 2);
    const now = Date.now();
    const { MetricDataResults } = await watch.send(new GetMetricDataCommand({
      StartTime: new Date(now - 5 * MINUTE), EndTime: new Date(now), MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: { Namespace: 'App', MetricName: 'Visible' }, Stat: 'Average', Period: 60 }, ReturnData: false }, { Id: 'e', Expression: 'm / 4' }],
    }));
    assert.deepEqual([...new Set(MetricDataResults?.[0]?.Values)], [10]);
    await scaling.send(new DeletePolicyCommand({ PolicyName: made.PolicyARN }));
    await eventually('its alarms go with it', 60, async () => (await watch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: 'TargetTracking' }))).MetricAlarms?.length === 0);
  });

  it('policies and alarms of manifests act too, and policies act by hand', async () => {
    const { namespace } = tenant.account;
    const apiVersion = 'kube-ec2.io/v1alpha1';
    await scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 3 }));
    await put('Errors', 100, 1);
    await cloud.controlPlane.applier.apply([
      { apiVersion, kind: 'ScalingPolicy', metadata: { name: 'in', namespace }, spec: { autoScalingGroup: 'workers', policyType: 'StepScaling', adjustmentType: 'ChangeInCapacity', stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: -1 }], estimatedInstanceWarmup: 0 } },
      { apiVersion, kind: 'MetricAlarm', metadata: { name: 'errors', namespace }, spec: { namespace: 'App', metricName: 'Errors', statistic: 'Average', period: 60, evaluationPeriods: 1, threshold: 50, comparisonOperator: 'GreaterThanThreshold', alarmActions: ['ScalingPolicy/in'] } },
    ]);
    await comesTo(2);
    await cloud.controlPlane.client.remove(`/apis/${apiVersion}/namespaces/${namespace}/metricalarms/errors`);
    await scaling.send(new PutScalingPolicyCommand({ AutoScalingGroupName, PolicyName: 'exact', AdjustmentType: 'ExactCapacity', ScalingAdjustment: 4 }));
    await scaling.send(new ExecutePolicyCommand({ AutoScalingGroupName, PolicyName: 'exact' }));
    await comesTo(4);
  });

  it('scheduled actions happen at their time', async () => {
    await scaling.send(new PutScheduledUpdateGroupActionCommand({ AutoScalingGroupName, ScheduledActionName: 'soon', StartTime: new Date(Math.ceil(Date.now() / 1000) * 1000 + 3000), MinSize: 0, MaxSize: 5, DesiredCapacity: 0 }));
    await scaling.send(new PutScheduledUpdateGroupActionCommand({ AutoScalingGroupName, ScheduledActionName: 'daily', Recurrence: '0 3 * * *', TimeZone: 'Europe/Berlin', DesiredCapacity: 1 }));
    await comesTo(0);
    await eventually('only what is still to happen is shown', 60, async () => {
      const actions = await scaling.send(new DescribeScheduledActionsCommand({ AutoScalingGroupName }));
      assert.deepEqual(checker.violations('DescribeScheduledActions', actions), []);
      return actions.ScheduledUpdateGroupActions?.length === 1 && actions.ScheduledUpdateGroupActions[0]?.StartTime !== undefined;
    });
  });
});
