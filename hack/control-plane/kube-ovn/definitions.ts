import type { AnyObject } from '../kubernetes-client.ts';

const GROUP = 'kubeovn.io';

/** Group and version of Kube-OVN's kinds. */
export const KUBE_OVN_API_VERSION = `${GROUP}/v1`;
/** Where the API server serves them. */
export const KUBE_OVN_ROOT = `/apis/${KUBE_OVN_API_VERSION}`;
/** Holds what the controller has still to take apart. */
export const KUBE_OVN_FINALIZER = `${GROUP}/kube-ovn-controller`;

const text = { type: 'string' };
const flag = { type: 'boolean' };
const count = { type: 'integer' };
const number = { type: 'number' };
const texts = { type: 'array', items: text };

/**
 * The kinds of Kube-OVN that the product writes, and the one in which Kube-OVN keeps addresses, with the fields that are written and read: what else is
 * sent is dropped by the API server, so that a misspelt field is noticed.
 */
export function kubeOvnDefinitions(): AnyObject[] {
  return [
    definition('Vpc', 'vpcs', {
      spec: object({
        namespaces: texts,
        enableExternal: flag,
        extraExternalSubnets: texts,
        staticRoutes: { type: 'array', items: object({ policy: text, cidr: text, nextHopIP: text, ecmpMode: text, bfdId: text, routeTable: text }) },
      }),
      status: object({ standby: flag, default: flag, router: text, subnets: texts, enableExternal: flag, extraExternalSubnets: texts }),
    }),
    definition('Subnet', 'subnets', {
      spec: {
        ...object({
          vpc: text,
          protocol: { ...text, enum: ['IPv4', 'IPv6', 'Dual'] },
          cidrBlock: text,
          gateway: text,
          excludeIps: texts,
          natOutgoing: flag,
          private: flag,
          provider: text,
          gatewayType: text,
          routeTable: text,
          vlan: text,
        }),
        required: ['cidrBlock'],
      },
      status: object({
        v4availableIPs: number,
        v4usingIPs: count,
        conditions: { type: 'array', items: object({ type: text, status: text, reason: text, lastTransitionTime: text }) },
      }),
    }),
    definition('OvnEip', 'ovn-eips', {
      spec: object({ externalSubnet: text, type: text, v4Ip: text, v6Ip: text, macAddress: text }),
      status: object({ v4Ip: text, macAddress: text, ready: flag, type: text, nat: text }),
    }),
    definition('OvnFip', 'ovn-fips', {
      spec: object({ ovnEip: text, ipType: text, ipName: text, vpc: text, v4Ip: text, v6Ip: text, type: text }),
      status: object({ ready: flag, vpc: text, v4Eip: text, v4Ip: text }),
    }),
    definition('OvnSnatRule', 'ovn-snat-rules', {
      spec: object({ ovnEip: text, vpcSubnet: text, ipName: text, vpc: text, v4IpCidr: text, v6IpCidr: text }),
      status: object({ ready: flag, vpc: text, v4Eip: text, v4IpCidr: text }),
    }),
    definition('IP', 'ips', { spec: object({ podName: text, namespace: text, subnet: text, podType: text, v4IpAddress: text, macAddress: text }) }),
  ];
}

function object(properties: Record<string, unknown>): Record<string, unknown> {
  return { type: 'object', properties };
}

function definition(kind: string, plural: string, properties: Record<string, unknown>): AnyObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${GROUP}` },
    spec: {
      group: GROUP,
      scope: 'Cluster',
      names: { kind, plural, singular: plural.slice(0, -1), listKind: `${kind}List` },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          ...('status' in properties && { subresources: { status: {} } }),
          schema: { openAPIV3Schema: object(properties) },
        },
      ],
    },
  };
}
