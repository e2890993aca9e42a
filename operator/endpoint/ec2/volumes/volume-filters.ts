import type { Volume as SdkVolume, VolumeAttachment } from '@aws-sdk/client-ec2';
import type { Volume } from '../../../kubernetes/resources.ts';
import type { FilterTable, FilterValues } from '../filters.ts';

/** A volume with what the API shows of it. */
export interface DescribedVolume {
  volume: Volume;
  sdk: SdkVolume;
}

const ofAttachments =
  (valuesOf: (attachment: VolumeAttachment) => string | undefined): FilterValues<DescribedVolume> =>
  ({ sdk }) => (sdk.Attachments ?? []).map(valuesOf);
const time = (date: Date | undefined): string | undefined => date?.toISOString();
const flag = (value: boolean | undefined): string => String(value ?? false);
const none = (): string[] => [];

/** Filters of DescribeVolumes beside tags. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html */
export const volumeFilters: FilterTable<DescribedVolume> = {
  'attachment.attach-time': ofAttachments(({ AttachTime }) => time(AttachTime)),
  'attachment.delete-on-termination': ofAttachments(({ DeleteOnTermination }) => flag(DeleteOnTermination)),
  'attachment.device': ofAttachments(({ Device }) => Device),
  'attachment.instance-id': ofAttachments(({ InstanceId }) => InstanceId),
  'attachment.status': ofAttachments(({ State }) => State),
  'availability-zone': ({ sdk }) => [sdk.AvailabilityZone],
  'availability-zone-id': ({ sdk }) => [sdk.AvailabilityZoneId],
  'create-time': ({ sdk }) => [time(sdk.CreateTime)],
  encrypted: ({ sdk }) => [flag(sdk.Encrypted)],
  'fast-restored': () => ['false'],
  'multi-attach-enabled': ({ sdk }) => [flag(sdk.MultiAttachEnabled)],
  'operator.managed': () => ['false'],
  'operator.principal': none,
  size: ({ sdk }) => [sdk.Size?.toString()],
  'snapshot-id': ({ sdk }) => [sdk.SnapshotId],
  status: ({ sdk }) => [sdk.State],
  'volume-id': ({ sdk }) => [sdk.VolumeId],
  'volume-type': ({ sdk }) => [sdk.VolumeType],
};
