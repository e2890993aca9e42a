import { ACCOUNT_ID_LABEL, AccountConditions, type AccountStatus } from '../../api/identity/account.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { DEFAULT_SECURITY_GROUP_NAME } from '../../api/network/security-group.ts';
import { isAlreadyExists, isNotFound } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Account, Instance, Namespace, RoleBinding, SecurityGroup, Service, ServiceAccount } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { byAge } from '../by-age.ts';
import { ensureApplied } from '../ensure-applied.ts';
import { vpcIdOfGroup } from '../vpc/find-vpc.ts';
import { ensureAccessKey } from './ensure-access-key.ts';
import { ensureSessionKey } from './ensure-session-key.ts';
import { ensureDefaultVpc } from './ensure-default-vpc.ts';
import { defaultSecurityGroupFor, instancesServiceFor, namespaceFor, namespaceNameOf, roleBindingFor, serviceAccountFor } from './parts.ts';

/** Keeps a deleted Account until it has been said what stays. */
export const ACCOUNT_FINALIZER = 'kube-ec2.io/account';

/** Why an account cannot be set up. */
interface Objection {
  reason: string;
  message: string;
}

/** Two accounts must share neither id nor namespace; the older has it. */
function objectionToClaim(account: Account, read: Read): Objection | undefined {
  const isOther = (other: Account): boolean => other.metadata.uid !== account.metadata.uid && byAge(other, account) < 0;
  const others = read.list(Account).filter(isOther);
  const sameId = others.find(({ spec }) => spec.accountId === account.spec.accountId);
  if (sameId !== undefined) return { reason: 'AccountIdTaken', message: `Account ${sameId.metadata.name} is older and has the account id ${account.spec.accountId}` };
  const sameNamespace = others.find((other) => namespaceNameOf(other) === namespaceNameOf(account));
  if (sameNamespace === undefined) return undefined;
  return { reason: 'NamespaceTaken', message: `Account ${sameNamespace.metadata.name} is older and has the namespace ${namespaceNameOf(account)}` };
}

/** A namespace that was there before is only used if somebody who may label namespaces says so: whoever names it in an Account gets the run of it. */
function objectionToNamespace(account: Account, namespace: Namespace): Objection | undefined {
  const { name, labels, deletionTimestamp } = namespace.metadata ?? {};
  if (deletionTimestamp !== undefined) return { reason: 'NamespaceTerminating', message: `namespace ${name ?? ''} is being deleted` };
  const owner = labels?.[ACCOUNT_ID_LABEL];
  if (owner === account.spec.accountId) return undefined;
  if (owner !== undefined) return { reason: 'NamespaceTaken', message: `namespace ${name ?? ''} belongs to account ${owner}` };
  return {
    reason: 'NamespaceNotOurs',
    message: `namespace ${name ?? ''} exists and is no account's; to hand it over: kubectl label namespace ${name ?? ''} ${ACCOUNT_ID_LABEL}=${account.spec.accountId}`,
  };
}

async function ensureNamespace(account: Account, { read, write }: ReconcileContext): Promise<Objection | undefined> {
  const existing = read.get(Namespace, { name: namespaceNameOf(account) });
  if (existing !== undefined) return objectionToNamespace(account, existing);
  try {
    await write.create(Namespace, namespaceFor(account));
    return undefined;
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return { reason: 'NamespacePending', message: `namespace ${namespaceNameOf(account)} has just been made by somebody else` };
  }
}

/** Makes the default group of the default VPC; it goes with that VPC. */
async function ensureDefaultSecurityGroup(account: Account, vpcId: string | undefined, { read, write }: ReconcileContext): Promise<string | undefined> {
  const groups = read
    .list(SecurityGroup, namespaceNameOf(account))
    .filter((group) => group.spec.groupName === DEFAULT_SECURITY_GROUP_NAME && vpcIdOfGroup(group, read) === vpcId);
  const [existing] = groups.toSorted(byAge);
  if (existing !== undefined) return ec2IdOf('sg', existing);
  if (vpcId === undefined && account.status?.isDefaultVpcMade === true) return undefined;
  const group = defaultSecurityGroupFor(account);
  await write.create(SecurityGroup, group).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error; // the cache lags
  });
  return ec2IdOf('sg', group);
}

