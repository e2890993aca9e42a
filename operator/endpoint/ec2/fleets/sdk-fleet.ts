import type { CreateFleetError, CreateFleetInstance, FleetData } from '@aws-sdk/client-ec2';
import type { Fleet } from '../../../kubernetes/resources.ts';
import { Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { pascalCased } from '../camel-case.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { shownStateOf } from '../instances/shown-state.ts';

/** What a recorded fleet launched and failed to launch, as CreateFleet answered. */
export function resultsFrom({ spec }: Fleet): { Instances: CreateFleetInstance[]; Errors: CreateFleetError[] } {
  return { Instances: pascalCased(spec.instances) as CreateFleetInstance[], Errors: pascalCased(spec.errors) as CreateFleetError[] };
}

/** Ids of all instances that a fleet launched. */
export function instanceIdsOf({ spec }: Fleet): string[] {
  return spec.instances.flatMap(({ instanceIds }) => instanceIds);
}

/** The state of a fleet: its instances go on for a while after it was deleted. */
export function fleetStateOf(fleet: Fleet, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): 'active' | 'deleted' | 'deleted_terminating' {
  if (fleet.spec.deletedAt === undefined) return 'active';
  const instances = instanceIdsOf(fleet).flatMap((name) => read.get(Instance, { namespace: caller.namespace, name }) ?? []);
  return instances.every((instance) => shownStateOf(instance) === 'terminated') ? 'deleted' : 'deleted_terminating';
}

/** A fleet in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_FleetData.html */
export function sdkFleetFrom(fleet: Fleet, context: Pick<ReadOnlyContext, 'read' | 'caller'>): FleetData {
  const { spec } = fleet;
  const { LaunchTemplateConfigs, TargetCapacitySpecification, OnDemandOptions, Context } = pascalCased(spec.request) as FleetData;
  const { Instances, Errors } = resultsFrom(fleet);
  return {
    FleetId: spec.fleetId,
    FleetState: fleetStateOf(fleet, context),
    ActivityStatus: spec.errors.length > 0 && spec.fulfilledCapacity < (TargetCapacitySpecification?.TotalTargetCapacity ?? 0) ? 'error' : 'fulfilled',
    Type: 'instant',
    CreateTime: new Date(spec.createTime),
    ...(spec.clientToken !== undefined && { ClientToken: spec.clientToken }),
    ExcessCapacityTerminationPolicy: 'termination',
    TerminateInstancesWithExpiration: false,
    ReplaceUnhealthyInstances: false,
    FulfilledCapacity: spec.fulfilledCapacity,
    FulfilledOnDemandCapacity: spec.fulfilledCapacity,
    LaunchTemplateConfigs: (LaunchTemplateConfigs ?? []).map((config) => ({ ...config, Overrides: config.Overrides ?? [] })),
    ...(TargetCapacitySpecification && { TargetCapacitySpecification }),
    ...(OnDemandOptions && { OnDemandOptions }),
    ...(Context !== undefined && { Context }),
    Instances: Instances.map(({ AvailabilityZone: _zone, AvailabilityZoneId: _zoneId, SubnetId: _subnet, ...instance }) => instance),
    Errors,
    Tags: sdkTagsFrom(spec.tags),
  };
}
