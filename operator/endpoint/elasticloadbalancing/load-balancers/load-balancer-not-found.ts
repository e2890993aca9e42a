import { AwsError } from '../../errors.ts';

/** The answer to whoever names a load balancer: there are none. */
export function loadBalancerNotFound(): AwsError {
  return new AwsError('LoadBalancerNotFound', 'One or more load balancers not found');
}