function statusOf(account: Account, fields: AccountStatus, ready: 'True' | 'False', { reason, message }: Objection, { clock }: ReconcileContext): AccountStatus {
  const observedGeneration = account.metadata.generation ?? 0;
  const claim = { type: AccountConditions.ready, status: ready, reason, message, observedGeneration };
  return { ...fields, observedGeneration, conditions: setCondition(account.status?.conditions, claim, clock) };
}

/** What an account that has to stand back must not forget. */
function keptOf({ status }: Account): AccountStatus {
  return status?.isDefaultVpcMade === undefined ? {} : { isDefaultVpcMade: status.isDefaultVpcMade };
}

async function hold(account: Account, write: Write): Promise<void> {
  const { name, resourceVersion, finalizers = [] } = account.metadata;
  if (finalizers.includes(ACCOUNT_FINALIZER)) return;
  await write.patch(Account, { name }, { metadata: { resourceVersion, finalizers: [...finalizers, ACCOUNT_FINALIZER] } });
}

/** The Account goes; what it held stays, as it is somebody's data. Its keys are worth nothing from now on. */
async function letGo(account: Account, { read, write }: ReconcileContext): Promise<undefined> {
  const { name, resourceVersion, finalizers = [] } = account.metadata;
  if (!finalizers.includes(ACCOUNT_FINALIZER)) return undefined;
  const namespace = account.status?.namespace;
  if (namespace !== undefined) {
    const count = read.list(Instance, namespace).length;
    const message = `Namespace ${namespace} stays, with ${String(count)} instances and all else in it; delete it to remove them.`;
    await write.event(account, { type: 'Warning', reason: 'NamespaceKept', message });
  }
  const rest = finalizers.filter((other) => other !== ACCOUNT_FINALIZER);
  await write.patch(Account, { name }, { metadata: { resourceVersion, finalizers: rest } }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone already
  });
  return undefined;
}

/** Sets an account up: namespace, root's identity and rights, names for machines, default security group and VPC, root access key. */
export async function reconcile(account: Account, context: ReconcileContext): Promise<Outcome<AccountStatus> | undefined> {
  if (account.metadata.deletionTimestamp !== undefined) return letGo(account, context);
  const { read, write } = context;
  await hold(account, write);
  const objection = objectionToClaim(account, read) ?? (await ensureNamespace(account, context));
  if (objection !== undefined) {
    const hasTurned = account.status?.conditions?.[0]?.reason !== objection.reason;
    const status = statusOf(account, keptOf(account), 'False', objection, context);
    return { status, events: hasTurned ? [{ type: 'Warning', ...objection }] : [], ...(objection.reason === 'NamespacePending' ? { requeueAfterSeconds: 1 } : {}) };
  }
  await ensureApplied(ServiceAccount, serviceAccountFor(account), context);
  await ensureApplied(RoleBinding, roleBindingFor(account), context);
  await ensureApplied(Service, instancesServiceFor(account), context);
  const defaultVpcId = await ensureDefaultVpc(account, context);
  const defaultSecurityGroupId = await ensureDefaultSecurityGroup(account, defaultVpcId, context);
  await ensureSessionKey(account, context);
  const rootAccessKeySecret = await ensureAccessKey(account, context);
  const fields = {
    accountId: account.spec.accountId,
    namespace: namespaceNameOf(account),
    rootAccessKeySecret,
    ...(defaultSecurityGroupId === undefined ? {} : { defaultSecurityGroupId }),
    ...(defaultVpcId === undefined ? {} : { defaultVpcId }),
    isDefaultVpcMade: true,
  };
  const ready = { reason: 'Ready', message: 'The account can be used.' };
  const isNew = account.status?.namespace === undefined;
  return { status: statusOf(account, fields, 'True', ready, context), events: isNew ? [{ type: 'Normal', ...ready }] : [] };
}
