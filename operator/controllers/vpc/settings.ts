import type { SecurityGroupSettings } from '../security-group/settings.ts';

/** What VPCs take from the configuration. */
export interface VpcSettings extends SecurityGroupSettings {
  /** AWS region name; nodes that name no zone are in its zone a. */
  region: string;
  /** What makes the network. */
  networkProvider: 'pod' | 'kube-ovn';
  /** Kube-OVN's Subnet that leads outside; without it VPCs have no way out. */
  kubeOvnExternalSubnet: string | undefined;
  /** DNS domain of the cluster, for the search domain of guests. */
  clusterDomain: string;
}
