import type { DescribeRegionsRequest, DescribeRegionsResult, Region } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';

const filterTable: FilterTable<Region> = {
  endpoint: ({ Endpoint }) => [Endpoint],
  'opt-in-status': ({ OptInStatus }) => [OptInStatus],
  'region-name': ({ RegionName }) => [RegionName],
};

/**
 * Lists the one region that the cluster answers as. Its endpoint is left out: under which name callers reach it is not known here, and AWS's own
 * would be a wrong one.
 * @throws AwsError InvalidParameterValue - for any other region
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
 */
export async function describeRegions(
  { RegionNames, Filters }: DescribeRegionsRequest,
  { region }: ReadOnlyContext,
): Promise<DescribeRegionsResult> {
  const matches = predicateFrom(Filters, filterTable);
  const unknown = [...new Set(RegionNames)].filter((name) => name !== region);
  if (unknown.length > 0) throw new AwsError('InvalidParameterValue', `Invalid region names: [${unknown.join(', ')}]`);
  return { Regions: [{ RegionName: region, OptInStatus: 'opt-in-not-required' } satisfies Region].filter(matches) };
}
