import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import { SnapshotDefinition } from '../../../../../operator/api/storage/snapshot.ts';
import type { KubernetesObject } from '../../../../../operator/api/shared.ts';
import { VolumeDefinition } from '../../../../../operator/api/storage/volume.ts';
import { ec2Operations } from '../../../../../operator/endpoint/ec2/operations.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import { Ami, Snapshot } from '../../../../../operator/kubernetes/resources.ts';
import { anAccount, anAmi, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { hastyClock } from '../../../../support/fake-clock.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const id = (prefix: string, digit: number): string => `${prefix}-${String(digit).repeat(17)}`;
const [ROOT, DATA, PENDING, THEIRS, SHARED] = [1, 2, 3, 4, 5].map((digit) => id('snap', digit)) as [string, string, string, string, string];
const [RUNNING, EPHEMERAL, STARTING] = [1, 2, 3].map((digit) => id('i', digit)) as [string, string, string];
const [IMAGE, SISTER, SHARED_IMAGE, LOCKED_IMAGE] = [1, 2, 3, 4].map((digit) => id('ami', digit)) as [string, string, string, string];

const snapshot = (name: string, { namespace = NAMESPACE, state = 'completed', volumeSize = 8, ...spec }: Record<string, unknown> = {}): KubernetesObject =>
  ({
    apiVersion: SnapshotDefinition.apiVersion,
    kind: 'Snapshot',
    metadata: { name, namespace, uid: `uid-${name}` },
    spec: SnapshotDefinition.spec.parse({ volumeId: 'vol-1', ...spec }),
    status: { state, volumeSize },
  }) as KubernetesObject;

const instance = (name: string, status: object): KubernetesObject =>
  ({
    apiVersion: SnapshotDefinition.apiVersion,
    kind: 'Instance',
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, generation: 1 },
    spec: { imageId: IMAGE, instanceType: 't3.micro', powerState: 'running', placement: {} },
    status: { observedGeneration: 1, imageId: IMAGE, rootDeviceName: '/dev/xvda', rootDeviceType: 'ebs', ...status },
  }) as KubernetesObject;

const volume = (instanceId: string, device: string): KubernetesObject =>
  ({
    apiVersion: VolumeDefinition.apiVersion,
    kind: 'Volume',
    metadata: { name: `volume${device.replaceAll('/', '-')}`, namespace: NAMESPACE, uid: `uid-${device}` },
    spec: VolumeDefinition.spec.parse({ size: 8, attachment: { instanceId, device } }),
  }) as KubernetesObject;

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);

class World {
  readonly cluster = new FakeCluster({
    objects: [
      theAccount(),
      anAccount('partner', '222222222222'),
      snapshot(ROOT),
      snapshot(DATA, { volumeSize: 20 }),
      snapshot(PENDING, { state: 'pending' }),
      snapshot(THEIRS, { namespace: 'partner' }),
      snapshot(SHARED, { namespace: 'partner', createVolumePermissionAccountIds: [ACCOUNT_ID] }),
      anAmi(IMAGE, { name: 'one', source: { snapshot: { snapshotId: ROOT } }, bootMode: 'uefi', tpmSupport: 'v2.0', guestAgent: true, blockDeviceMappings: [{ deviceName: '/dev/sdf', ebs: { snapshotId: DATA, volumeSize: 20 } }] }),
      anAmi(SISTER, { name: 'two', source: { snapshot: { snapshotId: ROOT } } }),
      anAmi(SHARED_IMAGE, { namespace: 'partner', name: 'theirs', public: true, source: { snapshot: { snapshotId: SHARED } }, parameterPaths: ['/aws/service/x'] }),
      anAmi(LOCKED_IMAGE, { namespace: 'partner', name: 'locked', public: true, source: { snapshot: { snapshotId: THEIRS } } }),
      instance(RUNNING, { state: 'running' }),
      instance(EPHEMERAL, { state: 'running', rootDeviceType: 'instance-store' }),
      instance(STARTING, { state: 'pending' }),
      volume(RUNNING, '/dev/xvda'),
      volume(RUNNING, '/dev/sdf'),
    ],
  });

