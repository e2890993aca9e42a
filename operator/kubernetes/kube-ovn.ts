import type { ObjectMeta } from '../api/shared.ts';
import type { ResourceType } from './resource-type.ts';

/** A route of a router. The next hop is an address: Kube-OVN finds the port by it. */
export interface KubeOvnRoute {
  policy: 'policyDst';
  cidr: string;
  nextHopIP: string;
  /** Which of the router's tables it is in; empty: the main one. Subnets name theirs. */
  routeTable: string;
}

/** The part of Kube-OVN's Vpc that we write: a router of its own. @see https://kubeovn.github.io/docs/stable/en/vpc/vpc/ */
export interface KubeOvnVpc {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  spec: {
    /** Whether the router has a port in external subnets, and in which. */
    enableExternal?: boolean;
    extraExternalSubnets?: string[];
    staticRoutes?: KubeOvnRoute[];
  };
  /** `standby` is Kube-OVN's word for a router that is there. */
  status?: { standby?: boolean; enableExternal?: boolean; extraExternalSubnets?: string[] };
}
/** Token of Kube-OVN's Vpc. */
export const KubeOvnVpc: ResourceType<KubeOvnVpc> = { apiVersion: 'kubeovn.io/v1', kind: 'Vpc', plural: 'vpcs', namespaced: false };

/** The part of Kube-OVN's Subnet that we write: a switch at the router of its VPC. @see https://kubeovn.github.io/docs/stable/en/guide/subnet/ */
export interface KubeOvnSubnet {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  spec: {
    vpc: string;
    protocol: 'IPv4';
    cidrBlock: string;
    gateway: string;
    excludeIps: string[];
    natOutgoing: boolean;
    private: boolean;
    /** Table of its router that traffic from it goes by; empty: the main one. */
    routeTable?: string;
  };
  status?: { v4availableIPs?: number };
}
/** Token of Kube-OVN's Subnet. */
export const KubeOvnSubnet: ResourceType<KubeOvnSubnet> = { apiVersion: 'kubeovn.io/v1', kind: 'Subnet', plural: 'subnets', namespaced: false };

/** An address of an external subnet. @see https://kubeovn.github.io/docs/stable/en/vpc/ovn-eip-fip-snat/ */
export interface OvnEip {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  /** `v4Ip` is filled in by Kube-OVN unless an address is asked for. */
  spec: { externalSubnet: string; type: 'nat'; v4Ip?: string };
  status?: { v4Ip?: string; ready?: boolean };
}
/** Token of OvnEip. */
export const OvnEip: ResourceType<OvnEip> = { apiVersion: 'kubeovn.io/v1', kind: 'OvnEip', plural: 'ovn-eips', namespaced: false };

/** Leads an OvnEip to an address of a VPC, and what that sends out by it. Kube-OVN does not follow changes of the spec: a new one is made instead. */
export interface OvnFip {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  /** `ipName` is the name of Kube-OVN's record of an address (kind IP): of a machine `<name>.<namespace>`. Those of others may name an address instead. */
  spec: { ovnEip: string; ipName?: string };
  status?: { ready?: boolean; v4Ip?: string };
}
/** Token of OvnFip. */
export const OvnFip: ResourceType<OvnFip> = { apiVersion: 'kubeovn.io/v1', kind: 'OvnFip', plural: 'ovn-fips', namespaced: false };

/** Lets a subnet out by an OvnEip. Kube-OVN does not follow changes of the spec. */
export interface OvnSnatRule {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta & { name: string };
  spec: { ovnEip: string; vpcSubnet: string };
  status?: { ready?: boolean };
}
/** Token of OvnSnatRule. */
export const OvnSnatRule: ResourceType<OvnSnatRule> = { apiVersion: 'kubeovn.io/v1', kind: 'OvnSnatRule', plural: 'ovn-snat-rules', namespaced: false };
