import { createHash, randomUUID } from 'node:crypto';
import type { CreateFleetError, CreateFleetInstance, CreateFleetRequest, CreateFleetResult, Instance as SdkInstance } from '@aws-sdk/client-ec2';
import { FleetDefinition, type FleetSpec } from '../../../api/compute/fleet.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { Fleet, Instance } from '../../../kubernetes/resources.ts';
import { Refusal } from '../../../api/refusal.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { camelCased } from '../camel-case.ts';
import { requestRecordFrom, requireSameParameters, type RequestRecord } from '../client-token.ts';
import { inTurn } from '../in-turn.ts';
import { runTaggedInstances } from '../instances/RunInstances.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { fleetCapacityFrom } from './fleet-capacity.ts';
import { fleetLaunchesFrom, type FleetLaunch } from './fleet-launches.ts';
import { resultsFrom } from './sdk-fleet.ts';

interface Outcome {
  instances: CreateFleetInstance[];
  errors: CreateFleetError[];
  fulfilledCapacity: number;
}

/**
 * Launches a fleet of type instant: each launch template with its overrides is tried in turn, for what is still missing. What fails stands in
 * Errors beside what was launched. A fleet that launched something is recorded, for DescribeFleets.
 * @throws AwsError UnsupportedOperation - for other types of fleets, and for Spot
 * @throws AwsError InvalidLaunchTemplateId.*, InvalidLaunchTemplateName.NotFoundException, InvalidParameterValue, IdempotentParameterMismatch
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFleet.html
 */
export async function createFleet(input: CreateFleetRequest, context: OperationContext): Promise<CreateFleetResult> {
  const capacity = fleetCapacityFrom(input);
  const request = requestRecordFrom(input);
  const tags = tagsFromSpecifications((input.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType === 'fleet'), 'fleet');
  const FleetId = fleetIdFrom(JSON.stringify([context.caller.accountId, 'CreateFleet', request?.clientToken ?? randomUUID()]));
  return inTurn(`fleet/${FleetId}`, async () => {
    const earlier = request && earlierFleet(FleetId, request, context);
    if (earlier) return { FleetId, ...resultsFrom(earlier) };
    const outcome = await launchAll(fleetLaunchesFrom(input, context), capacity, FleetId, request, context);
    if (outcome.instances.length > 0) await record(FleetId, outcome, { ...(request && { ...request }), ...(tags.length > 0 && { tags }) }, input, context);
    return { FleetId, Instances: outcome.instances, Errors: outcome.errors };
  });
}

function earlierFleet(fleetId: string, request: RequestRecord, { read, caller }: OperationContext): Fleet | undefined {
  const earlier = read.get(Fleet, { namespace: caller.namespace, name: fleetId });
  if (earlier) requireSameParameters(earlier.spec, request);
  return earlier;
}

async function launchAll(launches: readonly FleetLaunch[], capacity: number, fleetId: string, request: RequestRecord | undefined, context: OperationContext): Promise<Outcome> {
  const outcome: Outcome = { instances: [], errors: [], fulfilledCapacity: 0 };
  for (const [position, { weight, shown, parameters }] of launches.entries()) {
    const missing = capacity - outcome.fulfilledCapacity;
    if (missing <= 0) break;
    // A repeated call finds the instances of the first, launch by launch.
    const token = request && { ClientToken: createHash('sha256').update(JSON.stringify([fleetId, position])).digest('hex') };
    const input = { ...parameters, ...token, MinCount: 1, MaxCount: Math.ceil(missing / weight) };
    try {
      const { Instances = [] } = await runTaggedInstances(input, [{ key: 'aws:ec2:fleet-id', value: fleetId }], context);
      outcome.fulfilledCapacity += Instances.length * weight;
      outcome.instances.push(launchedFrom(Instances, shown));
    } catch (error) {
      if (!(error instanceof AwsError) && !(error instanceof Refusal)) throw error;
      outcome.errors.push({ LaunchTemplateAndOverrides: shown, Lifecycle: 'on-demand', ErrorCode: error.code, ErrorMessage: error.message });
    }
  }
  return outcome;
}

function launchedFrom(instances: readonly SdkInstance[], shown: FleetLaunch['shown']): CreateFleetInstance {
  const [{ InstanceType, Placement, Platform } = {}] = instances;
  return {
    LaunchTemplateAndOverrides: shown,
    Lifecycle: 'on-demand',
    InstanceIds: instances.flatMap(({ InstanceId }) => InstanceId ?? []),
    ...(InstanceType && { InstanceType }),
    ...(Platform && { Platform }),
    ...(Placement?.AvailabilityZone && { AvailabilityZone: Placement.AvailabilityZone }),
    ...(Placement?.AvailabilityZoneId && { AvailabilityZoneId: Placement.AvailabilityZoneId }),
  };
}

/** Owned by its instances: with the last of them the garbage collector removes the record. */
async function record(
  fleetId: string,
  { instances, errors, fulfilledCapacity }: Outcome,
  facts: Pick<FleetSpec, 'clientToken' | 'parametersHash' | 'tags'>,
  { ClientToken: _token, DryRun: _dryRun, TagSpecifications: _tags, ...parameters }: CreateFleetRequest,
  { read, write, caller, clock }: OperationContext,
): Promise<void> {
  const { namespace } = caller;
  const owners = instances.flatMap(({ InstanceIds = [] }) => InstanceIds).flatMap((name) => read.get(Instance, { namespace, name }) ?? []);
  const fleet: Fleet = {
    apiVersion: FleetDefinition.apiVersion,
    kind: FleetDefinition.kind,
    metadata: {
      name: fleetId,
      namespace,
      ownerReferences: owners.flatMap(({ metadata }) => (metadata.uid === undefined ? [] : [{ apiVersion: Instance.apiVersion, kind: Instance.kind, name: metadata.name, uid: metadata.uid }])),
    },
    spec: {
      fleetId,
      createTime: new Date(clock.now()).toISOString(),
      ...facts,
      request: camelCased(parameters) as FleetSpec['request'],
      fulfilledCapacity,
      instances: camelCased(instances) as FleetSpec['instances'],
      errors: camelCased(errors) as FleetSpec['errors'],
    },
  };
  await write.create(Fleet, fleet).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error; // another replica has recorded the same call
  });
}

/** EC2's form: a UUID, here from a digest. */
function fleetIdFrom(seed: string): string {
  const digits = createHash('sha256').update(seed).digest('hex');
  return `fleet-${[digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join('-')}`;
}
