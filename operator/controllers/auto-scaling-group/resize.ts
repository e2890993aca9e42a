import { desiredCapacityOf, type ScalingProcess } from '../../api/auto-scaling/auto-scaling-group.ts';
import { healthProblemOf } from '../../api/auto-scaling/auto-scaling-health.ts';
import { weightOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { avoidedPlaces, failedLaunchesOf } from './back-off.ts';
import { causeOfLaunch, causeOfRemoval, causeOfReplacement, causeOfScaleIn } from './causes.ts';
import { endMembers, type Ending } from './end-members.ts';
import { isCounting, withChanged } from './indexes.ts';
import { launchMembers } from './launch-members.ts';
import { candidatesFor, configurationOf, templateOf } from './launch-source.ts';
import { sourceOf, type RefreshStep } from './refresh.ts';
import { GRADUAL, misplacedOf, rebalancingOf, replacementsFrom, type BalanceZones, type HealthyShares } from './replacements.ts';
import { victimsFrom, type Preference } from './termination-order.ts';
import { returnToPool, takeFromPool, warmMembersOf, warmPoolSizeOf } from './warm-pool.ts';
import { usableZones, zonesOf } from './zones.ts';

/** What the step about the number of instances ends with. */
export interface Resized {
  members: Member[];
  /** Why instances cannot be launched; absent if they can. */
  problem: Objection | undefined;
  /** When launches that failed may be tried again, milliseconds since the epoch. */
  retryAt: number;
  /** Whether launches were left for the next pass. */
  isMoreToDo: boolean;
}

/** Ends what is too much or no good, launches what is missing. */
export async function resize(group: AutoScalingGroup, before: readonly Member[], refresh: RefreshStep, context: ReconcileContext, region: string): Promise<Resized> {
  const now = context.clock.now();
  const isSuspended = (process: ScalingProcess): boolean => group.spec.suspendedProcesses?.includes(process) ?? false;
  const plan = planFor(group, before, refresh, context, region);
  const endings = isSuspended('Terminate') ? [] : plan.endings;
  const returned = await returnToPool(endings.filter(({ reason }) => reason === 'scale-in').map(({ member }) => member), before, group, context);
  const ended = await endMembers(endings.filter(({ member }) => !returned.some(({ metadata }) => metadata.name === member.metadata.name)), group, context);
  let members = withChanged(before, [...returned, ...ended]);

  const candidates = candidatesFor(refresh.source ?? sourceOf(group), { namespace: group.metadata.namespace, read: context.read, now: context.clock.now() });
  if (isObjection(candidates)) return { members, problem: candidates, retryAt: 0, isMoreToDo: false };
  const failed = failedLaunchesOf(members);
  const retryAt = Math.max(failed.retryAt, pausedUntil(group));
  const problem = failed.failures > 0 ? { reason: 'LaunchFailed', message: failed.message } : undefined;
  if (isSuspended('Launch')) return { members, problem, retryAt: 0, isMoreToDo: false };

  const capacity = capacityOf(members.filter(isCounting));
  // What was ended just now is made up for in this same pass.
  const missing = Math.max(0, desiredCapacityOf(group) - capacity);
  const pooled = await takeFromPool(missing, members, (position) => causeOfLaunch(group, capacity + position, capacity + position + 1, context.clock), context);
  members = withChanged(members, pooled);
  const units = Math.max(0, missing - capacityOf(pooled));
  const ahead = units > 0 ? 0 : plan.launchAhead;
  const surplus = isSuspended('Terminate') ? [] : surplusOfPool(group, members, context);
  members = withChanged(members, await endMembers(surplus, group, context));
  const warm = warmMembersOf(members);
  const forPool = Math.max(0, warmPoolSizeOf(group) - warm.length);
  if (units + ahead + forPool === 0) return { members, problem, retryAt: 0, isMoreToDo: false };
  // A change of the spec is worth a try at once.
  if (retryAt > now && group.status?.observedGeneration === group.metadata.generation) return { members, problem: problem ?? recordedProblem(group), retryAt, isMoreToDo: false };

  const base = capacityOf(members.filter(isCounting));
  const requests = [
    { units, causeOf: (position: number) => causeOfLaunch(group, base + position, base + position + 1, context.clock), isReplacement: false, isWarm: false },
    { units: ahead, causeOf: () => causeOfReplacement(context.clock), isReplacement: true, isWarm: false },
    { units: forPool, causeOf: () => `At ${new Date(now).toISOString().slice(0, 19)}Z an instance was launched for the warm pool.`, isReplacement: false, isWarm: true },
  ];
  let launchProblem: Objection | undefined;
  let launchedUnits = 0;
  for (const request of requests.filter((wanted) => wanted.units > 0)) {
    const launched = await launchMembers(request, candidates, group, members, context, region);
    members = withChanged(members, launched.members);
    launchedUnits += capacityOf(launched.members);
    launchProblem ??= launched.problem;
  }
  return { members, problem: launchProblem ?? problem, retryAt: 0, isMoreToDo: launchProblem === undefined && launchedUnits < units + ahead + forPool };
}

/** Instances of the warm pool that are too many: all of them when there is no pool any more. */
function surplusOfPool(group: AutoScalingGroup, members: readonly Member[], { clock }: ReconcileContext): Ending[] {
  const surplus = warmMembersOf(members).slice(warmPoolSizeOf(group));
  return surplus.map((member) => ({ member, reason: 'scale-in', cause: causeOfRemoval('a warm pool that is smaller.', clock), isAbrupt: true }));
}

/** Problems that no watch tells the end of, and that only a try can. */
const PAUSED_REASONS = new Set(['LaunchRefused', 'NameTaken', 'QuotaExceeded']);

function pausedUntil(group: AutoScalingGroup): number {
  const isPaused = PAUSED_REASONS.has(recordedProblem(group)?.reason ?? '');
  return isPaused ? Date.parse(group.status?.retryAt ?? '') || 0 : 0;
}

function recordedProblem({ status }: AutoScalingGroup): Objection | undefined {
  const condition = status?.conditions?.find(({ type, status: verdict }) => type === 'Launchable' && verdict === 'False');
  return condition && { reason: condition.reason, message: condition.message };
}

/** Capacity units of members. */
export function capacityOf(members: readonly Member[]): number {
  return members.reduce((sum, member) => sum + weightOf(member), 0);
}

interface Plan {
  endings: Ending[];
  launchAhead: number;
}

/** What to end, and what to launch ahead of what it replaces. Pure but for caches and clock. */
function planFor(group: AutoScalingGroup, members: readonly Member[], refresh: RefreshStep, context: ReconcileContext, region: string): Plan {
  const { clock } = context;
  const now = clock.now();
  const counting = members.filter(isCounting);
  const policy = group.spec.instanceMaintenancePolicy;
  const isSuspended = (process: ScalingProcess): boolean => group.spec.suspendedProcesses?.includes(process) ?? false;
  const unhealthy = isSuspended('ReplaceUnhealthy') ? [] : counting.filter((member) => (healthProblemOf(member, group)?.from ?? Number.POSITIVE_INFINITY) <= now);
  const expired = counting.filter((member) => isExpired(member, group, now) && !unhealthy.includes(member));
  const outdated = refresh.outdated.filter((member) => !unhealthy.includes(member));
  const isSick = (member: Member): boolean => unhealthy.includes(member);
  const isHealthy = (member: Member): boolean => !isSick(member) && refresh.isReady(member);
  const causeFor = (member: Member): Ending => {
    const problem = healthProblemOf(member, group);
    if (isSick(member)) return { member, reason: 'unhealthy', cause: causeOfRemoval(problem?.response ?? 'a health check.', clock) };
    if (expired.includes(member)) return { member, reason: 'lifetime', cause: causeOfRemoval('the maximum instance lifetime.', clock) };
    return { member, reason: 'refresh', cause: causeOfRemoval('an instance refresh.', clock) };
  };

  // Without a policy what is unhealthy goes at once: it serves nobody.
  const isLaunchFirst = (policy?.maxHealthyPercentage ?? 100) > 100;
  const atOnce = isLaunchFirst ? [] : unhealthy;
  const remaining = counting.filter((member) => !atOnce.includes(member));
  const gradual = [...(isLaunchFirst ? unhealthy : []), ...expired, ...outdated];
  const shares: HealthyShares = outdated.length > 0 && refresh.preferences !== undefined ? refresh.preferences : (policy ?? GRADUAL);
  const zones = balanceZonesOf(group, members, context, region);
  const scaleIn = scaleInFor(group, remaining, { doomed: [...gradual, ...misplacedOf(remaining, zones)], isHealthy }, context);
  const isInFlux = scaleIn.length > 0 || capacityOf(remaining) < desiredCapacityOf(group);
  const replacing = isInFlux && shares.maxHealthyPercentage > 100 ? { launchAhead: 0, end: [] } : replacementsFrom(group, remaining, gradual.filter(({ spec }) => spec.autoScaling.standby !== true), isHealthy, shares);
  const onStandby = outdated.filter(({ spec }) => spec.autoScaling.standby === true);
  const isAtRest = atOnce.length + gradual.length + scaleIn.length === 0;
  const launchAhead = replacing.launchAhead + (isAtRest ? rebalancingOf(group, remaining, zones) : 0);
  const from = capacityOf(remaining);
  let shrunk = from;
  const scaledIn = scaleIn.map((member): Ending => {
    const doomed = gradual.includes(member);
    const to = shrunk - weightOf(member);
    const cause = causeOfScaleIn(group, shrunk, to, ec2IdOf('i', member), clock);
    shrunk = to;
    return doomed ? causeFor(member) : { member, reason: 'scale-in', cause };
  });
  const replaced = [...replacing.end, ...onStandby].filter((member) => !scaleIn.includes(member));
  return { endings: [...atOnce.map(causeFor), ...scaledIn, ...replaced.map(causeFor)], launchAhead };
}

function isExpired({ metadata, spec, status }: Member, group: AutoScalingGroup, now: number): boolean {
  const lifetime = group.spec.maxInstanceLifetime ?? 0;
  const since = status?.launchTime ?? metadata.creationTimestamp;
  return lifetime > 0 && spec.autoScaling.protectedFromScaleIn !== true && since !== undefined && now - Date.parse(since) >= lifetime * 1000;
}

function balanceZonesOf(group: AutoScalingGroup, members: readonly Member[], { read, clock }: ReconcileContext, region: string): BalanceZones {
  const all = zonesOf(group, read, region);
  const avoided = avoidedPlaces(members, clock.now()).zones;
  return { all, open: usableZones(all, read, region).filter((zone) => !avoided.has(zone)) };
}

/** Members that are too many. What was launched ahead of a replacement is not one too many before it serves. */
function scaleInFor(
  group: AutoScalingGroup,
  counting: readonly Member[],
  { doomed, isHealthy }: { doomed: readonly Member[]; isHealthy: (member: Member) => boolean },
  { read, clock }: ReconcileContext,
): Member[] {
  const established = counting.filter((member) => member.spec.autoScaling.replacement !== true || isHealthy(member));
  const excess = capacityOf(established) - desiredCapacityOf(group);
  if (excess <= 0) return [];
  const eligible = established.filter((member) => member.spec.autoScaling.protectedFromScaleIn !== true);
  return victimsFrom(established, eligible, excess, preferenceOf(group, doomed, read, clock.now()));
}

function preferenceOf(group: AutoScalingGroup, doomed: readonly Member[], read: ReconcileContext['read'], now: number): Preference {
  const { namespace } = group.metadata;
  const { launchTemplate, mixedInstancesPolicy, launchConfigurationName, terminationPolicies } = group.spec;
  const reference = mixedInstancesPolicy?.launchTemplate ?? launchTemplate;
  const template = reference && templateOf(reference.launchTemplate, namespace, read);
  return {
    policies: terminationPolicies,
    isDoomed: (member) => doomed.includes(member),
    launchTemplateId: template && ec2IdOf('lt', template),
    launchConfigurationName,
    ageOfConfiguration: (name) => Date.parse(configurationOf(name, namespace, read)?.metadata.creationTimestamp ?? '') || 0,
    now,
  };
}
