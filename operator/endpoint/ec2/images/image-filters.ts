import type { EbsBlockDevice, Image } from '@aws-sdk/client-ec2';
import type { FilterTable, FilterValues } from '../filters.ts';

/** A filter of the reference whose property no image here has: it is accepted and matches nothing. */
const nothing: FilterValues<Image> = () => [];

function ofVolumes(property: keyof EbsBlockDevice): FilterValues<Image> {
  return ({ BlockDeviceMappings }) => (BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.[property]?.toString());
}

/** What DescribeImages can be filtered by, beside tags. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html */
export const imageFilters: FilterTable<Image> = {
  architecture: ({ Architecture }) => [Architecture],
  'block-device-mapping.delete-on-termination': ofVolumes('DeleteOnTermination'),
  'block-device-mapping.device-name': ({ BlockDeviceMappings }) => (BlockDeviceMappings ?? []).map(({ DeviceName }) => DeviceName),
  'block-device-mapping.encrypted': ofVolumes('Encrypted'),
  'block-device-mapping.snapshot-id': ofVolumes('SnapshotId'),
  'block-device-mapping.volume-size': ofVolumes('VolumeSize'),
  'block-device-mapping.volume-type': ofVolumes('VolumeType'),
  'boot-mode': ({ BootMode }) => [BootMode],
  'creation-date': ({ CreationDate }) => [CreationDate],
  description: ({ Description }) => [Description],
  'ena-support': ({ EnaSupport }) => [String(EnaSupport ?? false)],
  'free-tier-eligible': nothing,
  hypervisor: ({ Hypervisor }) => [Hypervisor],
  'image-allowed': nothing,
  'image-id': ({ ImageId }) => [ImageId],
  'image-type': ({ ImageType }) => [ImageType],
  'image-watermark.source-image-creation-time': nothing,
  'image-watermark.source-image-id': nothing,
  'image-watermark.source-image-region': nothing,
  'image-watermark.watermark-creation-time': nothing,
  'image-watermark.watermark-key': nothing,
  'instance-type-specification.supported-instance-type': nothing,
  'instance-type-specification.unsupported-instance-type': nothing,
  'is-public': ({ Public }) => [String(Public ?? false)],
  'kernel-id': nothing,
  'manifest-location': ({ ImageLocation }) => [ImageLocation],
  name: ({ Name }) => [Name],
  'owner-alias': ({ ImageOwnerAlias }) => [ImageOwnerAlias],
  'owner-id': ({ OwnerId }) => [OwnerId],
  platform: ({ Platform }) => [Platform],
  'product-code': nothing,
  'product-code.type': nothing,
  'public-ssm-parameter-name': ({ PublicSsmParameterName }) => [PublicSsmParameterName],
  'ramdisk-id': nothing,
  'root-device-name': ({ RootDeviceName }) => [RootDeviceName],
  'root-device-type': ({ RootDeviceType }) => [RootDeviceType],
  'scan-result.critical-fix-available-since': nothing,
  'scan-result.finding-scan-date': nothing,
  'scan-result.high-fix-available-since': nothing,
  'scan-result.highest-finding-severity-label': nothing,
  'scan-result.informational-fix-available-since': nothing,
  'scan-result.low-fix-available-since': nothing,
  'scan-result.medium-fix-available-since': nothing,
  'source-image-id': ({ SourceImageId }) => [SourceImageId],
  'source-image-region': ({ SourceImageRegion }) => [SourceImageRegion],
  'source-instance-id': ({ SourceInstanceId }) => [SourceInstanceId],
  'sriov-net-support': ({ SriovNetSupport }) => [SriovNetSupport],
  state: ({ State }) => [State],
  'state-reason-code': ({ StateReason }) => [StateReason?.Code],
  'state-reason-message': ({ StateReason }) => [StateReason?.Message],
  'virtualization-type': ({ VirtualizationType }) => [VirtualizationType],
};
