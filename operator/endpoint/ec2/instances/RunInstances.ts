import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import type { Tag } from '../../../api/shared.ts';
import type { Instance } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { inTurn } from '../in-turn.ts';
import { instancesByReservation, withinNamespace } from '../indexes.ts';
import { instanceViewer, reservationsFrom } from './instance-view.ts';
import { launchIdentityFrom, requireSameLaunch, type LaunchIdentity } from './launch-identity.ts';
import { noRoomInGroup } from './launch-placement.ts';
import { resolvedLaunchFrom } from './launch-from-template.ts';
import { launchPlanFor, type LaunchPlan } from './launch-plan.ts';
import { allowedCount } from './launch-quota.ts';
import { whilePlanned } from './launches-in-flight.ts';
import { launch } from './launch.ts';

/** The most that one call launches, so that one call cannot keep an API server busy for minutes. */
const COUNT_LIMIT = 1000;
/** The model's integers have 32 bits: beyond them a maximum is a slip, and must not launch as many as fit. */
const LARGEST_INTEGER = 2 ** 31 - 1;

/**
 * Launches instances: at least MinCount or none, at most MaxCount as far as the quotas allow. With a client token a repeated call answers with the
 * instances of the first, for as long as their resources are there, and completes a launch that a crash cut short.
 * @throws AwsError those of launch-from-template.ts, launch-plan.ts, launch-quota.ts and launch.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RunInstances.html
 */
export async function runInstances(input: RunInstancesRequest, context: OperationContext): Promise<Reservation> {
  return runTaggedInstances(input, [], context);
}

/** The same with tags of the service's own (`aws:...`), for operations that launch by other means. */
export async function runTaggedInstances(input: RunInstancesRequest, moreTags: readonly Tag[], context: OperationContext): Promise<Reservation> {
  const counts = countsFrom(input);
  const identity = launchIdentityFrom(input, context.caller.accountId);
  const act = (): Promise<Reservation> => launchOrFind(input, counts, moreTags, identity, context);
  // The second of two calls with one token that come at the same time would otherwise see half of what the first makes.
  return identity.clientToken === undefined ? act() : inTurn(`launch/${identity.reservationId}`, act);
}

async function launchOrFind(
  input: RunInstancesRequest,
  { minimum, maximum }: { minimum: number; maximum: number },
  moreTags: readonly Tag[],
  identity: LaunchIdentity,
  context: OperationContext,
): Promise<Reservation> {
  const earlier = earlierInstances(identity, context);
  if (earlier.length >= minimum) return reservationFrom(earlier, context);
  const { input: parameters, serviceTags } = await resolvedLaunchFrom(input, context);
  const plan = withTags(launchPlanFor(parameters, context), [...serviceTags, ...moreTags]);
  const missing = { minimum: minimum - earlier.length, maximum: maximum - earlier.length, vcpus: plan.vcpus };
  const count = Math.min(allowedCount(missing, identity.reservationId, context), roomInGroup(plan, missing.minimum));
  const taken = new Set(earlier.map(({ metadata }) => metadata.name));
  const positions = Array.from({ length: maximum }, (_, index) => index)
    .filter((index) => !taken.has(identity.instanceId(index)))
    .slice(0, count);
  const planned = positions.map((index) => ({
    id: identity.instanceId(index),
    reservationId: identity.reservationId,
    namespace: context.caller.namespace,
    vcpus: plan.vcpus,
    zone: plan.spec.placement.availabilityZone,
  }));
  const launched = await whilePlanned(planned, () => launch(positions, missing.minimum, plan, identity, context));
  return reservationFrom([...earlier, ...launched], context);
}

function roomInGroup({ group, spec }: LaunchPlan, minimum: number): number {
  const room = group?.roomIn(spec.placement.availabilityZone) ?? Number.POSITIVE_INFINITY;
  if (group && room < minimum) throw noRoomInGroup(group.groupName);
  return room;
}

function withTags(plan: LaunchPlan, tags: readonly Tag[]): LaunchPlan {
  return tags.length === 0 ? plan : { ...plan, spec: { ...plan.spec, tags: [...(plan.spec.tags ?? []), ...tags] } };
}

function countsFrom({ MinCount, MaxCount }: RunInstancesRequest): { minimum: number; maximum: number } {
  const minimum = requireCount('minCount', MinCount);
  const maximum = requireCount('maxCount', MaxCount);
  if (minimum > maximum) {
    throw new AwsError('InvalidParameterValue', `Value (${minimum}) for parameter minCount is invalid. It must not exceed maxCount (${maximum}).`);
  }
  if (minimum > COUNT_LIMIT) {
    throw new AwsError('InstanceLimitExceeded', `You have requested more instances (${minimum}) than the ${COUNT_LIMIT} that one call may launch.`);
  }
  return { minimum, maximum: Math.min(maximum, COUNT_LIMIT) };
}

function requireCount(name: string, value: number | undefined): number {
  const invalid = (reason: string): AwsError => new AwsError('InvalidParameterValue', `Value (${value}) for parameter ${name} is invalid. ${reason}`);
  if (value === undefined || !Number.isInteger(value) || value < 1) throw invalid('Minimum allowed value is 1.');
  if (value > LARGEST_INTEGER) throw invalid(`Maximum allowed value is ${LARGEST_INTEGER}.`);
  return value;
}

/** What an earlier call with the same token made. @throws AwsError IdempotentParameterMismatch, ServiceUnavailable */
function earlierInstances(identity: LaunchIdentity, { read, caller }: OperationContext): Instance[] {
  if (identity.clientToken === undefined) return [];
  const instances = read.byIndex(instancesByReservation, withinNamespace(caller.namespace, identity.reservationId));
  for (const instance of instances) requireSameLaunch(instance, identity);
  return [...instances];
}

function reservationFrom(instances: readonly Instance[], context: OperationContext): Reservation {
  const inOrder = instances.toSorted((left, right) => (left.spec.launch?.launchIndex ?? 0) - (right.spec.launch?.launchIndex ?? 0));
  return reservationsFrom(inOrder.map(instanceViewer(context)))[0] ?? {};
}
