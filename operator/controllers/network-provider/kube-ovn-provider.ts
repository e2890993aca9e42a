import { blockFrom, cidrOf, type Block } from '../../api/network/cidr.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { VpcConditions } from '../../api/network/vpc.ts';
import { isAlreadyExists, isNotFound } from '../../kubernetes/errors.ts';
import { KubeOvnSubnet, KubeOvnVpc } from '../../kubernetes/kube-ovn.ts';
import { isSameJson } from '../../kubernetes/merge-patch.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { Subnet, Vpc } from '../../kubernetes/resources.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import { watching, type ReconcileContext } from '../../runtime/reconcile.ts';
import type { Claim, NetworkProvider } from './provider.ts';

/** On what we make in Kube-OVN: the namespace of the account, as Kube-OVN's objects have none. */
const NAMESPACE_LABEL = 'kube-ec2.io/namespace';
/** EC2 keeps the first addresses after that of the gateway for itself, and the last. */
const RESERVED_AFTER_GATEWAY = 2;

const reason = 'routers and switches of VPCs and subnets, where KUBE_EC2_NETWORK_PROVIDER is kube-ovn';
/** Declared for every cluster: one generated role fits both providers. */
export const kubeOvnPermissions: readonly Permission[] = ['vpcs', 'subnets'].map((resource) => ({
  group: 'kubeovn.io',
  resource,
  verbs: ['list', 'watch', 'create', 'patch', 'delete'],
  reason,
}));

/** The router of a VPC, named by its id: Kube-OVN's objects are the cluster's. Pure. */
export function kubeOvnVpcFor(vpc: Vpc): KubeOvnVpc {
  const { apiVersion, kind } = KubeOvnVpc;
  return { apiVersion, kind, metadata: { name: ec2IdOf('vpc', vpc), labels: { [NAMESPACE_LABEL]: vpc.metadata.namespace ?? '' } }, spec: {} };
}

/** The switch of a subnet, at the router of its VPC; its first address is the gateway's, as on EC2. Pure. */
export function kubeOvnSubnetFor(subnet: Subnet, vpc: Vpc): KubeOvnSubnet {
  const { apiVersion, kind } = KubeOvnSubnet;
  const block = blockFrom(subnet.spec.cidrBlock) ?? { first: 0, size: 1 };
  const address = (offset: number): string => addressIn(block, offset);
  return {
    apiVersion,
    kind,
    metadata: { name: ec2IdOf('subnet', subnet), labels: { [NAMESPACE_LABEL]: subnet.metadata.namespace ?? '' } },
    spec: {
      vpc: ec2IdOf('vpc', vpc),
      protocol: 'IPv4',
      cidrBlock: subnet.spec.cidrBlock,
      gateway: address(1),
      excludeIps: [`${address(1)}..${address(1 + RESERVED_AFTER_GATEWAY)}`],
      natOutgoing: false,
      private: false,
    },
  };
}

function addressIn({ first }: Block, offset: number): string {
  return cidrOf({ first: first + offset, size: 1 }).replace('/32', '');
}

/** Real VPCs, by Kube-OVN: each a router, each subnet a switch, with addresses of its block; VPCs do not know of each other. */
export function kubeOvnProvider(): NetworkProvider {
  return {
    name: 'kube-ovn',
    vpcWatches: [watching(KubeOvnVpc, ({ metadata }, read) => ownersOf(Vpc, metadata, (vpc) => ec2IdOf('vpc', vpc), read))],
    subnetWatches: [watching(KubeOvnSubnet, ({ metadata }, read) => ownersOf(Subnet, metadata, (subnet) => ec2IdOf('subnet', subnet), read))],
    ensureVpc: async (vpc, context) => ensure(KubeOvnVpc, kubeOvnVpcFor(vpc), context),
    ensureSubnet: async (subnet, vpc, context) => ensure(KubeOvnSubnet, kubeOvnSubnetFor(subnet, vpc), context),
    removeVpc: async (vpc, context) => remove(KubeOvnVpc, ec2IdOf('vpc', vpc), context),
    removeSubnet: async (subnet, context) => remove(KubeOvnSubnet, ec2IdOf('subnet', subnet), context),
    claimsFor: (vpc, read) => [
      isolationClaimFor(vpc, read),
      { type: VpcConditions.addressesFromBlock, status: 'True', reason: 'KubeOvn', message: 'Instances get addresses of their subnet, and keep them over stop and start.' },
    ],
  };
}

function isolationClaimFor(vpc: Vpc, read: Read): Claim {
  const type = VpcConditions.isolated;
  const router = read.get(KubeOvnVpc, { name: ec2IdOf('vpc', vpc) });
  if (router?.status?.standby !== true) {
    return { type, status: 'Unknown', reason: 'RouterNotReady', message: "Kube-OVN has not made the VPC's router yet; is kube-ovn-controller running?" };
  }
  return {
    type,
    status: 'True',
    reason: 'KubeOvn',
    message: 'The VPC is a router of its own; instances of other VPCs cannot be reached, nor can the world outside as long as no gateway leads there.',
  };
}

async function ensure<T extends KubeOvnVpc | KubeOvnSubnet>(type: ResourceType<T>, wanted: T, { read, write }: ReconcileContext): Promise<void> {
  const found = read.get(type, { name: wanted.metadata.name });
  if (found === undefined) {
    await write.create(type, wanted).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error; // the cache lags
    });
    return;
  }
  // Kube-OVN fills in more of the spec: only what we say counts.
  const present = Object.fromEntries(Object.keys(wanted.spec).map((field) => [field, (found.spec as Record<string, unknown>)[field]]));
  if (!isSameJson(present, wanted.spec)) await write.patch(type, { name: wanted.metadata.name }, { spec: { ...wanted.spec } });
}

async function remove<T extends KubeOvnVpc | KubeOvnSubnet>(type: ResourceType<T>, name: string, { read, write }: ReconcileContext): Promise<void> {
  if (read.get(type, { name }) === undefined) return;
  await write.remove(type, { name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone already
  });
}

function ownersOf<T extends Vpc | Subnet>(type: ResourceType<T>, metadata: KubeOvnVpc['metadata'], idOf: (object: T) => string, read: Read): ObjectKey[] {
  const namespace = metadata.labels?.[NAMESPACE_LABEL];
  if (namespace === undefined) return [];
  return read
    .list(type, namespace)
    .filter((object) => idOf(object) === metadata.name)
    .map((object) => ({ namespace, name: object.metadata.name }));
}
