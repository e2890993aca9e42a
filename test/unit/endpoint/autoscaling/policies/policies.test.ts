import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-auto-scaling';
import type { PutScalingPolicyType } from '@aws-sdk/client-auto-scaling';
import { deletePolicy } from '../../../../../operator/endpoint/autoscaling/policies/DeletePolicy.ts';
import { describePolicies } from '../../../../../operator/endpoint/autoscaling/policies/DescribePolicies.ts';
import { executePolicy } from '../../../../../operator/endpoint/autoscaling/policies/ExecutePolicy.ts';
import { putScalingPolicy } from '../../../../../operator/endpoint/autoscaling/policies/PutScalingPolicy.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { ScalingPolicy } from '../../../../../operator/kubernetes/resources.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anAlarm } from '../../../../support/metric-objects.ts';
import { operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';
import { aGroup, aPolicy } from '../../../../support/scaling-objects.ts';

const checker = new ResponseChecker('@aws-sdk/client-auto-scaling', sdk);

function cloud(...objects: ScalingPolicy[]): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({ objects: [theAccount(), aGroup('web', { autoScalingGroupName: 'Web servers' }), aGroup('db'), anAlarm('hot', { alarmActions: ['ScalingPolicy/by-hand'] }), ...objects] });
  return { cluster, context: operationContext(cluster) };
}

async function refusedWith(promise: Promise<unknown>, message: RegExp, code = 'ValidationError'): Promise<void> {
  await assert.rejects(promise, (error: Error & { code?: string }) => (error.code === code && message.test(error.message)) || assert.fail(`${error.code ?? ''}: ${error.message}`));
}

const simple: PutScalingPolicyType = { AutoScalingGroupName: 'Web servers', PolicyName: 'out', AdjustmentType: 'ChangeInCapacity', ScalingAdjustment: 2, Cooldown: 60 };
const cpu: PutScalingPolicyType = {
  AutoScalingGroupName: 'Web servers', PolicyName: 'cpu', PolicyType: 'TargetTrackingScaling',
  TargetTrackingConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: 'ASGAverageCPUUtilization' }, TargetValue: 50 },
};

