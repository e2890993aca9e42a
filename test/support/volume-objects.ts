import { SnapshotDefinition, type Snapshot, type SnapshotSpec, type SnapshotStatus } from '../../operator/api/storage/snapshot.ts';
import { VolumeDefinition, type Volume, type VolumeSpec, type VolumeStatus } from '../../operator/api/storage/volume.ts';
import { NAMESPACE } from './operation-context.ts';

interface Common {
  namespace?: string;
  creationTimestamp?: string;
  /** Left to the controllers: the status is one generation behind. */
  isUnseen?: boolean;
}

/** A volume of 8 GiB in us-east-1a with its disk; `name` may be an id. */
export function aVolume(name: string, options: Partial<VolumeSpec> & Common & { status?: VolumeStatus } = {}): Volume {
  const { namespace = NAMESPACE, status = {}, creationTimestamp = '2026-01-01T00:00:00Z', isUnseen = false, ...spec } = options;
  const { apiVersion, kind } = VolumeDefinition;
  const size = spec.size ?? 8;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp, generation: 2 },
    spec: VolumeDefinition.spec.parse({ size, availabilityZone: 'us-east-1a', ...spec }),
    status: {
      state: 'available',
      size,
      availabilityZone: spec.availabilityZone ?? 'us-east-1a',
      encrypted: false,
      observedGeneration: isUnseen ? 1 : 2,
      applied: { size, volumeType: spec.volumeType ?? 'gp2', ...(spec.iops !== undefined && { iops: spec.iops }), ...(spec.throughput !== undefined && { throughput: spec.throughput }) },
      conditions: [{ type: 'Available', status: 'True', reason: 'Bound', message: 'There is a disk.', lastTransitionTime: '2026-01-01T00:00:10Z' }],
      ...status,
    },
  };
}

/** A volume that an instance has. */
export function anAttachedVolume(name: string, instanceId: string, device: string, { deleteOnTermination = true, ...options }: Parameters<typeof aVolume>[1] & { deleteOnTermination?: boolean } = {}): Volume {
  return aVolume(name, {
    ...options,
    attachment: { instanceId, device, deleteOnTermination },
    status: { state: 'in-use', attachment: { instanceId, device, deleteOnTermination, state: 'attached', attachTime: '2026-01-01T00:00:30Z' }, ...options.status },
  });
}

/** A completed snapshot of 8 GiB; `name` may be an id. */
export function aSnapshot(name: string, options: Partial<SnapshotSpec> & Common & { status?: SnapshotStatus } = {}): Snapshot {
  const { namespace = NAMESPACE, status = {}, creationTimestamp = '2026-01-01T00:00:00Z', isUnseen = false, ...spec } = options;
  const { apiVersion, kind } = SnapshotDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp, generation: 2 },
    spec: SnapshotDefinition.spec.parse({ volumeId: 'vol-00000000000000001', ...spec }),
    status: { state: 'completed', progress: 100, volumeSize: 8, startTime: '2026-01-01T00:01:00Z', volumeSnapshotName: name, observedGeneration: isUnseen ? 1 : 2, ...status },
  };
}
