/** What an administrator decides about security groups; a part of the operator's configuration. */
export interface SecurityGroupSettings {
  /** Whether the cluster's network enforces NetworkPolicies; auto: look for network plugins that are known. */
  networkPolicy: 'auto' | 'enforced' | 'not-enforced';
  /** Whether instances are launched only into groups that are known to be enforced. */
  networkPolicyFailClosed: boolean;
  /** Address blocks of pods: with them wide CIDR rules do not let in instances of other VPCs. */
  podCidrs: readonly string[];
}
