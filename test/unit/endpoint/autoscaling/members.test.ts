import assert from 'node:assert/strict';
import type { Activity } from '@aws-sdk/client-auto-scaling';
import type { LifecycleAction } from '../../../../operator/api/auto-scaling/auto-scaling-membership.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { AMI, aGroup, aMember, autoScalingCloud, memberId } from '../../../support/auto-scaling-cloud.ts';

const NAME = { AutoScalingGroupName: 'web' };
const stranger = anInstance(memberId(9), { imageId: AMI, placement: { availabilityZone: 'us-east-1a', tenancy: 'default' }, status: { availabilityZone: 'us-east-1a' } });
const action: LifecycleAction = {
  lifecycleHookName: 'boot',
  lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING',
  lifecycleActionToken: '00000000-0000-8000-8000-000000000001',
  startedAt: '2026-01-01T00:30:00Z',
  heartbeatTimeout: 300,
  defaultResult: 'ABANDON',
};

describe('what is asked of single instances', () => {
  const asked: Record<string, { operation: string; input: object; want: { requests: string[]; desired: number; description?: string } }> = {
    'a termination with less capacity': {
      operation: 'TerminateInstanceInAutoScalingGroup',
      input: { InstanceId: memberId(1), ShouldDecrementDesiredCapacity: true },
      want: { requests: [`terminate ${memberId(1)}`], desired: 1 },
    },
    'a termination with a replacement': {
      operation: 'TerminateInstanceInAutoScalingGroup',
      input: { InstanceId: memberId(1), ShouldDecrementDesiredCapacity: false },
      want: { requests: [`terminate ${memberId(1)}`], desired: 2 },
    },
    'to be detached': {
      operation: 'DetachInstances',
      input: { ...NAME, InstanceIds: [memberId(1)], ShouldDecrementDesiredCapacity: true },
      want: { requests: [`detach ${memberId(1)}`], desired: 1 },
    },
    'to stand by': {
      operation: 'EnterStandby',
      input: { ...NAME, InstanceIds: [memberId(1), memberId(2)], ShouldDecrementDesiredCapacity: true },
      want: { requests: [`enter-standby ${memberId(1)}`, `enter-standby ${memberId(2)}`], desired: 0 },
    },
    'to come back from standby': { operation: 'ExitStandby', input: { ...NAME, InstanceIds: [memberId(3)] }, want: { requests: [`exit-standby ${memberId(3)}`], desired: 3 } },
    'to be attached': { operation: 'AttachInstances', input: { ...NAME, InstanceIds: [memberId(9)] }, want: { requests: [`attach ${memberId(9)}`], desired: 3 } },
  };
  for (const [name, { operation, input, want }] of Object.entries(asked)) {
    it(`${name}: stands in the group in one write with the capacity`, async () => {
      const cloud = autoScalingCloud(aGroup('web'), aMember(1), aMember(2), aMember(3, { standby: true }), stranger);
      const answer = await cloud.call(operation, input);
      const { spec } = cloud.group();
      assert.deepEqual([spec.instanceRequests?.map(({ action: wanted, instanceId }) => `${wanted} ${instanceId}`), spec.desiredCapacity], [want.requests, want.desired]);
      assert.equal(cloud.cluster.writes.filter(({ body }) => JSON.stringify(body) !== '{}').length, 1);
      const activities = [...((answer['Activities'] as Activity[] | undefined) ?? []), ...(answer['Activity'] === undefined ? [] : [answer['Activity'] as Activity])];
      for (const { StatusCode, StartTime } of activities) assert.deepEqual([StatusCode, StartTime instanceof Date], ['InProgress', true]);
    });
  }

  const refused: Record<string, { operation: string; input: object; minSize?: number; maxSize?: number; want: RegExp }> = {
    'a termination of an instance of no group': {
      operation: 'TerminateInstanceInAutoScalingGroup',
      input: { InstanceId: memberId(9), ShouldDecrementDesiredCapacity: true },
      want: /^ValidationError: Instance Id not found - No managed instance found for instance ID: i-00000000000000009$/,
    },
    'a termination below the minimum': {
      operation: 'TerminateInstanceInAutoScalingGroup',
      input: { InstanceId: memberId(1), ShouldDecrementDesiredCapacity: true },
      minSize: 2,
      want: /^ValidationError: Currently, desired size equals min size \(2\)\. Terminating instance without replacement/,
    },
    'standby below the minimum': {
      operation: 'EnterStandby',
      input: { ...NAME, InstanceIds: [memberId(1)], ShouldDecrementDesiredCapacity: true },
      minSize: 2,
      want: /^ValidationError: AutoScalingGroup web has min-size=2, max-size=5, and desired-size=2\. To place into standby 1 instance, please update/,
    },
    'more than the maximum': { operation: 'AttachInstances', input: { ...NAME, InstanceIds: [memberId(9)] }, maxSize: 2, want: /^ValidationError: .* To attach 1 instance, please update/ },
    'one that is in a group already': { operation: 'AttachInstances', input: { ...NAME, InstanceIds: [memberId(1)] }, want: /^ValidationError: Instance i-00000000000000001 is already part of AutoScalingGroup:web$/ },
    'one that is not there': { operation: 'AttachInstances', input: { ...NAME, InstanceIds: [memberId(77)] }, want: /^ValidationError: The instance ID 'i-00000000000000077' does not exist/ },
    'to detach a stranger': { operation: 'DetachInstances', input: { ...NAME, InstanceIds: [memberId(9)], ShouldDecrementDesiredCapacity: false }, want: /^ValidationError: The instance i-00000000000000009 is not part of Auto Scaling group web\.$/ },
    'to bring back what serves': { operation: 'ExitStandby', input: { ...NAME, InstanceIds: [memberId(1)] }, want: /^ValidationError: The instance i-00000000000000001 is not in Standby state\.$/ },
    'a health that is none': { operation: 'SetInstanceHealth', input: { InstanceId: memberId(1), HealthStatus: 'Sick' }, want: /^ValidationError: Invalid health status 'Sick'/ },
  };
  for (const [name, { operation, input, minSize = 0, maxSize = 5, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const cloud = autoScalingCloud(aGroup('web', { minSize, maxSize }), aMember(1), aMember(2), aMember(3, { standby: true }), stranger);
      assert.match(await cloud.refusal(operation, input), want);
      assert.equal(cloud.group().spec.instanceRequests, undefined);
    });
  }

  it('health is reported in the instance, but not within the grace period', async () => {
    const cloud = autoScalingCloud(aGroup('web', { healthCheckGracePeriod: 7200 }), aMember(1));
    await cloud.call('SetInstanceHealth', { InstanceId: memberId(1), HealthStatus: 'Unhealthy' });
    assert.equal(cloud.instance(1).spec.autoScaling?.healthStatus, undefined);
    await cloud.call('SetInstanceHealth', { InstanceId: memberId(1), HealthStatus: 'Unhealthy', ShouldRespectGracePeriod: false });
    assert.equal(cloud.instance(1).spec.autoScaling?.healthStatus, 'Unhealthy');
    const { AutoScalingInstances } = (await cloud.call('DescribeAutoScalingInstances', { InstanceIds: [memberId(1)] })) as { AutoScalingInstances?: { HealthStatus?: string }[] };
    assert.equal(AutoScalingInstances?.[0]?.HealthStatus, 'UNHEALTHY');
  });

  it('protection comes and goes', async () => {
    const cloud = autoScalingCloud(aGroup('web'), aMember(1));
    await cloud.call('SetInstanceProtection', { ...NAME, InstanceIds: [memberId(1)], ProtectedFromScaleIn: true });
    assert.equal(cloud.instance(1).spec.autoScaling?.protectedFromScaleIn, true);
    await cloud.call('SetInstanceProtection', { ...NAME, InstanceIds: [memberId(1)], ProtectedFromScaleIn: false });
    assert.equal(cloud.instance(1).spec.autoScaling?.protectedFromScaleIn, undefined);
  });
});

