import type { VolumeModification } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { VolumeSpec, VolumeStatus } from '../../../api/storage/volume.ts';
import type { Read } from '../../../kubernetes/read.ts';
import type { Volume } from '../../../kubernetes/resources.ts';
import { shownSizeOf } from './sdk-volume.ts';
import { nominalPerformanceOf } from '../../../api/storage/volume-limits.ts';

type Modification = NonNullable<VolumeStatus['modification']>;
type Performance = Modification['target'];

/** What the spec asks for. */
function wishOf({ volumeType, iops, throughput, size }: VolumeSpec, disk: number): Required<Pick<Performance, 'size' | 'volumeType'>> & Performance {
  return { size: Math.max(size ?? disk, disk), volumeType, ...(iops !== undefined && { iops }), ...(throughput !== undefined && { throughput }) };
}

function isSame(one: Performance, other: Performance): boolean {
  return one.size === other.size && one.volumeType === other.volumeType && one.iops === other.iops && one.throughput === other.throughput;
}

/** The last change of a volume: that of the status, but one that the controllers have not seen yet already counts. */
export function shownModificationOf(volume: Volume, read: Read): (Omit<Modification, 'startTime'> & { startTime?: string }) | undefined {
  const { spec, status } = volume;
  const { applied, modification } = status ?? {};
  if (applied === undefined) return modification;
  const target = wishOf(spec, shownSizeOf(volume, read) ?? 0);
  const isKnown = isSame(applied, target) || (modification !== undefined && isSame(modification.target, target));
  return isKnown ? modification : { state: 'modifying', original: applied, target, progress: 0 };
}

/** A modification in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VolumeModification.html */
export function sdkModificationFrom(volume: Volume, { state, original, target, progress, startTime, endTime, statusMessage }: NonNullable<ReturnType<typeof shownModificationOf>>): VolumeModification {
  const nominal = (performance: Performance): { iops?: number; throughput?: number } =>
    nominalPerformanceOf(
      {
        volumeType: performance.volumeType ?? volume.spec.volumeType,
        ...(performance.iops !== undefined && { iops: performance.iops }),
        ...(performance.throughput !== undefined && { throughput: performance.throughput }),
      },
      performance.size ?? 1,
    );
  const [before, after] = [nominal(original), nominal(target)];
  return {
    VolumeId: ec2IdOf('vol', volume),
    ModificationState: state,
    Progress: progress,
    ...(startTime !== undefined && { StartTime: new Date(startTime) }),
    ...(endTime !== undefined && { EndTime: new Date(endTime) }),
    ...(statusMessage !== undefined && { StatusMessage: statusMessage }),
    OriginalSize: original.size,
    OriginalVolumeType: original.volumeType ?? volume.spec.volumeType,
    ...(before.iops !== undefined && { OriginalIops: before.iops }),
    ...(before.throughput !== undefined && { OriginalThroughput: before.throughput }),
    OriginalMultiAttachEnabled: false,
    TargetSize: target.size,
    TargetVolumeType: target.volumeType ?? volume.spec.volumeType,
    ...(after.iops !== undefined && { TargetIops: after.iops }),
    ...(after.throughput !== undefined && { TargetThroughput: after.throughput }),
    TargetMultiAttachEnabled: false,
  };
}
