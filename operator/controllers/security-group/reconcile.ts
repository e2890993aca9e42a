import { ec2IdOf } from '../../api/ec2-id.ts';
import { SecurityGroupConditions, securityGroupNameOf, type SecurityGroupStatus } from '../../api/network/security-group.ts';
import { isSameJson } from '../../kubernetes/merge-patch.ts';
import type { Read } from '../../kubernetes/read.ts';
import { NetworkPolicy, type SecurityGroup } from '../../kubernetes/resources.ts';
import { setCondition, type ConditionClaim } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { byAge } from '../by-age.ts';
import { enforcementClaims } from './claims.ts';
import { hold, letGo, membersOf } from './deletion.ts';
import { enforcementFrom } from './enforcement.ts';
import { groupsByName, within } from './indexes.ts';
import { baselinePolicyFor, networkPolicyFor } from './network-policy.ts';
import { resolvedRules } from './resolve-rules.ts';
import type { SecurityGroupSettings } from './settings.ts';
import { vpcIdOfGroup } from '../vpc/find-vpc.ts';

/** Makes a group's rules a NetworkPolicy, and says what of them holds. */
export async function reconcile(
  group: SecurityGroup,
  context: ReconcileContext,
  settings: SecurityGroupSettings,
): Promise<Outcome<SecurityGroupStatus> | undefined> {
  const { read, write } = context;
  const isDeleted = group.metadata.deletionTimestamp !== undefined;
  const members = isDeleted ? membersOf(group, read) : [];
  if (isDeleted && members.length === 0) {
    await letGo(group, write);
    return undefined;
  }
  if (!isDeleted) await hold(group, write);
  const enforcement = enforcementFrom(read, settings);
  const facts = { podCidrs: settings.podCidrs, vpcId: vpcIdOfGroup(group, read), doBlocksMatchPods: enforcement.doBlocksMatchPods };
  const ingress = resolvedRules(group, 'ingress', facts, read);
  const egress = resolvedRules(group, 'egress', facts, read);
  await ensure(baselinePolicyFor(group), context);
  const policy = networkPolicyFor(group, ingress.rules, egress.rules);
  await ensure(policy, context);
  const claims = enforcementClaims(policy.metadata?.name ?? '', enforcement, [...ingress.unexpressed, ...egress.unexpressed]);
  const ready = isDeleted ? deleting(members.length) : readyClaim(group, read);
  const status = statusOf(group, [ready, ...claims], context);
  const turned = status.conditions?.find(({ type }) => type === SecurityGroupConditions.ready);
  const isNews = turned?.status === 'False' && group.status?.conditions?.[0]?.reason !== turned.reason;
  return { status, events: isNews ? [{ type: 'Warning', reason: turned.reason, message: turned.message }] : [] };
}

/** Writes a policy if it is not there as it should be. */
async function ensure(policy: NetworkPolicy, { read, write }: ReconcileContext): Promise<void> {
  const { namespace, name = '', ownerReferences } = policy.metadata ?? {};
  const found = read.get(NetworkPolicy, { namespace, name });
  const isRight = found !== undefined && isSameJson(found.spec, policy.spec) && isSameJson(found.metadata?.ownerReferences, ownerReferences);
  if (!isRight) await write.apply(NetworkPolicy, policy);
}

type Claim = Omit<ConditionClaim, 'observedGeneration'>;

/** Of several groups with one name in one VPC, instances and the API mean the oldest. */
function readyClaim(group: SecurityGroup, read: Read): Claim {
  const type = SecurityGroupConditions.ready;
  const name = securityGroupNameOf(group);
  const [first] = read
    .byIndex(groupsByName, within(group.metadata.namespace, name))
    .filter((other) => vpcIdOfGroup(other, read) === vpcIdOfGroup(group, read) && other.metadata.deletionTimestamp === undefined)
    .toSorted(byAge);
  if (first === undefined || first.metadata.uid === group.metadata.uid) return { type, status: 'True', reason: 'Ready', message: 'Instances can be members.' };
  return { type, status: 'False', reason: 'DuplicateName', message: `SecurityGroup ${first.metadata.name} is older and has the same name ${name}; use another name` };
}

function deleting(count: number): Claim {
  const message = `It is deleted, but stays for as long as instances are in it: ${String(count)} are; terminate them or give them other groups.`;
  return { type: SecurityGroupConditions.ready, status: 'False', reason: 'InUse', message };
}

function statusOf(group: SecurityGroup, claims: readonly Claim[], { read, clock }: ReconcileContext): SecurityGroupStatus {
  const observedGeneration = group.metadata.generation ?? 0;
  const ownerId = accountIdOfNamespace(group.metadata.namespace, read);
  const vpcId = vpcIdOfGroup(group, read);
  const known = new Set<string>(claims.map(({ type }) => type));
  const before = group.status?.conditions?.filter(({ type }) => known.has(type));
  return {
    groupId: ec2IdOf('sg', group),
    groupName: securityGroupNameOf(group),
    ...(ownerId !== undefined && { ownerId }),
    ...(vpcId !== undefined && { vpcId }),
    observedGeneration,
    conditions: claims.reduce((list, claim) => setCondition(list, { ...claim, observedGeneration }, clock), before ?? []),
  };
}
