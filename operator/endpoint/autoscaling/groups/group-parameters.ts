import type { CreateAutoScalingGroupType, UpdateAutoScalingGroupType } from '@aws-sdk/client-auto-scaling';
import { GROUP_SIZE_LIMIT, TERMINATION_POLICIES } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { launchConfigurationNameOf } from '../../../api/auto-scaling/launch-configuration.ts';
import { LaunchConfiguration } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requirePlacementGroup } from '../../ec2/placement-groups/find-placement-group.ts';
import { requireSubnet } from '../../ec2/subnets/find-subnet.ts';
import { zonesFrom } from '../../ec2/zones/zones.ts';
import { mixedInstancesPolicyFrom, templateReferenceFrom } from '../launch-specifications.ts';
import { requireOneOf, requireWithin, validationError } from '../../model-constraints.ts';
import { validated } from '../validation.ts';
import type { SpecChange } from './change-group.ts';

/** What creating and updating have in common. */
export type GroupParameters = Omit<UpdateAutoScalingGroupType, 'AutoScalingGroupName'> & Pick<CreateAutoScalingGroupType, 'InstanceId'>;

const PROTECTIONS = ['none', 'prevent-force-deletion', 'prevent-all-deletion'] as const;
const DISTRIBUTIONS = ['balanced-best-effort', 'balanced-only'] as const;

/**
 * The fields that a request sets; null for what it takes away. Sizes are judged by `requireFittingSizes`, for that takes the whole group.
 * @throws AwsError ValidationError
 */
export function fieldsFrom(input: GroupParameters, context: ReadOnlyContext): SpecChange {
  requireHonourable(input);
  requireWithin(input.DefaultCooldown, 'defaultCooldown', 0, 86400);
  requireWithin(input.HealthCheckGracePeriod, 'healthCheckGracePeriod', 0, 86400);
  requireWithin(input.DefaultInstanceWarmup, 'defaultInstanceWarmup', -1, 86400);
  for (const member of ['MinSize', 'MaxSize', 'DesiredCapacity'] as const) requireWithin(input[member], member.charAt(0).toLowerCase() + member.slice(1), 0, GROUP_SIZE_LIMIT);
  const lifetime = input.MaxInstanceLifetime;
  if (lifetime !== undefined && lifetime !== 0 && (lifetime < 86400 || lifetime > 31536000)) throw validationError('Max instance lifetime must be 0, or between 86400 and 31536000 seconds.');
  const warmup = input.DefaultInstanceWarmup;
  return {
    ...sourceFrom(input, context),
    ...zonesFieldsFrom(input, context),
    ...(input.MinSize !== undefined && { minSize: input.MinSize }),
    ...(input.MaxSize !== undefined && { maxSize: input.MaxSize }),
    ...(input.DefaultCooldown !== undefined && { defaultCooldown: input.DefaultCooldown }),
    ...(input.HealthCheckType !== undefined && { healthCheckType: healthCheckTypeFrom(input.HealthCheckType) }),
    ...(input.HealthCheckGracePeriod !== undefined && { healthCheckGracePeriod: input.HealthCheckGracePeriod }),
    ...(input.PlacementGroup !== undefined && { placementGroup: placementGroupFrom(input.PlacementGroup, context) }),
    ...(input.TerminationPolicies !== undefined && { terminationPolicies: policiesFrom(input.TerminationPolicies) }),
    ...(input.NewInstancesProtectedFromScaleIn !== undefined && { newInstancesProtectedFromScaleIn: input.NewInstancesProtectedFromScaleIn }),
    ...(input.ServiceLinkedRoleARN && { serviceLinkedRoleARN: input.ServiceLinkedRoleARN }),
    ...(lifetime !== undefined && { maxInstanceLifetime: lifetime }),
    ...(input.Context !== undefined && { context: input.Context }),
    ...(warmup !== undefined && { defaultInstanceWarmup: warmup < 0 ? null : warmup }),
    ...(input.InstanceMaintenancePolicy && { instanceMaintenancePolicy: maintenancePolicyFrom(input.InstanceMaintenancePolicy) }),
    ...(input.DeletionProtection !== undefined && { deletionProtection: requireOneOf(input.DeletionProtection, 'deletionProtection', PROTECTIONS) }),
    ...(input.AvailabilityZoneDistribution?.CapacityDistributionStrategy !== undefined && {
      zoneDistribution: requireOneOf(input.AvailabilityZoneDistribution.CapacityDistributionStrategy, 'availabilityZoneDistribution.capacityDistributionStrategy', DISTRIBUTIONS),
    }),
  };
}

/** Refuses what cannot be honoured here: nothing that is asked for is dropped silently. */
function requireHonourable(input: GroupParameters): void {
  const refuse = (what: string): never => {
    throw validationError(`${what} not supported.`);
  };
  if (input.CapacityRebalance) refuse('Capacity Rebalancing is for Spot Instances, which are');
  if (input.InstanceId) refuse('Making a group from an instance is');
  if (input.DesiredCapacityType && input.DesiredCapacityType !== 'units') refuse(`The desired capacity type ${input.DesiredCapacityType} is`);
  if (input.AvailabilityZoneImpairmentPolicy?.ZonalShiftEnabled) refuse('Zonal shift is');
  if (input.CapacityReservationSpecification?.CapacityReservationTarget || !['default', 'none', undefined].includes(input.CapacityReservationSpecification?.CapacityReservationPreference)) refuse('Capacity Reservations are');
  if (input.InstanceLifecyclePolicy?.RetentionTriggers?.TerminateHookAbandon === 'retain') refuse('Retaining instances after an abandoned hook is');
}

