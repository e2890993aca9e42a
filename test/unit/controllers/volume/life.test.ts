import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { SnapshotDefinition, type SnapshotSpec } from '../../../../operator/api/storage/snapshot.ts';
import { VolumeDefinition, type VolumeSpec } from '../../../../operator/api/storage/volume.ts';
import { VolumeSnapshotContent } from '../../../../operator/controllers/volume-snapshot.ts';
import { ObservedWrite } from '../../../../operator/kubernetes/observed-write.ts';
import { PersistentVolumeClaim, Snapshot, Volume } from '../../../../operator/kubernetes/resources.ts';
import type { Write } from '../../../../operator/kubernetes/write.ts';
import { storageWorld, type StorageWorld } from '../../../support/storage-world.ts';

class Crash extends Error {}

function dyingWrite({ cluster }: StorageWorld, last: number): { write: Write; writes: () => number } {
  let count = 0;
  const written = (): void => {
    count += 1;
    if (count === last) throw new Crash();
  };
  return { write: new ObservedWrite(cluster, { written, removing: () => written }), writes: () => count };
}

const add = async ({ cluster }: StorageWorld, name: string, spec: Partial<VolumeSpec>, namespace = 'team'): Promise<Volume> => {
  const { apiVersion, kind } = VolumeDefinition;
  return cluster.create(Volume, { apiVersion, kind, metadata: { name, namespace }, spec: VolumeDefinition.spec.parse({ size: 1, ...spec }) });
};
const snap = async ({ cluster }: StorageWorld, name: string, spec: Partial<SnapshotSpec>, namespace = 'team'): Promise<Snapshot> => {
  const { apiVersion, kind } = SnapshotDefinition;
  return cluster.create(Snapshot, { apiVersion, kind, metadata: { name, namespace }, spec: SnapshotDefinition.spec.parse(spec) });
};

/** A life with everything in it: made, grown, cut, shared, copied, restored, removed. */
async function live(world: StorageWorld, settle: () => Promise<void>): Promise<string[]> {
  const { cluster } = world;
  const seen: string[] = [];
  const tell = async (): Promise<void> => {
    await settle();
    seen.push(
      [...cluster.list(Volume).map(({ metadata, status }) => `${metadata.name} ${status?.state ?? ''} ${status?.size ?? ''}`), ...cluster.list(Snapshot).map(({ metadata, status }) => `${metadata.name} ${status?.state ?? ''}`)]
        .sort()
        .join(', '),
    );
  };
  await add(world, 'data', { availabilityZone: 'us-east-1b' });
  await tell();
  await cluster.patch(Volume, { namespace: 'team', name: 'data' }, { spec: { size: 3 } });
  await tell();
  const cut = await snap(world, 'cut', { volumeId: 'data', createVolumePermissionAccountIds: ['444455556666'] });
  await tell();
  await add(world, 'theirs', { snapshotId: ec2IdOf('snap', cut), size: 5, availabilityZone: 'us-east-1a' }, 'other');
  await snap(world, 'copy', { sourceSnapshotId: ec2IdOf('snap', cut) }, 'other');
  await tell();
  await cluster.remove(Snapshot, { namespace: 'team', name: 'cut' });
  await cluster.remove(Volume, { namespace: 'team', name: 'data' });
  await tell();
  await cluster.remove(Volume, { namespace: 'other', name: 'theirs' });
  await cluster.remove(Snapshot, { namespace: 'other', name: 'copy' });
  await tell();
  return seen;
}