  async run<Result extends object>(name: keyof typeof ec2Operations, input: object): Promise<Result> {
    const result = ((await ec2Operations[name].run(input as never, operationContext(this.cluster, { clock: hastyClock() }))) ?? {}) as Result;
    assert.deepEqual(checker.violations(name, result), []);
    return result;
  }

  ami(name: string | undefined): Ami['spec'] {
    return this.cluster.get(Ami, { namespace: NAMESPACE, name: name ?? '' })?.spec ?? assert.fail(`no image ${name}`);
  }

  get amis(): number {
    return this.cluster.list(Ami, NAMESPACE).length;
  }
}

const codeOf = async (promise: Promise<unknown>): Promise<string> => promise.then(() => 'none', (error: unknown) => (error as { code: string }).code);
const ebs = (DeviceName: string, Ebs: object): object => ({ DeviceName, Ebs });

describe('RegisterImage', () => {
  const register = (more: object = {}): object => ({ Name: 'new', RootDeviceName: '/dev/xvda', BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: ROOT })], ...more });

  it('makes an image of snapshots, as DescribeImages shows it', async () => {
    const world = new World();
    const { ImageId } = await world.run<sdk.RegisterImageResult>(
      'RegisterImage',
      register({
        Description: 'd',
        Architecture: 'x86_64',
        VirtualizationType: 'hvm',
        BootMode: 'uefi',
        TpmSupport: 'v2.0',
        EnaSupport: true,
        SriovNetSupport: 'simple',
        ImdsSupport: 'v2.0',
        TagSpecifications: [{ ResourceType: 'image', Tags: [{ Key: 'a', Value: 'b' }] }],
        BlockDeviceMappings: [ebs('/dev/sdf', { VolumeSize: 5, VolumeType: 'gp3', DeleteOnTermination: false }), ebs('/dev/xvda', { SnapshotId: ROOT, VolumeSize: 10 }), { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' }],
      }),
    );
    const { Images } = await world.run<sdk.DescribeImagesResult>('DescribeImages', { ImageIds: [ImageId] });
    const { CreationDate, ...image } = Images?.[0] ?? {};
    assert.match(CreationDate ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.deepEqual(image.BlockDeviceMappings, [
      { DeviceName: '/dev/xvda', Ebs: { DeleteOnTermination: true, VolumeSize: 10, SnapshotId: ROOT } },
      { DeviceName: '/dev/sdf', Ebs: { DeleteOnTermination: false, VolumeSize: 5, VolumeType: 'gp3' } },
      { DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' },
    ]);
    const { Name, State, RootDeviceName, RootDeviceType, BootMode, TpmSupport, EnaSupport, SriovNetSupport, ImdsSupport, Tags } = image;
    assert.deepEqual(
      [Name, State, RootDeviceName, RootDeviceType, BootMode, TpmSupport, EnaSupport, SriovNetSupport, ImdsSupport, Tags],
      ['new', 'pending', '/dev/xvda', 'ebs', 'uefi', 'v2.0', true, 'simple', 'v2.0', [{ Key: 'a', Value: 'b' }]],
    );
  });

  it('boots from /dev/sda1 where nothing is said', async () => {
    const world = new World();
    const { ImageId } = await world.run<sdk.RegisterImageResult>('RegisterImage', { Name: 'bare', BlockDeviceMappings: [ebs('/dev/sda1', { SnapshotId: DATA })] });
    const { rootDeviceName, rootVolumeSize, architecture } = world.ami(ImageId);
    assert.deepEqual([rootDeviceName, rootVolumeSize, architecture], ['/dev/sda1', 20, 'x86_64']);
  });

  it('gives a name to one of two calls at the same time', async () => {
    const world = new World();
    const codes = await Promise.all([1, 2].map(() => codeOf(world.run('RegisterImage', register()))));
    assert.deepEqual(codes.toSorted(), ['InvalidAMIName.Duplicate', 'none']);
  });

  const refused: Record<string, { input: object; want: string }> = {
    'a name that is taken': { input: register({ Name: 'one' }), want: 'InvalidAMIName.Duplicate' },
    'a name of two characters': { input: register({ Name: 'ab' }), want: 'InvalidAMIName.Malformed' },
    'a name with strange characters': { input: register({ Name: 'new;drop' }), want: 'InvalidAMIName.Malformed' },
    'no root': { input: register({ RootDeviceName: '/dev/sda1' }), want: 'InvalidBlockDeviceMapping' },
    'a root without a snapshot': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { VolumeSize: 8 })] }), want: 'InvalidBlockDeviceMapping' },
    'a device twice': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: ROOT }), ebs('xvda', { VolumeSize: 8 })] }), want: 'InvalidBlockDeviceMapping' },
    'a volume of no size': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: ROOT }), ebs('/dev/sdf', {})] }), want: 'InvalidBlockDeviceMapping' },
    'a volume smaller than its snapshot': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: DATA, VolumeSize: 19 })] }), want: 'InvalidBlockDeviceMapping' },
    'a volume too large': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: ROOT, VolumeSize: 70000 })] }), want: 'InvalidBlockDeviceMapping' },
    'a snapshot that does not exist': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: id('snap', 9) })] }), want: 'InvalidSnapshot.NotFound' },
    "somebody else's snapshot": { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: THEIRS })] }), want: 'InvalidSnapshot.NotFound' },
    'a snapshot id that is none': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: 'disk' })] }), want: 'InvalidSnapshotID.Malformed' },
    'a snapshot in the making': { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: PENDING })] }), want: 'IncorrectState' },
    encryption: { input: register({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: ROOT, Encrypted: true })] }), want: 'UnsupportedOperation' },
    'an architecture that nobody has': { input: register({ Architecture: 'i386' }), want: 'InvalidParameterValue' },
    'a boot mode that nobody has': { input: register({ BootMode: 'floppy' }), want: 'InvalidParameterValue' },
    'a TPM without UEFI': { input: register({ TpmSupport: 'v2.0' }), want: 'InvalidParameterCombination' },
    'another SR-IOV': { input: register({ SriovNetSupport: 'complex' }), want: 'InvalidParameterValue' },
    paravirtualization: { input: register({ VirtualizationType: 'paravirtual' }), want: 'UnsupportedOperation' },
    'a manifest in S3': { input: register({ ImageLocation: 'bucket/manifest.xml' }), want: 'UnsupportedOperation' },
    'a kernel': { input: register({ KernelId: 'aki-1' }), want: 'UnsupportedOperation' },
    'UEFI variables': { input: register({ UefiData: 'QU1aTlVFRkk=' }), want: 'UnsupportedOperation' },
    'tags for a snapshot': { input: register({ TagSpecifications: [{ ResourceType: 'snapshot', Tags: [] }] }), want: 'InvalidParameterValue' },
    'a long description': { input: register({ Description: 'x'.repeat(256) }), want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const world = new World();
      assert.equal(await codeOf(world.run('RegisterImage', input)), want);
      assert.equal(world.amis, 2);
    });
  }
});

