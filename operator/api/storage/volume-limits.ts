import type { VolumeType } from '../compute/block-device-mapping.ts';
import { invalidParameterValue, missingParameter, Refusal } from '../refusal.ts';
import type { VolumeSpec } from './volume.ts';

interface Limits {
  /** GiB. */
  size: readonly [number, number];
  /** Absent: the type takes no such parameter. */
  iops?: readonly [number, number];
  iopsPerGiB?: number;
  /** MiB/s. */
  throughput?: readonly [number, number];
}

/** EC2's own. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateVolume.html */
const limits: Readonly<Record<VolumeType, Limits>> = {
  gp2: { size: [1, 16384] },
  gp3: { size: [1, 65536], iops: [3000, 80000], iopsPerGiB: 500, throughput: [125, 2000] },
  io1: { size: [4, 16384], iops: [100, 64000], iopsPerGiB: 50 },
  io2: { size: [4, 65536], iops: [100, 256000], iopsPerGiB: 1000 },
  sc1: { size: [125, 16384] },
  st1: { size: [125, 16384] },
  standard: { size: [1, 1024] },
};

/** EC2 gives a gp3 volume so much without being asked, at no charge. */
const GP3_IOPS = 3000;
const GP3_THROUGHPUT = 125;
/** Of throughput in MiB/s to IOPS. */
const MAXIMUM_THROUGHPUT_RATIO = 0.25;

/** What a volume is asked to be like. */
export interface Performance {
  volumeType: VolumeType;
  iops?: number | undefined;
  throughput?: number | undefined;
}

/** A volume type by its name. @throws Refusal InvalidParameterValue */
export function volumeTypeFrom(name: string | undefined): VolumeType {
  if (!name) return 'gp2';
  if (Object.hasOwn(limits, name)) return name as VolumeType;
  throw invalidParameterValue('volumeType', name, `It must be one of ${Object.keys(limits).join(', ')}.`);
}

/**
 * Checks what a volume of a size is to be like by EC2's limits.
 * @throws Refusal InvalidParameterValue, InvalidParameterCombination, MissingParameter
 */
export function requireFitting({ volumeType, iops, throughput }: Performance, size: number): void {
  const limit = limits[volumeType];
  requireWithin('size', size, limit.size, `${volumeType} volumes have ${limit.size[0]} to ${limit.size[1]} GiB.`);
  if (iops !== undefined && limit.iops === undefined) throw notSupported('iops', volumeType);
  if (iops === undefined && (volumeType === 'io1' || volumeType === 'io2')) throw missingParameter('iops');
  if (throughput !== undefined && limit.throughput === undefined) throw notSupported('throughput', volumeType);
  if (iops !== undefined && limit.iops !== undefined) {
    requireWithin('iops', iops, limit.iops, `${volumeType} volumes have ${limit.iops[0]} to ${limit.iops[1]} IOPS.`);
    const maximum = (limit.iopsPerGiB ?? Infinity) * size;
    // What a type gives anyway is never too much for a small volume.
    if (iops > maximum && iops > (volumeType === 'gp3' ? GP3_IOPS : 100)) {
      throw new Refusal('InvalidParameterValue', `Iops to volume size ratio of ${(iops / size).toFixed(6)} is too high; maximum is ${limit.iopsPerGiB ?? 0}.000000`);
    }
  }
  if (throughput !== undefined && limit.throughput !== undefined) {
    requireWithin('throughput', throughput, limit.throughput, `${volumeType} volumes have ${limit.throughput[0]} to ${limit.throughput[1]} MiB/s.`);
    const ratio = throughput / (iops ?? GP3_IOPS);
    if (ratio > MAXIMUM_THROUGHPUT_RATIO) {
      throw new Refusal('InvalidParameterValue', `Throughput (MiBps) to iops ratio of ${ratio.toFixed(6)} is too high; maximum is ${MAXIMUM_THROUGHPUT_RATIO.toFixed(6)} MiBps per iops.`);
    }
  }
}

/** What EC2 shows of a volume: what was asked for, else what the type has. Nothing of it is enforced but by the StorageClass. */
export function nominalPerformanceOf({ volumeType, iops, throughput }: Pick<VolumeSpec, 'volumeType' | 'iops' | 'throughput'>, size: number): { iops?: number; throughput?: number } {
  if (volumeType === 'gp2') return { iops: Math.min(16000, Math.max(100, 3 * size)) };
  if (volumeType === 'gp3') return { iops: iops ?? GP3_IOPS, throughput: throughput ?? GP3_THROUGHPUT };
  return iops === undefined ? {} : { iops };
}

function requireWithin(parameter: string, value: number, [minimum, maximum]: readonly [number, number], reason: string): void {
  if (!Number.isInteger(value) || value < minimum || value > maximum) throw invalidParameterValue(parameter, String(value), reason);
}

function notSupported(parameter: string, volumeType: VolumeType): Refusal {
  return new Refusal('InvalidParameterCombination', `The parameter ${parameter} is not supported for ${volumeType} volumes.`);
}
