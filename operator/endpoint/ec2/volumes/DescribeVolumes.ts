import type { DescribeVolumesRequest, DescribeVolumesResult } from '@aws-sdk/client-ec2';
import type { VolumeSpec } from '../../../api/storage/volume.ts';
import { Volume } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { literalFilterValues, predicateFrom, tagFiltersOf } from '../filters.ts';
import { instancesById, volumesAround, withinNamespace } from '../indexes.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireVolumes } from './find-volume.ts';
import { sdkVolumeFrom } from './sdk-volume.ts';
import { volumeFilters, type DescribedVolume } from './volume-filters.ts';

/**
 * Lists volumes in the order of their making.
 * @throws AwsError InvalidVolume.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html
 */
export async function describeVolumes(input: DescribeVolumesRequest, context: ReadOnlyContext): Promise<DescribeVolumesResult> {
  forbidPagesWithIds('volumesSet', input.VolumeIds, input);
  const tagsOf = ({ spec }: Volume): VolumeSpec['tags'] => spec.tags;
  const matches = predicateFrom(input.Filters, volumeFilters, ({ volume }: DescribedVolume) => tagsOf(volume));
  // Tags are known before a volume is shown: of many volumes a filter by tag leaves few to be shown.
  const mayMatch = predicateFrom(tagFiltersOf(input.Filters), {}, tagsOf);
  const described = candidates(input, context)
    .filter(mayMatch)
    .map((volume) => ({ volume, sdk: sdkVolumeFrom(volume, context) }))
    .filter(matches);
  const sortKey = ({ volume, sdk }: DescribedVolume): string => `${volume.metadata.creationTimestamp ?? ''}/${sdk.VolumeId ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeVolumes', context), sortKey);
  return { Volumes: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

/** Volumes that an answer may be made of. Which ones an instance has, the cache knows: clients mostly ask for these. */
function candidates({ VolumeIds = [], Filters }: DescribeVolumesRequest, context: ReadOnlyContext): readonly Volume[] {
  if (VolumeIds.length > 0) return requireVolumes(VolumeIds, context);
  const { read, caller } = context;
  const instanceIds = literalFilterValues(Filters, 'attachment.instance-id');
  if (instanceIds === undefined) return read.list(Volume, caller.namespace);
  const instances = instanceIds.flatMap((id) => read.byIndex(instancesById, withinNamespace(caller.namespace, id)));
  return [...new Set(instances.flatMap((instance) => volumesAround(instance, read)))];
}
