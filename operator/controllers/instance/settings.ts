import type { ElasticIpSettings } from '../elastic-ip/settings.ts';

/** What an administrator decides about instances; a part of the operator's configuration. */
export interface InstanceSettings extends ElasticIpSettings {
  /** AWS region name; nodes that name no zone are in its zone a. */
  region: string;
  /** DNS domain of the cluster, for private DNS names. */
  clusterDomain: string;
  /** How long a machine that cannot start is tried before it is given up. */
  launchDeadlineSeconds: number;
  /** How long a terminated instance stays visible. */
  terminatedRetentionSeconds: number;
  /** How long a guest with an agent has to reboot by itself before it is reset. */
  rebootDeadlineSeconds: number;
  /** StorageClass of volumes that are not cloned from a claim; by default that of the cluster. */
  storageClass: string | undefined;
  /** Whether instances are launched only into security groups that are known to be enforced. */
  networkPolicyFailClosed: boolean;
}
