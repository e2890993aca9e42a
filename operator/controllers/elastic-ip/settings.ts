/** What an administrator decides about elastic IP addresses; a part of the operator's configuration. */
export interface ElasticIpSettings {
  /** What makes the network; public addresses go with it. */
  networkProvider: 'pod' | 'kube-ovn';
  /** Kube-OVN's Subnet that public addresses come from; without it there are none with Kube-OVN, and VPCs have no way out. */
  kubeOvnExternalSubnet: string | undefined;
  elasticIps: {
    /** Class of the Services, for clusters with several load balancers; by default that of the cluster. */
    loadBalancerClass: string | undefined;
    /**
     * Annotations of the Services. `{address}` and `{pool}` stand for what the ElasticIp asks for; an annotation with one of them is left out of a
     * Service whose ElasticIp does not ask.
     */
    annotations: Readonly<Record<string, string>>;
    /** Whether the load balancer needs node ports. */
    nodePorts: boolean;
  };
}
