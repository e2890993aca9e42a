import { ec2IdOf } from '../../api/ec2-id.ts';
import { SecurityGroupConditions, type SecurityGroupStatus } from '../../api/security-group.ts';
import { Namespace, SecurityGroup } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import { defineController, watching, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';

/** Says plainly that rules are not enforced yet. */
export async function reconcile(group: SecurityGroup, { read, clock }: ReconcileContext): Promise<Outcome<SecurityGroupStatus>> {
  const observedGeneration = group.metadata.generation ?? 0;
  const message = 'Security groups are recorded, and members carry their labels, but rules are not enforced yet: all traffic that the cluster allows passes.';
  const recorded = { type: SecurityGroupConditions.reconciled, status: 'False', reason: 'NotImplemented', message, observedGeneration } as const;
  const enforced = { type: SecurityGroupConditions.enforced, status: 'False', reason: 'NotImplemented', message, observedGeneration } as const;
  const ownerId = accountIdOfNamespace(group.metadata.namespace, read);
  return {
    status: {
      groupId: ec2IdOf('sg', group),
      ...(ownerId === undefined ? {} : { ownerId }),
      observedGeneration,
      conditions: setCondition(setCondition(group.status?.conditions, recorded, clock), enforced, clock),
    },
  };
}

/** Gives security groups their ids, until there is a controller that enforces them. */
export function securityGroupController(): AnyController {
  return defineController({
    name: 'security-group',
    type: SecurityGroup,
    watches: [
      watching(Namespace, ({ metadata }, read) =>
        read.list(SecurityGroup, metadata?.name).map((group) => ({ namespace: group.metadata.namespace, name: group.metadata.name })),
      ),
    ],
    permissions: [],
    concurrency: 2,
    reconcile,
  });
}
