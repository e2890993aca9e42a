import { ec2IdOf } from '../../api/ec2-id.ts';
import { VpcConditions } from '../../api/network/vpc.ts';
import { isAlreadyExists, isNotFound } from '../../kubernetes/errors.ts';
import { KubeOvnSubnet, KubeOvnVpc } from '../../kubernetes/kube-ovn.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { NatGateway, RouteTable, Subnet, Vpc } from '../../kubernetes/resources.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import type { Json } from '../../kubernetes/write.ts';
import { watching, type ReconcileContext } from '../../runtime/reconcile.ts';
import { findVpc, subnetsOf } from '../vpc/find-vpc.ts';
import { namespaceOf } from './kube-ovn-labels.ts';
import { kubeOvnSubnetFor, kubeOvnVpcFor } from './kube-ovn-objects.ts';
import { kubeOvnNat } from './kube-ovn-nat.ts';
import { routerTableOfSubnet, vpcOfNat, wayOutOf } from './kube-ovn-way-out.ts';
import type { Claim, NetworkProvider, RoutesClaim } from './provider.ts';
import { isSaidBy } from './said-by.ts';

const reason = 'routers, switches and NAT of VPCs and subnets, where KUBE_EC2_NETWORK_PROVIDER is kube-ovn';
/** Declared for every cluster: one generated role fits both providers. */
export const kubeOvnPermissions: readonly Permission[] = ['vpcs', 'subnets', 'ovn-snat-rules'].map((resource) => ({
  group: 'kubeovn.io',
  resource,
  verbs: ['list', 'watch', 'create', 'patch', 'delete'],
  reason,
}));

/** Real VPCs, by Kube-OVN: each a router, each subnet a switch, with addresses of its block; VPCs do not know of each other. */
export function kubeOvnProvider(externalSubnet: string | undefined): NetworkProvider {
  return {
    name: 'kube-ovn',
    vpcWatches: [
      watching(KubeOvnVpc, ({ metadata }, read) => ownersOf(Vpc, metadata, (vpc) => ec2IdOf('vpc', vpc), read)),
      // Its gateway is where routes outside lead.
      watching(KubeOvnSubnet, ({ metadata }, read) => (metadata.name === externalSubnet ? keysOf(read.list(Vpc)) : [])),
      watching(RouteTable, (table, read) => keysOf(vpcOf(table, read))),
      watching(NatGateway, (natGateway, read) => keysOf(vpcsOfNat(natGateway, read))),
    ],
    subnetWatches: [
      watching(KubeOvnSubnet, ({ metadata }, read) => ownersOf(Subnet, metadata, (subnet) => ec2IdOf('subnet', subnet), read)),
      watching(RouteTable, (table, read) => {
        const subnets = vpcOf(table, read).flatMap((vpc) => subnetsOf(vpc, read));
        return keysOf(subnets.filter(({ spec }) => spec.routeTableId !== undefined));
      }),
    ],
    routeTableWatches: [watching(KubeOvnSubnet, ({ metadata }, read) => (metadata.name === externalSubnet ? keysOf(read.list(RouteTable)) : []))],
    // What an administrator gives routers himself is not touched unless we are told where outside is.
    ensureVpc: async (vpc, context) => {
      const wayOut = externalSubnet === undefined ? {} : wayOutOf(vpc, externalSubnet, context.read);
      await ensure(KubeOvnVpc, kubeOvnVpcFor(vpc, wayOut), context);
    },
    ensureSubnet: async (subnet, vpc, context) => {
      const routeTable = externalSubnet === undefined ? undefined : routerTableOfSubnet(subnet, vpc, context.read);
      await ensure(KubeOvnSubnet, kubeOvnSubnetFor(subnet, vpc, routeTable), context);
    },
    removeVpc: async (vpc, context) => remove(KubeOvnVpc, ec2IdOf('vpc', vpc), context),
    removeSubnet: async (subnet, context) => remove(KubeOvnSubnet, ec2IdOf('subnet', subnet), context),
    nat: externalSubnet === undefined ? undefined : kubeOvnNat,
    claimsFor: (vpc, read) => [
      isolationClaimFor(vpc, read),
      {
        type: VpcConditions.addressesFromBlock,
        status: 'True',
        reason: 'KubeOvn',
        message: 'Instances get addresses of their subnet, and keep them over stop and start.',
      },
    ],
    routesClaimFor: (table, read) => routesClaimFor(table, externalSubnet, read),
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

function routesClaimFor({ spec }: RouteTable, externalSubnet: string | undefined, read: Read): RoutesClaim {
  if (externalSubnet === undefined) {
    return {
      status: 'False',
      reason: 'ExternalSubnetNotConfigured',
      message: 'The router of the VPC leads to its subnets only, whatever route tables say: no external subnet is configured (KUBE_EC2_KUBE_OVN_EXTERNAL_SUBNET).',
    };
  }
  if (read.get(KubeOvnSubnet, { name: externalSubnet }) === undefined) {
    const message = `Routes to internet gateways lead nowhere: Kube-OVN has no Subnet ${externalSubnet}; an administrator makes it.`;
    return { status: 'False', reason: 'ExternalSubnetNotFound', message };
  }
  if (spec.routes.some(({ destinationIpv6CidrBlock }) => destinationIpv6CidrBlock !== undefined)) {
    return { status: 'False', reason: 'Ipv6NotRouted', message: 'The router of the VPC goes by the IPv4 routes of the table; there is no IPv6.' };
  }
  return { status: 'True', reason: 'KubeOvn', message: 'The router of the VPC goes by the table.' };
}

async function ensure<T extends KubeOvnVpc | KubeOvnSubnet>(type: ResourceType<T>, wanted: T, { read, write }: ReconcileContext): Promise<void> {
  const found = read.get(type, { name: wanted.metadata.name });
  if (found === undefined) {
    await write.create(type, wanted).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error; // the cache lags
    });
    return;
  }
  if (!isSaidBy(found.spec, wanted.spec)) await write.patch(type, { name: wanted.metadata.name }, { spec: wanted.spec as unknown as Json });
}

async function remove<T extends KubeOvnVpc | KubeOvnSubnet>(type: ResourceType<T>, name: string, { read, write }: ReconcileContext): Promise<void> {
  if (read.get(type, { name }) === undefined) return;
  await write.remove(type, { name }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone already
  });
}

function vpcOf({ metadata, spec }: RouteTable, read: Read): Vpc[] {
  const vpc = findVpc(spec.vpcId, metadata.namespace, read);
  return vpc === undefined ? [] : [vpc];
}

function vpcsOfNat(natGateway: NatGateway, read: Read): Vpc[] {
  const vpc = vpcOfNat(natGateway, read);
  return vpc === undefined ? [] : [vpc];
}

function keysOf(objects: readonly (Vpc | Subnet | RouteTable)[]): ObjectKey[] {
  return objects.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

function ownersOf<T extends Vpc | Subnet>(type: ResourceType<T>, metadata: KubeOvnVpc['metadata'], idOf: (object: T) => string, read: Read): ObjectKey[] {
  const namespace = namespaceOf(metadata);
  return namespace === undefined ? [] : keysOf(read.list(type, namespace).filter((object) => idOf(object) === metadata.name));
}
