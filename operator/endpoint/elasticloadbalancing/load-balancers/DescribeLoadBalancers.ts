import type { DescribeLoadBalancersInput, DescribeLoadBalancersOutput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ReadOnlyContext } from '../../operation.ts';
import { loadBalancerNotFound } from './load-balancer-not-found.ts';

/**
 * Lists load balancers, of which there are none: a target group is reached by its Service.
 * @throws AwsError LoadBalancerNotFound - if one is named
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeLoadBalancers.html
 */
export async function describeLoadBalancers({ LoadBalancerArns = [], Names = [] }: DescribeLoadBalancersInput, _context: ReadOnlyContext): Promise<DescribeLoadBalancersOutput> {
  if (LoadBalancerArns.length > 0 || Names.length > 0) throw loadBalancerNotFound();
  return { LoadBalancers: [] };
}
