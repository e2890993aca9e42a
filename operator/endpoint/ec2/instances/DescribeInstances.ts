import type { DescribeInstancesRequest, DescribeInstancesResult } from '@aws-sdk/client-ec2';
import { Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateByView } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireInstances } from './find-instances.ts';
import { instanceFilters } from './instance-filters.ts';
import { instancesWithTags } from './instances-by-tag.ts';
import { instanceViewer, reservationsFrom, sortKeyOf } from './instance-view.ts';
import { tagsOf } from './sdk-instance.ts';

/**
 * Lists instances, terminated ones too as long as their resource is there. MaxResults counts instances; a reservation may go on on the next page.
 * @throws AwsError InvalidInstanceID.Malformed, InvalidInstanceID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
 */
export async function describeInstances(input: DescribeInstancesRequest, context: ReadOnlyContext): Promise<DescribeInstancesResult> {
  forbidPagesWithIds('instancesSet', input.InstanceIds, input);
  const viewOf = instanceViewer(context);
  const matches = predicateByView(input.Filters, instanceFilters, tagsOf, viewOf);
  // The order is known without a view: of ten thousand instances only those of the page are shown.
  const page = pageOf(candidates(input, context).filter(matches), input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeInstances', context), sortKeyOf);
  return { Reservations: reservationsFrom(page.items.map(viewOf)), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function candidates({ InstanceIds, Filters }: DescribeInstancesRequest, context: ReadOnlyContext): readonly Instance[] {
  if (InstanceIds && InstanceIds.length > 0) return requireInstances(InstanceIds, context);
  return instancesWithTags(Filters, context) ?? context.read.list(Instance, context.caller.namespace);
}
