import type { DescribePublicIpv4PoolsRequest, DescribePublicIpv4PoolsResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom } from '../filters.ts';
import { pageOf, pageScopeOf } from '../pages.ts';

/**
 * Lists the address pools that an account brought along: none, for pools are the load balancer's affair.
 * @throws AwsError InvalidPublicIpv4PoolID.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribePublicIpv4Pools.html
 */
export async function describePublicIpv4Pools(input: DescribePublicIpv4PoolsRequest, context: ReadOnlyContext): Promise<DescribePublicIpv4PoolsResult> {
  const { PoolIds = [] } = input;
  predicateFrom(input.Filters, {}, () => []);
  const page = pageOf<never>([], input, { minimum: 1, maximum: 10 }, pageScopeOf('DescribePublicIpv4Pools', context), String);
  if (PoolIds.length > 0) throw new AwsError('InvalidPublicIpv4PoolID.NotFound', `The pool ID '${PoolIds.join(', ')}' does not exist.`);
  return { PublicIpv4Pools: page.items };
}
