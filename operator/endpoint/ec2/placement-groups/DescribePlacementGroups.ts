import type { DescribePlacementGroupsRequest, DescribePlacementGroupsResult, PlacementGroup as SdkPlacementGroup } from '@aws-sdk/client-ec2';
import { PlacementGroup } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { requirePlacementGroup, requirePlacementGroupOfId } from './find-placement-group.ts';
import { sdkPlacementGroupFrom } from './sdk-placement-group.ts';

interface DescribedGroup {
  group: PlacementGroup;
  sdk: SdkPlacementGroup;
}

const filterTable: FilterTable<DescribedGroup> = {
  'group-arn': ({ sdk }) => [sdk.GroupArn],
  'group-name': ({ sdk }) => [sdk.GroupName],
  'spread-level': ({ sdk }) => [sdk.SpreadLevel],
  state: ({ sdk }) => [sdk.State],
  strategy: ({ sdk }) => [sdk.Strategy],
};

/**
 * Lists placement groups by name.
 * @throws AwsError InvalidPlacementGroup.Unknown, InvalidPlacementGroupId.Malformed, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribePlacementGroups.html
 */
export async function describePlacementGroups(input: DescribePlacementGroupsRequest, context: ReadOnlyContext): Promise<DescribePlacementGroupsResult> {
  const matches = predicateFrom(input.Filters, filterTable, ({ group }: DescribedGroup) => group.spec.tags);
  const described = namedBy(input, context).map((group) => ({ group, sdk: sdkPlacementGroupFrom(group, context) }));
  const shown = described.filter(matches).sort((left, right) => ((left.sdk.GroupName ?? '') < (right.sdk.GroupName ?? '') ? -1 : 1));
  return { PlacementGroups: shown.map(({ sdk }) => sdk) };
}

function namedBy({ GroupIds = [], GroupNames = [] }: DescribePlacementGroupsRequest, context: ReadOnlyContext): readonly PlacementGroup[] {
  if (GroupIds.length === 0 && GroupNames.length === 0) return context.read.list(PlacementGroup, context.caller.namespace);
  const byId = GroupIds.map((id) => requirePlacementGroupOfId(id, context));
  const byName = GroupNames.map((name) => requirePlacementGroup(name, context));
  return [...new Set([...byId, ...byName])];
}