describe('CreateImage', () => {
  const create = (more: object = {}): object => ({ InstanceId: RUNNING, Name: 'captured', ...more });

  it('asks for an image of the instance, with the firmware of the image that it came from', async () => {
    const world = new World();
    const TagSpecifications = [{ ResourceType: 'image', Tags: [{ Key: 'a', Value: '1' }] }, { ResourceType: 'snapshot', Tags: [{ Key: 'b', Value: '2' }] }];
    const { ImageId } = await world.run<sdk.CreateImageResult>('CreateImage', create({ NoReboot: true, Description: 'd', TagSpecifications }));
    const { source, bootMode, tpmSupport, guestAgent, tags, snapshotTags, description, rootDeviceName } = world.ami(ImageId);
    assert.deepEqual(source, { instance: { instanceId: RUNNING, noReboot: true } });
    assert.deepEqual([bootMode, tpmSupport, guestAgent, description, rootDeviceName], ['uefi', 'v2.0', true, 'd', '/dev/xvda']);
    assert.deepEqual([tags, snapshotTags], [[{ key: 'a', value: '1' }], [{ key: 'b', value: '2' }]]);
    const { Images } = await world.run<sdk.DescribeImagesResult>('DescribeImages', { ImageIds: [ImageId] });
    assert.deepEqual([Images?.[0]?.State, Images?.[0]?.RootDeviceType, Images?.[0]?.SourceInstanceId], ['pending', 'ebs', RUNNING]);
    const byInstance = await world.run<sdk.DescribeImagesResult>('DescribeImages', { Filters: [{ Name: 'source-instance-id', Values: [RUNNING] }] });
    assert.deepEqual(byInstance.Images?.map((image) => image.ImageId), [ImageId]);
  });

  it('reboots unless told otherwise, and changes devices as asked', async () => {
    const world = new World();
    const BlockDeviceMappings = [ebs('/dev/xvda', { VolumeSize: 16 }), { DeviceName: '/dev/sdf', NoDevice: '' }, ebs('/dev/sdg', { SnapshotId: DATA })];
    const { ImageId } = await world.run<sdk.CreateImageResult>('CreateImage', create({ BlockDeviceMappings }));
    const { source, blockDeviceMappings } = world.ami(ImageId);
    assert.equal(source.instance?.noReboot, false);
    assert.deepEqual(blockDeviceMappings, [
      { deviceName: '/dev/xvda', ebs: { volumeSize: 16 } },
      { deviceName: '/dev/sdf', noDevice: true },
      { deviceName: '/dev/sdg', ebs: { snapshotId: DATA, volumeSize: 20 } },
    ]);
  });

  const refused: Record<string, { input: object; want: string }> = {
    'an instance that does not exist': { input: create({ InstanceId: id('i', 9) }), want: 'InvalidInstanceID.NotFound' },
    'an instance id that is none': { input: create({ InstanceId: 'web' }), want: 'InvalidInstanceID.Malformed' },
    'an instance that is pending': { input: create({ InstanceId: STARTING }), want: 'InvalidParameterValue' },
    'an instance-store root': { input: create({ InstanceId: EPHEMERAL }), want: 'UnsupportedOperation' },
    'a name that is taken': { input: create({ Name: 'two' }), want: 'InvalidAMIName.Duplicate' },
    'a malformed name': { input: create({ Name: '!!!' }), want: 'InvalidAMIName.Malformed' },
    'leaving out the root': { input: create({ BlockDeviceMappings: [{ DeviceName: 'xvda', NoDevice: '' }] }), want: 'InvalidBlockDeviceMapping' },
    'another snapshot for the root': { input: create({ BlockDeviceMappings: [ebs('/dev/xvda', { SnapshotId: ROOT })] }), want: 'InvalidBlockDeviceMapping' },
    'a new volume of no size': { input: create({ BlockDeviceMappings: [ebs('/dev/sdh', {})] }), want: 'InvalidBlockDeviceMapping' },
    'a Local Zone': { input: create({ SnapshotLocation: 'local' }), want: 'UnsupportedOperation' },
    'tags for an instance': { input: create({ TagSpecifications: [{ ResourceType: 'instance', Tags: [] }] }), want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const world = new World();
      assert.equal(await codeOf(world.run('CreateImage', input)), want);
      assert.equal(world.amis, 2);
    });
  }
});

