import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { SnapshotDefinition, type Snapshot } from '../../../../operator/api/storage/snapshot.ts';
import { VolumeDefinition } from '../../../../operator/api/storage/volume.ts';
import { instanceIdOf, volumeIdOf } from '../../../../operator/controllers/instance/identity.ts';
import { VolumeSnapshot, VolumeSnapshotContent } from '../../../../operator/controllers/volume-snapshot.ts';
import { Ami, PersistentVolumeClaim, Volume } from '../../../../operator/kubernetes/resources.ts';
import { containerDiskAmi, instanceWorld, WORLD_ACCOUNT_ID, WORLD_NAMESPACE, type InstanceWorld } from '../../../support/instance-world.ts';

const namespace = WORLD_NAMESPACE;
const SNAPSHOT = 'snap-00000000000000001';
const IMAGE = 'ami-00000000000000001';
const shared = { launchPermissionAccountIds: [WORLD_ACCOUNT_ID] };

function snapshotIn(owner: string, creationTimestamp: string, spec: Partial<Snapshot['spec']> = {}): (Snapshot | VolumeSnapshotContent)[] {
  const { apiVersion, kind } = SnapshotDefinition;
  return [
    {
      apiVersion,
      kind,
      metadata: { name: SNAPSHOT, namespace: owner, uid: `uid-${owner}`, creationTimestamp },
      spec: SnapshotDefinition.spec.parse({ volumeId: 'data', ...spec }),
      status: { state: 'completed', volumeSize: 3, volumeMode: 'Block', volumeSnapshotName: SNAPSHOT, volumeSnapshotContentName: `content-${owner}` },
    },
    {
      apiVersion: VolumeSnapshotContent.apiVersion,
      kind: VolumeSnapshotContent.kind,
      metadata: { name: `content-${owner}` },
      spec: { driver: 'csi.example', deletionPolicy: 'Delete', source: { volumeHandle: 'x' }, volumeSnapshotRef: { name: SNAPSHOT, namespace: owner } },
      status: { snapshotHandle: `handle-${owner}`, readyToUse: true },
    },
  ];
}

const imageOf = (spec: Partial<Ami['spec']>): Ami => ({
  ...containerDiskAmi(IMAGE, { source: { snapshot: { snapshotId: SNAPSHOT } }, rootVolumeSize: 2, ...spec }, 'other'),
  status: { state: 'available', blockDeviceMappings: [{ deviceName: '/dev/xvda', ebs: { volumeSize: 3, snapshotId: SNAPSHOT } }] },
});
const theirs = snapshotIn('other', '2026-01-01T00:00:00Z');
const world = (spec: Partial<Ami['spec']>, ...more: Snapshot[]): InstanceWorld => instanceWorld({ imageId: IMAGE }, imageOf(spec), ...theirs, ...more);
const rootOf = (of: InstanceWorld): string => volumeIdOf(of.instance(), '/dev/xvda');
const claimOf = (of: InstanceWorld, name: string): PersistentVolumeClaim | undefined => of.cluster.get(PersistentVolumeClaim, { namespace, name });
const handleOf = (of: InstanceWorld, volumeId: string): string | undefined =>
  of.cluster.list(VolumeSnapshotContent).find(({ spec }) => spec.volumeSnapshotRef.namespace === namespace && spec.volumeSnapshotRef.name === `${volumeId}-source`)?.spec.source.snapshotHandle;

