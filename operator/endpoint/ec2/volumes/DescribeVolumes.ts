import type { DescribeVolumesRequest, DescribeVolumesResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Volume } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { literalFilterValues, predicateByView } from '../filters.ts';
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
  const described = (volume: Volume): DescribedVolume => ({ volume, sdk: sdkVolumeFrom(volume, context) });
  const matches = predicateByView(input.Filters, volumeFilters, ({ spec }: Volume) => spec.tags, described);
  const sortKey = (volume: Volume): string => `${volume.metadata.creationTimestamp ?? ''}/${ec2IdOf('vol', volume)}`;
  const page = pageOf(candidates(input, context).filter(matches), input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeVolumes', context), sortKey);
  return { Volumes: page.items.map((volume) => described(volume).sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
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