describe('CopyImage of an image with snapshots', () => {
  const copy = (SourceImageId: string, more: object = {}): object => ({ SourceImageId, SourceRegion: 'us-east-1', Name: 'copy', ...more });

  it('copies the snapshots too, with tags of their own', async () => {
    const world = new World();
    const TagSpecifications = [{ ResourceType: 'snapshot', Tags: [{ Key: 's', Value: '' }] }];
    const { ImageId } = await world.run<sdk.CopyImageResult>('CopyImage', copy(IMAGE, { TagSpecifications }));
    const { source, blockDeviceMappings = [] } = world.ami(ImageId);
    const copies = blockDeviceMappings.map(({ ebs: device }) => world.cluster.get(Snapshot, { namespace: NAMESPACE, name: device?.snapshotId ?? '' })?.spec);
    assert.deepEqual(copies.map((spec) => [spec?.sourceSnapshotId, spec?.tags?.[0]?.key]), [[ROOT, 's'], [DATA, 's']]);
    assert.equal(source.snapshot?.snapshotId, blockDeviceMappings[0]?.ebs?.snapshotId);
  });

  it('copies what is shared with its snapshots, and none of its parameters', async () => {
    const world = new World();
    const { ImageId } = await world.run<sdk.CopyImageResult>('CopyImage', copy(SHARED_IMAGE));
    assert.deepEqual([world.ami(ImageId).parameterPaths, world.ami(ImageId).public], [undefined, false]);
    assert.equal(await codeOf(world.run('CopyImage', copy(LOCKED_IMAGE, { Name: 'other' }))), 'InvalidRequest');
  });

  it('leaves no snapshots if the image cannot be made', async () => {
    const world = new World();
    const before = world.cluster.list(Snapshot, NAMESPACE).length;
    world.cluster.failNext('create', 'Ami', new ApiError({ code: 403, reason: 'Forbidden', message: 'quota' }));
    await assert.rejects(world.run('CopyImage', copy(IMAGE)));
    assert.equal(world.cluster.list(Snapshot, NAMESPACE).length, before);
  });

  it('makes one copy per client token', async () => {
    const world = new World();
    const answers = await Promise.all([1, 2].map(() => world.run<sdk.CopyImageResult>('CopyImage', copy(IMAGE, { ClientToken: 'again' }))));
    assert.equal(answers[0]?.ImageId, answers[1]?.ImageId);
    assert.equal(world.cluster.list(Snapshot, NAMESPACE).length, 5);
  });
});

