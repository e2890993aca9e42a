import type { LaunchTemplateSpecification, MixedInstancesPolicy as SdkPolicy } from '@aws-sdk/client-auto-scaling';
import type { LaunchTemplateReference, MixedInstancesPolicy } from '../../api/auto-scaling/auto-scaling-launch.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { interfacesOf } from '../../api/compute/launch-refusals.ts';
import { mergedLaunchTemplateData, type LaunchTemplateData } from '../../api/compute/launch-template-data.ts';
import { launchTemplateNameOf } from '../../api/compute/launch-template.ts';
import { launchPlanFor } from '../ec2/instances/launch-plan.ts';
import { requireTemplate, requireVersion, templateOfId, templateOfName } from '../ec2/launch-templates/find-template.ts';
import { launchParametersFrom } from '../ec2/launch-templates/template-data.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { Ami, LaunchTemplate } from '../../kubernetes/resources.ts';
import { validationError } from '../model-constraints.ts';
import { validated } from './validation.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller' | 'region' | 'clock'>;

/** How Auto Scaling begins what is wrong with a template. */
const NOT_WELL_FORMED = 'You must use a valid fully-formed launch template. ';

/**
 * A launch template that a group is to launch from, checked as a launch would be: Auto Scaling makes a dry run of one too.
 * @throws AwsError ValidationError
 */
export function templateReferenceFrom(specification: LaunchTemplateSpecification, context: Lookup): LaunchTemplateReference {
  const reference = referenceFrom(specification);
  requireLaunchable(reference, specification, {}, context);
  return reference;
}

function referenceFrom({ LaunchTemplateId, LaunchTemplateName, Version }: LaunchTemplateSpecification): LaunchTemplateReference {
  if (LaunchTemplateId && LaunchTemplateName) throw validationError('Valid requests must contain either launchTemplateId or LaunchTemplateName');
  const launchTemplate = LaunchTemplateId || LaunchTemplateName;
  if (!launchTemplate) throw validationError('Valid requests must contain either launchTemplateId or LaunchTemplateName');
  const version = Version || '$Default';
  if (!/^([1-9][0-9]{0,14}|\$Latest|\$Default)$/.test(version)) {
    throw validationError(`${NOT_WELL_FORMED}Invalid launch template version '${version}': either '$Default', '$Latest', or a numeric version are allowed.`);
  }
  return { launchTemplate, version };
}

function requireLaunchable({ version }: LaunchTemplateReference, specification: LaunchTemplateSpecification, changes: LaunchTemplateData, context: Lookup): void {
  validated(() => {
    const template = requireTemplate(specification, context);
    const data = mergedLaunchTemplateData(requireVersion(template, version).launchTemplateData, changes);
    launchPlanFor({ ...launchParametersFrom(withImageId(data, context)), MinCount: 1, MaxCount: 1 }, context);
    if (interfacesOf(data)[0]?.['networkInterfaceId']) throw validationError('A group cannot use a network interface that is there already.');
  }, NOT_WELL_FORMED);
}

/** A template that kubectl made may call an AMI by the name of its resource; a launch through the API knows ids only. */
function withImageId(data: LaunchTemplateData, { read, caller }: Lookup): LaunchTemplateData {
  const ami = data.imageId === undefined ? undefined : read.get(Ami, { namespace: caller.namespace, name: data.imageId });
  return ami === undefined ? data : { ...data, imageId: ec2IdOf('ami', ami) };
}

