import type { DescribeVolumesRequest, DescribeVolumesResult } from '@aws-sdk/client-ec2';
import { Volume } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom } from '../filters.ts';
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
  const matches = predicateFrom(input.Filters, volumeFilters, ({ volume }: DescribedVolume) => volume.spec.tags);
  const isNamed = (input.VolumeIds ?? []).length > 0;
  const volumes = isNamed ? requireVolumes(input.VolumeIds, context) : context.read.list(Volume, context.caller.namespace);
  const described = volumes.map((volume) => ({ volume, sdk: sdkVolumeFrom(volume, context) })).filter(matches);
  const sortKey = ({ volume, sdk }: DescribedVolume): string => `${volume.metadata.creationTimestamp ?? ''}/${sdk.VolumeId ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeVolumes', context), sortKey);
  return { Volumes: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
