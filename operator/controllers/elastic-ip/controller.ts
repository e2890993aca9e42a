import { ec2IdOf } from '../../api/ec2-id.ts';
import { associationTargetOf, isAssociated } from '../../api/network/elastic-ip.ts';
import { ownInterfaceIdOf } from '../../api/network/network-interface.ts';
import { defineIndex, type ObjectKey, type Read } from '../../kubernetes/read.ts';
import { ElasticIp, Instance, NatGateway, NetworkInterface, SecurityGroup, Subnet, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { instanceIdOf } from '../instance/identity.ts';
import { publicAddressPermissions } from '../network-provider/public-addresses.ts';
import { publicAddressesFor } from '../network-provider/public-addresses-for.ts';
import { reconcile } from './reconcile.ts';
import type { ElasticIpSettings } from './settings.ts';

/** Elastic IPs by the name or id that their association names, and by that of the interface. */
const elasticIpsByTarget = defineIndex(ElasticIp, 'controllers.target', (elasticIp) =>
  [associationTargetOf(elasticIp), elasticIp.status?.networkInterfaceId].filter((target) => target !== undefined),
);

function keysOf(elasticIps: readonly ElasticIp[], namespace: string | undefined): ObjectKey[] {
  return elasticIps.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

function isWaiting(elasticIp: ElasticIp): boolean {
  return elasticIp.spec.association !== undefined && !isAssociated(elasticIp);
}

function aimedAt(names: readonly string[], namespace: string | undefined, read: Read): ObjectKey[] {
  return names.flatMap((name) => keysOf(read.byIndex(elasticIpsByTarget, name), namespace));
}

function ofInstance(instance: Instance, read: Read): ObjectKey[] {
  const { metadata, spec } = instance;
  const interfaceId = spec.networkInterface?.networkInterfaceId ?? ownInterfaceIdOf(instance);
  return aimedAt([metadata.name, instanceIdOf(instance), interfaceId], metadata.namespace, read);
}

/** Holds elastic IP addresses and leads them to instances. */
export function elasticIpController(settings: ElasticIpSettings): AnyController {
  const addresses = publicAddressesFor(settings);
  return defineController({
    name: 'elastic-ip',
    type: ElasticIp,
    watches: [
      ...addresses.elasticIpWatches,
      // Others may wait for what this one had.
      watching(ElasticIp, ({ metadata }, read) => keysOf(read.list(ElasticIp, metadata.namespace).filter(isWaiting), metadata.namespace)),
      watching(Instance, ofInstance),
      watching(NetworkInterface, (networkInterface, read) =>
        keysOf(read.list(ElasticIp, networkInterface.metadata.namespace).filter(({ spec, status }) => {
          const names = [networkInterface.metadata.name, ec2IdOf('eni', networkInterface)];
          return names.includes(spec.association?.networkInterfaceId ?? '') || names.includes(status?.networkInterfaceId ?? '');
        }), networkInterface.metadata.namespace),
      ),
      watching(NatGateway, (natGateway, read) => aimedAt([natGateway.metadata.name, ec2IdOf('nat', natGateway)], natGateway.metadata.namespace, read)),
      // Few per account: all of them look whether the ports that they open have changed.
      watching(SecurityGroup, ({ metadata }, read) => keysOf(read.list(ElasticIp, metadata.namespace), metadata.namespace)),
      // Only looked up: groups are of a VPC.
      watching(Subnet, () => []),
      watching(Vpc, () => []),
    ],
    permissions: [
      { group: 'kube-ec2.io', resource: 'elasticips', verbs: ['patch'], reason: 'finalizer, end of an association with its instance' },
      { group: 'kube-ec2.io', resource: 'elasticips/finalizers', verbs: ['update'], reason: 'owner reference of the Service' },
      ...publicAddressPermissions,
    ],
    concurrency: 4,
    reconcile: (elasticIp, context) => reconcile(elasticIp, context, addresses),
  });
}
