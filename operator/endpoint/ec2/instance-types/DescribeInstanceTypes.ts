import type { DescribeInstanceTypesRequest, DescribeInstanceTypesResult } from '@aws-sdk/client-ec2';
import type { Read } from '../../../kubernetes/read.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { findInstanceType, instanceTypesOf, type InstanceTypeFacts } from '../../../kubernetes/instance-type-facts.ts';
import { instanceTypeFilters } from './instance-type-filters.ts';
import { sdkInstanceTypeFrom } from './sdk-instance-type.ts';

const BOUNDS = { minimum: 5, maximum: 100, fallback: 100 };

/**
 * Lists the cluster's VirtualMachineClusterInstancetypes that are named family.size, whether or not a node has room for them: that is what
 * DescribeInstanceTypeOfferings tells. There is one region, so IncludeUnsupportedInRegion changes nothing.
 * @throws AwsError InvalidInstanceType - for a type that does not exist
 * @throws AwsError InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html
 */
export async function describeInstanceTypes(input: DescribeInstanceTypesRequest, context: ReadOnlyContext): Promise<DescribeInstanceTypesResult> {
  const { InstanceTypes, Filters } = input;
  forbidPagesWithIds('InstanceTypes', InstanceTypes, input);
  const matches = predicateFrom(Filters, instanceTypeFilters);
  const types = InstanceTypes?.length ? requireTypes(InstanceTypes, context.read) : instanceTypesOf(context.read);
  const described = types.map(sdkInstanceTypeFrom).filter(matches);
  const page = pageOf(described, input, BOUNDS, pageScopeOf('DescribeInstanceTypes', context), ({ InstanceType }) => InstanceType ?? '');
  return { InstanceTypes: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function requireTypes(names: readonly string[], read: Read): InstanceTypeFacts[] {
  const asked = [...new Set(names)].map((name) => ({ name, type: findInstanceType(read, name) }));
  const unknown = asked.filter(({ type }) => type === undefined).map(({ name }) => name);
  if (unknown.length > 0) {
    throw new AwsError('InvalidInstanceType', `The following supplied instance types do not exist: [${unknown.join(', ')}]`);
  }
  return asked.flatMap(({ type }) => type ?? []);
}
