import assert from 'node:assert/strict';
import type { DescribeSnapshotsRequest, ModifySnapshotAttributeRequest } from '@aws-sdk/client-ec2';
import { copySnapshot } from '../../../../../operator/endpoint/ec2/snapshots/CopySnapshot.ts';
import { createSnapshot } from '../../../../../operator/endpoint/ec2/snapshots/CreateSnapshot.ts';
import { createSnapshots } from '../../../../../operator/endpoint/ec2/snapshots/CreateSnapshots.ts';
import { deleteSnapshot } from '../../../../../operator/endpoint/ec2/snapshots/DeleteSnapshot.ts';
import { describeSnapshotAttribute } from '../../../../../operator/endpoint/ec2/snapshots/DescribeSnapshotAttribute.ts';
import { describeSnapshots } from '../../../../../operator/endpoint/ec2/snapshots/DescribeSnapshots.ts';
import { modifySnapshotAttribute } from '../../../../../operator/endpoint/ec2/snapshots/ModifySnapshotAttribute.ts';
import { resetSnapshotAttribute } from '../../../../../operator/endpoint/ec2/snapshots/ResetSnapshotAttribute.ts';
import { Snapshot } from '../../../../../operator/kubernetes/resources.ts';
import { anAccount, anAmi, aStorageClass, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { anAttachedVolume, aSnapshot, aVolume } from '../../../../support/volume-objects.ts';

const STRANGER = '210987654321';
const INSTANCE = 'i-00000000000000001';
const ROOT = 'vol-00000000000000001';
const DATA = 'vol-00000000000000002';
const [MINE, PENDING, COPIED, SHARED, PUBLIC, PRIVATE] = ['1', '2', '3', 'd', 'e', 'f'].map((digit) => `snap-0000000000000000${digit}`) as [string, string, string, string, string, string];

function clusterOf(): FakeCluster {
  return new FakeCluster({
    objects: [
      theAccount(),
      anAccount('stranger', STRANGER),
      aStorageClass('standard', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
      anInstance(INSTANCE, { status: { rootDeviceName: '/dev/xvda' } }),
      anAttachedVolume(ROOT, INSTANCE, '/dev/xvda', { tags: [{ key: 'of', value: 'root' }] }),
      anAttachedVolume(DATA, INSTANCE, '/dev/sdf', { size: 3 }),
      aVolume('vol-00000000000000003', { status: { state: 'creating' } }),
      aSnapshot(MINE, { description: 'golden', tags: [{ key: 'a', value: 'b' }] }),
      aSnapshot(PENDING, { creationTimestamp: '2026-01-02T00:00:00Z', status: { state: 'pending', progress: 50, stateMessage: 'being kept' } }),
      aSnapshot(COPIED, { creationTimestamp: '2026-01-03T00:00:00Z', volumeId: undefined, sourceSnapshotId: MINE, createVolumePermissionAccountIds: [STRANGER] }),
      aSnapshot(SHARED, { namespace: 'stranger', creationTimestamp: '2026-01-04T00:00:00Z', createVolumePermissionAccountIds: [ACCOUNT_ID], tags: [{ key: 'a', value: 'b' }] }),
      aSnapshot(PUBLIC, { namespace: 'stranger', creationTimestamp: '2026-01-05T00:00:00Z', public: true }),
      aSnapshot(PRIVATE, { namespace: 'stranger' }),
      anAmi('ami-00000000000000001', { source: { snapshot: { snapshotId: COPIED } } }),
    ],
  });
}

const refusal = (code: string, message: RegExp = /./): object => ({ name: 'AwsError', code, message });

describe('DescribeSnapshots', () => {
  const context = operationContext(clusterOf());
  const idsOf = async (input: DescribeSnapshotsRequest): Promise<string[]> => ((await describeSnapshots(input, context)).Snapshots ?? []).map(({ SnapshotId = '' }) => SnapshotId);

  it('shows a snapshot with all that clients need', async () => {
    assert.deepEqual((await describeSnapshots({ SnapshotIds: [PENDING] }, context)).Snapshots?.[0], {
      SnapshotId: PENDING, VolumeId: ROOT, State: 'pending', StateMessage: 'being kept', Progress: '50%', StartTime: new Date('2026-01-01T00:01:00Z'), OwnerId: ACCOUNT_ID,
      Description: '', Encrypted: false, VolumeSize: 8, StorageTier: 'standard', Tags: [],
    });
  });

  const cases: Record<string, { input: DescribeSnapshotsRequest; want: string[] }> = {
    'all that the caller may make volumes of': { input: {}, want: [MINE, PENDING, COPIED, SHARED, PUBLIC] },
    'the own ones': { input: { OwnerIds: ['self'] }, want: [MINE, PENDING, COPIED] },
    'those of another account': { input: { OwnerIds: [STRANGER] }, want: [SHARED, PUBLIC] },
    'none of amazon': { input: { OwnerIds: ['amazon'] }, want: [] },
    'those that everybody may use': { input: { RestorableByUserIds: ['all'] }, want: [PUBLIC] },
    'those shared with the caller, and its own': { input: { RestorableByUserIds: ['self'] }, want: [MINE, PENDING, COPIED, SHARED] },
    'those shared with another': { input: { RestorableByUserIds: [STRANGER], OwnerIds: ['self'] }, want: [COPIED] },
    'by status': { input: { Filters: [{ Name: 'status', Values: ['pending'] }] }, want: [PENDING] },
    'by description and volume': { input: { Filters: [{ Name: 'description', Values: ['gold*'] }, { Name: 'volume-id', Values: [ROOT] }] }, want: [MINE] },
    'by tag, which is the owner’s to see': { input: { Filters: [{ Name: 'tag:a', Values: ['b'] }] }, want: [MINE] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) it(`lists ${name}`, async () => assert.deepEqual(await idsOf(input), want));

  it('does not know what the caller may not see', async () => {
    await assert.rejects(describeSnapshots({ SnapshotIds: [PRIVATE] }, context), refusal('InvalidSnapshot.NotFound'));
    await assert.rejects(describeSnapshots({ SnapshotIds: ['snap-x'] }, context), refusal('InvalidSnapshotID.Malformed'));
    await assert.rejects(describeSnapshots({ Filters: [{ Name: 'colour', Values: ['red'] }] }, context), refusal('InvalidParameterValue'));
  });
});

describe('making snapshots', () => {
  it('of a volume, of its size from the start', async () => {
    const cluster = clusterOf();
    const made = await createSnapshot({ VolumeId: DATA, Description: 'x', TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'k', Value: 'v' }] }] }, operationContext(cluster));
    assert.deepEqual([made.State, made.Progress, made.VolumeSize, made.OwnerId], ['pending', '0%', 3, ACCOUNT_ID]);
    const { spec } = cluster.get(Snapshot, { namespace: NAMESPACE, name: made.SnapshotId ?? '' }) ?? assert.fail('no snapshot');
    assert.deepEqual(spec, { volumeId: DATA, description: 'x', public: false, tags: [{ key: 'k', value: 'v' }] });
  });

  it('of all volumes of an instance, as one set, with the tags of the volumes if asked for', async () => {
    const cluster = clusterOf();
    const { Snapshots = [] } = await createSnapshots({ InstanceSpecification: { InstanceId: INSTANCE }, CopyTagsFromSource: 'volume' }, operationContext(cluster));
    const made = Snapshots.map(({ SnapshotId = '' }) => cluster.get(Snapshot, { namespace: NAMESPACE, name: SnapshotId }));
    assert.deepEqual(made.map((snapshot) => snapshot?.spec.volumeId).sort(), [ROOT, DATA]);
    assert.deepEqual([new Set(made.map((snapshot) => snapshot?.spec.set?.name)).size, made[0]?.spec.set?.size], [1, 2]);
    assert.deepEqual(made.find((snapshot) => snapshot?.spec.volumeId === ROOT)?.spec.tags, [{ key: 'of', value: 'root' }]);
  });

  it('of an instance without its boot volume', async () => {
    const { Snapshots } = await createSnapshots({ InstanceSpecification: { InstanceId: INSTANCE, ExcludeBootVolume: true } }, operationContext(clusterOf()));
    assert.deepEqual(Snapshots?.map(({ VolumeId }) => VolumeId), [DATA]);
  });

  it('by copying one that is shared', async () => {
    const cluster = clusterOf();
    const { SnapshotId = '' } = await copySnapshot({ SourceRegion: 'us-east-1', SourceSnapshotId: SHARED }, operationContext(cluster));
    assert.equal(cluster.get(Snapshot, { namespace: NAMESPACE, name: SnapshotId })?.spec.sourceSnapshotId, SHARED);
  });

  const refusals: Record<string, { act: (context: ReturnType<typeof operationContext>) => Promise<unknown>; code: string }> = {
    'of a volume that is not there': { act: (context) => createSnapshot({ VolumeId: 'vol-00000000000000009' }, context), code: 'InvalidVolume.NotFound' },
    'of a volume without a disk': { act: (context) => createSnapshot({ VolumeId: 'vol-00000000000000003' }, context), code: 'IncorrectState' },
    'with a long description': { act: (context) => createSnapshot({ VolumeId: DATA, Description: 'x'.repeat(256) }, context), code: 'InvalidParameterValue' },
    'of an instance that is not there': { act: (context) => createSnapshots({ InstanceSpecification: { InstanceId: 'i-00000000000000009' } }, context), code: 'InvalidInstanceID.NotFound' },
    'without a volume that the instance does not have': {
      act: (context) => createSnapshots({ InstanceSpecification: { InstanceId: INSTANCE, ExcludeDataVolumeIds: ['vol-00000000000000003'] } }, context),
      code: 'InvalidParameterValue',
    },
    'as a copy from another region': { act: (context) => copySnapshot({ SourceRegion: 'eu-west-1', SourceSnapshotId: MINE }, context), code: 'InvalidParameterValue' },
    'as a copy of what is not shared': { act: (context) => copySnapshot({ SourceRegion: 'us-east-1', SourceSnapshotId: PRIVATE }, context), code: 'InvalidSnapshot.NotFound' },
    'as a copy of what is not completed': { act: (context) => copySnapshot({ SourceRegion: 'us-east-1', SourceSnapshotId: PENDING }, context), code: 'IncorrectState' },
    'as a copy that is encrypted': { act: (context) => copySnapshot({ SourceRegion: 'us-east-1', SourceSnapshotId: MINE, Encrypted: true }, context), code: 'UnsupportedOperation' },
  };
  for (const [name, { act, code }] of Object.entries(refusals)) {
    it(`is refused ${name}`, async () => {
      const cluster = clusterOf();
      await assert.rejects(act(operationContext(cluster)), refusal(code));
      assert.deepEqual(cluster.writes, []);
    });
  }
});

