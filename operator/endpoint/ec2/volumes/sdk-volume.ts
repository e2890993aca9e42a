import type { Volume as SdkVolume, VolumeAttachment, VolumeState } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { Read } from '../../../kubernetes/read.ts';
import type { Volume } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { snapshotsById } from '../indexes.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { zoneIdOf } from '../zones/zone-id.ts';
import { nominalPerformanceOf } from '../../../api/storage/volume-limits.ts';
import { instanceOfReference, shownAttachmentOf, type ShownAttachment } from './shown-attachment.ts';

/** State that the API shows. */
export function shownVolumeStateOf({ metadata, status }: Volume, attachment: ShownAttachment | undefined): VolumeState {
  if (metadata.deletionTimestamp !== undefined) return 'deleting';
  if (attachment !== undefined) return 'in-use';
  const state = status?.state ?? 'creating';
  return state === 'in-use' ? 'available' : state;
}

/** Size in GiB: that of the disk, else what is asked for. */
export function shownSizeOf({ spec, status, metadata }: Volume, read: Read): number | undefined {
  const known = status?.size ?? spec.size;
  if (known !== undefined || spec.snapshotId === undefined) return known;
  const candidates = read.byIndex(snapshotsById, spec.snapshotId);
  return (candidates.find((snapshot) => snapshot.metadata.namespace === metadata.namespace) ?? candidates[0])?.status?.volumeSize;
}

/** An attachment in the API's shape. */
export function sdkAttachmentFrom(volume: Volume, { instanceId, device, state, attachTime, deleteOnTermination }: ShownAttachment): VolumeAttachment {
  return {
    VolumeId: ec2IdOf('vol', volume),
    InstanceId: instanceId,
    Device: device,
    State: state,
    ...(attachTime !== undefined && { AttachTime: new Date(attachTime) }),
    DeleteOnTermination: deleteOnTermination,
  };
}

/** Zone of the instance that has the volume: that of the volume too, though its status does not say it yet. */
function zoneOfHolder(attachment: ShownAttachment | undefined, { metadata }: Volume, read: Read): string | undefined {
  return attachment && instanceOfReference(attachment.instanceId, metadata.namespace, read)?.status?.availabilityZone;
}

/** A volume in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Volume.html */
export function sdkVolumeFrom(volume: Volume, { read, region }: Pick<ReadOnlyContext, 'read' | 'region'>): SdkVolume {
  const { spec, status, metadata } = volume;
  const attachment = shownAttachmentOf(volume, read);
  const zone = status?.availabilityZone ?? spec.availabilityZone ?? zoneOfHolder(attachment, volume, read);
  const size = shownSizeOf(volume, read);
  const { iops, throughput } = nominalPerformanceOf(spec, size ?? 1);
  return {
    VolumeId: ec2IdOf('vol', volume),
    State: shownVolumeStateOf(volume, attachment),
    ...(size !== undefined && { Size: size }),
    VolumeType: spec.volumeType,
    ...(iops !== undefined && { Iops: iops }),
    ...(throughput !== undefined && { Throughput: throughput }),
    Encrypted: status?.encrypted ?? spec.encrypted,
    SnapshotId: status?.snapshotId ?? spec.snapshotId ?? '',
    ...(zone !== undefined && { AvailabilityZone: zone, AvailabilityZoneId: zoneIdOf(zone, region) }),
    CreateTime: new Date(metadata.creationTimestamp ?? 0),
    MultiAttachEnabled: false,
    Attachments: attachment === undefined ? [] : [sdkAttachmentFrom(volume, attachment)],
    Tags: sdkTagsFrom(spec.tags),
  };
}