describe('scaling policies through the API', () => {
  it('are made, shown, changed and deleted', async () => {
    const { cluster, context } = cloud();
    const made = await putScalingPolicy(cpu, context);
    assert.deepEqual(checker.violations('PutScalingPolicy', made), []);
    assert.match(made.PolicyARN ?? '', /^arn:aws:autoscaling:us-east-1:123456789012:scalingPolicy:[^:]+:autoScalingGroupName\/Web servers:policyName\/cpu$/);
    assert.deepEqual(made.Alarms?.map(({ AlarmName = '' }) => AlarmName.split('-').slice(0, 3).join('-')), ['TargetTracking-Web servers-AlarmHigh', 'TargetTracking-Web servers-AlarmLow']);
    await putScalingPolicy(simple, context);
    const shown = await describePolicies({ AutoScalingGroupName: 'Web servers' }, context);
    assert.deepEqual(checker.violations('DescribePolicies', shown), []);
    assert.deepEqual(shown.ScalingPolicies?.map(({ PolicyName, PolicyType, Enabled }) => [PolicyName, PolicyType, Enabled]).sort(), [['cpu', 'TargetTrackingScaling', true], ['out', 'SimpleScaling', true]]);
    const again = await putScalingPolicy({ ...simple, ScalingAdjustment: 3, Cooldown: undefined, Enabled: false }, context);
    const [changed] = (await describePolicies({ PolicyNames: [again.PolicyARN ?? ''] }, context)).ScalingPolicies ?? [];
    assert.deepEqual([changed?.ScalingAdjustment, changed?.Cooldown, changed?.Enabled], [3, undefined, false]);
    await deletePolicy({ PolicyName: 'out', AutoScalingGroupName: 'Web servers' }, context);
    await deletePolicy({ PolicyName: made.PolicyARN }, context);
    assert.deepEqual(cluster.list(ScalingPolicy), []);
    await refusedWith(deletePolicy({ PolicyName: 'out', AutoScalingGroupName: 'Web servers' }, context), /not found/);
    assert.deepEqual((await describePolicies({ AutoScalingGroupName: 'none' }, context)).ScalingPolicies, []);
  });

  it('are one policy for calls at the same time, and go with their group', async () => {
    const { cluster, context } = cloud();
    await Promise.all([1, 2, 3].map(async (ScalingAdjustment) => putScalingPolicy({ ...simple, ScalingAdjustment }, context)));
    assert.deepEqual(cluster.list(ScalingPolicy).map(({ metadata }) => metadata.ownerReferences?.[0]?.name), ['web']);
  });

  it('show the alarms that name them', async () => {
    const { context } = cloud(aPolicy('by-hand', { policyType: 'SimpleScaling', adjustmentType: 'ExactCapacity', scalingAdjustment: 1 }));
    const [shown] = (await describePolicies({ PolicyTypes: ['SimpleScaling'] }, context)).ScalingPolicies ?? [];
    assert.deepEqual(shown?.Alarms, [{ AlarmName: 'hot', AlarmARN: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:hot' }]);
  });

  it('show metric math as it was given', async () => {
    const { context } = cloud();
    const stat = { Metric: { Namespace: 'App', MetricName: 'Visible', Dimensions: [] }, Stat: 'Sum' };
    const Metrics = [{ Id: 'm', MetricStat: stat, ReturnData: false }, { Id: 'e', Expression: 'm / 2', Label: 'half', ReturnData: true }];
    await putScalingPolicy({ ...cpu, PolicyName: 'math', TargetTrackingConfiguration: { CustomizedMetricSpecification: { Metrics }, TargetValue: 5 } }, context);
    const [shown] = (await describePolicies({ PolicyNames: ['math'] }, context)).ScalingPolicies ?? [];
    assert.deepEqual(shown?.TargetTrackingConfiguration?.CustomizedMetricSpecification, { Metrics: [{ ...Metrics[0], MetricStat: { ...stat, Period: 60 } }, Metrics[1]] });
  });

  const step: PutScalingPolicyType = { AutoScalingGroupName: 'Web servers', PolicyName: 'p', PolicyType: 'StepScaling', AdjustmentType: 'ChangeInCapacity' };
  const refused: Record<string, { input: PutScalingPolicyType; want: RegExp }> = {
    'a group that is not there': { input: { ...simple, AutoScalingGroupName: 'none' }, want: /not found/ },
    'predictive scaling': { input: { ...simple, PolicyType: 'PredictiveScaling' }, want: /Predictive scaling is not supported/ },
    'an unknown type': { input: { ...simple, PolicyType: 'Magic' }, want: /enum value set/ },
    'an unknown adjustment': { input: { ...simple, AdjustmentType: 'Double' }, want: /adjustmentType/ },
    'no adjustment': { input: { ...simple, ScalingAdjustment: undefined }, want: /ScalingAdjustment must be specified/ },
    'a warm-up of a simple policy': { input: { ...simple, EstimatedInstanceWarmup: 5 }, want: /EstimatedInstanceWarmup/ },
    'no steps': { input: step, want: /At least one StepAdjustment/ },
    'steps that overlap': { input: { ...step, StepAdjustments: [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 20, ScalingAdjustment: 1 }, { MetricIntervalLowerBound: 10, ScalingAdjustment: 2 }] }, want: /overlap/ },
    'steps with a gap': { input: { ...step, StepAdjustments: [{ MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 5, ScalingAdjustment: 1 }, { MetricIntervalLowerBound: 10, ScalingAdjustment: 2 }] }, want: /gaps/ },
    'a magnitude of what is no percentage': { input: { ...simple, MinAdjustmentMagnitude: 2 }, want: /PercentChangeInCapacity only/ },
    'a target without configuration': { input: { ...cpu, TargetTrackingConfiguration: undefined }, want: /must be specified/ },
    'a target of nothing': { input: { ...cpu, TargetTrackingConfiguration: { ...cpu.TargetTrackingConfiguration, TargetValue: 0 } }, want: /greater than 0/ },
    'requests of nobody': { input: { ...cpu, TargetTrackingConfiguration: { PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' }, TargetValue: 5 } }, want: /ResourceLabel/ },
    'metric math of nothing': { input: { ...cpu, TargetTrackingConfiguration: { CustomizedMetricSpecification: { Metrics: [{ Id: 'a', Expression: 'b/c' }] }, TargetValue: 5 } }, want: /At least one element of the metrics list must be a metric/ },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuse ${name}`, async () => refusedWith(putScalingPolicy(input, cloud().context), want));
  }
});

describe('ExecutePolicy', () => {
  const out = aPolicy('out', { policyType: 'SimpleScaling', adjustmentType: 'ChangeInCapacity', scalingAdjustment: 1 }, { lastScaledAt: '2025-12-31T23:59:00Z' });
  const steps = aPolicy('steps', { policyType: 'StepScaling', adjustmentType: 'ChangeInCapacity', stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }] });
  const input = { AutoScalingGroupName: 'Web servers', PolicyName: 'out' };

  it('asks for it once, with what the step depends on', async () => {
    const { cluster, context } = cloud(out, steps);
    await executePolicy(input, context);
    await executePolicy({ ...input, PolicyName: 'steps', MetricValue: 70, BreachThreshold: 50 }, context);
    assert.deepEqual(cluster.list(ScalingPolicy).map(({ spec }) => spec.execution?.breach).sort(), [20, undefined]);
  });

  it('refuses what is not to be had', async () => {
    const tracking = aPolicy('cpu', { policyType: 'TargetTrackingScaling', targetTracking: { predefinedMetricType: 'ASGAverageCPUUtilization', targetValue: 5, disableScaleIn: false } });
    const { context } = cloud(out, steps, tracking);
    await refusedWith(executePolicy({ ...input, HonorCooldown: true }, context), /cooldown/, 'ScalingActivityInProgress');
    await refusedWith(executePolicy({ ...input, PolicyName: 'steps' }, context), /MetricValue/);
    await refusedWith(executePolicy({ ...input, PolicyName: 'cpu' }, context), /TargetTrackingScaling/);
    await refusedWith(executePolicy({ ...input, PolicyName: 'none' }, context), /not found/);
    await refusedWith(executePolicy({ PolicyName: 'out' }, context), /group name must be specified/);
  });
});
