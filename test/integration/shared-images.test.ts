import assert from 'node:assert/strict';
import { AutoScalingClient, CreateAutoScalingGroupCommand, DeleteAutoScalingGroupCommand, DescribeAutoScalingGroupsCommand, DescribeScalingActivitiesCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import * as ec2 from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { diskContentOf } from '../support/disk-content.ts';
import { openForEachTry } from '../support/tries.ts';

const PATIENCE_SECONDS = 120;

describe('images are launched with their data', () => {
  let cloud: Cloud;
  let owner: TenantClients;
  let stranger: TenantClients;
  let autoScaling: AutoScalingClient;
  let image: ec2.Image;
  let content: string;

  const patience = ({ ec2: client }: TenantClients): { client: ec2.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client, maxWaitTime: PATIENCE_SECONDS, minDelay: 1, maxDelay: 1 });
  const imageOf = async (tenant: TenantClients, ImageId = ''): Promise<ec2.Image> =>
    (await tenant.ec2.send(new ec2.DescribeImagesCommand({ ImageIds: [ImageId] }))).Images?.[0] ?? assert.fail(`no ${ImageId}`);
  const available = async (tenant: TenantClients, ImageId = ''): Promise<ec2.Image> => {
    await ec2.waitUntilImageAvailable(patience(tenant), { ImageIds: [ImageId] });
    return imageOf(tenant, ImageId);
  };
  const launch = async (tenant: TenantClients, input: Partial<ec2.RunInstancesCommandInput>): Promise<ec2.Instance> => {
    const { Instances } = await tenant.ec2.send(new ec2.RunInstancesCommand({ InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, ...input }));
    return running(tenant, Instances?.[0]?.InstanceId ?? '');
  };
  const running = async (tenant: TenantClients, instanceId: string): Promise<ec2.Instance> => {
    const InstanceIds = [instanceId];
    await ec2.waitUntilInstanceRunning(patience(tenant), { InstanceIds });
    const { Reservations } = await tenant.ec2.send(new ec2.DescribeInstancesCommand({ InstanceIds }));
    return Reservations?.[0]?.Instances?.[0] ?? assert.fail('not launched');
  };
  const terminate = async (tenant: TenantClients, ...InstanceIds: string[]): Promise<void> => {
    await tenant.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
    await ec2.waitUntilInstanceTerminated(patience(tenant), { InstanceIds });
  };
  const contentOf = async ({ account }: TenantClients, volumeId = ''): Promise<string> => diskContentOf(cloud.controlPlane.client, account.namespace, volumeId);
  const snapshotsOf = ({ BlockDeviceMappings = [] }: ec2.Image): string[] => BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  const share = async (Attribute: 'Add' | 'Remove'): Promise<void> => {
    await owner.ec2.send(new ec2.ModifyImageAttributeCommand({ ImageId: image.ImageId, LaunchPermission: { [Attribute]: [{ UserId: stranger.account.accountId }] } }));
  };
  const listOf = async (path: string): Promise<AnyObject[]> => (await cloud.controlPlane.client.get<{ items: AnyObject[] }>(path)).items;

  /** Image, instance and volumes say the same, and every disk holds what the image was made of. */
  const agrees = async (tenant: TenantClients, launched: ec2.Instance, from: ec2.Image): Promise<void> => {
    assert.deepEqual([launched.ImageId, launched.RootDeviceName, launched.RootDeviceType], [from.ImageId, from.RootDeviceName, 'ebs']);
    const VolumeIds = launched.BlockDeviceMappings?.flatMap(({ Ebs }) => Ebs?.VolumeId ?? []) ?? [];
    const { Volumes = [] } = await tenant.ec2.send(new ec2.DescribeVolumesCommand({ VolumeIds }));
    const ofVolumes = Volumes.map(({ Attachments, Size, SnapshotId, VolumeType }) => [Attachments?.[0]?.Device, Size, SnapshotId, VolumeType, Attachments?.[0]?.InstanceId, Attachments?.[0]?.DeleteOnTermination]);
    const ofImage = from.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.VolumeSize, Ebs?.SnapshotId, Ebs?.VolumeType, launched.InstanceId, Ebs?.DeleteOnTermination]);
    assert.deepEqual(ofVolumes.toSorted(), ofImage?.toSorted());
    assert.deepEqual(launched.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName).toSorted(), from.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName).toSorted());
    const root = launched.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === launched.RootDeviceName)?.Ebs?.VolumeId;
    assert.equal(await contentOf(tenant, root), content);
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    [owner, stranger] = await Promise.all([cloud.open('image-owner'), cloud.open('image-user')]);
    const { accessKeyId, secretAccessKey } = stranger.account;
    autoScaling?.destroy();
    autoScaling = new AutoScalingClient({ region: REGION, endpoint: cloud.operator.endpointUrl, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
    const builder = await launch(owner, { ImageId: owner.account.ebsImageId, BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 1, DeleteOnTermination: true } }] });
    content = await contentOf(owner, builder.BlockDeviceMappings?.find(({ DeviceName }) => DeviceName === builder.RootDeviceName)?.Ebs?.VolumeId);
    const { ImageId } = await owner.ec2.send(new ec2.CreateImageCommand({ InstanceId: builder.InstanceId, Name: 'golden', NoReboot: true }));
    image = await available(owner, ImageId);
    await terminate(owner, builder.InstanceId ?? '');
  });
  after(() => autoScaling?.destroy());

  it("a copy of one's own", async () => {
    const { ImageId } = await owner.ec2.send(new ec2.CopyImageCommand({ SourceImageId: image.ImageId, SourceRegion: REGION, Name: `copy ${String(Date.now())}` }));
    const copy = await available(owner, ImageId);
    assert.equal(snapshotsOf(copy).some((id) => snapshotsOf(image).includes(id)), false);
    const launched = await launch(owner, { ImageId });
    await agrees(owner, launched, copy);
    await terminate(owner, launched.InstanceId ?? '');
  });

  it('of another account by whoever has launch permission, though its snapshots are not shared; until that is withdrawn', async () => {
    const { ImageId } = image;
    const refused = { name: 'InvalidAMIID.NotFound' };
    await share('Remove');
    await assert.rejects(stranger.ec2.send(new ec2.RunInstancesCommand({ ImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1 })), refused);
    await share('Add');
    const seen = await imageOf(stranger, ImageId);
    assert.deepEqual([seen.BlockDeviceMappings, seen.OwnerId], [image.BlockDeviceMappings, owner.account.accountId]);
    const LaunchTemplateName = `shared-${String(Date.now())}`;
    await stranger.ec2.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { ImageId, InstanceType: 't3.nano' } }));
    const [direct, templated] = await Promise.all([launch(stranger, { ImageId }), launch(stranger, { LaunchTemplate: { LaunchTemplateName } })]);
    for (const launched of [direct, templated]) await agrees(stranger, launched, seen);

    const [SnapshotId = ''] = snapshotsOf(image);
    await assert.rejects(stranger.ec2.send(new ec2.DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] })), { name: 'InvalidSnapshot.NotFound' });
    await assert.rejects(stranger.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', SnapshotId })), { name: 'InvalidSnapshot.NotFound' });
    await assert.rejects(stranger.ec2.send(new ec2.CopyImageCommand({ SourceImageId: ImageId, SourceRegion: REGION, Name: 'stolen' })), { name: 'InvalidRequest' });
    const { namespace } = stranger.account;
    const volume = { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Volume', metadata: { name: 'stolen', namespace }, spec: { snapshotId: SnapshotId, availabilityZone: 'us-east-1a' } };
    await cloud.controlPlane.applier.apply([volume]);
    const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/volumes/stolen`;
    await eventually('kubectl is refused the same', 30, async () => {
      const { status } = await cloud.controlPlane.client.get<AnyObject & { status?: { conditions?: { reason: string }[] } }>(path);
      return status?.conditions?.[0]?.reason === 'SnapshotNotFound';
    });
    await cloud.controlPlane.client.remove(path);

    await share('Remove');
    await assert.rejects(stranger.ec2.send(new ec2.RunInstancesCommand({ ImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1 })), refused);
    await assert.rejects(stranger.ec2.send(new ec2.RunInstancesCommand({ LaunchTemplate: { LaunchTemplateName }, MinCount: 1, MaxCount: 1 })), refused);
    const InstanceIds = [direct.InstanceId ?? ''];
    await stranger.ec2.send(new ec2.StopInstancesCommand({ InstanceIds }));
    await ec2.waitUntilInstanceStopped(patience(stranger), { InstanceIds });
    await stranger.ec2.send(new ec2.StartInstancesCommand({ InstanceIds }));
    await agrees(stranger, await running(stranger, direct.InstanceId ?? ''), seen);
    await terminate(stranger, direct.InstanceId ?? '', templated.InstanceId ?? '');
    const volumeIds = [direct, templated].flatMap(({ BlockDeviceMappings = [] }) => BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.VolumeId ?? []));
    const isTheirs = (name = ''): boolean => volumeIds.some((id) => name.includes(id));
    await eventually('nothing of it is left', 90, async () => {
      const claims = await listOf(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`);
      const contents = await listOf('/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents');
      return [...claims, ...contents].every(({ metadata }) => !isTheirs(metadata.name));
    });
    assert.equal((await owner.ec2.send(new ec2.DescribeSnapshotsCommand({ SnapshotIds: [SnapshotId] }))).Snapshots?.[0]?.State, 'completed');
  });

  it('of another account by an Auto Scaling group, which tells of launches that are refused once the permission is withdrawn', async () => {
    await share('Add');
    const AutoScalingGroupName = `shared-${String(Date.now())}`;
    await stranger.ec2.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: AutoScalingGroupName, LaunchTemplateData: { ImageId: image.ImageId, InstanceType: 't3.nano' } }));
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({ AutoScalingGroupName, MinSize: 0, MaxSize: 2, DesiredCapacity: 1, LaunchTemplate: { LaunchTemplateName: AutoScalingGroupName }, AvailabilityZones: ['us-east-1a'] }),
    );
    const member = await eventually('its member is in service', PATIENCE_SECONDS, async () => {
      const { AutoScalingGroups } = await autoScaling.send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [AutoScalingGroupName] }));
      return AutoScalingGroups?.[0]?.Instances?.find(({ LifecycleState }) => LifecycleState === 'InService')?.InstanceId;
    });
    await agrees(stranger, await running(stranger, member), image);
    await share('Remove');
    await autoScaling.send(new SetDesiredCapacityCommand({ AutoScalingGroupName, DesiredCapacity: 2, HonorCooldown: false }));
    await eventually('a failed activity says why', 60, async () => {
      const { Activities = [] } = await autoScaling.send(new DescribeScalingActivitiesCommand({ AutoScalingGroupName }));
      return Activities.some(({ StatusCode, StatusMessage = '' }) => StatusCode === 'Failed' && StatusMessage.includes(image.ImageId ?? ''));
    });
    await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName, ForceDelete: true }));
    await ec2.waitUntilInstanceTerminated(patience(stranger), { InstanceIds: [member] });
  });

  it("a copy of another account's, once its snapshots are shared too; it needs its source no more", async () => {
    await share('Add');
    for (const SnapshotId of snapshotsOf(image)) {
      await owner.ec2.send(new ec2.ModifySnapshotAttributeCommand({ SnapshotId, CreateVolumePermission: { Add: [{ UserId: stranger.account.accountId }] } }));
    }
    const { ImageId } = await stranger.ec2.send(new ec2.CopyImageCommand({ SourceImageId: image.ImageId, SourceRegion: REGION, Name: `copy ${String(Date.now())}` }));
    const copy = await available(stranger, ImageId);
    assert.deepEqual([copy.OwnerId, copy.SourceImageId], [stranger.account.accountId, image.ImageId]);
    await share('Remove');
    for (const SnapshotId of snapshotsOf(image)) await owner.ec2.send(new ec2.ResetSnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission' }));
    const launched = await launch(stranger, { ImageId });
    await agrees(stranger, launched, copy);
    await terminate(stranger, launched.InstanceId ?? '');
  });
});
