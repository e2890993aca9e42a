import type { LaunchTemplate as SdkLaunchTemplate, LaunchTemplateVersion as SdkVersion } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { latestVersionOf, launchTemplateNameOf, type LaunchTemplateVersion } from '../../../api/compute/launch-template.ts';
import type { LaunchTemplate } from '../../../kubernetes/resources.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { sdkTemplateDataFrom } from './template-data.ts';

/** A template in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplate.html */
export function sdkTemplateFrom(template: LaunchTemplate): SdkLaunchTemplate {
  const { metadata, spec } = template;
  return {
    LaunchTemplateId: ec2IdOf('lt', template),
    LaunchTemplateName: launchTemplateNameOf(template),
    ...(metadata.creationTimestamp !== undefined && { CreateTime: new Date(metadata.creationTimestamp) }),
    ...(spec.createdBy !== undefined && { CreatedBy: spec.createdBy }),
    DefaultVersionNumber: spec.defaultVersion,
    LatestVersionNumber: latestVersionOf(template).versionNumber,
    Tags: sdkTagsFrom(spec.tags),
  };
}

/** A version in the API's shape, its data exactly as they were given. */
export function sdkVersionFrom(template: LaunchTemplate, version: LaunchTemplateVersion): SdkVersion {
  const createTime = createTimeOf(template, version);
  return {
    LaunchTemplateId: ec2IdOf('lt', template),
    LaunchTemplateName: launchTemplateNameOf(template),
    VersionNumber: version.versionNumber,
    ...(version.versionDescription !== undefined && { VersionDescription: version.versionDescription }),
    ...(createTime !== undefined && { CreateTime: new Date(createTime) }),
    ...(version.createdBy !== undefined && { CreatedBy: version.createdBy }),
    DefaultVersion: version.versionNumber === template.spec.defaultVersion,
    LaunchTemplateData: sdkTemplateDataFrom(version.launchTemplateData),
  };
}

/** When a version was made: those made with kubectl have no time of their own. */
export function createTimeOf({ metadata }: LaunchTemplate, { createTime }: LaunchTemplateVersion): string | undefined {
  return createTime ?? metadata.creationTimestamp;
}
