import { ec2IdOf } from '../../api/ec2-id.ts';
import { NetworkAclConditions, type NetworkAclStatus } from '../../api/network/network-acl.ts';
import type { ObjectKey } from '../../kubernetes/read.ts';
import { Namespace, NetworkAcl, Vpc } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import { defineController, watching, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { findVpc } from '../vpc/find-vpc.ts';
import { partIdsOf } from '../vpc/parts.ts';

/** Gives a network ACL its id, and says of one that is not its VPC's default that it does nothing. */
export async function reconcile(acl: NetworkAcl, { read, clock }: ReconcileContext): Promise<Outcome<NetworkAclStatus> | undefined> {
  if (acl.metadata.deletionTimestamp !== undefined) return undefined;
  const { namespace, name, generation: observedGeneration = 0 } = acl.metadata;
  const vpc = findVpc(acl.spec.vpcId, namespace, read);
  const verdict =
    vpc === undefined
      ? ({ status: 'False', reason: 'VpcNotFound', message: `Vpc ${acl.spec.vpcId} does not exist in this namespace` } as const)
      : partIdsOf(vpc).networkAcl === name
        ? ({ status: 'True', reason: 'Default', message: 'It lets everything pass, in both directions.' } as const)
        : ({ status: 'False', reason: 'NotSupported', message: 'Network ACLs beside that which the operator makes for a VPC do nothing; use security groups.' } as const);
  const ownerId = accountIdOfNamespace(namespace, read);
  return {
    status: {
      networkAclId: ec2IdOf('acl', acl),
      ...(ownerId === undefined ? {} : { ownerId }),
      ...(vpc === undefined ? {} : { vpcId: ec2IdOf('vpc', vpc) }),
      observedGeneration,
      conditions: setCondition(acl.status?.conditions, { type: NetworkAclConditions.ready, ...verdict, observedGeneration }, clock),
    },
  };
}

function keysOf(acls: readonly NetworkAcl[]): ObjectKey[] {
  return acls.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Gives network ACLs their ids. */
export function networkAclController(): AnyController {
  return defineController({
    name: 'network-acl',
    type: NetworkAcl,
    watches: [
      watching(Vpc, ({ metadata }, read) => keysOf(read.list(NetworkAcl, metadata.namespace))),
      watching(Namespace, ({ metadata }, read) => keysOf(read.list(NetworkAcl, metadata?.name))),
    ],
    permissions: [],
    concurrency: 2,
    reconcile,
  });
}
