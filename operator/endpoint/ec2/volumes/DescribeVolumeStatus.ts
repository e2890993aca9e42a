import type { DescribeVolumeStatusRequest, DescribeVolumeStatusResult, VolumeStatusInfoStatus, VolumeStatusItem } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { VolumeConditions } from '../../../api/storage/volume.ts';
import { Volume } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { zoneIdOf } from '../zones/zone-id.ts';
import { requireVolumes } from './find-volume.ts';
import { shownAttachmentOf } from './shown-attachment.ts';

const none = (): string[] => [];

const filterTable: FilterTable<VolumeStatusItem> = {
  'action.code': none,
  'action.description': none,
  'action.event-id': none,
  'availability-zone': ({ AvailabilityZone }) => [AvailabilityZone],
  'availability-zone-id': ({ AvailabilityZoneId }) => [AvailabilityZoneId],
  'event.description': none,
  'event.event-id': none,
  'event.event-type': none,
  'event.not-after': none,
  'event.not-before': none,
  'operator.managed': () => ['false'],
  'operator.principal': none,
  'volume-status.details-name': ({ VolumeStatus }) => (VolumeStatus?.Details ?? []).map(({ Name }) => Name),
  'volume-status.details-status': ({ VolumeStatus }) => (VolumeStatus?.Details ?? []).map(({ Status }) => Status),
  'volume-status.status': ({ VolumeStatus }) => [VolumeStatus?.Status],
};

/**
 * Lists whether volumes can be read and written, as far as the cluster knows: a lost PersistentVolume is impaired. Performance is not measured.
 * @throws AwsError InvalidVolume.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumeStatus.html
 */
export async function describeVolumeStatus(input: DescribeVolumeStatusRequest, context: ReadOnlyContext): Promise<DescribeVolumeStatusResult> {
  forbidPagesWithIds('volumesSet', input.VolumeIds, input);
  const matches = predicateFrom(input.Filters, filterTable);
  const isNamed = (input.VolumeIds ?? []).length > 0;
  const volumes = isNamed ? requireVolumes(input.VolumeIds, context) : context.read.list(Volume, context.caller.namespace);
  const found = volumes.map((volume) => itemFrom(volume, context)).filter(matches);
  const page = pageOf(found, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeVolumeStatus', context), ({ VolumeId = '' }) => VolumeId);
  return { VolumeStatuses: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function statusOf({ status }: Volume): VolumeStatusInfoStatus {
  const condition = status?.conditions?.find(({ type }) => type === VolumeConditions.available);
  if (condition?.status === 'True') return 'ok';
  return condition?.reason === 'Lost' ? 'impaired' : 'insufficient-data';
}

function itemFrom(volume: Volume, { read, region }: ReadOnlyContext): VolumeStatusItem {
  const status = statusOf(volume);
  const zone = volume.status?.availabilityZone ?? volume.spec.availabilityZone;
  const attachment = shownAttachmentOf(volume, read);
  const ioEnabled = { ok: 'passed', impaired: 'failed' }[status as 'ok' | 'impaired'] ?? 'insufficient-data';
  return {
    VolumeId: ec2IdOf('vol', volume),
    ...(zone !== undefined && { AvailabilityZone: zone, AvailabilityZoneId: zoneIdOf(zone, region) }),
    VolumeStatus: {
      Status: status,
      Details: [
        { Name: 'io-enabled', Status: ioEnabled },
        { Name: 'io-performance', Status: 'not-applicable' },
      ],
    },
    Actions: [],
    Events: [],
    AttachmentStatuses: attachment === undefined ? [] : [{ InstanceId: attachment.instanceId, IoPerformance: 'not-applicable' }],
  };
}