describe('an image of another account, made of a snapshot that is not shared', () => {
  it('is launched by whoever has launch permission: the disk is made of the snapshot, which never goes with it', async () => {
    const launched = world(shared);
    await launched.settle();
    const volumeId = rootOf(launched);
    const claim = claimOf(launched, volumeId);
    assert.deepEqual(claim?.spec?.dataSource, { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: `${volumeId}-source` });
    assert.deepEqual([claim.spec.resources?.requests?.['storage'], claim.spec.volumeMode], ['3Gi', 'Block']);
    assert.equal(handleOf(launched, volumeId), 'handle-other');
    assert.deepEqual(launched.cluster.list(VolumeSnapshotContent).map(({ spec }) => spec.deletionPolicy).toSorted(), ['Delete', 'Retain']);
    assert.equal(launched.cluster.get(Volume, { namespace, name: volumeId })?.status?.snapshotId, SNAPSHOT);
    assert.ok(launched.kubevirt.vm);
  });

  it('is launched by everybody once it is public', async () => {
    const launched = world({ public: true });
    await launched.settle();
    assert.ok(claimOf(launched, rootOf(launched)));
  });

  it('runs on and starts again after the permission was withdrawn, and is launched no more', async () => {
    const launched = world(shared);
    await launched.settle();
    launched.kubevirt.start();
    await launched.settle();
    await launched.cluster.patch(Ami, { namespace: 'other', name: IMAGE }, { spec: { launchPermissionAccountIds: [] } });
    await launched.change({ powerState: 'stopped' });
    await launched.kubevirt.end();
    await launched.settle();
    assert.equal(launched.instance().status?.state, 'stopped');
    await launched.change({ powerState: 'running' });
    launched.kubevirt.start();
    await launched.settle();
    assert.equal(launched.instance().status?.state, 'running');

    const late = world({});
    await late.settle();
    assert.equal(late.instance().status?.conditions?.find(({ type }) => type === 'Launchable')?.reason, 'AmiNotFound');
    assert.deepEqual(late.cluster.list(Volume), []);
  });

  it('waits for the permission where its disk was not made before that was withdrawn', async () => {
    const { apiVersion, kind } = VolumeDefinition;
    const early = world({});
    const name = rootOf(early);
    const attachment = { instanceId: instanceIdOf(early.instance()), device: '/dev/xvda' };
    early.cluster.add({ apiVersion, kind, metadata: { name, namespace, uid: 'uid-root' }, spec: VolumeDefinition.spec.parse({ snapshotId: SNAPSHOT, attachment }) } as Volume);
    await early.settle();
    assert.equal(claimOf(early, name), undefined);
    await early.cluster.patch(Ami, { namespace: 'other', name: IMAGE }, { spec: { ...shared } });
    await early.settle();
    assert.equal(handleOf(early, name), 'handle-other');
  });

  it("is never made of a snapshot of the same id in a third account", async () => {
    const launched = world(shared, ...(snapshotIn('evil', '2025-01-01T00:00:00Z', { public: true }) as Snapshot[]));
    await launched.settle();
    assert.equal(handleOf(launched, rootOf(launched)), 'handle-other');
  });

  describe('lends its snapshot to nothing but the launch: not to', () => {
    const volumes: Record<string, (of: InstanceWorld) => { name: string; attachment?: { instanceId: string; device: string } }> = {
      'a Volume by kubectl': () => ({ name: 'mine' }),
      'a Volume by kubectl for another device of the instance': () => ({ name: 'mine', attachment: { instanceId: 'web-1', device: '/dev/sdf' } }),
      'a Volume by kubectl under the very device': () => ({ name: 'mine', attachment: { instanceId: 'web-1', device: '/dev/xvda' } }),
      'a Volume by kubectl with the name of a device that the image does not have': (of) => ({
        name: volumeIdOf(of.instance(), '/dev/sdf'),
        attachment: { instanceId: 'web-1', device: '/dev/sdf' },
      }),
    };
    for (const [name, volumeFor] of Object.entries(volumes)) {
      it(name, async () => {
        const { apiVersion, kind } = VolumeDefinition;
        const launched = world(shared);
        const { name: volumeName, ...spec } = volumeFor(launched);
        const volume: Volume = { apiVersion, kind, metadata: { name: volumeName, namespace, uid: 'uid-mine' }, spec: VolumeDefinition.spec.parse({ snapshotId: SNAPSHOT, availabilityZone: 'us-east-1a', ...spec }) };
        launched.cluster.add(volume);
        await launched.settle();
        const found = launched.cluster.get(Volume, { namespace, name: volumeName });
        assert.equal(found?.status?.conditions?.find(({ type }) => type === 'Available')?.reason, 'SnapshotNotFound');
        assert.equal(claimOf(launched, ec2IdOf('vol', volume)), undefined);
        assert.equal(launched.cluster.get(VolumeSnapshot, { namespace, name: `${ec2IdOf('vol', volume)}-source` }), undefined);
      });
    }
  });
});
