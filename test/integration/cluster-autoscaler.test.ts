import assert from 'node:assert/strict';
import {
  AutoScalingClient, CreateAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand, DescribeScalingActivitiesCommand, SetDesiredCapacityCommand, TerminateInstanceInAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateLaunchTemplateCommand, DescribeInstanceTypesCommand, DescribeInstancesCommand, DescribeLaunchTemplateVersionsCommand, GetInstanceTypesFromInstanceRequirementsCommand, paginateDescribeInstanceTypes } from '@aws-sdk/client-ec2';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { REGION, sharedCloud, type TenantClients } from '../support/cloud.ts';
import { openForEachTry } from '../support/tries.ts';

/**
 * The calls of cluster-autoscaler's AWS provider, in its order and with its parameters, for its own module is not on the Go module proxy.
 * @see https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler/cloudprovider/aws
 */
describe('cluster-autoscaler, its calls replayed on the real control plane', () => {
  let tenant: TenantClients;
  let scaling: AutoScalingClient;
  const AutoScalingGroupName = 'nodes';
  const discovery = [{ Name: 'tag-key', Values: ['k8s.io/cluster-autoscaler/enabled'] }, { Name: 'tag:k8s.io/cluster-autoscaler/main', Values: ['owned'] }];

  const discovered = async () => (await scaling.send(new DescribeAutoScalingGroupsCommand({ Filters: discovery, MaxRecords: 100 }))).AutoScalingGroups ?? [];

  openForEachTry(async () => {
    const cloud = await sharedCloud();
    tenant = await cloud.open('autoscaler');
    const { accessKeyId, secretAccessKey, instanceStoreImageId } = tenant.account;
    scaling = new AutoScalingClient({ endpoint: cloud.operator.endpointUrl, region: REGION, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
    await tenant.ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'node', LaunchTemplateData: { ImageId: instanceStoreImageId, InstanceType: 't3.small' } }));
    const tag = (Key: string, Value: string) => ({ Key, Value, PropagateAtLaunch: false, ResourceId: AutoScalingGroupName, ResourceType: 'auto-scaling-group' });
    await scaling.send(new CreateAutoScalingGroupCommand({
      AutoScalingGroupName, LaunchTemplate: { LaunchTemplateName: 'node' }, MinSize: 0, MaxSize: 3, AvailabilityZones: [`${REGION}a`],
      Tags: [tag('k8s.io/cluster-autoscaler/enabled', ''), tag('k8s.io/cluster-autoscaler/main', 'owned'), tag('k8s.io/cluster-autoscaler/node-template/label/pool', 'batch')],
    }));
  });

  it('start: all instance types, page by page, with what a node of each could hold', async () => {
    const found = [];
    for await (const { InstanceTypes = [] } of paginateDescribeInstanceTypes({ client: tenant.ec2, pageSize: 100 }, {})) found.push(...InstanceTypes);
    const small = found.find(({ InstanceType }) => InstanceType === 't3.small');
    assert.deepEqual([small?.VCpuInfo?.DefaultVCpus, small?.MemoryInfo?.SizeInMiB, small?.ProcessorInfo?.SupportedArchitectures], [2, 2048, ['x86_64']]);
  });

  it('scale from zero: the template of a node follows from group, launch template and type', async () => {
    const [group, ...others] = await discovered();
    assert.deepEqual([others.length, group?.AutoScalingGroupName, group?.DesiredCapacity, group?.MinSize, group?.MaxSize, group?.AvailabilityZones], [0, AutoScalingGroupName, 0, 0, 3, [`${REGION}a`]]);
    assert.deepEqual(group?.Tags?.find(({ Key }) => Key?.includes('node-template'))?.Value, 'batch');
    const { LaunchTemplateName = '', Version = '$Default' } = group?.LaunchTemplate ?? {};
    const { LaunchTemplateVersions } = await tenant.ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, Versions: [Version] }));
    const InstanceType = LaunchTemplateVersions?.[0]?.LaunchTemplateData?.InstanceType;
    assert.equal(InstanceType, 't3.small');
    assert.equal((await tenant.ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: [InstanceType] }))).InstanceTypes?.length, 1);
    const { InstanceTypes = [] } = await tenant.ec2.send(new GetInstanceTypesFromInstanceRequirementsCommand({
      ArchitectureTypes: ['x86_64'], VirtualizationTypes: ['hvm'], InstanceRequirements: { VCpuCount: { Min: 2, Max: 2 }, MemoryMiB: { Min: 8192, Max: 8192 } },
    }));
    assert.ok(InstanceTypes.some((type) => type.InstanceType === 'm5.large'));
  });

  it('scale up, find the nodes by provider id, scale one down', async () => {
    await scaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 2, HonorCooldown: false }));
    const instances = await eventually('two instances are in service', 120, async () => {
      const { Instances = [], DesiredCapacity } = (await scaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName], MaxRecords: 100 }))).AutoScalingGroups?.[0] ?? {};
      assert.equal(DesiredCapacity, 2);
      return Instances.length === 2 && Instances.every(({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus === 'Healthy') ? Instances : undefined;
    });
    const { Activities = [] } = await scaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName }));
    assert.ok(Activities.length >= 2 && Activities.every(({ StartTime, StatusCode }) => StartTime !== undefined && StatusCode !== 'Failed'));
    assert.deepEqual(Activities.map(({ StartTime }) => StartTime?.getTime()), Activities.map(({ StartTime }) => StartTime?.getTime()).toSorted((left = 0, right = 0) => right - left), 'newest first');
    // A node is matched by aws:///<zone>/<instance id>.
    assert.ok(instances.every(({ AvailabilityZone, InstanceId }) => /^aws:\/\/\/us-east-1a\/i-[0-9a-f]{17}$/.test(`aws:///${AvailabilityZone ?? ''}/${InstanceId ?? ''}`)));
    const InstanceId = instances[0]?.InstanceId ?? '';
    const { Activity } = await scaling.send(new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: true }));
    assert.ok(Activity?.Description !== undefined && Activity.ActivityId !== undefined);
    await eventually('one is left, and none is launched in its place', 120, async () => {
      const [group] = await discovered();
      return group?.DesiredCapacity === 1 && group.Instances?.length === 1 && group.Instances[0]?.InstanceId !== InstanceId;
    });
    const { Reservations } = await tenant.ec2.send(new DescribeInstancesCommand({ InstanceIds: [InstanceId] }));
    assert.match(Reservations?.[0]?.Instances?.[0]?.State?.Name ?? '', /shutting-down|terminated/);
  });
});
