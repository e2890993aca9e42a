import type { BlockDeviceMapping as SdkBlockDeviceMapping, EbsBlockDevice as SdkEbsBlockDevice, Image, PlatformValues } from '@aws-sdk/client-ec2';
import type { BlockDeviceMapping } from '../../../api/compute/block-device-mapping.ts';
import { PENDING_CODE } from '../../../api/compute/ami.ts';
import { isEc2Id } from '../../../api/ec2-id.ts';
import { hasEphemeralRoot, imageMappingsOf } from '../../../api/compute/image-devices.ts';
import type { Ami } from '../../../kubernetes/resources.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { shownImageStateOf, type VisibleImage } from './visible-images.ts';

// The model says `Windows`, EC2 itself and its reference say `windows`.
const WINDOWS = 'windows' as string as PlatformValues;

/**
 * An image in the API's shape. Left out is what has no meaning here: kernel and RAM disk, product codes, billing, snapshot ids of roots that come
 * from elsewhere. `Hypervisor` is `xen` because EC2 says so of everything that is not a container, KVM-based machines included.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Image.html
 */
export function sdkImageFrom({ imageId, ami, ownerId, ownerAlias, isOwn }: VisibleImage): Image {
  const { metadata, spec, status } = ami;
  const name = spec.name ?? metadata.name;
  return {
    ImageId: imageId,
    Name: name,
    ImageLocation: `${ownerAlias ?? ownerId}/${name}`,
    OwnerId: ownerId,
    ...(ownerAlias !== undefined && { ImageOwnerAlias: ownerAlias }),
    State: shownImageStateOf(ami),
    ...(status?.stateReason && status.stateReason.code !== PENDING_CODE && { StateReason: { Code: status.stateReason.code, Message: status.stateReason.message } }),
    ...(metadata.creationTimestamp && { CreationDate: new Date(metadata.creationTimestamp).toISOString() }),
    ...(spec.deprecationTime !== undefined && { DeprecationTime: new Date(spec.deprecationTime).toISOString() }),
    ...(spec.description !== undefined && { Description: spec.description }),
    ...(spec.imdsSupport !== undefined && { ImdsSupport: spec.imdsSupport }),
    ...(spec.sourceImage && { SourceImageId: spec.sourceImage.imageId, SourceImageRegion: spec.sourceImage.region }),
    ...(isOwn && sourceInstanceIdOf(ami)),
    ...(spec.public && spec.parameterPaths?.[0] !== undefined && { PublicSsmParameterName: spec.parameterPaths[0] }),
    DeregistrationProtection: spec.deregistrationProtection,
    Public: spec.public,
    ImageType: 'machine',
    Architecture: spec.architecture,
    ...(spec.platform !== undefined && { Platform: WINDOWS }),
    PlatformDetails: spec.platform === 'windows' ? 'Windows' : 'Linux/UNIX',
    BootMode: spec.bootMode,
    Hypervisor: 'xen',
    VirtualizationType: 'hvm',
    EnaSupport: spec.enaSupport,
    ...(spec.sriovNetSupport !== undefined && { SriovNetSupport: spec.sriovNetSupport }),
    ...(spec.tpmSupport !== undefined && { TpmSupport: spec.tpmSupport }),
    RootDeviceName: spec.rootDeviceName,
    RootDeviceType: rootDeviceTypeOf(ami),
    BlockDeviceMappings: blockDeviceMappingsFrom(ami),
    // Tags are seen by the account that set them only.
    Tags: sdkTagsFrom(isOwn ? spec.tags : []),
  };
}

/** The instance that an image was taken of is its owner's business. Before it was looked at its id is known only if the spec has it. */
function sourceInstanceIdOf({ spec, status }: Ami): Pick<Image, 'SourceInstanceId'> {
  const reference = status?.capture?.instanceId ?? spec.source.instance?.instanceId;
  return reference !== undefined && isEc2Id('i', reference) ? { SourceInstanceId: reference } : {};
}

/** A root disk in a container image is lost when the machine ends, as an instance store is; any other is a volume. */
export function rootDeviceTypeOf(ami: Ami): 'ebs' | 'instance-store' {
  return hasEphemeralRoot(ami) ? 'instance-store' : 'ebs';
}

/** The devices that a machine of the image gets. An instance-store root has no mapping, here as on the instance: clients compare the two. */
export function blockDeviceMappingsFrom(ami: Ami): SdkBlockDeviceMapping[] {
  return imageMappingsOf(ami).map(sdkMappingFrom);
}

function sdkMappingFrom({ deviceName, virtualName, noDevice, ebs }: BlockDeviceMapping): SdkBlockDeviceMapping {
  return {
    DeviceName: deviceName,
    ...(virtualName !== undefined && { VirtualName: virtualName }),
    ...(noDevice === true && { NoDevice: '' }),
    ...(ebs && { Ebs: sdkEbsFrom(ebs) }),
  };
}

function sdkEbsFrom(ebs: NonNullable<BlockDeviceMapping['ebs']>): SdkEbsBlockDevice {
  return {
    DeleteOnTermination: ebs.deleteOnTermination ?? true,
    ...(ebs.volumeSize !== undefined && { VolumeSize: ebs.volumeSize }),
    ...(ebs.volumeType !== undefined && { VolumeType: ebs.volumeType }),
    ...(ebs.iops !== undefined && { Iops: ebs.iops }),
    ...(ebs.throughput !== undefined && { Throughput: ebs.throughput }),
    ...(ebs.encrypted !== undefined && { Encrypted: ebs.encrypted }),
    ...(ebs.kmsKeyId !== undefined && { KmsKeyId: ebs.kmsKeyId }),
    ...(ebs.snapshotId !== undefined && { SnapshotId: ebs.snapshotId }),
  };
}
