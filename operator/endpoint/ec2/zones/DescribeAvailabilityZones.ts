import type { AvailabilityZone, DescribeAvailabilityZonesRequest, DescribeAvailabilityZonesResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { zonesFrom, type Zone } from './zones.ts';

const filterTable: FilterTable<AvailabilityZone> = {
  'group-long-name': () => [],
  'group-name': ({ GroupName }) => [GroupName],
  message: ({ Messages }) => (Messages ?? []).map(({ Message }) => Message),
  'opt-in-status': ({ OptInStatus }) => [OptInStatus],
  'parent-zone-id': () => [],
  'parent-zone-name': () => [],
  'region-name': ({ RegionName }) => [RegionName],
  state: ({ State }) => [State],
  'zone-id': ({ ZoneId }) => [ZoneId],
  'zone-name': ({ ZoneName }) => [ZoneName],
  'zone-type': ({ ZoneType }) => [ZoneType],
};

/**
 * Lists the zones that the nodes' labels name; nodes without the label are in `<region>a`. There are none to opt in to, so AllAvailabilityZones changes nothing.
 * @throws AwsError InvalidParameterValue - for a zone name or id that no node has
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAvailabilityZones.html
 */
export async function describeAvailabilityZones(
  { ZoneNames, ZoneIds, Filters }: DescribeAvailabilityZonesRequest,
  { read, region }: ReadOnlyContext,
): Promise<DescribeAvailabilityZonesResult> {
  const matches = predicateFrom(Filters, filterTable);
  const zones = zonesFrom(read, region);
  const asked = [ZoneNames, ZoneIds].some((list) => (list ?? []).length > 0)
    ? zones.filter(({ name, id }) => ZoneNames?.includes(name) || ZoneIds?.includes(id))
    : zones;
  requireKnown(ZoneNames, zones.map(({ name }) => name));
  requireKnown(ZoneIds, zones.map(({ id }) => id));
  return { AvailabilityZones: asked.map((zone) => sdkZoneFrom(zone, region)).filter(matches) };
}

function requireKnown(asked: readonly string[] | undefined, known: readonly string[]): void {
  const unknown = [...new Set(asked)].filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new AwsError('InvalidParameterValue', `Invalid availability zone${unknown.length > 1 ? 's' : ''}: [${unknown.join(', ')}]`);
}

function sdkZoneFrom({ name, id, state, message }: Zone, region: string): AvailabilityZone {
  return {
    ZoneName: name,
    ZoneId: id,
    State: state,
    Messages: message === undefined ? [] : [{ Message: message }],
    RegionName: region,
    ZoneType: 'availability-zone',
    GroupName: region,
    NetworkBorderGroup: region,
    OptInStatus: 'opt-in-not-required',
  };
}