/** Several types of instances. @throws AwsError ValidationError */
export function mixedInstancesPolicyFrom({ LaunchTemplate: template, InstancesDistribution: distribution }: SdkPolicy, context: Lookup): MixedInstancesPolicy {
  const specification = template?.LaunchTemplateSpecification;
  if (!specification) throw validationError('LaunchTemplate must be specified in MixedInstancesPolicy.');
  const launchTemplate = referenceFrom(specification);
  const percentage = distribution?.OnDemandPercentageAboveBaseCapacity ?? 100;
  if (percentage !== 100) throw validationError('There are no Spot Instances: OnDemandPercentageAboveBaseCapacity must be 100.');
  const strategy = distribution?.OnDemandAllocationStrategy || 'prioritized';
  if (strategy !== 'prioritized' && strategy !== 'lowest-price') throw validationError(`Invalid OnDemandAllocationStrategy: ${strategy}.`);
  const overrides = (template.Overrides ?? []).map((override) => {
    if (override.InstanceRequirements) throw validationError('Choosing instance types by requirements is not supported here. Specify instance types.');
    const { InstanceType, ImageId, WeightedCapacity, LaunchTemplateSpecification: own } = override;
    const weight = WeightedCapacity === undefined ? undefined : Number(WeightedCapacity);
    if (weight !== undefined && !(Number.isInteger(weight) && weight >= 1 && weight <= 999)) throw validationError(`Invalid WeightedCapacity: ${WeightedCapacity ?? ''}. It must be an integer between 1 and 999.`);
    const changes = { ...(InstanceType && { instanceType: InstanceType }), ...(ImageId && { imageId: ImageId }) };
    const reference = own && referenceFrom(own);
    requireLaunchable(reference ?? launchTemplate, own ?? specification, changes, context);
    return { ...changes, ...(reference && { launchTemplate: reference }), ...(weight !== undefined && { weightedCapacity: weight }) };
  });
  if (overrides.length === 0) requireLaunchable(launchTemplate, specification, {}, context);
  return {
    launchTemplate,
    ...(overrides.length > 0 && { overrides }),
    instancesDistribution: {
      onDemandAllocationStrategy: strategy,
      onDemandBaseCapacity: distribution?.OnDemandBaseCapacity ?? 0,
      onDemandPercentageAboveBaseCapacity: 100,
    },
  };
}

/** A reference in the API's shape: id and name of the template, whichever was given, and the version exactly as it was. */
export function sdkTemplateSpecificationFrom({ launchTemplate, version }: LaunchTemplateReference, context: Pick<ReadOnlyContext, 'read' | 'caller'>): LaunchTemplateSpecification {
  const template = templateOf(launchTemplate, context);
  if (!template) return { ...(launchTemplate.startsWith('lt-') ? { LaunchTemplateId: launchTemplate } : { LaunchTemplateName: launchTemplate }), Version: version };
  return { LaunchTemplateId: ec2IdOf('lt', template), LaunchTemplateName: launchTemplateNameOf(template), Version: version };
}

function templateOf(reference: string, context: Pick<ReadOnlyContext, 'read' | 'caller'>): LaunchTemplate | undefined {
  return context.read.get(LaunchTemplate, { namespace: context.caller.namespace, name: reference }) ?? templateOfId(reference, context) ?? templateOfName(reference, context);
}

/** A policy in the API's shape. */
export function sdkMixedInstancesPolicyFrom({ launchTemplate, overrides, instancesDistribution }: MixedInstancesPolicy, context: Pick<ReadOnlyContext, 'read' | 'caller'>): SdkPolicy {
  return {
    LaunchTemplate: {
      LaunchTemplateSpecification: sdkTemplateSpecificationFrom(launchTemplate, context),
      Overrides: (overrides ?? []).map((override) => ({
        ...(override.instanceType !== undefined && { InstanceType: override.instanceType }),
        ...(override.imageId !== undefined && { ImageId: override.imageId }),
        ...(override.weightedCapacity !== undefined && { WeightedCapacity: String(override.weightedCapacity) }),
        ...(override.launchTemplate && { LaunchTemplateSpecification: sdkTemplateSpecificationFrom(override.launchTemplate, context) }),
      })),
    },
    InstancesDistribution: {
      OnDemandAllocationStrategy: instancesDistribution?.onDemandAllocationStrategy ?? 'prioritized',
      OnDemandBaseCapacity: instancesDistribution?.onDemandBaseCapacity ?? 0,
      OnDemandPercentageAboveBaseCapacity: 100,
      // EC2's default, shown although there are no Spot Instances: Terraform compares it.
      SpotAllocationStrategy: 'lowest-price',
    },
  };
}
