import type { ObjectKey } from '../../kubernetes/read.ts';
import { Instance, Namespace, NatGateway, NetworkInterface, Subnet, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { kubeOvnPermissions } from '../network-provider/kube-ovn-provider.ts';
import { networkProviderFor } from '../network-provider/provider-for.ts';
import { findVpc, subnetsOf } from '../vpc/find-vpc.ts';
import type { VpcSettings } from '../vpc/settings.ts';
import { deletedSubnets } from './members.ts';
import { reconcile } from './reconcile.ts';

function keysOf(subnets: readonly Subnet[]): ObjectKey[] {
  return subnets.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Gives subnets their ids, and says of each whether it fits into its VPC. */
export function subnetController(settings: VpcSettings): AnyController {
  const provider = networkProviderFor(settings);
  return defineController({
    name: 'subnet',
    type: Subnet,
    watches: [
      ...provider.subnetWatches,
      watching(Vpc, (vpc, read) => keysOf(subnetsOf(vpc, read))),
      // When the older of two that overlap goes, the other has the block to itself.
      watching(Subnet, ({ metadata, spec }, read) => {
        const vpc = findVpc(spec.vpcId, metadata.namespace, read);
        return vpc === undefined ? [] : keysOf(subnetsOf(vpc, read));
      }),
      // A deleted subnet goes when the last of its instances and interfaces does.
      watching(Instance, ({ metadata }, read) => keysOf(read.byIndex(deletedSubnets, metadata.namespace ?? ''))),
      watching(NetworkInterface, ({ metadata }, read) => keysOf(read.byIndex(deletedSubnets, metadata.namespace ?? ''))),
      watching(NatGateway, ({ metadata }, read) => keysOf(read.byIndex(deletedSubnets, metadata.namespace ?? ''))),
      watching(Namespace, ({ metadata }, read) => keysOf(read.list(Subnet, metadata?.name))),
    ],
    permissions: [...kubeOvnPermissions, { group: 'kube-ec2.io', resource: 'subnets', verbs: ['patch'], reason: 'finalizer: a subnet stays while it is used' }],
    concurrency: 2,
    reconcile: (subnet, context) => reconcile(subnet, context, provider),
  });
}
