import type { DescribeFleetsRequest, DescribeFleetsResult, FleetData } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { requireFleet } from './find-fleet.ts';
import { sdkFleetFrom } from './sdk-fleet.ts';

const text = (value: string | undefined): string[] => (value === undefined ? [] : [value, value.replaceAll('_', '-')]);

const filterTable: FilterTable<FleetData> = {
  'activity-status': ({ ActivityStatus }) => text(ActivityStatus),
  'excess-capacity-termination-policy': ({ ExcessCapacityTerminationPolicy }) => text(ExcessCapacityTerminationPolicy),
  'fleet-state': ({ FleetState }) => text(FleetState),
  'replace-unhealthy-instances': ({ ReplaceUnhealthyInstances }) => [String(ReplaceUnhealthyInstances)],
  type: ({ Type }) => text(Type),
};

/**
 * Shows fleets by their ids. Those of type instant, which all are here, do not show up without.
 * @throws AwsError InvalidFleetId.Malformed, InvalidFleetId.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeFleets.html
 */
export async function describeFleets(input: DescribeFleetsRequest, context: ReadOnlyContext): Promise<DescribeFleetsResult> {
  const matches = predicateFrom(input.Filters, filterTable);
  const fleets = [...new Set(input.FleetIds)].map((id) => sdkFleetFrom(requireFleet(id, context), context)).filter(matches);
  const scope = pageScopeOf('DescribeFleets', context);
  const page = pageOf(fleets, input, { minimum: 1, maximum: 1000 }, scope, ({ CreateTime, FleetId }) => `${CreateTime?.toISOString() ?? ''}/${FleetId ?? ''}`);
  return { Fleets: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
