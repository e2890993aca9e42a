import assert from 'node:assert/strict';
import type { InstanceRefresh, LaunchConfiguration, TagDescription } from '@aws-sdk/client-auto-scaling';
import { AMI, aGroup, aMember, autoScalingCloud, TEMPLATE_ID } from '../../../support/auto-scaling-cloud.ts';

const NAME = { AutoScalingGroupName: 'web' };
const TARGETS = 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/one/0123456789abcdef';

describe('settings of a group', () => {
  const changes: Record<string, { before?: object; calls: [string, object][]; want: object }> = {
    'suspended processes': { calls: [['SuspendProcesses', { ScalingProcesses: ['Launch', 'Terminate'] }], ['ResumeProcesses', { ScalingProcesses: ['Launch'] }]], want: { suspendedProcesses: ['Terminate'] } },
    'all processes, and none': { calls: [['SuspendProcesses', {}], ['ResumeProcesses', {}]], want: { suspendedProcesses: undefined } },
    'collected metrics': {
      calls: [['EnableMetricsCollection', { Granularity: '1Minute', Metrics: ['GroupMinSize', 'GroupMaxSize'] }], ['DisableMetricsCollection', { Metrics: ['GroupMinSize'] }]],
      want: { enabledMetrics: ['GroupMaxSize'] },
    },
    'a hook, which keeps what a change does not name': {
      calls: [
        ['PutLifecycleHook', { LifecycleHookName: 'h', LifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', HeartbeatTimeout: 60, NotificationTargetARN: 'arn:aws:sqs:us-east-1:123456789012:q' }],
        ['PutLifecycleHook', { LifecycleHookName: 'h', DefaultResult: 'CONTINUE', NotificationTargetARN: '' }],
      ],
      want: { lifecycleHooks: [{ lifecycleHookName: 'h', lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', heartbeatTimeout: 60, defaultResult: 'CONTINUE' }] },
    },
    'a warm pool': {
      calls: [['PutWarmPool', { MinSize: 1, MaxGroupPreparedCapacity: 4, InstanceReusePolicy: { ReuseOnScaleIn: true } }], ['PutWarmPool', { MaxGroupPreparedCapacity: -1, PoolState: 'Running' }]],
      want: { warmPool: { minSize: 1, poolState: 'Running', reuseOnScaleIn: true } },
    },
    'no warm pool': { calls: [['PutWarmPool', { MinSize: 1 }], ['DeleteWarmPool', {}]], want: { warmPool: undefined } },
    'topics': {
      calls: [
        ['PutNotificationConfiguration', { TopicARN: 'arn:aws:sns:us-east-1:123456789012:one', NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'] }],
        ['PutNotificationConfiguration', { TopicARN: 'arn:aws:sns:us-east-1:123456789012:two', NotificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'] }],
        ['DeleteNotificationConfiguration', { TopicARN: 'arn:aws:sns:us-east-1:123456789012:one' }],
      ],
      want: { notificationConfigurations: [{ topicARN: 'arn:aws:sns:us-east-1:123456789012:two', notificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH'] }] },
    },
    'target groups, by either name of the call': {
      calls: [['AttachLoadBalancerTargetGroups', { TargetGroupARNs: [TARGETS] }], ['AttachTrafficSources', { TrafficSources: [{ Identifier: 'classic' }] }], ['DetachTrafficSources', { TrafficSources: [{ Identifier: TARGETS, Type: 'elbv2' }] }]],
      want: { targetGroupARNs: undefined, loadBalancerNames: ['classic'] },
    },
    'tags': {
      calls: [
        ['CreateOrUpdateTags', { Tags: [{ ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'a', Value: '1', PropagateAtLaunch: true }, { ResourceId: 'web', Key: 'b', Value: '2' }] }],
        ['DeleteTags', { Tags: [{ ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'b' }] }],
      ],
      want: { tags: [{ key: 'a', value: '1', propagateAtLaunch: true }] },
    },
  };
  for (const [name, { calls, want }] of Object.entries(changes)) {
    it(`are changed: ${name}`, async () => {
      const cloud = autoScalingCloud(aGroup('web'));
      for (const [operation, input] of calls) await cloud.call(operation, { ...NAME, ...input });
      const { spec } = cloud.group();
      assert.deepEqual(Object.fromEntries(Object.keys(want).map((field) => [field, spec[field as keyof typeof spec]])), want);
    });
  }

  const refused: Record<string, { operation: string; input: object; want: RegExp }> = {
    'a process that is none': { operation: 'SuspendProcesses', input: { ScalingProcesses: ['Sleep'] }, want: /^ValidationError: Invalid process type: Sleep\./ },
    'a metric that is none': { operation: 'EnableMetricsCollection', input: { Granularity: '1Minute', Metrics: ['Colour'] }, want: /^ValidationError: Invalid metric type: Colour\.$/ },
    'a granularity of an hour': { operation: 'EnableMetricsCollection', input: { Granularity: '1Hour' }, want: /^ValidationError: Invalid granularity/ },
    'a hook of ten seconds': { operation: 'PutLifecycleHook', input: { LifecycleHookName: 'h', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', HeartbeatTimeout: 10 }, want: /^ValidationError: 1 validation error detected: Value '10' at 'heartbeatTimeout'/ },
    'hibernation': { operation: 'PutWarmPool', input: { PoolState: 'Hibernated' }, want: /^ValidationError: Hibernation is not supported/ },
    'the end of a warm pool that is none': { operation: 'DeleteWarmPool', input: {}, want: /^ValidationError: No warm pool found for Auto Scaling group web$/ },
    'what is no topic': { operation: 'PutNotificationConfiguration', input: { TopicARN: 'topic', NotificationTypes: [] }, want: /^ValidationError: Invalid Topic ARN: topic$/ },
    'what is no target group': { operation: 'AttachLoadBalancerTargetGroups', input: { TargetGroupARNs: ['arn:x'] }, want: /^ValidationError: Provided Target Groups may not be valid/ },
    'to detach what is not attached': { operation: 'DetachLoadBalancerTargetGroups', input: { TargetGroupARNs: [TARGETS] }, want: /^ValidationError: Trying to remove Target Groups that are not part of the group/ },
    'a tag of something else': { operation: 'CreateOrUpdateTags', input: { Tags: [{ ResourceId: 'web', ResourceType: 'instance', Key: 'a' }] }, want: /^ValidationError: Invalid resource type: instance/ },
    'a tag of a group that is not there': { operation: 'CreateOrUpdateTags', input: { Tags: [{ ResourceId: 'gone', Key: 'a' }] }, want: /^ValidationError: .* not found$/ },
    'a tag of the service': { operation: 'CreateOrUpdateTags', input: { Tags: [{ ResourceId: 'web', Key: 'aws:x' }] }, want: /^ValidationError: / },
  };
  for (const [name, { operation, input, want }] of Object.entries(refused)) {
    it(`refuse ${name}`, async () => assert.match(await autoScalingCloud(aGroup('web')).refusal(operation, { ...NAME, ...input }), want));
  }

  it('tags are listed and filtered', async () => {
    const cloud = autoScalingCloud(aGroup('web', { tags: [{ key: 'a', value: '1', propagateAtLaunch: true }, { key: 'b', value: '2', propagateAtLaunch: false }] }), aGroup('other', { tags: [{ key: 'a', value: '3', propagateAtLaunch: true }] }));
    const tagsOf = async (Filters: object[]): Promise<string[]> => ((await cloud.call('DescribeTags', { Filters })) as { Tags: TagDescription[] }).Tags.map(({ ResourceId, Key }) => `${ResourceId}/${Key}`);
    assert.deepEqual(await tagsOf([{ Name: 'key', Values: ['a'] }]), ['other/a', 'web/a']);
    assert.deepEqual(await tagsOf([{ Name: 'auto-scaling-group', Values: ['web'] }, { Name: 'propagate-at-launch', Values: ['false'] }]), ['web/b']);
  });

  it('types and limits are those of the model', async () => {
    const cloud = autoScalingCloud(aGroup('web'));
    for (const operation of ['DescribeScalingProcessTypes', 'DescribeAdjustmentTypes', 'DescribeTerminationPolicyTypes', 'DescribeLifecycleHookTypes', 'DescribeMetricCollectionTypes', 'DescribeAutoScalingNotificationTypes']) {
      assert.ok(Object.values(await cloud.call(operation)).every((list) => Array.isArray(list) && list.length > 0), operation);
    }
    assert.equal((await cloud.call('DescribeAccountLimits'))['NumberOfAutoScalingGroups'], 1);
  });
});

describe('instance refreshes', () => {
  const toOne = { LaunchTemplate: { LaunchTemplateId: TEMPLATE_ID, Version: '1' } };
  const refreshes = async (cloud: ReturnType<typeof autoScalingCloud>): Promise<InstanceRefresh[]> => ((await cloud.call('DescribeInstanceRefreshes', NAME)) as { InstanceRefreshes: InstanceRefresh[] }).InstanceRefreshes;

  it('show at once, one at a time, and are cancelled', async () => {
    const cloud = autoScalingCloud(aGroup('web'), aMember(1));
    const { InstanceRefreshId } = await cloud.call('StartInstanceRefresh', { ...NAME, Preferences: { MinHealthyPercentage: 50, CheckpointPercentages: [50, 100] }, DesiredConfiguration: toOne });
    const [shown] = await refreshes(cloud);
    assert.deepEqual([shown?.InstanceRefreshId, shown?.Status, shown?.Preferences?.MinHealthyPercentage, shown?.DesiredConfiguration?.LaunchTemplate?.Version], [InstanceRefreshId, 'Pending', 50, '1']);
    assert.match(await cloud.refusal('StartInstanceRefresh', NAME), /^InstanceRefreshInProgress: /);
    assert.equal((await cloud.call('CancelInstanceRefresh', NAME))['InstanceRefreshId'], InstanceRefreshId);
    assert.equal(cloud.group().spec.instanceRefresh?.end, 'cancel');
  });

  const refused: Record<string, { operation: string; input?: object; want: RegExp }> = {
    'to cancel what does not go on': { operation: 'CancelInstanceRefresh', want: /^ActiveInstanceRefreshNotFound: No in progress or pending Instance Refresh found for Auto Scaling group web$/ },
    'to turn what does not go on': { operation: 'RollbackInstanceRefresh', want: /^ActiveInstanceRefreshNotFound: / },
    'shares that are none': { operation: 'StartInstanceRefresh', input: { Preferences: { MinHealthyPercentage: 101 } }, want: /^ValidationError: Invalid preferences: minHealthyPercentage/ },
    'checkpoints out of order': { operation: 'StartInstanceRefresh', input: { Preferences: { CheckpointPercentages: [50, 20] } }, want: /^ValidationError: CheckpointPercentages must be in ascending order\.$/ },
    'a configuration that cannot be launched': { operation: 'StartInstanceRefresh', input: { DesiredConfiguration: { LaunchTemplate: { LaunchTemplateId: TEMPLATE_ID, Version: '2' } } }, want: /^ValidationError: You must use a valid fully-formed launch template\./ },
  };
  for (const [name, { operation, input = {}, want }] of Object.entries(refused)) {
    it(`refuse ${name}`, async () => assert.match(await autoScalingCloud(aGroup('web')).refusal(operation, { ...NAME, ...input }), want));
  }

  it('are not turned when nobody knows what was before', async () => {
    const cloud = autoScalingCloud(aGroup('web'));
    await cloud.call('StartInstanceRefresh', { ...NAME, DesiredConfiguration: toOne });
    assert.match(await cloud.refusal('RollbackInstanceRefresh', NAME), /^IrreversibleInstanceRefresh: /);
  });
});

describe('launch configurations', () => {
  it('are made, shown, used and removed', async () => {
    const cloud = autoScalingCloud();
    await cloud.call('CreateLaunchConfiguration', { LaunchConfigurationName: 'Old Way', ImageId: AMI, InstanceType: 't3.micro', UserData: 'aGVsbG8=', BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 2 } }] });
    const { LaunchConfigurations } = (await cloud.call('DescribeLaunchConfigurations', { LaunchConfigurationNames: ['Old Way'] })) as { LaunchConfigurations: LaunchConfiguration[] };
    const [shown] = LaunchConfigurations;
    assert.deepEqual([shown?.ImageId, shown?.InstanceType, shown?.UserData, shown?.BlockDeviceMappings, shown?.SecurityGroups], [AMI, 't3.micro', 'aGVsbG8=', [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 2 } }], []]);
    assert.match(await cloud.refusal('CreateLaunchConfiguration', { LaunchConfigurationName: 'Old Way', ImageId: AMI, InstanceType: 't3.micro' }), /^AlreadyExists: Launch Configuration by this name already exists/);
    await cloud.call('CreateAutoScalingGroup', { ...NAME, MinSize: 0, MaxSize: 1, LaunchConfigurationName: 'Old Way', AvailabilityZones: ['us-east-1a'] });
    assert.match(await cloud.refusal('DeleteLaunchConfiguration', { LaunchConfigurationName: 'Old Way' }), /^ResourceInUse: Cannot delete launch configuration Old Way because it is attached to AutoScalingGroup web$/);
    await cloud.call('DeleteAutoScalingGroup', { ...NAME, ForceDelete: true });
    assert.match(await cloud.refusal('DeleteLaunchConfiguration', { LaunchConfigurationName: 'gone' }), /^ValidationError: Launch configuration name not found - Launch configuration gone not found$/);
  });

  it('with Spot prices, or images that are not there, are refused', async () => {
    const cloud = autoScalingCloud();
    assert.match(await cloud.refusal('CreateLaunchConfiguration', { LaunchConfigurationName: 'x', ImageId: AMI, InstanceType: 't3.micro', SpotPrice: '1' }), /^ValidationError: Spot Instances are not supported\.$/);
    assert.match(await cloud.refusal('CreateLaunchConfiguration', { LaunchConfigurationName: 'x', ImageId: 'ami-00000000000000009', InstanceType: 't3.micro' }), /^ValidationError: The image id '\[ami-00000000000000009\]' does not exist$/);
  });
});