describe('snapshots: sharing and deleting', () => {
  const change = (input: Partial<ModifySnapshotAttributeRequest>, cluster: FakeCluster): Promise<void> => modifySnapshotAttribute({ SnapshotId: COPIED, ...input }, operationContext(cluster));
  const sharedWith = (cluster: FakeCluster): unknown => {
    const { spec } = cluster.get(Snapshot, { namespace: NAMESPACE, name: COPIED }) ?? assert.fail('no snapshot');
    return [spec.public, spec.createVolumePermissionAccountIds];
  };

  const cases: Record<string, { input: Partial<ModifySnapshotAttributeRequest>; want: unknown }> = {
    'adds and removes accounts': {
      input: { CreateVolumePermission: { Add: [{ UserId: '333333333333' }, { Group: 'all' }], Remove: [{ UserId: STRANGER }] } },
      want: [true, ['333333333333']],
    },
    'adds by the older form': { input: { Attribute: 'createVolumePermission', OperationType: 'add', UserIds: ['333333333333'] }, want: [false, [STRANGER, '333333333333']] },
    'removes the last': { input: { OperationType: 'remove', UserIds: [STRANGER] }, want: [false, undefined] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => {
      const cluster = clusterOf();
      await change(input, cluster);
      assert.deepEqual(sharedWith(cluster), want);
    });
  }

  it('loses no account of calls at the same time', async () => {
    const cluster = clusterOf();
    const accounts = ['1', '2', '3', '4'].map((digit) => digit.repeat(12));
    await Promise.all(accounts.map((UserId) => change({ CreateVolumePermission: { Add: [{ UserId }] } }, cluster)));
    assert.deepEqual(sharedWith(cluster), [false, [STRANGER, ...accounts]]);
  });

  it('shows and resets the permission', async () => {
    const cluster = clusterOf();
    const context = operationContext(cluster);
    assert.deepEqual((await describeSnapshotAttribute({ SnapshotId: COPIED, Attribute: 'createVolumePermission' }, context)).CreateVolumePermissions, [{ UserId: STRANGER }]);
    await resetSnapshotAttribute({ SnapshotId: COPIED, Attribute: 'createVolumePermission' }, context);
    assert.deepEqual(sharedWith(cluster), [false, undefined]);
  });

  const refusals: Record<string, { input: Partial<ModifySnapshotAttributeRequest>; code: string }> = {
    'nobody': { input: {}, code: 'MissingParameter' },
    'no operation': { input: { UserIds: [STRANGER] }, code: 'MissingParameter' },
    'an account that is none': { input: { CreateVolumePermission: { Add: [{ UserId: 'x' }] } }, code: 'InvalidParameterValue' },
    'a group that is none': { input: { CreateVolumePermission: { Add: [{ Group: 'some' as 'all' }] } }, code: 'InvalidParameterValue' },
    'somebody else’s snapshot': { input: { SnapshotId: SHARED, OperationType: 'add', UserIds: [STRANGER] }, code: 'InvalidSnapshot.NotFound' },
    'another attribute': { input: { Attribute: 'productCodes', OperationType: 'add', UserIds: [STRANGER] }, code: 'InvalidParameterValue' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) it(`refuses ${name}`, () => assert.rejects(change(input, clusterOf()), refusal(code)));

  it('deletes what no image is made of', async () => {
    const cluster = clusterOf();
    await deleteSnapshot({ SnapshotId: MINE }, operationContext(cluster));
    assert.equal(cluster.get(Snapshot, { namespace: NAMESPACE, name: MINE }), undefined);
    await assert.rejects(deleteSnapshot({ SnapshotId: COPIED }, operationContext(cluster)), refusal('InvalidSnapshot.InUse', /ami-00000000000000001/));
    await assert.rejects(deleteSnapshot({ SnapshotId: SHARED }, operationContext(cluster)), refusal('InvalidSnapshot.NotFound'));
  });
});
