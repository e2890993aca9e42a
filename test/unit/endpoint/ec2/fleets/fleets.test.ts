import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { CreateFleetRequest, CreateFleetResult, FleetLaunchTemplateOverridesRequest } from '@aws-sdk/client-ec2';
import { LaunchTemplateDefinition } from '../../../../../operator/api/compute/launch-template.ts';
import { createFleet } from '../../../../../operator/endpoint/ec2/fleets/CreateFleet.ts';
import { deleteFleets } from '../../../../../operator/endpoint/ec2/fleets/DeleteFleets.ts';
import { describeFleetInstances } from '../../../../../operator/endpoint/ec2/fleets/DescribeFleetInstances.ts';
import { describeFleets } from '../../../../../operator/endpoint/ec2/fleets/DescribeFleets.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { Fleet, Instance, type LaunchTemplate } from '../../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const AMI = 'ami-00000000000000001';
const TEMPLATE = 'lt-00000000000000001';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const specification = { LaunchTemplateId: TEMPLATE, Version: '1' };

function code(wanted: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    return true;
  };
}

function cloud(quotas: { instances?: number } = {}): { cluster: FakeCluster; context: OperationContext } {
  const { apiVersion, kind } = LaunchTemplateDefinition;
  const template: LaunchTemplate = {
    apiVersion,
    kind,
    metadata: { name: TEMPLATE, namespace: NAMESPACE, uid: 'uid-lt', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: LaunchTemplateDefinition.spec.parse({ launchTemplateName: 'web', versions: [{ versionNumber: 1, launchTemplateData: { imageId: AMI, instanceType: 't3.micro' } }] }),
  };
  const nodes = [aNode('a', { zone: 'us-east-1a' }), aNode('b', { zone: 'us-east-1b' })];
  const cluster = new FakeCluster({ objects: [theAccount({ quotas }), anAmi(AMI), anInstanceType('t3.micro'), anInstanceType('m5.large', { cpu: 2 }), ...nodes, template] });
  return { cluster, context: operationContext(cluster) };
}

function fleetOf(Overrides: FleetLaunchTemplateOverridesRequest[], more: Partial<CreateFleetRequest> = {}, TotalTargetCapacity = 3): CreateFleetRequest {
  return {
    Type: 'instant',
    LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'web', Version: '$Latest' }, ...(Overrides.length > 0 && { Overrides }) }],
    TargetCapacitySpecification: { TotalTargetCapacity, DefaultTargetCapacityType: 'on-demand' },
    ...more,
  };
}

async function create(context: OperationContext, input: CreateFleetRequest): Promise<CreateFleetResult> {
  const result = await createFleet(input, context);
  assert.deepEqual(checker.violations('CreateFleet', result), []);
  return result;
}

const idsOf = ({ Instances = [] }: CreateFleetResult): string[] => Instances.flatMap(({ InstanceIds = [] }) => InstanceIds);