describe('DeregisterImage of an image with snapshots', () => {
  it('leaves them', async () => {
    const world = new World();
    assert.deepEqual(await world.run('DeregisterImage', { ImageId: IMAGE }), { Return: true, DeleteSnapshotResults: [] });
    assert.equal(world.cluster.list(Snapshot, NAMESPACE).length, 3);
  });

  it('deletes them on demand, but not those that another image is made of', async () => {
    const world = new World();
    const results = [{ SnapshotId: ROOT, ReturnCode: 'skipped' }, { SnapshotId: DATA, ReturnCode: 'success' }];
    assert.deepEqual(await world.run('DeregisterImage', { ImageId: IMAGE, DeleteAssociatedSnapshots: true }), { Return: true, DeleteSnapshotResults: results });
    assert.equal(world.cluster.get(Snapshot, { namespace: NAMESPACE, name: DATA }), undefined);
  });

  it('waits until the status of a snapshot no longer names the image', async () => {
    const world = new World();
    world.cluster.failNext('remove', 'Snapshot', new ApiError({ code: 403, reason: 'Forbidden', message: `snapshot ${DATA} is in use by ${IMAGE}; remove the image first` }));
    const { DeleteSnapshotResults } = await world.run<sdk.DeregisterImageResult>('DeregisterImage', { ImageId: IMAGE, DeleteAssociatedSnapshots: true });
    assert.deepEqual(DeleteSnapshotResults?.map(({ ReturnCode }) => ReturnCode), ['skipped', 'success']);
  });

  it('tells what could not be deleted', async () => {
    const world = new World();
    world.cluster.failNext('remove', 'Snapshot', new ApiError({ code: 403, reason: 'Forbidden', message: 'no' }));
    const { DeleteSnapshotResults } = await world.run<sdk.DeregisterImageResult>('DeregisterImage', { ImageId: IMAGE, DeleteAssociatedSnapshots: true });
    assert.deepEqual(DeleteSnapshotResults?.map(({ ReturnCode }) => ReturnCode), ['skipped', 'missing-permissions']);
  });
});

