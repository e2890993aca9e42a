import type { CreateFleetRequest, FleetLaunchTemplateOverridesRequest, LaunchTemplateAndOverridesResponse, RunInstancesRequest, TagSpecification } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireTemplate, requireVersion } from '../launch-templates/find-template.ts';

/** One of the ways in which a fleet may launch: a template with overrides. */
export interface FleetLaunch {
  /** Capacity units that each instance counts for. */
  weight: number;
  /** As answers show it. */
  shown: LaunchTemplateAndOverridesResponse;
  /** Parameters of RunInstances but for the counts and the token. */
  parameters: Omit<RunInstancesRequest, 'MinCount' | 'MaxCount'>;
}

/** EC2's limit of launch templates with overrides in one request. */
const LAUNCHES_LIMIT = 300;

/**
 * The launches that a fleet may try, in their order: by priority if the request says so, else as they stand there, for nothing has a price here.
 * @throws AwsError MissingParameter, InvalidParameterValue, UnsupportedOperation and those of find-template.ts
 */
export function fleetLaunchesFrom(input: CreateFleetRequest, context: OperationContext): FleetLaunch[] {
  const configs = input.LaunchTemplateConfigs ?? [];
  const tags = (input.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType !== 'fleet');
  const launches = configs.flatMap(({ LaunchTemplateSpecification, Overrides = [] }, position) => {
    if (!LaunchTemplateSpecification) throw missingParameter(`LaunchTemplateConfigs.${position + 1}.LaunchTemplateSpecification`);
    const template = requireTemplate(LaunchTemplateSpecification, context);
    const version = requireVersion(template, LaunchTemplateSpecification.Version || '$Default');
    const specification = { LaunchTemplateId: ec2IdOf('lt', template), Version: String(version.versionNumber) };
    return (Overrides.length > 0 ? Overrides : [{}]).map((overrides) => launchFrom(specification, overrides, tags));
  });
  if (launches.length === 0) throw missingParameter('LaunchTemplateConfigs');
  if (launches.length > LAUNCHES_LIMIT) throw new AwsError('InvalidParameterValue', `A fleet may have at most ${LAUNCHES_LIMIT} launch template overrides.`);
  if (input.OnDemandOptions?.AllocationStrategy !== 'prioritized') return launches;
  const priorityOf = ({ shown }: FleetLaunch): number => shown.Overrides?.Priority ?? Number.POSITIVE_INFINITY;
  return launches.toSorted((left, right) => (priorityOf(left) === priorityOf(right) ? 0 : priorityOf(left) - priorityOf(right)));
}

function launchFrom(
  specification: { LaunchTemplateId: string; Version: string },
  overrides: FleetLaunchTemplateOverridesRequest,
  tags: readonly TagSpecification[],
): FleetLaunch {
  const { InstanceType, SubnetId, AvailabilityZone, AvailabilityZoneId, WeightedCapacity = 1, Placement, KeyName, BlockDeviceMappings, IamInstanceProfile, MetadataOptions, ImageId } = overrides;
  if (overrides.InstanceRequirements) throw new AwsError('UnsupportedOperation', 'Choosing instance types by requirements is not supported. Specify instance types.');
  if (WeightedCapacity <= 0) throw new AwsError('InvalidParameterValue', `Value (${WeightedCapacity}) for parameter WeightedCapacity is invalid. It must be positive.`);
  const placement = { ...Placement, ...(AvailabilityZone && { AvailabilityZone }), ...(AvailabilityZoneId && { AvailabilityZoneId }) };
  const { KeyName: _key, IamInstanceProfile: _profile, MetadataOptions: _options, InstanceRequirements: _requirements, ...shownOverrides } = overrides;
  return {
    weight: WeightedCapacity,
    shown: { LaunchTemplateSpecification: specification, Overrides: shownOverrides },
    parameters: {
      LaunchTemplate: specification,
      ...(InstanceType && { InstanceType }),
      ...(SubnetId && { SubnetId }),
      ...(ImageId && { ImageId }),
      ...(KeyName && { KeyName }),
      ...(BlockDeviceMappings && { BlockDeviceMappings }),
      ...(IamInstanceProfile && { IamInstanceProfile }),
      ...(MetadataOptions && { MetadataOptions: MetadataOptions }),
      ...(Object.keys(placement).length > 0 && { Placement: placement }),
      ...(tags.length > 0 && { TagSpecifications: [...tags] }),
    },
  };
}
