import type { AmiStatus } from '../../api/ami.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import type { KubernetesObject } from '../../api/shared.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PersistentVolumeClaim, StorageClass, type Ami } from '../../kubernetes/resources.ts';

/** A CSI snapshot. Its kind is installed with the CSI snapshotter only, so it is looked up, never watched. */
export interface VolumeSnapshot extends KubernetesObject {
  status?: { readyToUse?: boolean; error?: { message?: string } };
}
/** Token of VolumeSnapshot. */
export const VolumeSnapshot: ResourceType<VolumeSnapshot> = {
  apiVersion: 'snapshot.storage.k8s.io/v1',
  kind: 'VolumeSnapshot',
  plural: 'volumesnapshots',
  namespaced: true,
};

/** Whether machines can be made of an image, in EC2's words. */
export interface Availability {
  state: NonNullable<AmiStatus['state']>;
  /** Reason of the condition. */
  reason: string;
  message: string;
}

const available: Availability = { state: 'available', reason: 'Available', message: 'Instances can be launched.' };

/** Of an image that its owner took out of use, whatever its source. */
export const disabled: Availability = { state: 'disabled', reason: 'Disabled', message: 'The image is disabled (spec.disabled).' };

function pending(reason: string, message: string): Availability {
  return { state: 'pending', reason, message };
}

/** Of a claim: it is bound, or will be as soon as somebody uses it. Pure. */
export function claimAvailability(ami: Ami, claimName: string, read: Read): Availability {
  const claim = read.get(PersistentVolumeClaim, { namespace: ami.metadata.namespace, name: claimName });
  if (claim === undefined) return pending('SourceNotFound', `claim ${claimName} does not exist in this namespace`);
  const phase = claim.status?.phase;
  if (phase === 'Bound') return available;
  if (phase === 'Lost') return { state: 'failed', reason: 'SourceLost', message: `the volume of claim ${claimName} is lost` };
  const storageClass = read.get(StorageClass, { name: claim.spec?.storageClassName ?? '' });
  if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer') return available;
  return pending('SourcePending', `claim ${claimName} is not bound yet`);
}

/** Of a snapshot; undefined where there is none, or the cluster knows no snapshots. Pure. */
export function snapshotAvailability(name: string, snapshot: VolumeSnapshot | undefined): Availability {
  if (snapshot === undefined) return pending('SourceNotFound', `VolumeSnapshot ${name} does not exist in this namespace, or the cluster has no CSI snapshotter`);
  const { readyToUse, error } = snapshot.status ?? {};
  if (readyToUse === true) return available;
  return pending('SourcePending', `VolumeSnapshot ${name} is not ready: ${error?.message ?? 'it is being made'}`);
}

/** Of a container image: nodes pull it at launch, and whether they can is only seen there. */
export const containerDiskAvailability = available;
