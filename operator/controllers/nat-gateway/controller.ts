import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { ElasticIp, InternetGateway, NatGateway, RouteTable, Subnet, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { kubeOvnPermissions } from '../network-provider/kube-ovn-provider.ts';
import { networkProviderFor } from '../network-provider/provider-for.ts';
import type { VpcSettings } from '../vpc/settings.ts';
import { reconcile } from './reconcile.ts';

/** All of a namespace: they are few. */
function inNamespace({ metadata }: { metadata: { namespace?: string } }, read: Read): ObjectKey[] {
  return read.list(NatGateway, metadata.namespace).map((natGateway) => ({ namespace: natGateway.metadata.namespace, name: natGateway.metadata.name }));
}

/** Gives NAT gateways their addresses, and lets subnets out by them, where the network provider can. */
export function natGatewayController(settings: VpcSettings): AnyController {
  const { nat } = networkProviderFor(settings);
  return defineController({
    name: 'nat-gateway',
    type: NatGateway,
    watches: [
      ...(nat?.watches ?? []),
      watching(ElasticIp, inNamespace),
      watching(InternetGateway, inNamespace),
      watching(RouteTable, inNamespace),
      watching(Subnet, inNamespace),
      watching(Vpc, inNamespace),
    ],
    permissions: [
      ...kubeOvnPermissions,
      { group: 'kube-ec2.io', resource: 'natgateways', verbs: ['patch'], reason: 'finalizer: what it is made of goes first' },
      { group: 'kube-ec2.io', resource: 'elasticips', verbs: ['patch'], reason: 'the address of a NAT gateway' },
    ],
    concurrency: 2,
    reconcile: (natGateway, context) => reconcile(natGateway, context, nat),
  });
}
