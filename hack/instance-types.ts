/** Processor architecture in EC2's words. */
export type Architecture = 'x86_64' | 'arm64';

/** One EC2 instance type, as far as a virtual machine can have it. */
export interface InstanceTypeFacts {
  /** As in EC2: `t3.micro`. */
  name: string;
  family: string;
  vcpus: number;
  memoryMiB: number;
  architecture: Architecture;
  /** Whether EC2 counts it among the burstable ones: those take a credit specification. */
  isBurstable: boolean;
  isCurrentGeneration: boolean;
}

type Sizes = Readonly<Record<string, readonly [vcpus: number, memoryGiB: number]>>;

interface Family {
  names: readonly string[];
  architecture?: Architecture;
  isBurstable?: boolean;
  isCurrentGeneration?: boolean;
  sizes: Sizes;
}

/** Sizes of a family in which memory is `ratio` GiB for each vCPU. */
function proportional(ratio: number, vcpusBySize: Readonly<Record<string, number>>): Sizes {
  return Object.fromEntries(Object.entries(vcpusBySize).map(([size, vcpus]) => [size, [vcpus, vcpus * ratio] as const]));
}

const UPPER_SIZES = { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '8xlarge': 32 };
const GRAVITON_SIZES = { medium: 1, large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16 };
const BURSTABLE_UPPER_SIZES = { large: [2, 8], xlarge: [4, 16], '2xlarge': [8, 32] } as const;
const BURSTABLE_SIZES: Sizes = { nano: [2, 0.5], micro: [2, 1], small: [2, 2], medium: [2, 4], ...BURSTABLE_UPPER_SIZES };

/**
 * The families that are shipped: general purpose, compute and memory, with the sizes that fit usual nodes.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */
const FAMILIES: readonly Family[] = [
  { names: ['t2'], isBurstable: true, sizes: { nano: [1, 0.5], micro: [1, 1], small: [1, 2], medium: [2, 4], ...BURSTABLE_UPPER_SIZES } },
  { names: ['t3', 't3a'], isBurstable: true, sizes: BURSTABLE_SIZES },
  { names: ['t4g'], architecture: 'arm64', isBurstable: true, sizes: BURSTABLE_SIZES },
  // 1740 MiB is what the API says of the type that the documentation gives 1.7 GiB.
  { names: ['m1'], isCurrentGeneration: false, sizes: { small: [1, 1740 / 1024] } },
  { names: ['m5'], sizes: proportional(4, { ...UPPER_SIZES, '12xlarge': 48 }) },
  { names: ['m6i', 'm7i'], sizes: proportional(4, UPPER_SIZES) },
  { names: ['c5'], sizes: proportional(2, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '9xlarge': 36 }) },
  { names: ['c6i', 'c7i'], sizes: proportional(2, UPPER_SIZES) },
  { names: ['r5', 'r6i', 'r7i'], sizes: proportional(8, UPPER_SIZES) },
  { names: ['m6g'], architecture: 'arm64', sizes: proportional(4, GRAVITON_SIZES) },
  { names: ['c6g'], architecture: 'arm64', sizes: proportional(2, GRAVITON_SIZES) },
  { names: ['r6g'], architecture: 'arm64', sizes: proportional(8, GRAVITON_SIZES) },
];

/** The catalogue, in the order of families and sizes. */
export const instanceTypes: readonly InstanceTypeFacts[] = FAMILIES.flatMap((family) =>
  family.names.flatMap((name) => Object.entries(family.sizes).map(([size, shape]) => typeFrom(family, name, size, shape))),
);

function typeFrom(family: Family, familyName: string, size: string, [vcpus, memoryGiB]: readonly [number, number]): InstanceTypeFacts {
  return {
    name: `${familyName}.${size}`,
    family: familyName,
    vcpus,
    memoryMiB: Math.round(memoryGiB * 1024),
    architecture: family.architecture ?? 'x86_64',
    isBurstable: family.isBurstable ?? false,
    isCurrentGeneration: family.isCurrentGeneration ?? true,
  };
}