/** What a group launches from; one source takes the place of another. */
function sourceFrom({ LaunchTemplate, MixedInstancesPolicy, LaunchConfigurationName }: GroupParameters, context: ReadOnlyContext): SpecChange {
  const given = [LaunchTemplate, MixedInstancesPolicy, LaunchConfigurationName || undefined].filter((source) => source !== undefined).length;
  if (given > 1) throw validationError('Valid requests must contain either LaunchTemplate, LaunchConfigurationName, InstanceId or MixedInstancesPolicy parameter.');
  const none = { launchTemplate: null, mixedInstancesPolicy: null, launchConfigurationName: null };
  if (LaunchTemplate) return { ...none, launchTemplate: templateReferenceFrom(LaunchTemplate, context) };
  if (MixedInstancesPolicy) return { ...none, mixedInstancesPolicy: mixedInstancesPolicyFrom(MixedInstancesPolicy, context) };
  if (!LaunchConfigurationName) return {};
  const exists = context.read.list(LaunchConfiguration, context.caller.namespace).some((configuration) => launchConfigurationNameOf(configuration) === LaunchConfigurationName);
  if (!exists) throw validationError(`Launch configuration name not found - Launch configuration ${LaunchConfigurationName} not found`);
  return { ...none, launchConfigurationName: LaunchConfigurationName };
}

function zonesFieldsFrom({ AvailabilityZones, AvailabilityZoneIds, VPCZoneIdentifier }: GroupParameters, context: ReadOnlyContext): SpecChange {
  const zones = zonesFrom(context.read, context.region);
  const byId = (AvailabilityZoneIds ?? []).map((id) => zones.find((zone) => zone.id === id)?.name ?? id);
  const names = [...new Set([...(AvailabilityZones ?? []), ...byId])].filter(Boolean);
  const unknown = names.filter((name) => !zones.some((zone) => zone.name === name));
  if (unknown.length > 0) throw validationError(`Invalid availability zones: [${unknown.join(', ')}]`);
  const ids = (VPCZoneIdentifier ?? '').split(',').map((id) => id.trim()).filter(Boolean);
  const subnets = ids.map((id) => validated(() => requireSubnet(id, context)));
  const subnetZones = subnets.map(({ spec }) => spec.availabilityZone);
  const outside = names.find((name) => subnets.length > 0 && !subnetZones.includes(name));
  if (outside !== undefined) throw validationError('The availability zones of the specified subnets and the Auto Scaling group do not match');
  // Zones and subnets belong together: naming one anew lets the other go.
  const isNamed = names.length + ids.length > 0;
  if (!isNamed) return {};
  return {
    availabilityZones: names.length > 0 && ids.length === 0 ? names : null,
    subnetIds: ids.length > 0 ? [...new Set(subnets.map((subnet) => ec2IdOf('subnet', subnet)))] : null,
  };
}

function healthCheckTypeFrom(types: string): string {
  const names = types.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !['EC2', 'ELB', 'EBS', 'VPC_LATTICE'].includes(name));
  if (unknown !== undefined) throw validationError(`Invalid HealthCheckType: ${types}. Valid types are [EC2, ELB, EBS, VPC_LATTICE].`);
  return names.join(',');
}

function placementGroupFrom(name: string, context: ReadOnlyContext): string | null {
  if (name === '') return null;
  validated(() => requirePlacementGroup(name, context));
  return name;
}

function policiesFrom(policies: readonly string[]): NonNullable<SpecChange['terminationPolicies']> {
  if (policies.length === 0) return ['Default'];
  return policies.map((policy) => {
    const known = TERMINATION_POLICIES.find((candidate) => candidate === policy);
    if (known === undefined) throw validationError(`Invalid termination policy: ${policy}. Valid policies are [${TERMINATION_POLICIES.join(', ')}].`);
    return known;
  });
}

function maintenancePolicyFrom({ MinHealthyPercentage: minimum, MaxHealthyPercentage: maximum }: { MinHealthyPercentage?: number | undefined; MaxHealthyPercentage?: number | undefined }): SpecChange['instanceMaintenancePolicy'] {
  if ((minimum ?? -1) === -1 && (maximum ?? -1) === -1) return null;
  requireWithin(minimum, 'instanceMaintenancePolicy.minHealthyPercentage', 0, 100);
  requireWithin(maximum, 'instanceMaintenancePolicy.maxHealthyPercentage', 100, 200);
  if (minimum === undefined || maximum === undefined) throw validationError('MinHealthyPercentage and MaxHealthyPercentage must both be specified.');
  if (maximum - minimum > 100) throw validationError('The difference between MinHealthyPercentage and MaxHealthyPercentage cannot be greater than 100.');
  return { minHealthyPercentage: minimum, maxHealthyPercentage: maximum };
}

/** @throws AwsError ValidationError - the sizes do not fit each other */
export function requireFittingSizes({ minSize, maxSize }: { minSize: number; maxSize: number }, desired: number | undefined): void {
  if (minSize > maxSize) throw validationError(`Max bound, ${maxSize}, must be greater than or equal to min bound, ${minSize}`);
  if (desired !== undefined && (desired < minSize || desired > maxSize)) {
    throw validationError(`Desired capacity:${desired} must be between the specified min size:${minSize} and max size:${maxSize}`);
  }
}
