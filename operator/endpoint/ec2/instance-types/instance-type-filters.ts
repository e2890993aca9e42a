import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { FilterTable, FilterValues } from '../filters.ts';

type Values = FilterValues<InstanceTypeInfo>;

/** A filter of the reference whose property no type here has: it is accepted and matches nothing. */
const nothing: Values = () => [];

/** A property that is one value; numbers and booleans in EC2's spelling. */
function one(property: (type: InstanceTypeInfo) => string | number | boolean | undefined): Values {
  return (type) => [property(type)?.toString()];
}

/** A property that is a list. */
function each(property: (type: InstanceTypeInfo) => readonly (string | number)[] | undefined): Values {
  return (type) => (property(type) ?? []).map(String);
}

/** What DescribeInstanceTypes can be filtered by. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html */
export const instanceTypeFilters: FilterTable<InstanceTypeInfo> = {
  'auto-recovery-supported': one((type) => type.AutoRecoverySupported),
  'bare-metal': one((type) => type.BareMetal),
  'burstable-performance-supported': one((type) => type.BurstablePerformanceSupported),
  'current-generation': one((type) => type.CurrentGeneration),
  'dedicated-hosts-supported': one((type) => type.DedicatedHostsSupported),
  'ebs-info.attachment-limit-type': nothing,
  'ebs-info.maximum-ebs-attachments': nothing,
  'ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps': nothing,
  'ebs-info.ebs-optimized-info.baseline-iops': nothing,
  'ebs-info.ebs-optimized-info.baseline-throughput-in-mbps': nothing,
  'ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps': nothing,
  'ebs-info.ebs-optimized-info.maximum-iops': nothing,
  'ebs-info.ebs-optimized-info.maximum-throughput-in-mbps': nothing,
  'ebs-info.ebs-optimized-support': one((type) => type.EbsInfo?.EbsOptimizedSupport),
  'ebs-info.encryption-support': one((type) => type.EbsInfo?.EncryptionSupport),
  'ebs-info.nvme-support': one((type) => type.EbsInfo?.NvmeSupport),
  'free-tier-eligible': one((type) => type.FreeTierEligible),
  'hibernation-supported': one((type) => type.HibernationSupported),
  hypervisor: nothing,
  'instance-storage-info.disk.count': each((type) => type.InstanceStorageInfo?.Disks?.map(({ Count = 0 }) => Count)),
  'instance-storage-info.disk.size-in-gb': each((type) => type.InstanceStorageInfo?.Disks?.map(({ SizeInGB = 0 }) => SizeInGB)),
  'instance-storage-info.disk.type': nothing,
  'instance-storage-info.encryption-support': one((type) => type.InstanceStorageInfo?.EncryptionSupport),
  'instance-storage-info.nvme-support': one((type) => type.InstanceStorageInfo?.NvmeSupport),
  'instance-storage-info.total-size-in-gb': one((type) => type.InstanceStorageInfo?.TotalSizeInGB),
  'instance-storage-supported': one((type) => type.InstanceStorageSupported),
  'instance-type': one((type) => type.InstanceType),
  'memory-info.size-in-mib': one((type) => type.MemoryInfo?.SizeInMiB),
  'network-info.bandwidth-weightings': nothing,
  'network-info.efa-info.maximum-efa-interfaces': nothing,
  'network-info.efa-supported': one((type) => type.NetworkInfo?.EfaSupported),
  'network-info.ena-support': one((type) => type.NetworkInfo?.EnaSupport),
  'network-info.encryption-in-transit-supported': one((type) => type.NetworkInfo?.EncryptionInTransitSupported),
  'network-info.flexible-ena-queues-support': one((type) => type.NetworkInfo?.FlexibleEnaQueuesSupport),
  'network-info.ipv4-addresses-per-interface': one((type) => type.NetworkInfo?.Ipv4AddressesPerInterface),
  'network-info.ipv6-addresses-per-interface': one((type) => type.NetworkInfo?.Ipv6AddressesPerInterface),
  'network-info.ipv6-supported': one((type) => type.NetworkInfo?.Ipv6Supported),
  'network-info.maximum-network-cards': one((type) => type.NetworkInfo?.MaximumNetworkCards),
  'network-info.maximum-network-interfaces': one((type) => type.NetworkInfo?.MaximumNetworkInterfaces),
  'network-info.network-performance': nothing,
  'nitro-enclaves-support': one((type) => type.NitroEnclavesSupport),
  'nitro-tpm-info.supported-versions': nothing,
  'nitro-tpm-support': one((type) => type.NitroTpmSupport),
  'processor-info.supported-architecture': each((type) => type.ProcessorInfo?.SupportedArchitectures),
  'processor-info.supported-features': nothing,
  'processor-info.sustained-clock-speed-in-ghz': nothing,
  'reboot-migration-support': one((type) => type.RebootMigrationSupport),
  'supported-boot-mode': each((type) => type.SupportedBootModes),
  'supported-root-device-type': each((type) => type.SupportedRootDeviceTypes),
  'supported-usage-class': each((type) => type.SupportedUsageClasses),
  'supported-virtualization-type': each((type) => type.SupportedVirtualizationTypes),
  'vcpu-info.default-cores': one((type) => type.VCpuInfo?.DefaultCores),
  'vcpu-info.default-threads-per-core': one((type) => type.VCpuInfo?.DefaultThreadsPerCore),
  'vcpu-info.default-vcpus': one((type) => type.VCpuInfo?.DefaultVCpus),
  'vcpu-info.valid-cores': each((type) => type.VCpuInfo?.ValidCores),
  'vcpu-info.valid-threads-per-core': each((type) => type.VCpuInfo?.ValidThreadsPerCore),
};
