import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { AnyObject } from './kubernetes-client.ts';

/** Name of the simulated CSI driver (hack/tools/csi/driver). */
export const CSI_DRIVER = 'simulator.kube-ec2.io';
/** What its volumes are bound to: a volume is in one zone. */
export const CSI_TOPOLOGY_KEY = 'topology.kubernetes.io/zone';

/** StorageClass whose claims get their volumes at once, in any zone: for claims that nobody uses, such as images. */
export const IMMEDIATE_CLASS = 'immediate';

function storageClass(name: string, volumeBindingMode: string, annotations: Record<string, string> = {}): AnyObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name, annotations },
    provisioner: CSI_DRIVER,
    volumeBindingMode,
    reclaimPolicy: 'Delete',
    allowVolumeExpansion: true,
  };
}

/**
 * The driver and its classes: `standard`, the default, whose volumes are made where their first user runs, and `immediate`. The CSIDriver says that
 * nothing has to be attached, so the controller manager does not wait for an attacher.
 */
export function storageObjects(): AnyObject[] {
  return [
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSIDriver',
      metadata: { name: CSI_DRIVER },
      spec: { attachRequired: false, podInfoOnMount: false, storageCapacity: false, fsGroupPolicy: 'None' },
    },
    storageClass('standard', 'WaitForFirstConsumer', { 'storageclass.kubernetes.io/is-default-class': 'true' }),
    storageClass(IMMEDIATE_CLASS, 'Immediate'),
  ];
}

/** The kinds of CSI snapshots and of groups of them, out of the snapshotter's own module; its controller waits until all are served. */
export function snapshotDefinitions(folder: string): AnyObject[] {
  return readdirSync(folder)
    .filter((name) => name.includes('snapshot.storage.k8s.io_'))
    .map((name) => parse(readFileSync(join(folder, name), 'utf8')) as AnyObject & { status?: unknown })
    .map(({ status: _status, ...definition }) => definition);
}

/** The default VolumeSnapshotClass. */
export function snapshotClass(): AnyObject {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    metadata: { name: 'standard', annotations: { 'snapshot.storage.kubernetes.io/is-default-class': 'true' } },
    driver: CSI_DRIVER,
    deletionPolicy: 'Delete',
  };
}