describe('CreateFleet', () => {
  it('launches what is asked for from the first override, and says from which', async () => {
    const { cluster, context } = cloud();
    const result = await create(context, fleetOf([{ InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b', Priority: 2 }, { InstanceType: 't3.micro' }]));
    assert.match(result.FleetId ?? '', /^fleet-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    assert.deepEqual(result.Errors, []);
    const [first] = result.Instances ?? [];
    assert.equal(result.Instances?.length, 1);
    assert.deepEqual(first?.LaunchTemplateAndOverrides, { LaunchTemplateSpecification: specification, Overrides: { InstanceType: 'm5.large', AvailabilityZone: 'us-east-1b', Priority: 2 } });
    assert.deepEqual([first.InstanceIds?.length, first.InstanceType, first.AvailabilityZone, first.Lifecycle], [3, 'm5.large', 'us-east-1b', 'on-demand']);
    const instances = cluster.list(Instance);
    assert.deepEqual(instances.map(({ spec }) => [spec.instanceType, spec.placement.availabilityZone]), Array.from({ length: 3 }, () => ['m5.large', 'us-east-1b']));
    assert.deepEqual(instances[0]?.spec.tags, [
      { key: 'aws:ec2launchtemplate:id', value: TEMPLATE },
      { key: 'aws:ec2launchtemplate:version', value: '1' },
      { key: 'aws:ec2:fleet-id', value: result.FleetId },
    ]);
  });

  it('goes on to the next override where one fails, and shows the failure beside its override', async () => {
    const { context } = cloud();
    const result = await create(context, fleetOf([{ InstanceType: 't3.micro', SubnetId: 'subnet-00000000000000001', AvailabilityZone: 'us-east-1a' }, { InstanceType: 'm5.large' }]));
    assert.deepEqual(result.Errors?.map(({ ErrorCode, Lifecycle, LaunchTemplateAndOverrides }) => [ErrorCode, Lifecycle, LaunchTemplateAndOverrides?.Overrides]), [
      ['InvalidSubnetID.NotFound', 'on-demand', { InstanceType: 't3.micro', SubnetId: 'subnet-00000000000000001', AvailabilityZone: 'us-east-1a' }],
    ]);
    assert.deepEqual(result.Instances?.map(({ InstanceType, InstanceIds }) => [InstanceType, InstanceIds?.length]), [['m5.large', 3]]);
  });

  it('launches as many as there is room for, and tells of the rest', async () => {
    const { cluster, context } = cloud({ instances: 2 });
    const result = await create(context, fleetOf([{ InstanceType: 't3.micro' }, { InstanceType: 'm5.large' }]));
    assert.equal(idsOf(result).length, 2);
    assert.deepEqual(result.Errors?.map(({ ErrorCode }) => ErrorCode), ['InstanceLimitExceeded']);
    assert.equal(cluster.list(Instance).length, 2);
  });

  it('answers with errors only when nothing could be launched, and leaves no record', async () => {
    const { cluster, context } = cloud();
    const result = await create(context, fleetOf([{ InstanceType: 'c5.large' }]));
    assert.deepEqual([result.Instances, result.Errors?.map(({ ErrorCode }) => ErrorCode), cluster.list(Fleet).length], [[], ['InvalidParameterValue'], 0]);
  });

  it('counts instances by their weight', async () => {
    const { context } = cloud();
    assert.equal(idsOf(await create(context, fleetOf([{ WeightedCapacity: 2 }], {}, 5))).length, 3);
  });

  it('launches from the template alone, and by priority if that is asked for', async () => {
    const { context } = cloud();
    assert.deepEqual((await create(context, fleetOf([]))).Instances?.map(({ InstanceType }) => InstanceType), ['t3.micro']);
    const Overrides = [{ InstanceType: 't3.micro' as const, Priority: 5 }, { InstanceType: 'm5.large' as const, Priority: 1 }];
    const prioritized = await create(context, fleetOf(Overrides, { OnDemandOptions: { AllocationStrategy: 'prioritized' } }));
    assert.deepEqual(prioritized.Instances?.map(({ InstanceType }) => InstanceType), ['m5.large']);
  });

  it('tags the fleet and the instances', async () => {
    const { cluster, context } = cloud();
    await create(context, fleetOf([], { TagSpecifications: [{ ResourceType: 'fleet', Tags: [{ Key: 'f', Value: '1' }] }, { ResourceType: 'instance', Tags: [{ Key: 'i', Value: '2' }] }] }, 1));
    assert.deepEqual(cluster.list(Fleet)[0]?.spec.tags, [{ key: 'f', value: '1' }]);
    assert.ok(cluster.list(Instance)[0]?.spec.tags?.some(({ key, value }) => key === 'i' && value === '2'));
  });

  it('answers a repeated call with what the first launched, and refuses the token with other parameters', async () => {
    const { cluster, context } = cloud();
    const input = fleetOf([{ InstanceType: 'm5.large' }], { ClientToken: 't' });
    const results = await Promise.all([create(context, input), create(context, input)]);
    assert.deepEqual(results[1], results[0]);
    assert.equal(cluster.list(Instance).length, 3);
    await assert.rejects(create(context, { ...input, LaunchTemplateConfigs: fleetOf([]).LaunchTemplateConfigs }), code('IdempotentParameterMismatch'));
  });

  it('completes a call that a crash cut short before the record was written', async () => {
    const { cluster, context } = cloud();
    const input = fleetOf([{ InstanceType: 'm5.large' }], { ClientToken: 't' });
    const crashing = Object.create(cluster, { create: { value: async (type: { kind: string }, object: never) => {
      if (type.kind === 'Fleet') throw new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'gone' });
      return cluster.create(type as never, object);
    } } }) as FakeCluster;
    await assert.rejects(createFleet(input, { ...context, write: crashing }));
    const result = await create(context, input);
    assert.equal(cluster.list(Instance).length, 3);
    assert.deepEqual(idsOf(result).sort(), cluster.list(Instance).map(({ metadata }) => metadata.name).sort());
    assert.equal(cluster.list(Fleet).length, 1);
  });

  const target = (more: object): Partial<CreateFleetRequest> => ({ TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: 'on-demand', ...more } });
  const refused: Record<string, { input: Partial<CreateFleetRequest>; want: string }> = {
    'a fleet that is to be maintained': { input: { Type: 'maintain' }, want: 'UnsupportedOperation' },
    'a fleet of no type, which is one to be maintained': { input: { Type: undefined }, want: 'UnsupportedOperation' },
    'a type that is none': { input: { Type: 'x' as never }, want: 'InvalidParameterValue' },
    'Spot by default': { input: target({ DefaultTargetCapacityType: 'spot' }), want: 'UnsupportedOperation' },
    'Spot in part': { input: target({ SpotTargetCapacity: 1 }), want: 'UnsupportedOperation' },
    'capacity in memory': { input: target({ TargetCapacityUnitType: 'memory-mib' }), want: 'UnsupportedOperation' },
    'no capacity': { input: target({ TotalTargetCapacity: 0 }), want: 'InvalidParameterValue' },
    'more On-Demand than in all': { input: target({ OnDemandTargetCapacity: 2 }), want: 'InvalidParameterCombination' },
    'a minimum': { input: { OnDemandOptions: { MinTargetCapacity: 1 } }, want: 'UnsupportedOperation' },
    'requirements': { input: fleetOf([{ InstanceRequirements: { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } } }]), want: 'UnsupportedOperation' },
    'a template that is not there': { input: { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'none' } }] }, want: 'InvalidLaunchTemplateName.NotFoundException' },
    'a version that is not there': { input: { LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'web', Version: '9' } }] }, want: 'InvalidLaunchTemplateId.VersionNotFound' },
    'no template': { input: { LaunchTemplateConfigs: [] }, want: 'MissingParameter' },
    'a time': { input: { ValidUntil: new Date() }, want: 'InvalidParameterCombination' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(createFleet({ ...fleetOf([]), ...input }, context), code(want));
      assert.equal(cluster.list(Instance).length, 0);
    });
  }
});

