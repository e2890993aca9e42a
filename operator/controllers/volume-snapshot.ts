import type { KubernetesObject } from '../api/shared.ts';
import type { ResourceType } from '../kubernetes/resource-type.ts';

/** A CSI snapshot. Its kind is installed with the CSI snapshotter only. */
export interface VolumeSnapshot extends KubernetesObject {
  spec?: {
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string };
    volumeSnapshotClassName?: string;
  };
  status?: {
    readyToUse?: boolean;
    creationTime?: string;
    restoreSize?: string;
    boundVolumeSnapshotContentName?: string;
    error?: { message?: string };
  };
}
/** Token of VolumeSnapshot. */
export const VolumeSnapshot: ResourceType<VolumeSnapshot> = {
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
  namespaced: true,
};

/** The cluster's side of a CSI snapshot: which snapshot of which driver it is. */
export interface VolumeSnapshotContent extends KubernetesObject {
  spec: {
    driver: string;
    deletionPolicy: 'Delete' | 'Retain';
    source: { volumeHandle?: string; snapshotHandle?: string };
    sourceVolumeMode?: string;
    volumeSnapshotClassName?: string;
    volumeSnapshotRef: { apiVersion?: string; kind?: string; name: string; namespace: string };
  };
  status?: { snapshotHandle?: string; readyToUse?: boolean; error?: { message?: string } };
}
/** Token of VolumeSnapshotContent. */
export const VolumeSnapshotContent: ResourceType<VolumeSnapshotContent> = {
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshotContent',
  plural: 'volumesnapshotcontents',
  namespaced: false,
};

/** `dataSource` of a claim that is made from a CSI snapshot. */
export function dataSourceOfSnapshot(name: string): { apiGroup: string; kind: string; name: string } {
  return { apiGroup: 'snapshot.storage.k8s.io', kind: VolumeSnapshot.kind, name };
}
