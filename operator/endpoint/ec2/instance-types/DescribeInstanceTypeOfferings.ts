import {
  LocationType,
  type _InstanceType,
  type DescribeInstanceTypeOfferingsRequest,
  type DescribeInstanceTypeOfferingsResult,
  type InstanceTypeOffering,
} from '@aws-sdk/client-ec2';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { zonesFrom, type Zone } from '../zones/zones.ts';
import { instanceTypesOf } from '../../../kubernetes/instance-type-facts.ts';
import { zonesOffering } from './offerings.ts';

const BOUNDS = { minimum: 5, maximum: 1000, fallback: 1000 };

const filterTable: FilterTable<InstanceTypeOffering> = {
  'instance-type': ({ InstanceType }) => [InstanceType],
  location: ({ Location }) => [Location],
};

/**
 * Lists which instance types can be launched where: a type is offered in a zone that has a node large enough for it. There are no Outposts.
 * @throws AwsError InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypeOfferings.html
 */
export async function describeInstanceTypeOfferings(
  input: DescribeInstanceTypeOfferingsRequest,
  context: ReadOnlyContext,
): Promise<DescribeInstanceTypeOfferingsResult> {
  const locationType = locationTypeOf(input.LocationType);
  const matches = predicateFrom(input.Filters, filterTable);
  const { read, region } = context;
  const offerings = zonesOffering(instanceTypesOf(read), zonesFrom(read, region))
    .flatMap(({ type, zones }) =>
      locationsOf(locationType, zones, region).map((Location) => ({ InstanceType: type.name as _InstanceType, LocationType: locationType, Location })),
    )
    .filter(matches);
  const keyOf = ({ InstanceType, Location }: InstanceTypeOffering): string => `${InstanceType ?? ''}/${Location ?? ''}`;
  const page = pageOf(offerings, input, BOUNDS, pageScopeOf('DescribeInstanceTypeOfferings', context), keyOf);
  return { InstanceTypeOfferings: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function locationTypeOf(value: string | undefined): LocationType {
  if (!value) return 'region';
  const known = Object.values(LocationType).find((type) => type === value);
  if (known === undefined) throw invalidParameterValue('LocationType', value, `Valid values are: ${Object.values(LocationType).join(', ')}.`);
  return known;
}

function locationsOf(locationType: LocationType, zones: readonly Zone[], region: string): string[] {
  switch (locationType) {
    case 'region':
      return zones.length > 0 ? [region] : [];
    case 'availability-zone':
      return zones.map(({ name }) => name);
    case 'availability-zone-id':
      return zones.map(({ id }) => id);
    case 'outpost':
      return [];
    default:
      return locationType satisfies never;
  }
}
