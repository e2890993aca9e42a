import assert from 'node:assert/strict';
import type { AutoScalingGroup as SdkGroup } from '@aws-sdk/client-auto-scaling';
import { AutoScalingGroup } from '../../../../operator/kubernetes/resources.ts';
import { aGroup, aMember, autoScalingCloud, memberId, TEMPLATE_ID } from '../../../support/auto-scaling-cloud.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

const NAME = { AutoScalingGroupName: 'web' };
const creation = { ...NAME, MinSize: 1, MaxSize: 3, LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' }, AvailabilityZones: ['us-east-1a', 'us-east-1b'] };
const good = { ...creation, LaunchTemplate: { LaunchTemplateId: TEMPLATE_ID, Version: '1' } };
const shown = async (cloud: ReturnType<typeof autoScalingCloud>, input: object = {}): Promise<SdkGroup[]> => (await cloud.call('DescribeAutoScalingGroups', input))['AutoScalingGroups'] as SdkGroup[];

describe('CreateAutoScalingGroup', () => {
  it('makes a group that shows as Terraform, kops and Ansible expect it', async () => {
    const cloud = autoScalingCloud();
    await cloud.call('CreateAutoScalingGroup', { ...good, Tags: [{ Key: 'k', Value: 'v', PropagateAtLaunch: true }], LifecycleHookSpecificationList: [{ LifecycleHookName: 'h', LifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' }] });
    const [group] = await shown(cloud, { AutoScalingGroupNames: ['web'] });
    assert.ok(group);
    const { AutoScalingGroupARN, CreatedTime, AvailabilityZoneIds, ...rest } = group;
    assert.match(AutoScalingGroupARN ?? '', /^arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:.+:autoScalingGroupName\/web$/);
    assert.ok(CreatedTime instanceof Date);
    assert.equal(AvailabilityZoneIds?.length, 2);
    assert.deepEqual(rest, {
      AutoScalingGroupName: 'web',
      LaunchTemplate: { LaunchTemplateId: TEMPLATE_ID, LaunchTemplateName: 'web', Version: '1' },
      MinSize: 1,
      MaxSize: 3,
      DesiredCapacity: 1,
      DefaultCooldown: 300,
      AvailabilityZones: ['us-east-1a', 'us-east-1b'],
      LoadBalancerNames: [],
      TargetGroupARNs: [],
      HealthCheckType: 'EC2',
      HealthCheckGracePeriod: 0,
      Instances: [],
      SuspendedProcesses: [],
      VPCZoneIdentifier: '',
      EnabledMetrics: [],
      Tags: [{ ResourceId: 'web', ResourceType: 'auto-scaling-group', Key: 'k', Value: 'v', PropagateAtLaunch: true }],
      TerminationPolicies: ['Default'],
      NewInstancesProtectedFromScaleIn: false,
      CapacityRebalance: false,
      TrafficSources: [],
      DeletionProtection: 'none',
      AvailabilityZoneDistribution: { CapacityDistributionStrategy: 'balanced-best-effort' },
    });
  });

  it('gives a name that Kubernetes cannot have a resource of another name', async () => {
    const cloud = autoScalingCloud();
    await cloud.call('CreateAutoScalingGroup', { ...good, AutoScalingGroupName: 'Web Servers/blue' });
    assert.equal((await shown(cloud))[0]?.AutoScalingGroupName, 'Web Servers/blue');
    assert.match(await cloud.refusal('CreateAutoScalingGroup', { ...good, AutoScalingGroupName: 'Web Servers/blue' }), /^AlreadyExists: /);
  });

  const refused: Record<string, { input: object; want: RegExp }> = {
    'a name that is taken': { input: { ...good, AutoScalingGroupName: 'taken' }, want: /^AlreadyExists: AutoScalingGroup by this name already exists - A group with the name taken already exists$/ },
    'nothing to launch from': { input: { ...good, LaunchTemplate: undefined }, want: /^ValidationError: Valid requests must contain either LaunchTemplate, / },
    'no zone': { input: { ...good, AvailabilityZones: undefined }, want: /^ValidationError: At least one Availability Zone or VPC Subnet is required\.$/ },
    'a zone that is not there': { input: { ...good, AvailabilityZones: ['us-east-1z'] }, want: /^ValidationError: Invalid availability zones: \[us-east-1z\]$/ },
    'a subnet that is not there': { input: { ...good, VPCZoneIdentifier: 'subnet-00000000000000009' }, want: /^ValidationError: The subnet ID 'subnet-00000000000000009' does not exist/ },
    'a minimum above the maximum': { input: { ...good, MinSize: 4 }, want: /^ValidationError: Max bound, 3, must be greater than or equal to min bound, 4$/ },
    'a desired capacity beyond the limits': { input: { ...good, DesiredCapacity: 9 }, want: /^ValidationError: Desired capacity:9 must be between the specified min size:1 and max size:3$/ },
    'an impossible size': { input: { ...good, MaxSize: 1_000_000 }, want: /^ValidationError: 1 validation error detected: Value '1000000' at 'maxSize' failed to satisfy constraint/ },
    'a template that is not there': { input: { ...good, LaunchTemplate: { LaunchTemplateName: 'gone' } }, want: /^ValidationError: You must use a valid fully-formed launch template\. The specified launch template, with template name gone, does not exist\.$/ },
    'a template whose AMI is not there': { input: { ...good, LaunchTemplate: { LaunchTemplateId: TEMPLATE_ID, Version: '2' } }, want: /^ValidationError: You must use a valid fully-formed launch template\. The image id '\[ami-00000000000000009\]' does not exist$/ },
    'a version that is not there': { input: { ...good, LaunchTemplate: { LaunchTemplateId: TEMPLATE_ID, Version: '7' } }, want: /^ValidationError: You must use a valid fully-formed launch template\. Could not find the specified version 7 / },
    'a launch configuration that is not there': { input: { ...good, LaunchTemplate: undefined, LaunchConfigurationName: 'gone' }, want: /^ValidationError: Launch configuration name not found - Launch configuration gone not found$/ },
    'capacity rebalancing': { input: { ...good, CapacityRebalance: true }, want: /^ValidationError: Capacity Rebalancing is for Spot Instances, which are not supported\.$/ },
    'Spot Instances': {
      input: { ...good, LaunchTemplate: undefined, MixedInstancesPolicy: { LaunchTemplate: { LaunchTemplateSpecification: good.LaunchTemplate }, InstancesDistribution: { OnDemandPercentageAboveBaseCapacity: 50 } } },
      want: /^ValidationError: There are no Spot Instances/,
    },
    'a termination policy that is none': { input: { ...good, TerminationPolicies: ['Random'] }, want: /^ValidationError: Invalid termination policy: Random\./ },
    'a lifetime of an hour': { input: { ...good, MaxInstanceLifetime: 3600 }, want: /^ValidationError: Max instance lifetime must be 0, or between/ },
    'a type of health check that is none': { input: { ...good, HealthCheckType: 'PING' }, want: /^ValidationError: Invalid HealthCheckType: PING\./ },
    'a hook without transition': { input: { ...good, LifecycleHookSpecificationList: [{ LifecycleHookName: 'h' }] }, want: /^ValidationError: Lifecycle transition must be specified/ },
    'one tag twice': { input: { ...good, Tags: [{ Key: 'k' }, { Key: 'k' }] }, want: /^ValidationError: Duplicate tag keys/ },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const cloud = autoScalingCloud(aGroup('taken'));
      assert.match(await cloud.refusal('CreateAutoScalingGroup', input), want);
      assert.equal(cloud.cluster.list(AutoScalingGroup, NAMESPACE).length, 1);
    });
  }
});

describe('UpdateAutoScalingGroup', () => {
  it('moves a desired capacity that new limits leave outside, and records why', async () => {
    const cloud = autoScalingCloud(aGroup('web'));
    await cloud.call('UpdateAutoScalingGroup', { ...NAME, MinSize: 3 });
    const { spec } = cloud.group();
    assert.deepEqual([spec.minSize, spec.desiredCapacity], [3, 3]);
    assert.equal(spec.capacityChange?.cause, 'a user request update of AutoScalingGroup constraints to min: 3, max: 5, desired: 3 changing the desired capacity from 2 to 3.');
  });

  it('puts one source in the place of another, and takes away what an empty text clears', async () => {
    const cloud = autoScalingCloud(aGroup('web', { placementGroup: 'near', instanceMaintenancePolicy: { minHealthyPercentage: 90, maxHealthyPercentage: 120 } }));
    const policy = { LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateName: 'web', Version: '1' }, Overrides: [{ InstanceType: 't3.small', WeightedCapacity: '2' }, { InstanceType: 't3.micro', WeightedCapacity: '1' }] } };
    await cloud.call('UpdateAutoScalingGroup', { ...NAME, PlacementGroup: '', MixedInstancesPolicy: policy, InstanceMaintenancePolicy: { MinHealthyPercentage: -1, MaxHealthyPercentage: -1 } });
    const [group] = await shown(cloud);
    assert.deepEqual([group?.LaunchTemplate, group?.PlacementGroup, group?.InstanceMaintenancePolicy], [undefined, undefined, undefined]);
    assert.deepEqual(group?.MixedInstancesPolicy?.LaunchTemplate?.Overrides?.map(({ InstanceType, WeightedCapacity }) => `${InstanceType} ${WeightedCapacity}`), ['t3.small 2', 't3.micro 1']);
  });

  it('refuses sizes that do not fit, and groups that are not there', async () => {
    const cloud = autoScalingCloud(aGroup('web'));
    assert.match(await cloud.refusal('UpdateAutoScalingGroup', { ...NAME, DesiredCapacity: 6 }), /^ValidationError: Desired capacity:6 must be between/);
    assert.match(await cloud.refusal('UpdateAutoScalingGroup', { AutoScalingGroupName: 'gone' }), /^ValidationError: AutoScalingGroup name not found - AutoScalingGroup 'gone' not found$/);
  });
});

describe('SetDesiredCapacity', () => {
  const refused: Record<string, { input: object; want: RegExp }> = {
    'more than the maximum': { input: { DesiredCapacity: 6 }, want: /^ValidationError: New SetDesiredCapacity value 6 is above max value 5 for the AutoScalingGroup\.$/ },
    'less than the minimum': { input: { DesiredCapacity: 0 }, want: /^ValidationError: New SetDesiredCapacity value 0 is below min value 1 for the AutoScalingGroup\.$/ },
    'a change within the cooldown': { input: { DesiredCapacity: 3, HonorCooldown: true }, want: /^ScalingActivityInProgress: Scaling activity .+ is in progress and blocks this action$/ },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const cloud = autoScalingCloud(aGroup('web', { minSize: 1, defaultCooldown: 7200 }), aMember(1), aMember(2));
      assert.match(await cloud.refusal('SetDesiredCapacity', { ...NAME, ...input }), want);
    });
  }

  it('takes the change where the cooldown is over, or is not to be honoured', async () => {
    const cloud = autoScalingCloud(aGroup('web'), aMember(1), aMember(2));
    await cloud.call('SetDesiredCapacity', { ...NAME, DesiredCapacity: 3, HonorCooldown: true });
    await cloud.call('SetDesiredCapacity', { ...NAME, DesiredCapacity: 4 });
    assert.equal(cloud.group().spec.desiredCapacity, 4);
  });
});

