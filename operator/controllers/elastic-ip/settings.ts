/** What an administrator decides about elastic IP addresses; a part of the operator's configuration. */
export interface ElasticIpSettings {
  elasticIps: {
    /** Class of the Services, for clusters with several load balancers; by default that of the cluster. */
    loadBalancerClass: string | undefined;
    /**
     * Annotations of the Services; by default MetalLB's. `{address}` and `{pool}` stand for what the ElasticIp asks for; an annotation with one of them is left out of a
     * Service whose ElasticIp does not ask.
     */
    annotations: Readonly<Record<string, string>> | undefined;
    /** Whether the load balancer needs node ports. */
    nodePorts: boolean;
  };
}

/** How MetalLB is told; other load balancers ignore it. @see https://metallb.io/usage/ */
export const defaultElasticIpAnnotations: Readonly<Record<string, string>> = {
  'metallb.io/loadBalancerIPs': '{address}',
  'metallb.io/address-pool': '{pool}',
};