describe('the life of volumes and snapshots', () => {
  it('ends with nothing left, and a crash between any two writes changes nothing of it', async () => {
    const undisturbed = storageWorld();
    const counting = dyingWrite(undisturbed, Infinity);
    const want = await live(undisturbed, () => undisturbed.settle(counting.write));
    assert.deepEqual(want, [
      'data available 1',
      'data available 3',
      'cut completed, data available 3',
      'copy completed, cut completed, data available 3, theirs available 5',
      'copy completed, theirs available 5',
      '',
    ]);
    assert.deepEqual(undisturbed.remains(), []);
    assert.ok(counting.writes() > 20, `only ${String(counting.writes())} writes were seen`);
    for (let last = 1; last <= counting.writes(); last += 1) {
      const world = storageWorld();
      const { write } = dyingWrite(world, last);
      const got = await live(world, () => world.settle(write, (error) => error instanceof Crash));
      assert.deepEqual(got, want, `after a crash behind write ${String(last)}`);
      assert.deepEqual(world.remains(), [], `after a crash behind write ${String(last)}`);
    }
  });

  for (const seed of [1, 2, 3]) {
    it(`leaves nothing behind whatever is done in whatever order (seed ${String(seed)})`, async () => {
      const world = storageWorld();
      const { cluster } = world;
      let state = seed;
      const random = (below: number): number => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return Math.floor((state / 2147483648) * below);
      };
      for (let step = 0; step < 120; step += 1) {
        const volumes = cluster.list(Volume).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
        const snapshots = cluster.list(Snapshot).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
        const volume = volumes[random(volumes.length)];
        const snapshot = snapshots[random(snapshots.length)];
        const namespace = ['team', 'other'][random(2)] ?? 'team';
        const actions: (() => Promise<unknown>)[] = [
          () => add(world, `volume-${String(step)}`, { availabilityZone: 'us-east-1a' }, namespace),
          () => add(world, `restored-${String(step)}`, { snapshotId: snapshot && ec2IdOf('snap', snapshot), size: 9 }, namespace),
          () => snap(world, `copy-${String(step)}`, { sourceSnapshotId: snapshot ? ec2IdOf('snap', snapshot) : 'none' }, namespace),
          async () => volume && snap(world, `cut-${String(step)}`, { volumeId: volume.metadata.name, public: random(2) === 0 }, volume.metadata.namespace),
          async () => volume && cluster.patch(Volume, { namespace: volume.metadata.namespace, name: volume.metadata.name }, { spec: { size: (volume.spec.size ?? 1) + 1 } }),
          async () => volume && cluster.remove(Volume, { namespace: volume.metadata.namespace, name: volume.metadata.name }),
          async () => snapshot && cluster.remove(Snapshot, { namespace: snapshot.metadata.namespace, name: snapshot.metadata.name }),
        ];
        await actions[random(actions.length)]?.();
        if (random(3) === 0) await world.settle();
      }
      for (const { metadata } of cluster.list(Volume)) await cluster.remove(Volume, { namespace: metadata.namespace, name: metadata.name });
      for (const { metadata } of cluster.list(Snapshot)) await cluster.remove(Snapshot, { namespace: metadata.namespace, name: metadata.name });
      await world.settle();
      assert.deepEqual(world.remains(), []);
    });
  }

  it('binds the snapshot of another account for the time of the copy only, and never so that it would go with it', async () => {
    const world = storageWorld();
    await add(world, 'data', { availabilityZone: 'us-east-1b' });
    const cut = await snap(world, 'cut', { volumeId: 'data', public: true });
    await world.settle();
    const policies = new Set<string>();
    world.cluster.onChange(({ object }) => {
      if (object.kind === VolumeSnapshotContent.kind && object.metadata?.name?.startsWith('kube-ec2-')) policies.add((object as VolumeSnapshotContent).spec.deletionPolicy);
    });
    await add(world, 'theirs', { snapshotId: ec2IdOf('snap', cut), size: 1, availabilityZone: 'us-east-1a' }, 'other');
    await world.settle();
    assert.deepEqual([...policies], ['Retain']);
    assert.deepEqual(world.remains().filter((name) => name.includes('kube-ec2-')), []);
  });

  it('has disks made in the zone that was asked for', async () => {
    const world = storageWorld();
    const volume = await add(world, 'data', { availabilityZone: 'us-east-1b' });
    await world.settle();
    const claim = world.cluster.get(PersistentVolumeClaim, { namespace: 'team', name: ec2IdOf('vol', volume) });
    assert.equal(claim?.metadata?.annotations?.['volume.kubernetes.io/selected-node'], 'node-2');
  });
});
