import assert from 'node:assert/strict';
import type { CreateVolumeRequest, DescribeVolumesRequest, Filter, ModifyVolumeRequest } from '@aws-sdk/client-ec2';
import type { BlockDeviceMapping } from '../../../../../operator/api/compute/block-device-mapping.ts';
import { INSTANCE_STORAGE_ANNOTATION } from '../../../../../operator/api/compute/instance-type.ts';
import { attachVolume } from '../../../../../operator/endpoint/ec2/volumes/AttachVolume.ts';
import { createVolume } from '../../../../../operator/endpoint/ec2/volumes/CreateVolume.ts';
import { deleteVolume } from '../../../../../operator/endpoint/ec2/volumes/DeleteVolume.ts';
import { describeVolumeAttribute } from '../../../../../operator/endpoint/ec2/volumes/DescribeVolumeAttribute.ts';
import { describeVolumes } from '../../../../../operator/endpoint/ec2/volumes/DescribeVolumes.ts';
import { describeVolumesModifications } from '../../../../../operator/endpoint/ec2/volumes/DescribeVolumesModifications.ts';
import { describeVolumeStatus } from '../../../../../operator/endpoint/ec2/volumes/DescribeVolumeStatus.ts';
import { detachVolume } from '../../../../../operator/endpoint/ec2/volumes/DetachVolume.ts';
import { modifyVolume } from '../../../../../operator/endpoint/ec2/volumes/ModifyVolume.ts';
import { Volume } from '../../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType, aStorageClass, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { anAttachedVolume, aSnapshot, aVolume } from '../../../../support/volume-objects.ts';

const RUNNING = 'i-00000000000000001';
const STOPPED = 'i-00000000000000002';
const PENDING = 'i-00000000000000003';
const OTHER_ZONE = 'i-00000000000000004';
const ROOT = 'vol-00000000000000001';
const FREE = 'vol-00000000000000002';
const DATA = 'vol-00000000000000003';
const NEW = 'vol-00000000000000004';
const SNAPSHOT = 'snap-00000000000000001';
const encrypting = { 'kube-ec2.io/encrypted': 'true', 'kube-ec2.io/volume-types': 'io2' };

