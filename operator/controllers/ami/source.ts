import type { AmiStatus } from '../../api/compute/ami.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PersistentVolumeClaim, StorageClass, type Ami } from '../../kubernetes/resources.ts';
import type { VolumeSnapshot } from '../volume-snapshot.ts';

/** Whether machines can be made of an image, in EC2's words, and what of its status was found out on the way. */
export interface Availability {
  state: NonNullable<AmiStatus['state']>;
  /** Reason of the condition. */
  reason: string;
  message: string;
  /** EC2's code for why it is not available. */
  code?: string;
  facts?: Pick<AmiStatus, 'blockDeviceMappings' | 'capture' | 'importTask' | 'progress'>;
}

/** Machines can be made. */
export const available: Availability = { state: 'available', reason: 'Available', message: 'Instances can be launched.' };

/** Of an image that its owner took out of use, whatever its source. */
export const disabled: Availability = { state: 'disabled', reason: 'Disabled', message: 'The image is disabled (spec.disabled).' };

/** It will be available, or somebody has to do something first. */
export function pending(reason: string, message: string, more: Pick<Availability, 'facts'> = {}): Availability {
  return { state: 'pending', reason, message, ...more };
}

/** It will never be available. */
export function failed(reason: string, message: string, code: string, more: Pick<Availability, 'facts'> = {}): Availability {
  return { state: 'failed', reason, message, code, ...more };
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

/** Of a CSI snapshot; undefined where there is none, or the cluster knows no snapshots. Pure. */
export function volumeSnapshotAvailability(name: string, snapshot: VolumeSnapshot | undefined): Availability {
  if (snapshot === undefined) return pending('SourceNotFound', `VolumeSnapshot ${name} does not exist in this namespace, or the cluster has no CSI snapshotter`);
  const { readyToUse, error } = snapshot.status ?? {};
  if (readyToUse === true) return available;
  return pending('SourcePending', `VolumeSnapshot ${name} is not ready: ${error?.message ?? 'it is being made'}`);
}

/** Of a container image: nodes pull it at launch, and whether they can is only seen there. */
export const containerDiskAvailability = available;
