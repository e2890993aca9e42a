import { IamConditions, type IdentityStatus } from '../../api/identity/iam-identity.ts';
import { roleNameOf } from '../../api/identity/iam-role.ts';
import { userNameOf } from '../../api/identity/iam-user.ts';
import type { Read } from '../../kubernetes/read.ts';
import { IamRole, IamUser, Namespace, Role, RoleBinding, ServiceAccount } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { byAge } from '../by-age.ts';
import { ensureApplied } from '../ensure-applied.ts';
import { actionCountOf, endpointBindingFor, roleBindingFor, roleFor, serviceAccountFor, unknownGrantOf, type EndpointServiceAccount, type Identity } from './parts.ts';

/** What stands in the way of an identity. */
interface Objection {
  reason: string;
  message: string;
}

/**
 * Makes Kubernetes allow what the policies of a user or role grant, and lets the endpoint act as it. All of it goes with the identity, by its owner references.
 */
export async function reconcile(identity: Identity, context: ReconcileContext, endpoint: EndpointServiceAccount): Promise<Outcome<IdentityStatus> | undefined> {
  const { namespace = '', deletionTimestamp } = identity.metadata;
  if (deletionTimestamp !== undefined || isGoing(namespace, context.read)) return undefined;
  const accountId = accountIdOfNamespace(namespace, context.read);
  // Only where an account lives: elsewhere the endpoint must not get the right to act as ServiceAccounts.
  if (accountId === undefined) {
    const message = `Namespace ${namespace} is no account's; make an Account, or make this object in the namespace of one.`;
    return refused(identity, { reason: 'NoAccount', message }, context);
  }
  const objection = objectionTo(identity, context.read);
  if (objection !== undefined) return refused(identity, objection, context);
  const serviceAccount = serviceAccountFor(identity, accountId);
  await ensureApplied(ServiceAccount, serviceAccount, context);
  await ensureApplied(Role, roleFor(identity, accountId), context);
  await ensureApplied(RoleBinding, roleBindingFor(identity, accountId), context);
  await ensureApplied(RoleBinding, endpointBindingFor(namespace, accountId, endpoint), context);
  const message = `Its policies allow ${String(actionCountOf(identity))} patterns of actions.`;
  return { status: { ...statusOf(identity, 'True', { reason: 'Ready', message }, context), serviceAccountName: serviceAccount.metadata?.name ?? '' } };
}

/** Whatever is removed with a namespace cannot be made again. */
function isGoing(namespace: string, read: Read): boolean {
  return read.get(Namespace, { name: namespace })?.metadata?.deletionTimestamp !== undefined;
}

function refused(identity: Identity, objection: Objection, context: ReconcileContext): Outcome<IdentityStatus> {
  const isNews = identity.status?.conditions?.[0]?.reason !== objection.reason;
  return { status: statusOf(identity, 'False', objection, context), events: isNews ? [{ type: 'Warning', ...objection }] : [] };
}

/** Identities of the same kind and namespace whose IAM name is the same but for upper and lower case, this one included. */
export function namesakesOf(identity: Identity, read: Read): Identity[] {
  const { namespace } = identity.metadata;
  const all: readonly Identity[] = identity.kind === IamUser.kind ? read.list(IamUser, namespace) : read.list(IamRole, namespace);
  return all.filter((other) => nameOf(other).toLowerCase() === nameOf(identity).toLowerCase());
}

function objectionTo(identity: Identity, read: Read): Objection | undefined {
  const first = namesakesOf(identity, read).toSorted(byAge)[0];
  if (first !== undefined && first.metadata.uid !== identity.metadata.uid) {
    return { reason: 'DuplicateName', message: `${identity.kind} ${first.metadata.name} is older and has the same name ${nameOf(identity)}; delete one of them.` };
  }
  const grant = unknownGrantOf(identity);
  if (grant === undefined) return undefined;
  return { reason: 'UnknownGrant', message: `A policy grants ${grant.verbs.join(', ')} on ${grant.resource}, which policies cannot grant.` };
}

function nameOf(identity: Identity): string {
  return identity.kind === IamUser.kind ? userNameOf(identity) : roleNameOf(identity as IamRole);
}

function statusOf(identity: Identity, status: 'True' | 'False', { reason, message }: Objection, { clock }: ReconcileContext): IdentityStatus {
  const observedGeneration = identity.metadata.generation ?? 0;
  const claim = { type: IamConditions.ready, status, reason, message, observedGeneration };
  return { observedGeneration, conditions: setCondition(identity.status?.conditions, claim, clock) };
}
