import assert from 'node:assert/strict';
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeImportImageTasksCommand,
  DescribeInstancesCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EnableImageDeprecationCommand,
  ImportImageCommand,
  ModifyImageAttributeCommand,
  ModifySnapshotAttributeCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilImageAvailable,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  waitUntilInstanceTerminated,
  type Image,
  type Instance,
  type RunInstancesCommandInput,
} from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { kubectlResources } from '../support/kubectl-resources.ts';
import { crashOperator } from '../support/operator-crash.ts';
import { inOrder } from '../support/tries.ts';

interface Status {
  state?: string;
  imageId?: string;
  snapshotId?: string;
  importTask?: string;
  capture?: { phase: string };
  blockDeviceMappings?: { deviceName: string; ebs?: { snapshotId?: string; volumeSize?: number } }[];
}

const DISK = 'http://images.simulated.test/disk.qcow2';
const PATIENCE_SECONDS = 150;

describe('images of snapshots on a real API server: real CSI snapshots, a simulated importer', () => {
  let cloud: Cloud;
  let tenant: TenantClients;

  const step = inOrder(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('snapshot-images');
  });

  const { get, shows, apply } = kubectlResources<Status>(() => ({ cloud, tenant }), PATIENCE_SECONDS);
  const countOf = async (api: string, plural: string): Promise<number> =>
    (await cloud.controlPlane.client.get<{ items: unknown[] }>(`${api}/namespaces/${tenant.account.namespace}/${plural}`)).items.length;
  const patience = (): { client: TenantClients['ec2']; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client: tenant.ec2, maxWaitTime: PATIENCE_SECONDS, minDelay: 1, maxDelay: 1 });
  const imageOf = async (imageId: string, client = tenant.ec2): Promise<Image> => (await client.send(new DescribeImagesCommand({ ImageIds: [imageId] }))).Images?.[0] ?? assert.fail(`no ${imageId}`);
  const available = async (imageId: string | undefined): Promise<Image> => {
    await waitUntilImageAvailable(patience(), { ImageIds: [imageId ?? ''] });
    return imageOf(imageId ?? '');
  };
  const launch = async (ImageId: string, input: Partial<RunInstancesCommandInput> = {}, { ec2 } = tenant): Promise<Instance> => {
    const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, ...input }));
    const InstanceIds = [Instances?.[0]?.InstanceId ?? ''];
    await waitUntilInstanceRunning({ ...patience(), client: ec2 }, { InstanceIds });
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
    return Reservations?.[0]?.Instances?.[0] ?? assert.fail('not launched');
  };
  const terminate = async (...InstanceIds: string[]): Promise<unknown> => tenant.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
  const snapshotsOf = ({ BlockDeviceMappings = [] }: Image): string[] => BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);

  step('an Ami is imported once, into a snapshot that outlives it; each launch is a clone of the snapshot', async () => {
    await apply('Ami', 'imported', { name: 'imported', source: { http: { url: DISK } }, rootVolumeSize: 3 });
    const status = await shows('amis', 'imported', 'available');
    const image = await imageOf(status.imageId ?? '');
    const [snapshotId = ''] = snapshotsOf(image);
    assert.deepEqual([image.RootDeviceName, image.BlockDeviceMappings?.[0]?.Ebs?.VolumeSize], ['/dev/xvda', 3]);
    assert.equal((await shows('importtasks', status.importTask ?? '', 'completed')).snapshotId, snapshotId);
    await eventually('the volume that it was imported into is gone', 60, async () => (await countOf('/apis/cdi.kubevirt.io/v1beta1', 'datavolumes')) === 0);
    const machines = await Promise.all([launch(image.ImageId ?? ''), launch(image.ImageId ?? '')]);
    const ids = machines.map(({ InstanceId = '' }) => InstanceId);
    for (const { RootDeviceName, BlockDeviceMappings = [] } of machines) {
      assert.deepEqual([RootDeviceName, BlockDeviceMappings[0]?.DeviceName], [image.RootDeviceName, image.RootDeviceName]);
      const { Volumes } = await tenant.ec2.send(new DescribeVolumesCommand({ VolumeIds: [BlockDeviceMappings[0]?.Ebs?.VolumeId ?? ''] }));
      assert.deepEqual([Volumes?.[0]?.SnapshotId, Volumes?.[0]?.Size], [snapshotId, 3]);
    }
    assert.equal(await countOf('/apis/kube-ec2.io/v1alpha1', 'importtasks'), 1, 'launches import nothing');
    await tenant.ec2.send(new DeregisterImageCommand({ ImageId: image.ImageId }));
    await eventually('the image is gone', 60, async () => (await get('amis', 'imported')) === undefined);
    const { Reservations } = await tenant.ec2.send(new DescribeInstancesCommand({ InstanceIds: ids }));
    assert.deepEqual(Reservations?.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name)), ['running', 'running']);
    assert.equal((await tenant.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] }))).Snapshots?.[0]?.State, 'completed');
    await terminate(...ids);
  });

  step('ImportImage makes an image once the disk is there', async () => {
    const { ImportTaskId = '' } = await tenant.ec2.send(new ImportImageCommand({ DiskContainers: [{ Format: 'QCOW2', Url: DISK }], Description: 'by API', BootMode: 'uefi' }));
    const done = await eventually('the task is completed', PATIENCE_SECONDS, async () => {
      const { ImportImageTasks } = await tenant.ec2.send(new DescribeImportImageTasksCommand({ ImportTaskIds: [ImportTaskId] }));
      return ImportImageTasks?.[0]?.Status === 'completed' ? ImportImageTasks[0] : undefined;
    });
    const image = await available(done.ImageId);
    assert.deepEqual([image.BootMode, image.Description, snapshotsOf(image)], ['uefi', 'by API', [done.SnapshotDetails?.[0]?.SnapshotId]]);
  });

  step("Packer's sequence: stop, CreateImage, wait, copy, share, tag; then the builder goes and the image is launched", async () => {
    const builder = await launch(tenant.account.ebsImageId, { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 2, DeleteOnTermination: true } }] });
    const InstanceIds = [builder.InstanceId ?? ''];
    assert.deepEqual((await tenant.ec2.send(new DescribeImagesCommand({ Owners: ['self'], Filters: [{ Name: 'name', Values: ['packer-1'] }] }))).Images, []);
    await tenant.ec2.send(new StopInstancesCommand({ InstanceIds }));
    await waitUntilInstanceStopped(patience(), { InstanceIds });
    const tags = [{ Key: 'built-by', Value: 'packer' }];
    const { ImageId } = await tenant.ec2.send(
      new CreateImageCommand({ InstanceId: InstanceIds[0], Name: 'packer-1', TagSpecifications: [{ ResourceType: 'image', Tags: tags }, { ResourceType: 'snapshot', Tags: tags }] }),
    );
    const image = await available(ImageId);
    const snapshots = snapshotsOf(image);
    assert.deepEqual(image.BlockDeviceMappings?.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.VolumeSize]), [['/dev/xvda', 2], ['/dev/sdf', 2]]);
    assert.equal(snapshots.length, 2);
    const { Snapshots = [] } = await tenant.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: snapshots }));
    assert.deepEqual(Snapshots.map(({ State, Tags }) => [State, Tags]), Array(2).fill(['completed', tags]));
    await tenant.ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId: '222222222222' }] } }));
    for (const SnapshotId of snapshots) {
      await tenant.ec2.send(new ModifySnapshotAttributeCommand({ SnapshotId, Attribute: 'createVolumePermission', OperationType: 'add', UserIds: ['222222222222'] }));
    }
    await tenant.ec2.send(new CreateTagsCommand({ Resources: [ImageId ?? '', ...snapshots], Tags: [{ Key: 'Name', Value: 'golden' }] }));
    await terminate(...InstanceIds);
    await waitUntilInstanceTerminated(patience(), { InstanceIds });
    const machine = await launch(ImageId ?? '');
    assert.deepEqual(machine.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName).toSorted(), ['/dev/sdf', '/dev/xvda']);
    await terminate(machine.InstanceId ?? '');
  });

  step("Terraform's aws_ami, aws_ami_copy and aws_ami_from_instance: register, copy, deprecate, read, and destroy with the snapshots", async () => {
    const golden = (await tenant.ec2.send(new DescribeImagesCommand({ Filters: [{ Name: 'name', Values: ['packer-1'] }] }))).Images?.[0] ?? assert.fail('no image');
    const [snapshotId] = snapshotsOf(golden);
    const registered = await tenant.ec2.send(
      new RegisterImageCommand({ Name: 'registered', RootDeviceName: '/dev/sda1', VirtualizationType: 'hvm', EnaSupport: true, BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { SnapshotId: snapshotId, VolumeSize: 4 } }] }),
    );
    const image = await available(registered.ImageId);
    assert.deepEqual([image.RootDeviceName, image.BlockDeviceMappings], ['/dev/sda1', [{ DeviceName: '/dev/sda1', Ebs: { DeleteOnTermination: true, SnapshotId: snapshotId, VolumeSize: 4 } }]]);
    const copied = await tenant.ec2.send(new CopyImageCommand({ SourceImageId: registered.ImageId, SourceRegion: 'us-east-1', Name: 'copied', ClientToken: 'copy-1' }));
    const copy = await available(copied.ImageId);
    assert.notDeepEqual(snapshotsOf(copy), snapshotsOf(image));
    await tenant.ec2.send(new EnableImageDeprecationCommand({ ImageId: copied.ImageId, DeprecateAt: new Date(Date.now() + 86_400_000) }));
    const { DeleteSnapshotResults } = await tenant.ec2.send(new DeregisterImageCommand({ ImageId: copied.ImageId, DeleteAssociatedSnapshots: true }));
    assert.deepEqual(DeleteSnapshotResults, snapshotsOf(copy).map((SnapshotId) => ({ SnapshotId, ReturnCode: 'success' })));
    await assert.rejects(imageOf(copied.ImageId ?? ''), { name: 'InvalidAMIID.NotFound' });
    await eventually('the copied snapshot is gone', 60, async () =>
      tenant.ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: snapshotsOf(copy) })).then(() => false, (error: Error) => error.name === 'InvalidSnapshot.NotFound'),
    );
    const shared = await tenant.ec2.send(new DeregisterImageCommand({ ImageId: registered.ImageId, DeleteAssociatedSnapshots: true }));
    assert.deepEqual(shared.DeleteSnapshotResults, [{ SnapshotId: snapshotId, ReturnCode: 'skipped' }], 'another image is made of it');
  });

  step('of a running machine without an agent: it is stopped and started again, though the operator is killed half way; with boto3 waiting', async () => {
    // An image whose guests have no agent.
    await apply('Ami', 'plain', { name: 'plain', source: { persistentVolumeClaim: { claimName: 'golden' } }, rootVolumeSize: 2 });
    const { imageId = '' } = await shows('amis', 'plain', 'available');
    const { InstanceId = '' } = await launch(imageId);
    const runPath = `/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstances/${InstanceId}`;
    const run = async (): Promise<string | undefined> => (await cloud.controlPlane.client.get(runPath)).metadata.uid;
    await cloud.controlPlane.client.patch(runPath, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/guest': 'no-agent' } } });
    await eventually('the agent is gone', 60, async () => {
      const { status } = await cloud.controlPlane.client.get<AnyObject & { status?: { conditions?: { type: string }[] } }>(runPath);
      return !status?.conditions?.some(({ type }) => type === 'AgentConnected');
    });
    const before = await run();
    const { ImageId = '' } = await tenant.ec2.send(new CreateImageCommand({ InstanceId, Name: 'consistent' }));
    await eventually('the capture has begun', 60, async () => (await get('amis', ImageId))?.status?.capture !== undefined);
    await crashOperator(cloud);
    const state = await tenant.python(
      `import boto3, json; c = boto3.client('ec2'); c.get_waiter('image_available').wait(ImageIds=['${ImageId}']); print(json.dumps(c.describe_images(ImageIds=['${ImageId}'])['Images'][0]['State']))`,
    );
    assert.equal(state, 'available');
    await waitUntilInstanceRunning(patience(), { InstanceIds: [InstanceId] });
    assert.equal(snapshotsOf(await imageOf(ImageId)).length, 1);
    assert.equal((await get('amis', ImageId))?.metadata['finalizers'], undefined);
    assert.notEqual(before, undefined);
    await terminate(InstanceId);
  });
});