describe('DeleteAutoScalingGroup', () => {
  const refused: Record<string, { objects: Parameters<typeof autoScalingCloud>; input?: object; want: RegExp }> = {
    'while there are instances': { objects: [aGroup('web'), aMember(1)], want: /^ResourceInUse: You cannot delete an AutoScalingGroup while there are instances/ },
    'while instances end': { objects: [aGroup('web'), endingMember(1)], want: /^ScalingActivityInProgress: / },
    'that is protected': { objects: [aGroup('web', { deletionProtection: 'prevent-all-deletion' })], input: { ForceDelete: true }, want: /^ResourceInUse: The Auto Scaling group is protected/ },
    'that is not there': { objects: [], want: /^ValidationError: .* not found$/ },
  };
  for (const [name, { objects, input = {}, want }] of Object.entries(refused)) {
    it(`refuses a group ${name}`, async () => assert.match(await autoScalingCloud(...objects).refusal('DeleteAutoScalingGroup', { ...NAME, ...input }), want));
  }

  it('with force removes a group with instances, which shows until they are gone', async () => {
    const cloud = autoScalingCloud(aGroup('web'), aMember(1));
    await cloud.call('DeleteAutoScalingGroup', { ...NAME, ForceDelete: true });
    assert.equal((await shown(cloud))[0]?.Status, 'Delete in progress');
  });
});

