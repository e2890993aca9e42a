import { zoneOfNode } from '../../kubernetes/node-zone.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { DaemonSet, DhcpOptions, InternetGateway, Namespace, NetworkAcl, Node, RouteTable, SecurityGroup, Subnet, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, watchingOwned, type AnyController } from '../../runtime/reconcile.ts';
import { kubeOvnPermissions } from '../network-provider/kube-ovn-provider.ts';
import { networkProviderFor } from '../network-provider/provider-for.ts';
import { isNetworkPlugin } from '../security-group/enforcement.ts';
import { findVpc } from './find-vpc.ts';
import { reconcile } from './reconcile.ts';
import type { VpcSettings } from './settings.ts';

function keysOf(vpcs: readonly Vpc[]): ObjectKey[] {
  return vpcs.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

function named(reference: string | undefined, namespace: string | undefined, read: Read): ObjectKey[] {
  const vpc = reference === undefined ? undefined : findVpc(reference, namespace, read);
  return vpc === undefined ? [] : keysOf([vpc]);
}

/** Gives VPCs their ids and what belongs to them: main route table, network ACL and default group, default ones a gateway and a subnet in each zone. */
export function vpcController(settings: VpcSettings): AnyController {
  const provider = networkProviderFor(settings);
  const creates = (resource: string, reason: string) => ({ group: 'kube-ec2.io', resource, verbs: ['create'], reason }) as const;
  return defineController({
    name: 'vpc',
    type: Vpc,
    watches: [
      ...provider.vpcWatches,
      // When the older of two default ones goes, the other is the default.
      watching(Vpc, ({ metadata, spec }, read) => (spec.isDefault ? keysOf(read.list(Vpc, metadata.namespace).filter((other) => other.spec.isDefault)) : [])),
      watchingOwned(RouteTable, Vpc),
      watchingOwned(NetworkAcl, Vpc),
      watchingOwned(SecurityGroup, Vpc),
      watching(Subnet, ({ metadata, spec }, read) => named(spec.vpcId, metadata.namespace, read)),
      watching(InternetGateway, ({ metadata, spec }, read) => named(spec.vpcId, metadata.namespace, read)),
      watching(DhcpOptions, ({ metadata }, read) => keysOf(read.list(Vpc, metadata.namespace).filter(({ spec }) => spec.dhcpOptionsId !== undefined))),
      // Nodes change every few minutes, zones hardly ever.
      watching(Node, (node, read) => {
        const zone = zoneOfNode(node, settings.region);
        return keysOf(read.list(Vpc).filter(({ spec, status }) => spec.isDefault && !status?.defaultSubnetZones?.includes(zone)));
      }),
      watching(DaemonSet, ({ metadata }, read) => (isNetworkPlugin(metadata?.name) ? keysOf(read.list(Vpc)) : [])),
      watching(Namespace, ({ metadata }, read) => keysOf(read.list(Vpc, metadata?.name))),
    ],
    permissions: [
      ...kubeOvnPermissions,
      { group: 'kube-ec2.io', resource: 'vpcs', verbs: ['patch'], reason: 'finalizer: a VPC stays while subnets are in it' },
      { group: 'kube-ec2.io', resource: 'vpcs/finalizers', verbs: ['update'], reason: 'owner reference of what belongs to a VPC' },
      creates('dhcpoptions', 'DHCP options of VPCs that name none'),
      creates('internetgateways', 'gateway of a default VPC'),
      creates('networkacls', 'network ACL of a VPC'),
      creates('routetables', 'main route table of a VPC'),
      creates('securitygroups', 'default group of a VPC'),
      creates('subnets', 'default subnet of a zone'),
    ],
    concurrency: 2,
    reconcile: (vpc, context) => reconcile(vpc, context, settings, provider),
  });
}
