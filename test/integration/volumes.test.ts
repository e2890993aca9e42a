import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import { isNotFound, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { CSI_DRIVER } from '../../hack/control-plane/storage-objects.ts';
import type { Volume } from '../../operator/api/storage/volume.ts';
import { watchAnswers } from '../support/checked-client.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

interface Claim extends AnyObject {
  spec: { volumeName: string };
}

interface VirtualMachineInstance extends AnyObject {
  spec: { volumes: { name: string }[]; domain: { devices: { disks: { name: string; serial?: string; disk?: { bus: string } }[] } } };
  status?: { volumeStatus?: { name: string; phase?: string; target?: string }[] };
}

describe('volumes', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let client: ec2.EC2Client;
  let instances: KubectlInstances;
  let instanceId: string;
  let zone: string;
  const watched = { called: new Set<string>(), violations: [] as string[] };
  const patience = (): { client: ec2.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client, maxWaitTime: 180, minDelay: 1, maxDelay: 1 });
  const volumesPath = (name = ''): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/volumes${name && `/${name}`}`;
  const get = async (name: string): Promise<Volume> => cloud.controlPlane.client.get<Volume & AnyObject>(volumesPath(name));
  const describe1 = async (id: string): Promise<ec2.Volume> => {
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({ VolumeIds: [id] }));
    return Volumes[0] ?? assert.fail('no volume');
  };
  const create = async (input: Partial<ec2.CreateVolumeCommandInput> = {}): Promise<string> => {
    const { VolumeId = '' } = await client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: zone, Size: 1, ...input }));
    await ec2.waitUntilVolumeAvailable(patience(), { VolumeIds: [VolumeId] });
    return VolumeId;
  };
  const attachmentOf = async (id: string): Promise<string> => (await describe1(id)).Attachments?.map(({ State, Device }) => `${State ?? ''} ${Device ?? ''}`).join() ?? '';
  const refused = (code: string): object => ({ name: code });
  const runOf = async (id: string): Promise<VirtualMachineInstance> =>
    cloud.controlPlane.client.get<VirtualMachineInstance>(`/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstances/${id}`);

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('volumes');
    client = tenant.ec2;
    watchAnswers(client, new ResponseChecker('@aws-sdk/client-ec2', ec2), watched);
    instances = new KubectlInstances(cloud.controlPlane, tenant.account.namespace, cloud.operator);
    const { Instances = [] } = await client.send(
      new ec2.RunInstancesCommand({
        ImageId: tenant.account.ebsImageId,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        BlockDeviceMappings: [{ DeviceName: '/dev/sdb', Ebs: { VolumeSize: 3, VolumeType: 'gp3', DeleteOnTermination: false } }],
        TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'launch' }] }],
      }),
    );
    instanceId = Instances[0]?.InstanceId ?? '';
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [instanceId] });
    const { Reservations = [] } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    zone = Reservations[0]?.Instances?.[0]?.Placement?.AvailabilityZone ?? '';
  });

  it('of a launch are volumes as any: instances and volumes agree, tags and all', async () => {
    const Volumes = await eventually('both volumes are shown', 60, async () => {
      const Filters = [{ Name: 'attachment.instance-id', Values: [instanceId] }];
      const { Volumes: found = [] } = await client.send(new ec2.DescribeVolumesCommand({ Filters }));
      const devices = found.map(({ Attachments, Size, VolumeType, State, AvailabilityZone, Tags }) => [Attachments?.[0]?.Device, Size, VolumeType, State, AvailabilityZone, Tags?.[0]?.Value]);
      assert.deepEqual(devices.sort(), [['/dev/sdb', 3, 'gp3', 'in-use', zone, 'launch'], ['/dev/xvda', 2, 'gp2', 'in-use', zone, 'launch']]);
      return found;
    });
    const { Reservations = [] } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    const mappings = Reservations[0]?.Instances?.[0]?.BlockDeviceMappings ?? [];
    assert.deepEqual(mappings.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.DeleteOnTermination]), [['/dev/xvda', true], ['/dev/sdb', false]]);
    assert.deepEqual(mappings.map(({ Ebs }) => Ebs?.VolumeId).sort(), Volumes.map(({ VolumeId }) => VolumeId).sort());
  });

  it('are made in their zone, attached to a running machine on the scsi bus by a serial, detached and deleted, as boto3 waits for it', async () => {
    const [id, states] = (await tenant.python(`
import json, boto3
client = boto3.client('ec2')
def wait(name, id): client.get_waiter(name).wait(VolumeIds=[id], WaiterConfig={'Delay': 1, 'MaxAttempts': 180})
id = client.create_volume(AvailabilityZone='${zone}', Size=1, VolumeType='gp3')['VolumeId']
wait('volume_available', id)
states = [client.attach_volume(VolumeId=id, InstanceId='${instanceId}', Device='/dev/sdf')['State']]
wait('volume_in_use', id)
states.append(client.describe_volumes(VolumeIds=[id])['Volumes'][0]['State'])
print(json.dumps([id, states]))`)) as [string, string[]];
    assert.deepEqual(states, ['attaching', 'in-use']);
    await eventually('it is attached', 120, async () => (await attachmentOf(id)) === 'attached /dev/sdf');
    const { volumeName } = (await cloud.controlPlane.client.get<Claim>(`/api/v1/namespaces/${tenant.account.namespace}/persistentvolumeclaims/${id}`)).spec;
    const volume = await cloud.controlPlane.client.get<AnyObject>(`/api/v1/persistentvolumes/${volumeName}`);
    assert.ok(JSON.stringify(volume['spec']).includes(`"${zone}"`), 'the disk is in the zone');
    const run = await runOf(instanceId);
    const disk = run.spec.domain.devices.disks.find(({ name }) => name === id);
    assert.deepEqual([disk?.serial, disk?.disk?.bus], [id.replace('-', ''), 'scsi']);
    assert.match(run.status?.volumeStatus?.find(({ name }) => name === id)?.target ?? '', /^sd[a-z]$/);

    await assert.rejects(client.send(new ec2.AttachVolumeCommand({ VolumeId: id, InstanceId: instanceId, Device: '/dev/sdg' })), refused('VolumeInUse'));
    await assert.rejects(client.send(new ec2.DeleteVolumeCommand({ VolumeId: id })), refused('VolumeInUse'));
    await assert.rejects(cloud.controlPlane.client.remove(volumesPath(id)), /is in use; detach it first/);
    const other = await create();
    await assert.rejects(client.send(new ec2.AttachVolumeCommand({ VolumeId: other, InstanceId: instanceId, Device: 'xvdf' })).then(
      async () => client.send(new ec2.AttachVolumeCommand({ VolumeId: other, InstanceId: instanceId, Device: '/dev/xvdf' })),
    ), refused('VolumeInUse'));
    const { State } = await client.send(new ec2.DetachVolumeCommand({ VolumeId: id, InstanceId: instanceId, Device: '/dev/sdf' }));
    assert.equal(State, 'detaching');
    await ec2.waitUntilVolumeAvailable(patience(), { VolumeIds: [id] });
    await client.send(new ec2.DetachVolumeCommand({ VolumeId: other }));
    await ec2.waitUntilVolumeAvailable(patience(), { VolumeIds: [other] });
    for (const gone of [id, other]) await client.send(new ec2.DeleteVolumeCommand({ VolumeId: gone }));
    await ec2.waitUntilVolumeDeleted(patience(), { VolumeIds: [id, other] });
    await eventually('their disks are gone', 60, async () => cloud.controlPlane.client.get(`/api/v1/persistentvolumes/${volumeName}`).then(() => false, isNotFound));
    assert.equal((await runOf(instanceId)).spec.volumes.some(({ name }) => name === id), false);
  });

  it('are attached and detached by kubectl, many at once, and refuse what cannot be', async () => {
    const spec = { size: 1, availabilityZone: zone };
    const attachment = (device: string): object => ({ attachment: { instanceId, device } });
    const apply = async (name: string, more: object): Promise<void> =>
      cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Volume', metadata: { name, namespace: tenant.account.namespace }, spec: { ...spec, ...more } }]);
    await Promise.all(['h', 'i', 'j', 'k'].map(async (letter) => apply(`data-${letter}`, attachment(`/dev/sd${letter}`))));
    const shows = async (name: string, want: string): Promise<Volume> =>
      eventually(`${name} is ${want}`, 150, async () => {
        const volume = await get(name);
        const { status } = volume;
        if (`${status?.state ?? ''} ${status?.attachment?.state ?? ''}`.trim() === want) return volume;
        throw new Error(JSON.stringify(status));
      });
    for (const letter of ['h', 'i', 'j', 'k']) await shows(`data-${letter}`, 'in-use attached');
    await apply('rival', attachment('sdh'));
    await eventually('the rival is told', 60, async () => (await get('rival')).status?.conditions?.some(({ type, reason }) => type === 'Attached' && reason === 'DeviceTaken'));
    await apply('lost', { ...attachment('/dev/sdl'), attachment: { instanceId: 'i-0000000000000000e', device: '/dev/sdl' } });
    await eventually('the lost is told', 60, async () => (await get('lost')).status?.conditions?.some(({ reason }) => reason === 'InstanceNotFound'));
    await assert.rejects(cloud.controlPlane.client.patch(volumesPath('data-h'), 'merge', { spec: { attachment: { device: '/dev/sdz' } } }), /detach the volume first/);
    await assert.rejects(cloud.controlPlane.client.patch(volumesPath('data-h'), 'merge', { spec: { size: 0 } }), /size/);
    await Promise.all(['h', 'i', 'j', 'k'].map(async (letter) => cloud.controlPlane.client.patch(volumesPath(`data-${letter}`), 'merge', { spec: { attachment: null } })));
    for (const letter of ['h', 'i', 'j', 'k']) await shows(`data-${letter}`, 'available');
    await eventually('the rival has the device now, beside that of the launch', 150, async () => {
      const names = (await runOf(instanceId)).spec.volumes.map(({ name }) => name).filter((name) => name.startsWith('vol-'));
      if (names.length === 2) return true;
      throw new Error(names.join());
    });
  });

  it('grow while attached, and say how far they are', async () => {
    const id = await create({ VolumeType: 'gp3' });
    const { VolumeModification } = await client.send(new ec2.ModifyVolumeCommand({ VolumeId: id, Size: 8, Iops: 4000 }));
    assert.deepEqual([VolumeModification?.OriginalSize, VolumeModification?.TargetSize, VolumeModification?.TargetIops], [1, 8, 4000]);
    await eventually('it has grown', 120, async () => {
      const { VolumesModifications = [] } = await client.send(new ec2.DescribeVolumesModificationsCommand({ VolumeIds: [id] }));
      return VolumesModifications[0]?.ModificationState === 'completed' && (await describe1(id)).Size === 8;
    });
    await assert.rejects(client.send(new ec2.ModifyVolumeCommand({ VolumeId: id, Size: 3 })), refused('InvalidParameterValue'));
    const { VolumeStatuses = [] } = await client.send(new ec2.DescribeVolumeStatusCommand({ VolumeIds: [id] }));
    assert.equal(VolumeStatuses[0]?.VolumeStatus?.Status, 'ok');
    await client.send(new ec2.ModifyVolumeAttributeCommand({ VolumeId: id, AutoEnableIO: { Value: true } }));
    assert.equal((await client.send(new ec2.DescribeVolumeAttributeCommand({ VolumeId: id, Attribute: 'autoEnableIO' }))).AutoEnableIO?.Value, true);
    await client.send(new ec2.EnableVolumeIOCommand({ VolumeId: id }));
    await client.send(new ec2.DeleteVolumeCommand({ VolumeId: id }));
  });

  it('wait for what is missing, and say why: class, provisioner, quota', async () => {
    const { client: kubernetes, applier } = cloud.controlPlane;
    const namespace = tenant.account.namespace;
    const volume = (name: string, spec: object): AnyObject => ({ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Volume', metadata: { name, namespace }, spec: { size: 1, availabilityZone: zone, ...spec } });
    const available = async (name: string): Promise<string> => (await get(name)).status?.conditions?.find(({ type }) => type === 'Available')?.reason ?? '';
    await applier.apply([volume('classless', { storageClassName: `later-${namespace}` }), volume('secret', { encrypted: true, volumeType: 'st1', size: 125 })]);
    for (const name of ['classless', 'secret']) await eventually(`${name} says why`, 60, async () => (await available(name)) === 'StorageClassNotFound');
    const annotations = { 'kube-ec2.io/encrypted': 'true', 'kube-ec2.io/volume-types': 'st1' };
    await applier.apply([
      { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: `later-${namespace}`, annotations }, provisioner: CSI_DRIVER, volumeBindingMode: 'WaitForFirstConsumer' },
    ]);
    for (const name of ['classless', 'secret']) await eventually(`${name} is there`, 60, async () => (await get(name)).status?.state === 'available');
    assert.equal((await get('secret')).status?.encrypted, true);
    await applier.apply([{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'disks', namespace }, spec: { hard: { 'requests.storage': '1Gi' } } }]);
    await eventually('the quota counts', 60, async () => (await kubernetes.get<{ status?: { used?: object } }>(`/api/v1/namespaces/${namespace}/resourcequotas/disks`)).status?.used !== undefined);
    await applier.apply([volume('too-much', {})]);
    await eventually('it says why', 60, async () => (await available('too-much')) === 'ClaimRefused');
    await kubernetes.remove(`/api/v1/namespaces/${namespace}/resourcequotas/disks`);
    await eventually('it is there', 60, async () => (await get('too-much')).status?.state === 'available');
    await kubernetes.remove(`/apis/storage.k8s.io/v1/storageclasses/later-${namespace}`);
  });

  it('go with their instance, or stay', async () => {
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] }));
    const byDevice = (device: string): string => Volumes.find(({ Attachments }) => Attachments?.[0]?.Device === device)?.VolumeId ?? '';
    await assert.rejects(client.send(new ec2.DetachVolumeCommand({ VolumeId: byDevice('/dev/xvda') })), refused('OperationNotPermitted'));
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [instanceId] }));
    await ec2.waitUntilInstanceTerminated(patience(), { InstanceIds: [instanceId] });
    await ec2.waitUntilVolumeDeleted(patience(), { VolumeIds: [byDevice('/dev/xvda')] });
    await ec2.waitUntilVolumeAvailable(patience(), { VolumeIds: [byDevice('/dev/sdb')] });
    assert.equal(await instances.get(instanceId).then((instance) => instance?.status?.state), 'terminated');
  });

  it('got answers that keep to the SDK schema', () => assert.deepEqual(watched.violations, []));
});
