import type { _InstanceType, InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { InstanceStorage } from '../../../api/compute/instance-type.ts';
import type { InstanceTypeFacts } from '../../../kubernetes/instance-type-facts.ts';

/**
 * An instance type in the API's shape: what is so here, not what AWS's type of the same name has. One virtio interface on the pod network, no
 * accelerators. Left out is what nobody here knows: clock speed, network and disk speeds, the kind of disks that a node has, attachment limits, the hypervisor (neither
 * `nitro` nor `xen`).
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeInfo.html
 */
export function sdkInstanceTypeFrom({ name, architecture, vcpus, memoryMiB, threadsPerCore, isBurstable, isCurrentGeneration, storage }: InstanceTypeFacts): InstanceTypeInfo {
  const cores = vcpus / threadsPerCore;
  return {
    // The model lists AWS's types; administrators name others.
    InstanceType: name as _InstanceType,
    CurrentGeneration: isCurrentGeneration,
    FreeTierEligible: false,
    SupportedUsageClasses: ['on-demand'],
    SupportedRootDeviceTypes: ['ebs', 'instance-store'],
    SupportedVirtualizationTypes: ['hvm'],
    // KubeVirt starts arm64 machines with UEFI only.
    SupportedBootModes: architecture === 'arm64' ? ['uefi'] : ['legacy-bios', 'uefi'],
    BareMetal: false,
    ProcessorInfo: { SupportedArchitectures: [architecture] },
    VCpuInfo: {
      DefaultVCpus: vcpus,
      DefaultCores: cores,
      DefaultThreadsPerCore: threadsPerCore,
      ValidCores: [cores],
      ValidThreadsPerCore: [threadsPerCore],
    },
    MemoryInfo: { SizeInMiB: memoryMiB },
    InstanceStorageSupported: storage !== undefined,
    ...(storage && { InstanceStorageInfo: instanceStorageInfoFrom(storage) }),
    EbsInfo: { EbsOptimizedSupport: 'unsupported', EncryptionSupport: 'unsupported', NvmeSupport: 'unsupported' },
    NetworkInfo: NETWORK_INFO,
    PlacementGroupInfo: { SupportedStrategies: [] },
    HibernationSupported: false,
    BurstablePerformanceSupported: isBurstable,
    DedicatedHostsSupported: false,
    AutoRecoverySupported: false,
    NitroEnclavesSupport: 'unsupported',
    NitroTpmSupport: 'unsupported',
    RebootMigrationSupport: 'unsupported',
  };
}

/** Guests see virtio disks. Whether what the node keeps them on is encrypted is its owner's business. */
function instanceStorageInfoFrom({ count, sizeGB }: InstanceStorage): NonNullable<InstanceTypeInfo['InstanceStorageInfo']> {
  return { TotalSizeInGB: count * sizeGB, Disks: [{ Count: count, SizeInGB: sizeGB }], NvmeSupport: 'unsupported', EncryptionSupport: 'unsupported' };
}

/** One interface with one address, and nothing more. */
const NETWORK_INFO: NonNullable<InstanceTypeInfo['NetworkInfo']> = {
  MaximumNetworkInterfaces: 1,
  MaximumNetworkCards: 1,
  DefaultNetworkCardIndex: 0,
  NetworkCards: [{ NetworkCardIndex: 0, MaximumNetworkInterfaces: 1 }],
  Ipv4AddressesPerInterface: 1,
  Ipv6AddressesPerInterface: 0,
  Ipv6Supported: false,
  EnaSupport: 'unsupported',
  EfaSupported: false,
  EnaSrdSupported: false,
  EncryptionInTransitSupported: false,
  FlexibleEnaQueuesSupport: 'unsupported',
};
