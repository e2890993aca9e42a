import type { LaunchConfiguration as SdkConfiguration, LaunchConfigurationNamesType, LaunchConfigurationsType } from '@aws-sdk/client-auto-scaling';
import { launchConfigurationNameOf } from '../../../api/auto-scaling/launch-configuration.ts';
import { LaunchConfiguration } from '../../../kubernetes/resources.ts';
import { pascalCased } from '../../ec2/camel-case.ts';
import { sdkTemplateDataFrom } from '../../ec2/launch-templates/template-data.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { recordsPage } from '../record-pages.ts';
import { findConfiguration } from './find-configuration.ts';

/**
 * Shows launch configurations by name. A name that none has is no error.
 * @throws AwsError ValidationError, InvalidNextToken
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeLaunchConfigurations.html
 */
export async function describeLaunchConfigurations(input: LaunchConfigurationNamesType, context: ReadOnlyContext): Promise<LaunchConfigurationsType> {
  const names = (input.LaunchConfigurationNames ?? []).filter(Boolean);
  const { read, caller } = context;
  const found = names.length > 0 ? [...new Set(names)].flatMap((name) => findConfiguration(name, context) ?? []) : read.list(LaunchConfiguration, caller.namespace);
  const page = recordsPage(found, input, 'DescribeLaunchConfigurations', context, (configuration) => `${launchConfigurationNameOf(configuration)}/${configuration.metadata.name}`);
  return { LaunchConfigurations: page.items.map((configuration) => sdkConfigurationFrom(configuration, context)), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function sdkConfigurationFrom(configuration: LaunchConfiguration, { caller, region }: ReadOnlyContext): SdkConfiguration {
  const { metadata, spec } = configuration;
  const name = launchConfigurationNameOf(configuration);
  const data = sdkTemplateDataFrom(spec.launchTemplateData);
  const request = pascalCased(spec.request ?? {}) as Partial<SdkConfiguration>;
  return {
    KeyName: data.KeyName ?? '',
    SecurityGroups: [...(data.SecurityGroupIds ?? []), ...(data.SecurityGroups ?? [])],
    ClassicLinkVPCSecurityGroups: [],
    KernelId: '',
    RamdiskId: '',
    BlockDeviceMappings: [],
    InstanceMonitoring: { Enabled: data.Monitoring?.Enabled ?? true },
    EbsOptimized: data.EbsOptimized ?? false,
    ...request,
    UserData: data.UserData ?? '',
    LaunchConfigurationName: name,
    LaunchConfigurationARN: `arn:aws:autoscaling:${region}:${caller.accountId}:launchConfiguration:${metadata.uid ?? ''}:launchConfigurationName/${name}`,
    ImageId: data.ImageId ?? '',
    InstanceType: data.InstanceType ?? '',
    CreatedTime: new Date(metadata.creationTimestamp ?? 0),
  };
}
