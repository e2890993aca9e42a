import type { BlockDeviceMapping } from '../../api/compute/block-device-mapping.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { Ami, Snapshot } from '../../kubernetes/resources.ts';
import { ownSnapshotOf } from '../volume/indexes.ts';
import { available, failed, pending, type Availability } from './source.ts';

/** Code of EC2 for an image whose snapshots are gone. */
export const SNAPSHOT_NOT_FOUND = 'Client.InvalidSnapshot.NotFound';

/** Mappings whose snapshots go by their EC2 ids, with sizes that their snapshots fit into. What has no snapshot stays as it is. Pure. */
export function resolvedMappings(mappings: readonly BlockDeviceMapping[], ami: Ami, read: Read): BlockDeviceMapping[] {
  return mappings.map((mapping) => {
    const { snapshotId, volumeSize } = mapping.ebs ?? {};
    const snapshot = snapshotId === undefined ? undefined : ownSnapshotOf(snapshotId, ami.metadata.namespace, read);
    if (snapshot === undefined) return mapping;
    const size = Math.max(volumeSize ?? 0, snapshot.status?.volumeSize ?? 0);
    return { ...mapping, ebs: { ...mapping.ebs, snapshotId: ec2IdOf('snap', snapshot), ...(size > 0 && { volumeSize: size }) } };
  });
}

/** Of an image whose volumes are made from snapshots: all of them must be completed. Pure. */
export function snapshotsAvailability(mappings: readonly BlockDeviceMapping[], ami: Ami, read: Read): Availability {
  const references = mappings.flatMap(({ ebs }) => (ebs?.snapshotId === undefined ? [] : [ebs.snapshotId]));
  const found = references.map((reference) => ({ reference, snapshot: ownSnapshotOf(reference, ami.metadata.namespace, read) }));
  const facts = { blockDeviceMappings: resolvedMappings(mappings, ami, read), progress: progressOf(found.map(({ snapshot }) => snapshot)) };
  const missing = found.find(({ snapshot }) => snapshot === undefined || snapshot.metadata.deletionTimestamp !== undefined);
  if (missing) return { ...pending('SourceNotFound', `snapshot ${missing.reference} does not exist in this namespace`, { facts }), code: SNAPSHOT_NOT_FOUND };
  const broken = found.find(({ snapshot }) => snapshot?.status?.state === 'error');
  if (broken) return failed('SnapshotFailed', `snapshot ${broken.reference} failed: ${broken.snapshot?.status?.stateMessage ?? 'see its conditions'}`, 'Server.InternalError', { facts });
  const open = found.find(({ snapshot }) => snapshot?.status?.state !== 'completed');
  if (open) return pending('SourcePending', `snapshot ${open.reference} is not completed yet`, { facts });
  return { ...available, facts };
}

function progressOf(snapshots: readonly (Snapshot | undefined)[]): number {
  const parts = snapshots.map((snapshot) => (snapshot?.status?.state === 'completed' ? 100 : (snapshot?.status?.progress ?? 0)));
  return parts.length === 0 ? 100 : Math.floor(parts.reduce((sum, part) => sum + part, 0) / parts.length);
}
