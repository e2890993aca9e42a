import { ec2IdOf } from '../../api/ec2-id.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { Instance, NetworkInterface, SecurityGroup, Subnet, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { networkInterfaceOf } from './attached.ts';
import { reconcile } from './reconcile.ts';

const keyOf = ({ metadata }: NetworkInterface): ObjectKey => ({ namespace: metadata.namespace, name: metadata.name });

function ofInstance({ metadata, spec }: Instance, read: Read): ObjectKey[] {
  const reference = spec.networkInterface?.networkInterfaceId;
  const found = reference === undefined ? undefined : networkInterfaceOf(reference, metadata.namespace, read);
  return found === undefined ? [] : [keyOf(found)];
}

function withGroup(group: SecurityGroup, read: Read): ObjectKey[] {
  const names = [group.metadata.name, ec2IdOf('sg', group)];
  return read
    .list(NetworkInterface, group.metadata.namespace)
    .filter(({ spec }) => (spec.securityGroupIds ?? []).some((reference) => names.includes(reference)))
    .map(keyOf);
}

/** Looks after network interfaces that were made before their instance. */
export function networkInterfaceController(): AnyController {
  return defineController({
    name: 'network-interface',
    type: NetworkInterface,
    watches: [
      watching(Instance, ofInstance),
      watching(SecurityGroup, withGroup),
      // Only looked up: groups are of a VPC.
      watching(Subnet, () => []),
      watching(Vpc, () => []),
    ],
    permissions: [
      { group: 'kube-ec2.io', resource: 'networkinterfaces', verbs: ['patch'], reason: 'finalizer while an instance has it' },
    ],
    concurrency: 2,
    reconcile,
  });
}