describe('lifecycle actions', () => {
  const names: Record<string, object> = { 'by its instance': { InstanceId: memberId(1) }, 'by its token': { LifecycleActionToken: action.lifecycleActionToken } };
  for (const [name, how] of Object.entries(names)) {
    it(`are completed ${name}`, async () => {
      const cloud = autoScalingCloud(aGroup('web'), aMember(1, { lifecycleActions: [action] }));
      await cloud.call('RecordLifecycleActionHeartbeat', { ...NAME, LifecycleHookName: 'boot', ...how });
      await cloud.call('CompleteLifecycleAction', { ...NAME, LifecycleHookName: 'boot', LifecycleActionResult: 'CONTINUE', ...how });
      assert.deepEqual(cloud.instance(1).spec.autoScaling?.lifecycleActions, [{ ...action, heartbeatAt: '2026-01-01T01:00:00Z', result: 'CONTINUE' }]);
    });
  }

  const refused: Record<string, { operation: string; input: object; want: RegExp }> = {
    'of another hook': { operation: 'CompleteLifecycleAction', input: { LifecycleHookName: 'other', InstanceId: memberId(1), LifecycleActionResult: 'CONTINUE' }, want: /^ValidationError: No active Lifecycle Action found with instance ID i-/ },
    'with a result that is none': { operation: 'CompleteLifecycleAction', input: { LifecycleHookName: 'boot', InstanceId: memberId(1), LifecycleActionResult: 'MAYBE' }, want: /^ValidationError: 1 validation error detected: Value 'MAYBE'/ },
    'that nothing names': { operation: 'RecordLifecycleActionHeartbeat', input: { LifecycleHookName: 'boot' }, want: /^ValidationError: Either InstanceId or LifecycleActionToken/ },
  };
  for (const [name, { operation, input, want }] of Object.entries(refused)) {
    it(`${name} are refused`, async () => assert.match(await autoScalingCloud(aGroup('web'), aMember(1, { lifecycleActions: [action] })).refusal(operation, { ...NAME, ...input }), want));
  }

  it('go on when their hook is deleted', async () => {
    const hook = { lifecycleHookName: 'boot', lifecycleTransition: action.lifecycleTransition, heartbeatTimeout: 300, defaultResult: 'ABANDON' } as const;
    const cloud = autoScalingCloud(aGroup('web', { lifecycleHooks: [hook] }), aMember(1, { lifecycleActions: [action] }));
    await cloud.call('DeleteLifecycleHook', { ...NAME, LifecycleHookName: 'boot' });
    assert.deepEqual([cloud.group().spec.lifecycleHooks, cloud.instance(1).spec.autoScaling?.lifecycleActions?.[0]?.result], [undefined, 'ABANDON']);
    assert.match(await cloud.refusal('DeleteLifecycleHook', { ...NAME, LifecycleHookName: 'boot' }), /^ValidationError: No Lifecycle Hook found for Auto Scaling group web with name boot$/);
  });
});

