import assert from 'node:assert/strict';
import {
  CancelImportTaskCommand,
  DescribeImagesCommand,
  DescribeImportSnapshotTasksCommand,
  ImportImageCommand,
  ImportSnapshotCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  type Image,
} from '@aws-sdk/client-ec2';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { VirtualMachineInstance } from '../../operator/kubernetes/resources.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { kubectlResources } from '../support/kubectl-resources.ts';
import { openForEachTry } from '../support/tries.ts';

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

const PATIENCE_SECONDS = 120;

describe('images on a real API server: imports, parameters, firmware', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let ssm: SSMClient;

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('images');
    const { accessKeyId, secretAccessKey } = tenant.account;
    ssm = new SSMClient({ region: REGION, endpoint: cloud.operator.endpointUrl, credentials: { accessKeyId, secretAccessKey }, maxAttempts: 1 });
  });
  after(() => ssm?.destroy());

  const { get, shows, apply } = kubectlResources<Status>(() => ({ cloud, tenant }), PATIENCE_SECONDS);
  const patience = (): { client: TenantClients['ec2']; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client: tenant.ec2, maxWaitTime: 180, minDelay: 1, maxDelay: 1 });
  const imageOf = async (imageId: string): Promise<Image> => (await tenant.ec2.send(new DescribeImagesCommand({ ImageIds: [imageId] }))).Images?.[0] ?? assert.fail(`no ${imageId}`);

  describe('imports', () => {
    it('one that fails, and one that is cancelled: the reason is told, and nothing is left', async () => {
      const run = async (url: string): Promise<string> => (await tenant.ec2.send(new ImportSnapshotCommand({ DiskContainer: { Url: url } }))).ImportTaskId ?? '';
      const [bad, slow] = await Promise.all([run('http://images.simulated.test/missing/disk'), run('http://images.simulated.test/slow/disk')]);
      await eventually('the slow one is at work', 60, async () => (await get('importtasks', slow))?.status?.progress === 42);
      assert.deepEqual((await tenant.ec2.send(new CancelImportTaskCommand({ ImportTaskId: slow }))).PreviousState, 'active');
      await Promise.all([shows('importtasks', bad, 'failed'), shows('importtasks', slow, 'cancelled')]);
      const { ImportSnapshotTasks = [] } = await tenant.ec2.send(new DescribeImportSnapshotTasksCommand({ ImportTaskIds: [bad, slow] }));
      const byId = Object.fromEntries(ImportSnapshotTasks.map(({ ImportTaskId = '', SnapshotTaskDetail }) => [ImportTaskId, SnapshotTaskDetail]));
      assert.deepEqual([byId[bad]?.Status, byId[slow]?.Status], ['deleted', 'deleted']);
      assert.match(byId[bad]?.StatusMessage ?? '', /expected status code 200, got 404/);
      for (const [api, plural] of [['/apis/cdi.kubevirt.io/v1beta1', 'datavolumes'], ['/api/v1', 'persistentvolumeclaims']]) {
        await eventually(`no ${String(plural)} of theirs are left`, 60, async () => {
          const { items } = await cloud.controlPlane.client.get<{ items: AnyObject[] }>(`${String(api)}/namespaces/${tenant.account.namespace}/${String(plural)}`);
          return !items.some(({ metadata }) => [bad, slow].includes(metadata.name ?? ''));
        });
      }
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

  it('UEFI, secure boot, TPM and an answer file are accepted by KubeVirt, and are what the machine has', async () => {
    const preference = { apiVersion: 'instancetype.kubevirt.io/v1beta1', kind: 'VirtualMachineClusterPreference', metadata: { name: 'test-windows' }, spec: { devices: { preferredInputBus: 'usb' } } };
    await cloud.controlPlane.applier.apply([preference]);
    const source = { containerDisk: { image: 'containerdisks/windows:2k22' } };
    await apply('Ami', 'windows', { source, platform: 'windows', bootMode: 'uefi', secureBoot: true, tpmSupport: 'v2.0', userDataFormat: 'sysprep', preference: 'test-windows' });
    const { imageId: ImageId = '' } = await shows('amis', 'windows', 'available');
    const UserData = Buffer.from('<unattend xmlns="urn:schemas-microsoft-com:unattend"/>').toString('base64');
    const { Instances } = await tenant.ec2.send(new RunInstancesCommand({ ImageId, InstanceType: 't3.medium', MinCount: 1, MaxCount: 1, UserData }));
    const InstanceIds = [Instances?.[0]?.InstanceId ?? ''];
    await waitUntilInstanceRunning(patience(), { InstanceIds });
    const run = await cloud.controlPlane.client.get<AnyObject & { spec: VirtualMachineInstance['spec'] }>(
      `/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstances/${String(InstanceIds[0])}`,
    );
    const { firmware, features, devices } = run.spec?.domain ?? {};
    assert.deepEqual([firmware?.bootloader, features?.smm?.enabled, devices?.tpm], [{ efi: { secureBoot: true } }, true, {}]);
    assert.ok(run.spec?.volumes?.some(({ sysprep }) => sysprep?.secret?.name !== undefined));
    const image = await imageOf(ImageId);
    assert.deepEqual([image.Platform, image.BootMode, image.TpmSupport], ['windows', 'uefi', 'v2.0']);
    await tenant.ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await assert.rejects(apply('Ami', 'unfit', { source, secureBoot: true }), /secure boot needs bootMode uefi/);
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
