import type { DescribeVolumesModificationsRequest, DescribeVolumesModificationsResult, VolumeModification } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Volume } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireVolumes } from './find-volume.ts';
import { sdkModificationFrom, shownModificationOf } from './sdk-modification.ts';

const filterTable: FilterTable<VolumeModification> = {
  'modification-state': ({ ModificationState }) => [ModificationState],
  'original-iops': ({ OriginalIops }) => [OriginalIops?.toString()],
  'original-size': ({ OriginalSize }) => [OriginalSize?.toString()],
  'original-volume-type': ({ OriginalVolumeType }) => [OriginalVolumeType],
  'originalMultiAttachEnabled': ({ OriginalMultiAttachEnabled }) => [String(OriginalMultiAttachEnabled)],
  'start-time': ({ StartTime }) => [StartTime?.toISOString()],
  'target-iops': ({ TargetIops }) => [TargetIops?.toString()],
  'target-size': ({ TargetSize }) => [TargetSize?.toString()],
  'target-volume-type': ({ TargetVolumeType }) => [TargetVolumeType],
  'targetMultiAttachEnabled': ({ TargetMultiAttachEnabled }) => [String(TargetMultiAttachEnabled)],
  'volume-id': ({ VolumeId }) => [VolumeId],
};

/**
 * Lists the last modification of each volume that has had one.
 * @throws AwsError InvalidVolume.NotFound, InvalidVolumeModification.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumesModifications.html
 */
export async function describeVolumesModifications(input: DescribeVolumesModificationsRequest, context: ReadOnlyContext): Promise<DescribeVolumesModificationsResult> {
  forbidPagesWithIds('volumesSet', input.VolumeIds, input);
  const matches = predicateFrom(input.Filters, filterTable);
  const isNamed = (input.VolumeIds ?? []).length > 0;
  const volumes = isNamed ? requireVolumes(input.VolumeIds, context) : context.read.list(Volume, context.caller.namespace);
  const found = volumes.flatMap((volume) => {
    const modification = shownModificationOf(volume, context.read);
    if (modification) return [sdkModificationFrom(volume, modification)];
    if (isNamed) throw new AwsError('InvalidVolumeModification.NotFound', `Modification for volume '${ec2IdOf('vol', volume)}' does not exist.`);
    return [];
  });
  const page = pageOf(found.filter(matches), input, { minimum: 5, maximum: 500 }, pageScopeOf('DescribeVolumesModifications', context), ({ VolumeId = '' }) => VolumeId);
  return { VolumesModifications: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
