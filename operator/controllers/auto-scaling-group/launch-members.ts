import { isMemberOf, type Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import { Instance, Secret, type AutoScalingGroup } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { referencesOf } from '../instance/references.ts';
import { atOnce } from './at-once.ts';
import { avoidedPlaces } from './back-off.ts';
import { isCounting, zoneOf } from './indexes.ts';
import type { Candidate } from './launch-source.ts';
import { memberFor, memberNameFor, USER_DATA_KEY, type LaunchOrder } from './member-for.ts';
import { roomFor } from './quota.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { findSubnet } from '../vpc/find-vpc.ts';
import { countByZone, leastZone, subnetsOf, usableZones, zonesOf } from './zones.ts';

/** Launches of one pass: the next pass sees whether the wish has changed meanwhile. */
const LAUNCHES_PER_PASS = 100;

/** What is to be launched. */
export interface LaunchRequest {
  /** Capacity units. */
  units: number;
  causeOf: (position: number) => string;
  isReplacement: boolean;
  isWarm: boolean;
}

/** What came of it. */
export interface Launched {
  members: Member[];
  /** Why not all of it could be. */
  problem: Objection | undefined;
}

/**
 * Launches instances, spread over the zones. Their names follow from numbers that are used once: a pass on a stale cache, or after a crash, tries the
 * same names and finds what is there already. Nothing is made if what the template names is not there.
 */
export async function launchMembers(
  request: LaunchRequest,
  candidates: readonly Candidate[],
  group: AutoScalingGroup,
  members: readonly Member[],
  context: ReconcileContext,
  region: string,
): Promise<Launched> {
  const problem = problemOf(candidates, group, context);
  if (problem !== undefined) return { members: [], problem };
  const orders = ordersFor(request, candidates, group, members, context, region);
  const first = orders[0];
  if (first === undefined) return { members: [], problem: undefined };
  const room = roomFor(first.candidate.draft.spec.instanceType, group.metadata.namespace, context.read);
  const launched = await atOnce(orders.slice(0, room.instances), (order) => launchOne(order, group, context));
  const refused = launched.find(isObjection);
  const made = launched.filter((result): result is Member => !isObjection(result));
  if (refused !== undefined) return { members: made, problem: refused };
  return { members: made, problem: room.instances < orders.length ? { reason: 'QuotaExceeded', message: room.message } : undefined };
}

function problemOf(candidates: readonly Candidate[], group: AutoScalingGroup, { read }: ReconcileContext): Objection | undefined {
  const missing = group.spec.subnetIds?.find((reference) => findSubnet(reference, group.metadata.namespace, read) === undefined);
  if (missing !== undefined) return { reason: 'SubnetNotFound', message: `subnet ${missing} does not exist in this namespace` };
  const problems = candidates.map((candidate) => {
    const found = referencesOf(memberFor(orderOf(candidate), group), read);
    return isObjection(found) ? found : undefined;
  });
  // One way that works is enough.
  return problems.some((problem) => problem === undefined) ? undefined : problems[0];
}

function orderOf(candidate: Candidate): LaunchOrder {
  return { ordinal: 0, zone: undefined, candidate, cause: '', isReplacement: false, isWarm: false };
}

function ordersFor(
  { units, causeOf, isReplacement, isWarm }: LaunchRequest,
  candidates: readonly Candidate[],
  group: AutoScalingGroup,
  members: readonly Member[],
  context: ReconcileContext,
  region: string,
): LaunchOrder[] {
  const { read, clock } = context;
  const zones = usableZones(zonesForLaunch(candidates, group, read, region), read, region);
  const subnets = subnetsOf(group, read);
  const avoided = avoidedPlaces(members, clock.now());
  const counts = countByZone(zones, members.filter(isCounting).map(zoneOf));
  const numbers = freeNumbers(group, members);
  const orders: LaunchOrder[] = [];
  for (let left = units; left > 0 && orders.length < LAUNCHES_PER_PASS; ) {
    const zone = leastZone(zones, counts, group.spec.zoneDistribution === 'balanced-only' ? new Set() : avoided.zones);
    const candidate = candidateFor(candidates, zone, avoided.typesInZones, group, context);
    if (candidate === undefined) break;
    const inZone = subnets.filter(({ spec }) => spec.availabilityZone === zone);
    const subnet = inZone[(counts.get(zone ?? '') ?? 0) % Math.max(1, inZone.length)];
    if (zone !== undefined) counts.set(zone, (counts.get(zone) ?? 0) + 1);
    orders.push({ ordinal: numbers.next().value, zone: zone ?? candidate.draft.spec.placement.availabilityZone, subnetId: subnet && ec2IdOf('subnet', subnet), candidate, cause: causeOf(orders.length), isReplacement, isWarm });
    left -= candidate.origin.weightedCapacity ?? 1;
  }
  return orders;
}

/** A template that names a subnet leaves no choice of the zone, unless the group names subnets of its own. */
function zonesForLaunch(candidates: readonly Candidate[], group: AutoScalingGroup, read: ReconcileContext['read'], region: string): string[] {
  const reference = group.spec.subnetIds === undefined ? candidates[0]?.draft.spec.subnetId : undefined;
  const subnet = reference === undefined ? undefined : findSubnet(reference, group.metadata.namespace, read);
  return subnet === undefined ? zonesOf(group, read, region) : [subnet.spec.availabilityZone];
}

/** The first way to launch that has not just failed in the zone and whose references are there; if all have failed, the first. */
function candidateFor(candidates: readonly Candidate[], zone: string | undefined, failed: ReadonlySet<string>, group: AutoScalingGroup, { read }: ReconcileContext): Candidate | undefined {
  const possible = candidates.length === 1 ? candidates : candidates.filter((candidate) => !isObjection(referencesOf(memberFor(orderOf(candidate), group), read)));
  return possible.find(({ draft }) => !failed.has(`${draft.spec.instanceType}/${zone ?? ''}`)) ?? possible[0];
}

/**
 * Numbers for launches: those above all that were seen, but first the ones in between that the cache does not show, for they may have been used by a
 * pass whose work it does not show yet. What lies below `status.nextOrdinal` was seen and is gone.
 */
function* freeNumbers({ status }: AutoScalingGroup, members: readonly Member[]): Generator<number, never> {
  const used = new Set(members.map(({ spec }) => spec.autoScaling.ordinal));
  for (let number = status?.nextOrdinal ?? 0; ; number += 1) if (!used.has(number)) yield number;
}

async function launchOne(order: LaunchOrder, group: AutoScalingGroup, { live, write }: ReconcileContext): Promise<Member | Objection> {
  const member = memberFor(order, group);
  const { namespace, name } = member.metadata;
  try {
    await writeUserData(member, order.candidate.draft.userDataBase64, write);
    return (await write.create(Instance, member)) as Member;
  } catch (error) {
    // Of a quota of Kubernetes, or an admission rule of the administrator's.
    if (isForbidden(error) || isInvalid(error)) return { reason: 'LaunchRefused', message: `the instance cannot be made: ${error.message}` };
    if (!isAlreadyExists(error)) throw error;
    const existing = await live.fetch(Instance, { namespace, name });
    if (existing === undefined) throw error;
    if (isMemberOf(group, existing)) return existing;
    return { reason: 'NameTaken', message: `an Instance ${memberNameFor(group, order.ordinal)} exists that is not of this group; remove it` };
  }
}

/** The same Secret, under the same name, that a launch through the API makes: the instance's controller uses and removes it. */
async function writeUserData({ metadata }: Member, userDataBase64: string | undefined, write: Write): Promise<void> {
  if (userDataBase64 === undefined) return;
  await write.apply(Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: `${metadata.name}-user-data`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: { [INSTANCE_ID_LABEL]: metadata.name },
    },
    type: 'Opaque',
    data: { [USER_DATA_KEY]: userDataBase64 },
  });
}
