import type { CreateLaunchConfigurationType } from '@aws-sdk/client-auto-scaling';
import { LaunchConfigurationDefinition } from '../../../api/auto-scaling/launch-configuration.ts';
import type { LaunchTemplateData } from '../../../api/compute/launch-template-data.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { LaunchConfiguration } from '../../../kubernetes/resources.ts';
import { camelCased } from '../../ec2/camel-case.ts';
import { launchPlanFor } from '../../ec2/instances/launch-plan.ts';
import { launchParametersFrom } from '../../ec2/launch-templates/template-data.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { validationError } from '../../model-constraints.ts';
import { asValidationError, validated } from '../validation.ts';
import { configurationResourceNameFor, findConfiguration } from './find-configuration.ts';

/**
 * Makes a launch configuration.
 * @throws AwsError AlreadyExists, ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_CreateLaunchConfiguration.html
 */
export async function createLaunchConfiguration(input: CreateLaunchConfigurationType, context: OperationContext): Promise<void> {
  const name = input.LaunchConfigurationName ?? '';
  if (name.length < 1 || name.length > 255) throw validationError(`Invalid launch configuration name '${name}': 1 to 255 characters.`);
  requireHonourable(input);
  if (findConfiguration(name, context)) throw alreadyExists(name);
  const launchTemplateData = templateDataFrom(input);
  validated(() => launchPlanFor({ ...launchParametersFrom(launchTemplateData), MinCount: 1, MaxCount: 1 }, context));
  const { UserData: _secret, ...shown } = input;
  const { write, caller } = context;
  const configuration: LaunchConfiguration = {
    apiVersion: LaunchConfigurationDefinition.apiVersion,
    kind: LaunchConfigurationDefinition.kind,
    metadata: { name: configurationResourceNameFor(name), namespace: caller.namespace },
    spec: { launchConfigurationName: name, launchTemplateData, request: camelCased(shown) as Record<string, unknown> },
  };
  await write.create(LaunchConfiguration, configuration).catch((error: unknown) => {
    throw isAlreadyExists(error) ? alreadyExists(name) : asValidationError(error);
  });
}

function requireHonourable({ InstanceId, SpotPrice, ClassicLinkVPCId, KernelId, RamdiskId, PlacementTenancy }: CreateLaunchConfigurationType): void {
  const refuse = (what: string): never => {
    throw validationError(`${what} not supported.`);
  };
  if (InstanceId) refuse('Making a launch configuration from an instance is');
  if (SpotPrice) refuse('Spot Instances are');
  if (ClassicLinkVPCId) refuse('ClassicLink is');
  if (KernelId || RamdiskId) refuse('Kernel and RAM disk of your own are');
  if (PlacementTenancy && PlacementTenancy !== 'default') refuse(`The tenancy ${PlacementTenancy} is`);
}

function templateDataFrom(input: CreateLaunchConfigurationType): LaunchTemplateData {
  const groups = input.SecurityGroups ?? [];
  const ids = groups.filter((group) => group.startsWith('sg-'));
  const names = groups.filter((group) => !group.startsWith('sg-'));
  const profile = input.IamInstanceProfile;
  const devices = (input.BlockDeviceMappings ?? []).map(({ NoDevice, ...mapping }) => ({ ...(camelCased(mapping) as object), ...(NoDevice && { noDevice: '' }) }));
  return {
    ...(input.ImageId && { imageId: input.ImageId }),
    ...(input.InstanceType && { instanceType: input.InstanceType }),
    ...(input.KeyName && { keyName: input.KeyName }),
    ...(ids.length > 0 && { securityGroupIds: ids }),
    ...(names.length > 0 && { securityGroups: names }),
    ...(input.UserData && { userDataBase64: input.UserData }),
    ...(devices.length > 0 && { blockDeviceMappings: devices }),
    ...(input.EbsOptimized !== undefined && { ebsOptimized: input.EbsOptimized }),
    ...(input.InstanceMonitoring?.Enabled !== undefined && { monitoring: { enabled: input.InstanceMonitoring.Enabled } }),
    ...(profile && { iamInstanceProfile: profile.startsWith('arn:') ? { arn: profile } : { name: profile } }),
    ...(input.MetadataOptions && { metadataOptions: camelCased(input.MetadataOptions) as NonNullable<LaunchTemplateData['metadataOptions']> }),
  };
}

function alreadyExists(name: string): AwsError {
  return new AwsError('AlreadyExists', `Launch Configuration by this name already exists - A launch configuration already exists with the name ${name}`);
}