function clusterOf(...more: Volume[]): FakeCluster {
  return new FakeCluster({
    objects: [
      theAccount(),
      anAmi('ami-00000000000000001', { source: { persistentVolumeClaim: { claimName: 'disk' } } }),
      aNode('node-1', { zone: 'us-east-1a' }),
      aNode('node-2', { zone: 'us-east-1b' }),
      aStorageClass('standard', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
      aStorageClass('vault', encrypting),
      anInstance(RUNNING, { status: { rootDeviceName: '/dev/xvda', availabilityZone: 'us-east-1a' } }),
      anInstance(STOPPED, { powerState: 'stopped', status: { state: 'stopped', rootDeviceName: '/dev/xvda', availabilityZone: 'us-east-1a' } }),
      anInstance(PENDING, { status: { state: 'pending' } }),
      anInstance(OTHER_ZONE, { status: { availabilityZone: 'us-east-1b' } }),
      anAttachedVolume(ROOT, RUNNING, '/dev/xvda'),
      aVolume(FREE, { tags: [{ key: 'team', value: 'a' }], status: { storageClassName: 'standard' } }),
      anAttachedVolume(DATA, STOPPED, '/dev/sdf', { volumeType: 'gp3', creationTimestamp: '2026-01-02T00:00:00Z', deleteOnTermination: false }),
      aVolume(NEW, { creationTimestamp: '2026-01-03T00:00:00Z', status: { state: 'creating', conditions: [] } }),
      aVolume('vol-0000000000000000f', { namespace: 'stranger' }),
      aSnapshot(SNAPSHOT),
      aSnapshot('snap-00000000000000002', { status: { state: 'pending' } }),
      aSnapshot('snap-0000000000000000f', { namespace: 'stranger' }),
      aSnapshot('snap-0000000000000000e', { namespace: 'stranger', public: true }),
      ...more,
    ],
  });
}

const refusal = (code: string, message: RegExp = /./): object => ({ name: /^(AwsError|Refusal)$/, code, message });

describe('DescribeVolumes', () => {
  const context = operationContext(clusterOf());
  const idsOf = async (input: DescribeVolumesRequest): Promise<string[]> => ((await describeVolumes(input, context)).Volumes ?? []).map(({ VolumeId = '' }) => VolumeId);

  it('shows a volume with all that clients need', async () => {
    const [shown] = (await describeVolumes({ VolumeIds: [DATA] }, context)).Volumes ?? [];
    assert.deepEqual(shown, {
      VolumeId: DATA, State: 'in-use', Size: 8, VolumeType: 'gp3', Iops: 3000, Throughput: 125, Encrypted: false, SnapshotId: '',
      AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1', CreateTime: new Date('2026-01-02T00:00:00Z'), MultiAttachEnabled: false, Tags: [],
      Attachments: [{ VolumeId: DATA, InstanceId: STOPPED, Device: '/dev/sdf', State: 'attached', AttachTime: new Date('2026-01-01T00:00:30Z'), DeleteOnTermination: false }],
    });
  });

  const filters: Record<string, { filters: Filter[]; want: string[] }> = {
    'by instance': { filters: [{ Name: 'attachment.instance-id', Values: [RUNNING] }], want: [ROOT] },
    'by device': { filters: [{ Name: 'attachment.device', Values: ['/dev/sd*'] }], want: [DATA] },
    'by end': { filters: [{ Name: 'attachment.delete-on-termination', Values: ['true'] }], want: [ROOT] },
    'by status of the attachment': { filters: [{ Name: 'attachment.status', Values: ['attached'] }], want: [ROOT, DATA] },
    'by state': { filters: [{ Name: 'status', Values: ['available', 'creating'] }], want: [FREE, NEW] },
    'by zone, size and type': { filters: [{ Name: 'availability-zone', Values: ['us-east-1a'] }, { Name: 'size', Values: ['8'] }, { Name: 'volume-type', Values: ['gp3'] }], want: [DATA] },
    'by tag': { filters: [{ Name: 'tag:team', Values: ['a'] }], want: [FREE] },
    'by tag key': { filters: [{ Name: 'tag-key', Values: ['team'] }], want: [FREE] },
    'by encryption': { filters: [{ Name: 'encrypted', Values: ['true'] }], want: [] },
  };
  for (const [name, { filters: Filters, want }] of Object.entries(filters)) it(`filters ${name}`, async () => assert.deepEqual(await idsOf({ Filters }), want));

  it('takes ids and filters together, and pages', async () => {
    assert.deepEqual(await idsOf({ VolumeIds: [ROOT], Filters: [{ Name: 'status', Values: ['available'] }] }), []);
    await assert.rejects(describeVolumes({ VolumeIds: [ROOT, 'vol-0000000000000000f'] }, context), refusal('InvalidVolume.NotFound'));
    await assert.rejects(describeVolumes({ VolumeIds: ['x'] }, context), refusal('InvalidParameterValue', /vol-/));
    await assert.rejects(describeVolumes({ VolumeIds: [ROOT], MaxResults: 5 }, context), refusal('InvalidParameterCombination'));
    await assert.rejects(describeVolumes({ Filters: [{ Name: 'colour', Values: ['red'] }] }, context), refusal('InvalidParameterValue', /colour/));
  });
});

describe('CreateVolume', () => {
  const make = async (input: Partial<CreateVolumeRequest>, cluster = clusterOf()): Promise<Volume> => {
    const { VolumeId = '' } = await createVolume({ AvailabilityZone: 'us-east-1a', ...input }, operationContext(cluster));
    return cluster.get(Volume, { namespace: NAMESPACE, name: VolumeId }) ?? assert.fail('no volume');
  };
  const cases: Record<string, { input: Partial<CreateVolumeRequest>; want: Partial<Volume['spec']> }> = {
    'a blank one of the default type': { input: { Size: 10 }, want: { size: 10, volumeType: 'gp2', availabilityZone: 'us-east-1a', encrypted: false } },
    'one of a snapshot, as large as that': { input: { SnapshotId: SNAPSHOT }, want: { size: 8, snapshotId: SNAPSHOT } },
    'one of a public snapshot, larger': { input: { SnapshotId: 'snap-0000000000000000e', Size: 20 }, want: { size: 20, snapshotId: 'snap-0000000000000000e' } },
    'one with figures': { input: { Size: 100, VolumeType: 'gp3', Iops: 4000, Throughput: 500 }, want: { volumeType: 'gp3', iops: 4000, throughput: 500 } },
    'an encrypted one where a class encrypts': { input: { Size: 10, VolumeType: 'io2', Iops: 100, Encrypted: true }, want: { encrypted: true, iops: 100 } },
    'one in a zone by id': { input: { Size: 1, AvailabilityZone: '', AvailabilityZoneId: 'use1-az2' }, want: { availabilityZone: 'us-east-1b' } },
    'one with tags': { input: { Size: 1, TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'a', Value: 'b' }] }] }, want: { tags: [{ key: 'a', value: 'b' }] } },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(`makes ${name}`, async () => {
      const { spec } = await make(input);
      for (const [field, value] of Object.entries(want)) assert.deepEqual(spec[field as keyof typeof spec], value, field);
    });
  }

  it('makes one only for one token, and knows other parameters', async () => {
    const cluster = clusterOf();
    const input = { Size: 1, ClientToken: 'once' };
    assert.equal((await make(input, cluster)).metadata.name, (await make(input, cluster)).metadata.name);
    await assert.rejects(make({ ...input, Size: 2 }, cluster), refusal('IdempotentParameterMismatch'));
  });

  const refusals: Record<string, { input: Partial<CreateVolumeRequest>; code: string }> = {
    'no zone': { input: { Size: 1, AvailabilityZone: '' }, code: 'MissingParameter' },
    'a zone that is not there': { input: { Size: 1, AvailabilityZone: 'us-east-1z' }, code: 'InvalidZone.NotFound' },
    'neither size nor snapshot': { input: {}, code: 'MissingParameter' },
    'a size that is too large': { input: { Size: 16385 }, code: 'InvalidParameterValue' },
    'a size that is too small for the type': { input: { Size: 124, VolumeType: 'st1' }, code: 'InvalidParameterValue' },
    'a size below that of the snapshot': { input: { Size: 7, SnapshotId: SNAPSHOT }, code: 'InvalidParameterValue' },
    'an unknown type': { input: { Size: 1, VolumeType: 'gp9' as 'gp2' }, code: 'InvalidParameterValue' },
    'IOPS of a type without': { input: { Size: 1, Iops: 100 }, code: 'InvalidParameterCombination' },
    'no IOPS of a type with': { input: { Size: 10, VolumeType: 'io1' }, code: 'MissingParameter' },
    'too many IOPS for the size': { input: { Size: 10, VolumeType: 'io1', Iops: 501 }, code: 'InvalidParameterValue' },
    'too much throughput for the IOPS': { input: { Size: 10, VolumeType: 'gp3', Throughput: 1000 }, code: 'InvalidParameterValue' },
    'encryption where no class encrypts': { input: { Size: 1, Encrypted: true }, code: 'UnsupportedOperation' },
    'a key': { input: { Size: 10, VolumeType: 'io2', Iops: 100, Encrypted: true, KmsKeyId: 'alias/x' }, code: 'UnsupportedOperation' },
    'attachments to many': { input: { Size: 1, MultiAttachEnabled: true }, code: 'UnsupportedOperation' },
    'a snapshot that is not there': { input: { SnapshotId: 'snap-00000000000000009' }, code: 'InvalidSnapshot.NotFound' },
    'a snapshot that is not shared': { input: { SnapshotId: 'snap-0000000000000000f' }, code: 'InvalidSnapshot.NotFound' },
    'a snapshot that is not completed': { input: { SnapshotId: 'snap-00000000000000002' }, code: 'IncorrectState' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name} and makes nothing`, async () => {
      const cluster = clusterOf();
      await assert.rejects(make(input, cluster), refusal(code));
      assert.deepEqual(cluster.writes, []);
    });
  }
});

describe('attaching and detaching', () => {
  it('shows a volume in use at once, and on its way out', async () => {
    const cluster = clusterOf();
    const context = operationContext(cluster);
    const attached = await attachVolume({ VolumeId: FREE, InstanceId: RUNNING, Device: '/dev/sdg' }, context);
    assert.deepEqual([attached.State, attached.Device, attached.DeleteOnTermination], ['attaching', '/dev/sdg', false]);
    const [volume] = (await describeVolumes({ VolumeIds: [FREE] }, context)).Volumes ?? [];
    assert.deepEqual([volume?.State, volume?.Attachments?.[0]?.State], ['in-use', 'attaching']);
    await assert.rejects(attachVolume({ VolumeId: FREE, InstanceId: STOPPED, Device: '/dev/sdg' }, context), refusal('VolumeInUse'));
    const detached = await detachVolume({ VolumeId: DATA }, context);
    assert.equal(detached.State, 'detaching');
    assert.equal((await describeVolumes({ VolumeIds: [DATA] }, context)).Volumes?.[0]?.Attachments?.[0]?.State, 'detaching');
  });

  it('gives a device once, of calls at the same time', async () => {
    const cluster = clusterOf(aVolume('vol-00000000000000005'));
    const context = operationContext(cluster);
    const results = await Promise.allSettled([FREE, 'vol-00000000000000005'].map((VolumeId) => attachVolume({ VolumeId, InstanceId: RUNNING, Device: '/dev/sdg' }, context)));
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  const refusals: Record<string, { input: { VolumeId?: string; InstanceId?: string; Device?: string }; code: string; message?: RegExp }> = {
    'no device': { input: { Device: '' }, code: 'MissingParameter' },
    'a device of another form': { input: { Device: '/dev/disk1' }, code: 'InvalidParameterValue', message: /not a valid EBS device name/ },
    'a device that is taken': { input: { Device: 'xvda' }, code: 'InvalidParameterValue', message: /already in use/ },
    'a volume that is taken': { input: { VolumeId: DATA }, code: 'VolumeInUse' },
    'a volume without a disk': { input: { VolumeId: NEW }, code: 'IncorrectState' },
    'a volume that is not there': { input: { VolumeId: 'vol-00000000000000009' }, code: 'InvalidVolume.NotFound' },
    'an instance that is not there': { input: { InstanceId: 'i-00000000000000009' }, code: 'InvalidInstanceID.NotFound' },
    'an instance that is not up': { input: { InstanceId: PENDING }, code: 'IncorrectState' },
    'an instance of another zone': { input: { InstanceId: OTHER_ZONE }, code: 'InvalidVolume.ZoneMismatch' },
  };
  for (const [name, { input, code, message }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(attachVolume({ VolumeId: FREE, InstanceId: RUNNING, Device: '/dev/sdg', ...input }, operationContext(clusterOf())), refusal(code, message)));
  }

  const mapped = (deviceName: string, virtualName: string): BlockDeviceMapping => ({ deviceName, virtualName });
  const storeDisks: Record<string, { instanceType: string; ofImage?: BlockDeviceMapping[]; ofLaunch?: BlockDeviceMapping[]; isTaken: boolean }> = {
    'that the launch maps to an instance store volume is taken': { instanceType: 'm1.large', ofLaunch: [mapped('/dev/sdb', 'ephemeral0')], isTaken: true },
    'that the image maps to one is taken': { instanceType: 'm1.large', ofImage: [mapped('xvdb', 'ephemeral0'), mapped('/dev/sdb', 'ephemeral1')], isTaken: true },
    'that the launch leaves out of what the image maps is free': {
      instanceType: 'm1.large', ofImage: [mapped('/dev/sdb', 'ephemeral0')], ofLaunch: [{ deviceName: '/dev/sdb', noDevice: true }], isTaken: false,
    },
    'beside a mapped one is free': { instanceType: 'm1.large', ofLaunch: [mapped('/dev/sdc', 'ephemeral0')], isTaken: false },
    'that is mapped to a volume beyond what the type has is free': { instanceType: 'm1.large', ofLaunch: [mapped('/dev/sdb', 'ephemeral2')], isTaken: false },
    'that is mapped although the type has no such volumes is free': { instanceType: 't3.micro', ofLaunch: [mapped('/dev/sdb', 'ephemeral0')], isTaken: false },
    'that is mapped although the volumes of the type are NVMe ones is free': { instanceType: 'm5d.large', ofLaunch: [mapped('/dev/sdb', 'ephemeral0')], isTaken: false },
  };
  for (const [name, { instanceType, ofImage = [], ofLaunch = [], isTaken }] of Object.entries(storeDisks)) {
    it(`a device ${name}`, async () => {
      const cluster = clusterOf().add(
        anInstanceType('t3.micro'),
        anInstanceType('m1.large', { annotations: { [INSTANCE_STORAGE_ANNOTATION]: '2x420 mapped' } }),
        anInstanceType('m5d.large', { annotations: { [INSTANCE_STORAGE_ANNOTATION]: '1x75' } }),
        anAmi('ami-00000000000000001', { source: { persistentVolumeClaim: { claimName: 'disk' } }, blockDeviceMappings: ofImage }),
        anInstance(RUNNING, { instanceType, blockDeviceMappings: ofLaunch, status: { rootDeviceName: '/dev/xvda', availabilityZone: 'us-east-1a' } }),
      );
      const attached = attachVolume({ VolumeId: FREE, InstanceId: RUNNING, Device: '/dev/sdb' }, operationContext(cluster));
      if (!isTaken) return assert.equal((await attached).State, 'attaching');
      const message = "Invalid value '/dev/sdb' for unixDevice. Attachment point /dev/sdb is already in use";
      await assert.rejects(attached, { name: 'AwsError', code: 'InvalidParameterValue', message });
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('a device of the instance-store root is taken, also when its image is gone', async () => {
    const cluster = clusterOf().add(anInstance(RUNNING, { imageId: 'ami-0000000000000000d', status: { rootDeviceType: 'instance-store', rootDeviceName: '/dev/sda1', availabilityZone: 'us-east-1a' } }));
    await assert.rejects(attachVolume({ VolumeId: FREE, InstanceId: RUNNING, Device: '/dev/sda1' }, operationContext(cluster)), refusal('InvalidParameterValue', /already in use/));
  });

  const detachments: Record<string, { input: { VolumeId: string; InstanceId?: string; Device?: string }; code: string }> = {
    'of a free volume': { input: { VolumeId: FREE }, code: 'IncorrectState' },
    'of the root of a running instance': { input: { VolumeId: ROOT }, code: 'OperationNotPermitted' },
    'from another instance': { input: { VolumeId: DATA, InstanceId: RUNNING }, code: 'InvalidAttachment.NotFound' },
    'of another device': { input: { VolumeId: DATA, Device: '/dev/sdz' }, code: 'InvalidAttachment.NotFound' },
  };
  for (const [name, { input, code }] of Object.entries(detachments)) it(`refuses a detachment ${name}`, () => assert.rejects(detachVolume(input, operationContext(clusterOf())), refusal(code)));
});

describe('ModifyVolume', () => {
  it('grows a volume, and shows it modifying until the controllers are done', async () => {
    const context = operationContext(clusterOf());
    const { VolumeModification } = await modifyVolume({ VolumeId: FREE, Size: 20, VolumeType: 'gp3', Throughput: 200 }, context);
    assert.deepEqual([VolumeModification?.ModificationState, VolumeModification?.OriginalSize, VolumeModification?.TargetSize, VolumeModification?.TargetThroughput], ['modifying', 8, 20, 200]);
    const { VolumesModifications } = await describeVolumesModifications({ Filters: [{ Name: 'modification-state', Values: ['modifying'] }] }, context);
    assert.deepEqual(VolumesModifications?.map(({ VolumeId }) => VolumeId), [FREE]);
    await assert.rejects(modifyVolume({ VolumeId: FREE, Size: 30 }, context), refusal('IncorrectModificationState'));
    await assert.rejects(describeVolumesModifications({ VolumeIds: [ROOT] }, context), refusal('InvalidVolumeModification.NotFound'));
  });

  const refusals: Record<string, { input: Partial<ModifyVolumeRequest>; code: string }> = {
    'nothing': { input: {}, code: 'InvalidParameterCombination' },
    'a smaller size': { input: { Size: 7 }, code: 'InvalidParameterValue' },
    'what is so already': { input: { Size: 8 }, code: 'InvalidParameterValue' },
    'a type with another class': { input: { VolumeType: 'io2', Iops: 100 }, code: 'UnsupportedOperation' },
    'a volume without a disk': { input: { VolumeId: NEW, Size: 20 }, code: 'IncorrectState' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, async () => {
      const cluster = clusterOf();
      await assert.rejects(modifyVolume({ VolumeId: FREE, ...input }, operationContext(cluster)), refusal(code));
      assert.equal(cluster.get(Volume, { namespace: NAMESPACE, name: FREE })?.spec.size, 8);
    });
  }
});

describe('volumes: what else there is to do', () => {
  it('deletes what is free only', async () => {
    const cluster = clusterOf();
    await deleteVolume({ VolumeId: FREE }, operationContext(cluster));
    assert.equal(cluster.get(Volume, { namespace: NAMESPACE, name: FREE }), undefined);
    await assert.rejects(deleteVolume({ VolumeId: ROOT }, operationContext(cluster)), refusal('VolumeInUse', /i-00000000000000001/));
    await assert.rejects(deleteVolume({ VolumeId: 'vol-00000000000000009' }, operationContext(cluster)), refusal('InvalidVolume.NotFound'));
  });

  it('shows the status of volumes with and without a disk', async () => {
    const { VolumeStatuses } = await describeVolumeStatus({}, operationContext(clusterOf()));
    assert.deepEqual(VolumeStatuses?.map(({ VolumeId, VolumeStatus }) => `${VolumeId ?? ''} ${VolumeStatus?.Status ?? ''}`), [`${ROOT} ok`, `${FREE} ok`, `${DATA} ok`, `${NEW} insufficient-data`]);
  });

  it('shows attributes', async () => {
    const context = operationContext(clusterOf());
    assert.deepEqual(await describeVolumeAttribute({ VolumeId: FREE, Attribute: 'autoEnableIO' }, context), { VolumeId: FREE, AutoEnableIO: { Value: false } });
    await assert.rejects(describeVolumeAttribute({ VolumeId: FREE, Attribute: 'size' as 'autoEnableIO' }, context), refusal('InvalidParameterValue'));
  });
});
