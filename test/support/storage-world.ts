import { ACCOUNT_ID_LABEL } from '../../operator/api/identity/account.ts';
import { defaultControllerSettings } from '../../operator/controllers/index.ts';
import { snapshotController } from '../../operator/controllers/snapshot/controller.ts';
import { VolumeSnapshot, VolumeSnapshotContent } from '../../operator/controllers/volume-snapshot.ts';
import { volumeController } from '../../operator/controllers/volume/controller.ts';
import type { KubernetesObject } from '../../operator/api/shared.ts';
import type { ObjectKey } from '../../operator/kubernetes/read.ts';
import type { ResourceKind } from '../../operator/kubernetes/resource-type.ts';
import { PersistentVolumeClaim, Snapshot, Volume } from '../../operator/kubernetes/resources.ts';
import type { Write } from '../../operator/kubernetes/write.ts';
import { mergePatchFrom } from '../../operator/kubernetes/merge-patch.ts';
import { silentLogger } from '../../operator/logger.ts';
import type { AnyController } from '../../operator/runtime/reconcile.ts';
import { aNode, aStorageClass } from './cluster-objects.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeCluster } from './fake-cluster.ts';

/** Two accounts, their volumes and snapshots, and a storage that makes what is asked for. */
export interface StorageWorld {
  cluster: FakeCluster;
  clock: FakeClock;
  /** Controllers and storage work until nothing changes; `write` may die. What it throws that `isCrash` knows ends a pass only. */
  settle(write?: Write, isCrash?: (error: unknown) => boolean): Promise<void>;
  /** Everything that a volume or snapshot may leave behind, in all namespaces. */
  remains(): string[];
}

const kinds = [Volume, Snapshot, PersistentVolumeClaim, VolumeSnapshot, VolumeSnapshotContent];

/** Makes such a world, empty, with zones a and b. */
export function storageWorld(namespaces: Readonly<Record<string, string>> = { team: '111122223333', other: '444455556666' }): StorageWorld {
  const clock = new FakeClock('2026-01-01T10:00:00Z');
  const cluster = new FakeCluster({
    clock,
    objects: [
      ...Object.entries(namespaces).map(([name, id]) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [ACCOUNT_ID_LABEL]: id } } })),
      aNode('node-1', { zone: 'us-east-1a' }),
      aNode('node-2', { zone: 'us-east-1b' }),
      aStorageClass('standard', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
    ],
  });
  const controllers = [volumeController(defaultControllerSettings), snapshotController(defaultControllerSettings)];
  const settle = async (write: Write = cluster, isCrash: (error: unknown) => boolean = () => false): Promise<void> => {
    let hasCrashed = false;
    for (let round = 0, before = -1; ; round += 1) {
      const changes = cluster.writes.length;
      if (changes === before && !hasCrashed) return;
      hasCrashed = false;
      if (round > 60) throw new Error('it does not come to rest');
      before = changes;
      for (const controller of controllers) {
        for (const { metadata } of cluster.list(controller.type)) {
          await pass(controller, { namespace: metadata?.namespace, name: metadata?.name ?? '' }, write).catch((error: unknown) => {
            if (!isCrash(error)) throw error;
            hasCrashed = true;
          });
        }
      }
      await work(cluster);
    }
  };
  const pass = async (controller: AnyController, key: ObjectKey, write: Write): Promise<void> => {
    const object = cluster.get(controller.type, key);
    if (object === undefined) return;
    const limited = cluster.as(controller.permissions);
    const outcome = await controller.reconcile(object, { read: limited, live: limited, write, clock, log: silentLogger() });
    const patch = outcome === undefined ? undefined : mergePatchFrom((object as { status?: unknown }).status ?? {}, outcome.status ?? {});
    if (patch !== undefined) await write.patchStatus(controller.type, key, { status: patch });
  };
  const nameOf = ({ metadata }: { metadata?: { namespace?: string; name?: string } }): string => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`;
  return {
    cluster,
    clock,
    settle,
    remains: () => (kinds as readonly ResourceKind[]).flatMap((type) => cluster.list<KubernetesObject>(type).map((object) => `${type.kind} ${nameOf(object)}`)),
  };
}

/** What provisioner, snapshotter, resizer and garbage collector do. */
async function work(cluster: FakeCluster): Promise<void> {
  cluster.collectGarbage();
  for (const claim of cluster.list(PersistentVolumeClaim)) {
    const { namespace, name = '' } = claim.metadata ?? {};
    const storage = claim.spec?.resources?.requests?.['storage'];
    if (claim.status?.phase === 'Bound' && claim.status.capacity?.['storage'] === storage) continue;
    await cluster.patchStatus(PersistentVolumeClaim, { namespace, name }, { status: { phase: 'Bound', capacity: { storage } } });
  }
  for (const snapshot of cluster.list(VolumeSnapshot)) {
    const { namespace, name = '' } = snapshot.metadata ?? {};
    if (snapshot.status?.readyToUse === true) continue;
    const { volumeSnapshotContentName = `content-${name}` } = snapshot.spec?.source ?? {};
    if (cluster.get(VolumeSnapshotContent, { name: volumeSnapshotContentName }) === undefined) {
      cluster.add({
        apiVersion: VolumeSnapshotContent.apiVersion,
        kind: VolumeSnapshotContent.kind,
        metadata: { name: volumeSnapshotContentName },
        spec: { driver: 'csi.example', deletionPolicy: 'Delete', source: { volumeHandle: 'x' }, volumeSnapshotRef: { name, namespace } },
        status: { snapshotHandle: `handle-${name}`, readyToUse: true },
      } as VolumeSnapshotContent);
    }
    const status = { readyToUse: true, creationTime: '2026-01-01T10:00:01Z', restoreSize: '1Gi', boundVolumeSnapshotContentName: volumeSnapshotContentName };
    await cluster.patchStatus(VolumeSnapshot, { namespace, name }, { status });
  }
  for (const content of cluster.list(VolumeSnapshotContent)) {
    const { name, namespace } = content.spec.volumeSnapshotRef;
    if (content.spec.deletionPolicy === 'Delete' && cluster.get(VolumeSnapshot, { namespace, name }) === undefined) await cluster.remove(VolumeSnapshotContent, { name: content.metadata?.name ?? '' });
  }
}
