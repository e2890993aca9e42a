import assert from 'node:assert/strict';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { isNotFound, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { CSI_DRIVER, IMMEDIATE_CLASS } from '../../hack/control-plane/storage-objects.ts';
import { newNamespace, sharedControlPlane } from '../support/control-plane.ts';
import { openForEachTry } from '../support/tries.ts';

interface Claim extends AnyObject {
  spec: { volumeName?: string };
  status?: { phase?: string; capacity?: { storage?: string } };
}

interface PersistentVolume extends AnyObject {
  spec: {
    csi: { driver: string; volumeHandle: string; volumeAttributes: { content: string } };
    nodeAffinity?: { required: { nodeSelectorTerms: { matchExpressions: { key: string; values: string[] }[] }[] } };
  };
}

interface Snapshot extends AnyObject {
  status?: { readyToUse?: boolean; creationTime?: string; restoreSize?: string; boundVolumeSnapshotContentName?: string; error?: { message: string } };
}

const snapshotKind = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot' };

describe('storage of the control plane: real CSI sidecars', () => {
  let plane: ControlPlane;
  let namespace: string;

  openForEachTry(async () => {
    plane = await sharedControlPlane();
    namespace = await newNamespace(plane, 'storage');
  });

  const claims = (): string => `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
  const snapshots = (): string => `/apis/snapshot.storage.k8s.io/v1/namespaces/${namespace}/volumesnapshots`;

  async function claim(name: string, spec: Record<string, unknown>, annotations: Record<string, string> = {}): Promise<void> {
    const resources = { requests: { storage: '1Gi' } };
    await plane.client.create(claims(), { metadata: { name, annotations }, spec: { accessModes: ['ReadWriteOnce'], volumeMode: 'Block', resources, ...spec } });
  }

  async function boundVolume(name: string): Promise<PersistentVolume> {
    const bound = await eventually(`claim ${name} is bound`, 120, async () => {
      const found = await plane.client.get<Claim>(`${claims()}/${name}`);
      return found.status?.phase === 'Bound' ? found : undefined;
    });
    return plane.client.get<PersistentVolume>(`/api/v1/persistentvolumes/${String(bound.spec.volumeName)}`);
  }

  async function readySnapshot(name: string): Promise<Snapshot> {
    return eventually(`snapshot ${name} is ready`, 120, async () => {
      const found = await plane.client.get<Snapshot>(`${snapshots()}/${name}`);
      return found.status?.readyToUse === true ? found : undefined;
    });
  }

  const zonesOf = ({ spec }: PersistentVolume): string[] | undefined => spec.nodeAffinity?.required.nodeSelectorTerms[0]?.matchExpressions[0]?.values;

  it('makes volumes where a node is selected, copies them, cuts snapshots and restores them, and removes all again', async () => {
    await claim('first', {}, { 'volume.kubernetes.io/selected-node': 'node-2' });
    const first = await boundVolume('first');
    assert.equal(first.spec.csi.driver, CSI_DRIVER);
    assert.deepEqual(zonesOf(first), ['us-east-1b']);

    await claim('copy', { storageClassName: IMMEDIATE_CLASS, dataSource: { kind: 'PersistentVolumeClaim', name: 'first' } });
    assert.equal((await boundVolume('copy')).spec.csi.volumeAttributes.content, first.spec.csi.volumeHandle, 'the copy holds what its source holds');

    await plane.client.create(snapshots(), { ...snapshotKind, metadata: { name: 'cut' }, spec: { source: { persistentVolumeClaimName: 'first' } } });
    const cut = await readySnapshot('cut');
    assert.equal(cut.status?.restoreSize, '1Gi');
    const content = `/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents/${String(cut.status?.boundVolumeSnapshotContentName)}`;
    const dataSource = { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'cut' };
    await claim('restored', { storageClassName: IMMEDIATE_CLASS, dataSource, resources: { requests: { storage: '3Gi' } } });
    assert.equal((await boundVolume('restored')).spec.csi.volumeAttributes.content, first.spec.csi.volumeHandle);

    await plane.client.remove(`${snapshots()}/cut`);
    for (const name of ['first', 'copy', 'restored']) await plane.client.remove(`${claims()}/${name}`);
    await eventually('volume and snapshot content are gone', 120, async () => {
      const isGone = async (path: string): Promise<boolean> => plane.client.get(path).then(() => false, isNotFound);
      return (await isGone(`/api/v1/persistentvolumes/${String(first.metadata.name)}`)) && (await isGone(content));
    });
  });

  it('lets claims grow', async () => {
    await claim('grows', { storageClassName: IMMEDIATE_CLASS });
    await boundVolume('grows');
    await plane.client.patch(`${claims()}/grows`, 'merge', { spec: { resources: { requests: { storage: '2Gi' } } } });
    await eventually('it has grown', 120, async () => (await plane.client.get<Claim>(`${claims()}/grows`)).status?.capacity?.storage === '2Gi');
  });

  it('fails as the parameters of a class say, with an event that tells why', async () => {
    await plane.applier.apply([
      { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'broken' }, provisioner: CSI_DRIVER, parameters: { fail: 'the array is on fire' } },
    ]);
    await claim('burns', { storageClassName: 'broken' });
    await eventually('an event tells', 120, async () => {
      const { items } = await plane.client.get<{ items: { reason: string; message: string }[] }>(`/api/v1/namespaces/${namespace}/events`);
      return items.some(({ reason, message }) => reason === 'ProvisioningFailed' && message.includes('the array is on fire'));
    });
  });
});