describe('DescribeAutoScalingGroups', () => {
  it('answers a name that no group has with nothing', async () => assert.deepEqual(await shown(autoScalingCloud(), { AutoScalingGroupNames: ['gone'] }), []));

  it('shows instances as they are, leaving out what has ended', async () => {
    const cloud = autoScalingCloud(aGroup('web'), aMember(1), aMember(2, { protectedFromScaleIn: true, healthStatus: 'Unhealthy' }, { state: 'pending' }), aMember(3, {}, { state: 'terminated' }));
    const [group] = await shown(cloud);
    assert.deepEqual(group?.Instances?.map(({ InstanceId, LifecycleState, HealthStatus, ProtectedFromScaleIn, AvailabilityZone, LaunchTemplate }) => [InstanceId, LifecycleState, HealthStatus, ProtectedFromScaleIn, AvailabilityZone, LaunchTemplate?.Version]), [
      [memberId(1), 'InService', 'Healthy', false, 'us-east-1a', '1'],
      [memberId(2), 'Pending', 'Unhealthy', true, 'us-east-1a', '1'],
    ]);
    assert.deepEqual((await shown(cloud, { IncludeInstances: false }))[0]?.Instances, []);
  });

  const tagged = (name: string, ...keys: string[]): AutoScalingGroup => aGroup(name, { tags: keys.map((key) => ({ key, value: `${key}-value`, propagateAtLaunch: true })) });
  const filters: Record<string, { Filters: object[]; want: string[] }> = {
    'by the value of a tag': { Filters: [{ Name: 'tag:a', Values: ['a-value'] }], want: ['one', 'two'] },
    'by two keys': { Filters: [{ Name: 'tag-key', Values: ['a'] }, { Name: 'tag-key', Values: ['b'] }], want: ['two'] },
  };
  for (const [name, { Filters, want }] of Object.entries(filters)) {
    it(`filters ${name}`, async () => {
      const cloud = autoScalingCloud(tagged('one', 'a'), tagged('two', 'a', 'b'), tagged('three'));
      assert.deepEqual((await shown(cloud, { Filters })).map(({ AutoScalingGroupName }) => AutoScalingGroupName), want);
    });
  }

  it('refuses a filter that is none, and a page of 101', async () => {
    const cloud = autoScalingCloud();
    assert.match(await cloud.refusal('DescribeAutoScalingGroups', { Filters: [{ Name: 'colour', Values: ['red'] }] }), /^ValidationError: The filter 'colour' is invalid$/);
    assert.match(await cloud.refusal('DescribeAutoScalingGroups', { MaxRecords: 101 }), /^ValidationError: 1 validation error detected: Value '101' at 'maxRecords'/);
    assert.match(await cloud.refusal('DescribeAutoScalingGroups', { NextToken: 'made-up' }), /^InvalidNextToken: /);
  });

  it('goes on where a page ended', async () => {
    const cloud = autoScalingCloud(aGroup('one'), aGroup('two'), aGroup('three'));
    const first = await cloud.call('DescribeAutoScalingGroups', { MaxRecords: 2 });
    const second = await cloud.call('DescribeAutoScalingGroups', { MaxRecords: 2, NextToken: first['NextToken'] });
    const names = [first, second].flatMap((page) => (page['AutoScalingGroups'] as SdkGroup[]).map(({ AutoScalingGroupName }) => AutoScalingGroupName));
    assert.deepEqual([names, second['NextToken']], [['one', 'three', 'two'], undefined]);
  });
});

function endingMember(number: number): ReturnType<typeof aMember> {
  const member = aMember(number);
  return { ...member, spec: { ...member.spec, powerState: 'terminated' } };
}
