import type { ObjectMeta } from '../api/shared.ts';
import type { ResourceType } from './resource-type.ts';

/** The part of Kube-OVN's Vpc that we write: a router of its own. @see https://kubeovn.github.io/docs/stable/en/vpc/vpc/ */
export interface KubeOvnVpc {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  spec: Record<string, never>;
  /** `standby` is Kube-OVN's word for a router that is there. */
  status?: { standby?: boolean };
}
/** Token of Kube-OVN's Vpc. */
export const KubeOvnVpc: ResourceType<KubeOvnVpc> = { apiVersion: 'kubeovn.io/v1', kind: 'Vpc', plural: 'vpcs', namespaced: false };

/** The part of Kube-OVN's Subnet that we write: a switch at the router of its VPC. @see https://kubeovn.github.io/docs/stable/en/guide/subnet/ */
export interface KubeOvnSubnet {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  spec: { vpc: string; protocol: 'IPv4'; cidrBlock: string; gateway: string; excludeIps: string[]; natOutgoing: boolean; private: boolean };
}
/** Token of Kube-OVN's Subnet. */
export const KubeOvnSubnet: ResourceType<KubeOvnSubnet> = { apiVersion: 'kubeovn.io/v1', kind: 'Subnet', plural: 'subnets', namespaced: false };
