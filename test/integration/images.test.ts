import assert from 'node:assert/strict';
import {
  CancelImportTaskCommand,
  CopyImageCommand,
  CreateImageCommand,
  CreateTagsCommand,
  DeregisterImageCommand,
  DescribeImagesCommand,
  DescribeImportImageTasksCommand,
  DescribeImportSnapshotTasksCommand,
  DescribeSnapshotsCommand,
  ImportImageCommand,
  ImportSnapshotCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
  waitUntilImageAvailable,
  waitUntilInstanceRunning,
  waitUntilInstanceStopped,
  type Image,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { isNotFound, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { openCloud, REGION, type Cloud, type TenantClients } from '../support/cloud.ts';
import { sharedControlPlane } from '../support/control-plane.ts';

interface Status {
  state?: string;
  progress?: number;
  statusMessage?: string;
  snapshotId?: string;
  imageId?: string;
  rootAccessKeySecret?: string;
  importTask?: string;
  conditions?: { type: string; reason: string; message: string }[];
  blockDeviceMappings?: { deviceName: string; ebs?: { snapshotId?: string; volumeSize?: number } }[];
}
type Live = AnyObject & { status?: Status; spec: Record<string, unknown> };

const DISK = 'http://images.simulated.test/disk.qcow2';
const PATIENCE_SECONDS = 60;

describe('images on a real API server, with real CSI snapshots and a simulated importer', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let ssm: SSMClient;

  before(async () => {
    // Names under .test resolve nowhere: the configuration lets this one in.
    const environment = { KUBE_EC2_IMPORT_ALLOW: '*.simulated.test', KUBE_EC2_STORAGE_CLASS: '' };
    cloud = await openCloud(await sharedControlPlane(), { name: 'images', environment });
    tenant = await cloud.open('images');
    const { accessKeyId, secretAccessKey } = tenant.account;
    ssm = new SSMClient({ region: REGION, endpoint: cloud.operator.endpointUrl, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  });
  after(async () => {
    ssm?.destroy();
    await cloud?.close();
  });

  const path = (plural: string, name = ''): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/${plural}${name === '' ? '' : `/${name}`}`;
  const get = async (plural: string, name: string): Promise<Live | undefined> =>
    cloud.controlPlane.client.get<Live>(path(plural, name)).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  const shows = async (plural: string, name: string, state: string, seconds = PATIENCE_SECONDS): Promise<Status> =>
    eventually(`${plural} ${name} is ${state}`, seconds, async () => {
      const status = (await get(plural, name))?.status;
      if (status?.state === state) return status;
      throw new Error(JSON.stringify(status));
    });
  const apply = async (kind: 'Ami' | 'ImportTask', name: string, spec: object): Promise<unknown> =>
    cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind, metadata: { name, namespace: tenant.account.namespace }, spec }]);
  const eventsOf = async (kind: string, name: string): Promise<string[]> => {
    const query = `fieldSelector=involvedObject.kind%3D${kind},involvedObject.name%3D${name}`;
    const { items } = await cloud.controlPlane.client.get<{ items: { reason: string }[] }>(`/api/v1/namespaces/${tenant.account.namespace}/events?${query}`);
    return [...new Set(items.map(({ reason }) => reason))];
  };
  const patience = (): { client: TenantClients['ec2']; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client: tenant.ec2, maxWaitTime: 90, minDelay: 1, maxDelay: 1 });
  const imageOf = async (imageId: string): Promise<Image> => (await tenant.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }))).Images?.[0] ?? assert.fail(`no ${imageId}`);

  describe('imports', () => {
    it('by kubectl: an Ami is imported once, by an ImportTask of its own, into a snapshot that outlives both', async () => {
      await apply('Ami', 'imported', { name: 'imported', source: { http: { url: DISK } }, rootVolumeSize: 3, parameterPaths: ['/golden/imported'] });
      const status = await shows('amis', 'imported', 'available');
      const [root] = status.blockDeviceMappings ?? [];
      assert.deepEqual([root?.deviceName, root?.ebs?.volumeSize], ['/dev/xvda', 3]);
      const image = await imageOf(status.imageId ?? '');
      assert.deepEqual(image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId, root?.ebs?.snapshotId);
      const task = await shows('importtasks', status.importTask ?? '', 'completed');
      assert.equal(task.snapshotId, root?.ebs?.snapshotId);
      // The volume that the import was made in is gone; only the snapshot holds the disk.
      const dataVolumes = `/apis/cdi.kubevirt.io/v1beta1/namespaces/${tenant.account.namespace}/datavolumes/${status.importTask ?? ''}`;
      await eventually('the DataVolume is gone', 30, async () => cloud.controlPlane.client.get(dataVolumes).then(() => false, isNotFound));
      assert.ok((await eventsOf('ImportTask', status.importTask ?? '')).includes('Completed'));
    });

    it('ImportImage makes an image when the disk is there; the API tells how far it is', async () => {
      const { ImportTaskId = '' } = await tenant.ec2.send(
        new ImportImageCommand({ DiskContainers: [{ Format: 'QCOW2', Url: DISK }], Description: 'by API', BootMode: 'uefi', ClientToken: 'import-1' }),
      );
      const done = await eventually('the task is completed', PATIENCE_SECONDS, async () => {
        const { ImportImageTasks } = await tenant.ec2.send(new DescribeImportImageTasksCommand({ ImportTaskIds: [ImportTaskId] }));
        return ImportImageTasks?.[0]?.Status === 'completed' ? ImportImageTasks[0] : undefined;
      });
      await waitUntilImageAvailable(patience(), { ImageIds: [done.ImageId ?? ''] });
      const image = await imageOf(done.ImageId ?? '');
      assert.deepEqual([image.BootMode, image.Description, image.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId], ['uefi', 'by API', done.SnapshotDetails?.[0]?.SnapshotId]);
    });

    it('ImportSnapshot, one that fails, and one that is cancelled', async () => {
      const run = async (url: string): Promise<string> => (await tenant.ec2.send(new ImportSnapshotCommand({ DiskContainer: { Url: url } }))).ImportTaskId ?? '';
      const [good, bad, slow] = await Promise.all([run(DISK), run('http://images.simulated.test/missing/disk'), run('http://images.simulated.test/slow/disk')]);
      await eventually('the slow one is at work', 30, async () => (await get('importtasks', slow))?.status?.progress === 42);
      assert.deepEqual((await tenant.ec2.send(new CancelImportTaskCommand({ ImportTaskId: slow }))).PreviousState, 'active');
      await Promise.all([shows('importtasks', good, 'completed'), shows('importtasks', bad, 'failed'), shows('importtasks', slow, 'cancelled')]);
      const { ImportSnapshotTasks = [] } = await tenant.ec2.send(new DescribeImportSnapshotTasksCommand({ ImportTaskIds: [good, bad, slow] }));
      const byId = Object.fromEntries(ImportSnapshotTasks.map(({ ImportTaskId = '', SnapshotTaskDetail }) => [ImportTaskId, SnapshotTaskDetail]));
      assert.equal(byId[good]?.Status, 'completed');
      assert.equal(byId[bad]?.Status, 'deleted');
      assert.match(byId[bad]?.StatusMessage ?? '', /expected status code 200, got 404/);
      assert.equal(byId[slow]?.Status, 'deleted');
      const { items } = await cloud.controlPlane.client.get<{ items: AnyObject[] }>(`/apis/cdi.kubevirt.io/v1beta1/namespaces/${tenant.account.namespace}/datavolumes`);
      assert.deepEqual(items.filter(({ metadata }) => [bad, slow].includes(metadata.name ?? '') && metadata.deletionTimestamp === undefined), []);
    });

    it('of private addresses is refused, by the API and by kubectl', async () => {
      for (const url of ['http://169.254.169.254/latest/meta-data', 'http://kubernetes.default.svc/', 'http://0x7f.1:6443/', 'https://user:password@images.simulated.test/']) {
        await assert.rejects(tenant.ec2.send(new ImportImageCommand({ DiskContainers: [{ Url: url }] })), { name: 'InvalidParameterValue' }, url);
      }
      await apply('Ami', 'inside', { source: { http: { url: 'http://10.96.0.1/' } } });
      const { conditions } = await shows('amis', 'inside', 'failed');
      assert.equal(conditions?.[0]?.reason, 'SourceRefused');
      await assert.rejects(apply('Ami', 'credentials', { source: { http: { url: 'https://user:password@images.simulated.test/' } } }), /without user name and password/);
    });
  });

  describe('parameters', () => {
    it('GetParameter names the newest image, and a launch resolves it', async () => {
      await apply('Ami', 'first', { source: { containerDisk: { image: 'containerdisks/debian:12' } }, parameterPaths: ['/golden/web'] });
      const first = await shows('amis', 'first', 'available');
      assert.equal((await ssm.send(new GetParameterCommand({ Name: '/golden/web' }))).Parameter?.Value, first.imageId);
      const { Instances } = await tenant.ec2.send(new RunInstancesCommand({ ImageId: 'resolve:ssm:/golden/web', InstanceType: 't3.nano', MinCount: 1, MaxCount: 1 }));
      assert.equal(Instances?.[0]?.ImageId, first.imageId);
      await tenant.ec2.send(new TerminateInstancesCommand({ InstanceIds: [Instances?.[0]?.InstanceId ?? ''] }));
      await assert.rejects(ssm.send(new GetParameterCommand({ Name: '/golden/other' })), { name: 'ParameterNotFound' });
      assert.deepEqual(await tenant.aws('ssm', 'get-parameters', '--names', '/golden/web', '/none', '--query', 'InvalidParameters'), ['/none']);
    });
  });
});