describe('DescribeScalingActivities', () => {
  it('is newest first, by pages, with what failed', async () => {
    const failure = { activityId: 'f', description: 'Launching a new EC2 instance.', cause: 'x', startTime: '2026-01-01T00:40:00Z', endTime: '2026-01-01T00:40:00Z', statusCode: 'Failed', statusMessage: 'No AMI', progress: 100 } as const;
    const cloud = autoScalingCloud(
      aGroup('web', {}, { activities: [failure] }),
      aMember(1, { leaving: { at: '2026-01-01T00:50:00Z', cause: 'y', reason: 'scale-in' } }, { state: 'terminated', stateTransitionTime: '2026-01-01T00:51:00Z' }),
      aMember(2, {}, { state: 'pending', hasBooted: false }),
    );
    const first = (await cloud.call('DescribeScalingActivities', { ...NAME, MaxRecords: 2 })) as { Activities: Activity[]; NextToken?: string };
    const second = (await cloud.call('DescribeScalingActivities', { ...NAME, NextToken: first.NextToken })) as { Activities: Activity[] };
    assert.deepEqual([...first.Activities, ...second.Activities].map(({ StatusCode, StartTime, EndTime, Progress }) => `${StatusCode} ${StartTime?.toISOString().slice(11, 16)} ${EndTime?.toISOString().slice(11, 16)} ${Progress}`), [
      'Successful 00:50 00:51 100', 'Failed 00:40 00:40 100', 'Successful 00:00 00:00 100', 'InProgress 00:00 undefined 30',
    ]);
    const late = (await cloud.call('DescribeScalingActivities', { ...NAME, Filters: [{ Name: 'StartTimeLowerBound', Values: ['2026-01-01T00:45:00Z'] }] })) as { Activities: Activity[] };
    assert.equal(late.Activities.length, 1);
    assert.match(await cloud.refusal('DescribeScalingActivities', { ...NAME, Filters: [{ Name: 'Colour', Values: ['red'] }] }), /^ValidationError: The filter 'Colour' is invalid/);
  });
});