describe('a fleet that was launched', () => {
  it('is shown by its id, and only so', async () => {
    const { context } = cloud();
    const { FleetId, Instances } = await create(context, fleetOf([{ InstanceType: 'm5.large' }], { ClientToken: 't', TagSpecifications: [{ ResourceType: 'fleet', Tags: [{ Key: 'k', Value: 'v' }] }] }));
    assert.deepEqual((await describeFleets({}, context)).Fleets, []);
    const result = await describeFleets({ FleetIds: [FleetId ?? ''] }, context);
    assert.deepEqual(checker.violations('DescribeFleets', result), []);
    const [fleet] = result.Fleets ?? [];
    assert.deepEqual(
      [fleet?.FleetState, fleet?.ActivityStatus, fleet?.Type, fleet?.FulfilledCapacity, fleet?.ClientToken, fleet?.Tags, fleet?.TargetCapacitySpecification?.TotalTargetCapacity],
      ['active', 'fulfilled', 'instant', 3, 't', [{ Key: 'k', Value: 'v' }], 3],
    );
    assert.deepEqual(fleet?.Instances?.[0]?.InstanceIds, Instances?.[0]?.InstanceIds);
    assert.deepEqual(fleet?.LaunchTemplateConfigs?.[0]?.Overrides, [{ InstanceType: 'm5.large' }]);
    await assert.rejects(describeFleetInstances({ FleetId }, context), code('UnsupportedOperation'));
  });

  it('is found by each filter', async () => {
    const { context } = cloud();
    const { FleetId = '' } = await create(context, fleetOf([]));
    const filters: Record<string, string> = {
      'activity-status': 'fulfilled', 'excess-capacity-termination-policy': 'termination', 'fleet-state': 'active', 'replace-unhealthy-instances': 'false', type: 'instant',
    };
    for (const [Name, value] of Object.entries(filters)) {
      const found = async (Value: string): Promise<number | undefined> => (await describeFleets({ FleetIds: [FleetId], Filters: [{ Name, Values: [Value] }] }, context)).Fleets?.length;
      assert.deepEqual([await found(value), await found('other')], [1, 0], Name);
    }
  });

  it('goes with its instances, which own the record', async () => {
    const { cluster, context } = cloud();
    const { FleetId = '' } = await create(context, fleetOf([]));
    assert.deepEqual(cluster.list(Fleet)[0]?.metadata.ownerReferences?.map(({ kind, name }) => [kind, name]).sort(), cluster.list(Instance).map(({ metadata }) => ['Instance', metadata.name]).sort());
    const result = await deleteFleets({ FleetIds: [FleetId], TerminateInstances: true }, context);
    assert.deepEqual(checker.violations('DeleteFleets', result), []);
    assert.deepEqual(result.SuccessfulFleetDeletions, [{ FleetId, PreviousFleetState: 'active', CurrentFleetState: 'deleted_terminating' }]);
    assert.deepEqual(new Set(cluster.list(Instance).map(({ spec }) => spec.powerState)), new Set(['terminated']));
    assert.equal((await describeFleets({ FleetIds: [FleetId] }, context)).Fleets?.[0]?.FleetState, 'deleted_terminating');
    for (const { metadata } of cluster.list(Instance)) await cluster.patchStatus(Instance, { namespace: NAMESPACE, name: metadata.name }, { status: { state: 'terminated', observedGeneration: metadata.generation ?? 1 } });
    assert.equal((await describeFleets({ FleetIds: [FleetId] }, context)).Fleets?.[0]?.FleetState, 'deleted');
  });

  it('cannot be deleted without its instances, nor when it is none', async () => {
    const { cluster, context } = cloud();
    const { FleetId = '' } = await create(context, fleetOf([]));
    const absent = 'fleet-00000000-0000-0000-0000-000000000000';
    const result = await deleteFleets({ FleetIds: [FleetId, absent, 'x'], TerminateInstances: false }, context);
    assert.deepEqual(checker.violations('DeleteFleets', result), []);
    assert.deepEqual(result.UnsuccessfulFleetDeletions?.map(({ Error: error }) => error?.Code), ['fleetNotInDeletableState', 'fleetIdDoesNotExist', 'fleetIdMalformed']);
    assert.ok(cluster.list(Instance).every(({ spec }) => spec.powerState === 'running'));
    await assert.rejects(describeFleets({ FleetIds: [absent] }, context), code('InvalidFleetId.NotFound'));
    await assert.rejects(describeFleets({ FleetIds: ['x'] }, context), code('InvalidFleetId.Malformed'));
  });
});
