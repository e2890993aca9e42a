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
  /** Disks of its own, in the form of the annotation; none when absent. */
  storage?: string;
}

type Sizes = Readonly<Record<string, readonly [vcpus: number, memoryGiB: number]>>;

interface Family {
  names: readonly string[];
  architecture?: Architecture;
  isBurstable?: boolean;
  isCurrentGeneration?: boolean;
  sizes: Sizes;
  /** By size. */
  storage?: Readonly<Record<string, string>>;
}

/** Sizes of a family in which memory is `ratio` GiB for each vCPU. */
function proportional(ratio: number, vcpusBySize: Readonly<Record<string, number>>): Sizes {
  return Object.fromEntries(Object.entries(vcpusBySize).map(([size, vcpus]) => [size, [vcpus, vcpus * ratio] as const]));
}

const UPPER_SIZES = { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '8xlarge': 32 };
const GRAVITON_SIZES = { medium: 1, large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16 };
const BURSTABLE_UPPER_SIZES = { large: [2, 8], xlarge: [4, 16], '2xlarge': [8, 32] } as const;
const M5D_STORAGE = { large: '1x75', xlarge: '1x150', '2xlarge': '1x300', '4xlarge': '2x300', '8xlarge': '2x600', '12xlarge': '2x900' };
const SIXTH_GENERATION_STORAGE = { large: '1x118', xlarge: '1x237', '2xlarge': '1x474', '4xlarge': '1x950', '8xlarge': '1x1900' };
const BURSTABLE_SIZES: Sizes = { nano: [2, 0.5], micro: [2, 1], small: [2, 2], medium: [2, 4], ...BURSTABLE_UPPER_SIZES };

/**
 * The families that are shipped: general purpose, compute, memory and storage, with the sizes that fit usual nodes.
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-types.html
 */
const FAMILIES: readonly Family[] = [
  { names: ['t2'], isBurstable: true, sizes: { nano: [1, 0.5], micro: [1, 1], small: [1, 2], medium: [2, 4], ...BURSTABLE_UPPER_SIZES } },
  { names: ['t3', 't3a'], isBurstable: true, sizes: BURSTABLE_SIZES },
  { names: ['t4g'], architecture: 'arm64', isBurstable: true, sizes: BURSTABLE_SIZES },
  // 1740 MiB is what the API says of the type that the documentation gives 1.7 GiB.
  { names: ['m1'], isCurrentGeneration: false, sizes: { small: [1, 1740 / 1024] }, storage: { small: '1x160 mapped' } },
  { names: ['m5'], sizes: proportional(4, { ...UPPER_SIZES, '12xlarge': 48 }) },
  { names: ['m6i', 'm7i'], sizes: proportional(4, UPPER_SIZES) },
  { names: ['c5'], sizes: proportional(2, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '9xlarge': 36 }) },
  { names: ['c6i', 'c7i'], sizes: proportional(2, UPPER_SIZES) },
  { names: ['r5', 'r6i', 'r7i'], sizes: proportional(8, UPPER_SIZES) },
  { names: ['m5d'], sizes: proportional(4, { ...UPPER_SIZES, '12xlarge': 48 }), storage: M5D_STORAGE },
  { names: ['r5d'], sizes: proportional(8, UPPER_SIZES), storage: M5D_STORAGE },
  {
    names: ['c5d'],
    sizes: proportional(2, { large: 2, xlarge: 4, '2xlarge': 8, '4xlarge': 16, '9xlarge': 36 }),
    storage: { large: '1x50', xlarge: '1x100', '2xlarge': '1x200', '4xlarge': '1x400', '9xlarge': '1x900' },
  },
  { names: ['m6id'], sizes: proportional(4, UPPER_SIZES), storage: SIXTH_GENERATION_STORAGE },
  { names: ['c6id'], sizes: proportional(2, UPPER_SIZES), storage: SIXTH_GENERATION_STORAGE },
  { names: ['r6id'], sizes: proportional(8, UPPER_SIZES), storage: SIXTH_GENERATION_STORAGE },
  {
    names: ['i3'],
    sizes: proportional(7.625, UPPER_SIZES),
    storage: { large: '1x475', xlarge: '1x950', '2xlarge': '1x1900', '4xlarge': '2x1900', '8xlarge': '4x1900' },
  },
  {
    names: ['i4i'],
    sizes: proportional(8, UPPER_SIZES),
    storage: { large: '1x468', xlarge: '1x937', '2xlarge': '1x1875', '4xlarge': '1x3750', '8xlarge': '2x3750' },
  },
  { names: ['m6g'], architecture: 'arm64', sizes: proportional(4, GRAVITON_SIZES) },
  { names: ['c6g'], architecture: 'arm64', sizes: proportional(2, GRAVITON_SIZES) },
  { names: ['r6g'], architecture: 'arm64', sizes: proportional(8, GRAVITON_SIZES) },
];

/** The catalogue, in the order of families and sizes. */
export const instanceTypes: readonly InstanceTypeFacts[] = FAMILIES.flatMap((family) =>
  family.names.flatMap((name) => Object.entries(family.sizes).map(([size, shape]) => typeFrom(family, name, size, shape))),
);

function typeFrom(family: Family, familyName: string, size: string, [vcpus, memoryGiB]: readonly [number, number]): InstanceTypeFacts {
  const storage = family.storage?.[size];
  return {
    name: `${familyName}.${size}`,
    family: familyName,
    vcpus,
    memoryMiB: Math.round(memoryGiB * 1024),
    architecture: family.architecture ?? 'x86_64',
    isBurstable: family.isBurstable ?? false,
    isCurrentGeneration: family.isCurrentGeneration ?? true,
    ...(storage !== undefined && { storage }),
  };
}
