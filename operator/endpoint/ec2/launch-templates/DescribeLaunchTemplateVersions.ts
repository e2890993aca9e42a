import type { DescribeLaunchTemplateVersionsRequest, DescribeLaunchTemplateVersionsResult, LaunchTemplateVersion as SdkVersion } from '@aws-sdk/client-ec2';
import { parameterNameOf } from '../../../api/compute/image-parameter.ts';
import { LaunchTemplate } from '../../../kubernetes/resources.ts';
import type { LaunchTemplateVersion } from '../../../api/compute/launch-template.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { requireImageIdOfParameter } from '../images/image-parameters.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { ageKeyOf } from './DescribeLaunchTemplates.ts';
import { requireTemplate, requireVersion, versionNumberFrom } from './find-template.ts';
import { createTimeOf, sdkVersionFrom } from './sdk-launch-template.ts';
import { timeSpellings } from './time-spellings.ts';

interface DescribedVersion {
  template: LaunchTemplate;
  version: LaunchTemplateVersion;
}

/** More than any version number, for keys that sort the newest version first. */
const NUMBERS_END = 10 ** 15;

const of = (valuesOf: (data: LaunchTemplateVersion['launchTemplateData']) => readonly unknown[]) =>
  ({ version }: DescribedVersion): (string | undefined)[] =>
    valuesOf(version.launchTemplateData).map((value) => (['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined));
const member = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined);
const each = (value: unknown, name: string): unknown[] => (Array.isArray(value) ? value.map((item) => member(item, name)) : []);

const filterTable: FilterTable<DescribedVersion> = {
  'create-time': ({ template, version }) => timeSpellings(createTimeOf(template, version)),
  'ebs-optimized': of(({ ebsOptimized }) => [ebsOptimized]),
  'host-resource-group-arn': of(({ placement }) => [placement?.['hostResourceGroupArn']]),
  'http-endpoint': of(({ metadataOptions }) => [metadataOptions?.httpEndpoint]),
  // The endpoint of the metadata service has IPv4 whenever it is on.
  'http-protocol-ipv4': of(({ metadataOptions }) => [metadataOptions?.httpEndpoint]),
  'http-tokens': of(({ metadataOptions }) => [metadataOptions?.httpTokens]),
  'iam-instance-profile': of((data) => [member(data['iamInstanceProfile'], 'arn')]),
  'image-id': of(({ imageId }) => [imageId]),
  'instance-type': of(({ instanceType }) => [instanceType]),
  'is-default-version': ({ template, version }) => [String(version.versionNumber === template.spec.defaultVersion)],
  'kernel-id': of((data) => [data['kernelId']]),
  'license-configuration-arn': of((data) => each(data['licenseSpecifications'], 'licenseConfigurationArn')),
  'network-card-index': of((data) => each(data['networkInterfaces'], 'networkCardIndex')),
  'ram-disk-id': of((data) => [data['ramDiskId']]),
};

/**
 * Lists versions of one template, the newest first; or, without one, the latest or default versions of all templates.
 * @throws AwsError InvalidLaunchTemplateId.VersionNotFound, MissingParameter, InvalidParameterCombination, InvalidParameterValue, InvalidNextToken and
 *   those of find-template.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplateVersions.html
 */
export async function describeLaunchTemplateVersions(
  input: DescribeLaunchTemplateVersionsRequest,
  context: ReadOnlyContext,
): Promise<DescribeLaunchTemplateVersionsResult> {
  const matches = predicateFrom(input.Filters, filterTable);
  const isOfOne = Boolean(input.LaunchTemplateId) || Boolean(input.LaunchTemplateName);
  const described = isOfOne ? versionsOfOne(requireTemplate(input, context), input) : versionsOfAll(input, context);
  const scope = pageScopeOf('DescribeLaunchTemplateVersions', context);
  const page = pageOf(described.filter(matches), input, { minimum: 1, maximum: 200 }, scope, keyOf);
  return {
    LaunchTemplateVersions: page.items.map(({ template, version }) => resolved(sdkVersionFrom(template, version), input, context)),
    ...(page.NextToken !== undefined && { NextToken: page.NextToken }),
  };
}

/** With ResolveAlias the id of an image stands in place of the parameter that names it. */
function resolved(version: SdkVersion, { ResolveAlias }: DescribeLaunchTemplateVersionsRequest, context: ReadOnlyContext): SdkVersion {
  const { ImageId } = version.LaunchTemplateData ?? {};
  const parameter = ImageId === undefined || !ResolveAlias ? undefined : parameterNameOf(ImageId);
  if (parameter === undefined) return version;
  return { ...version, LaunchTemplateData: { ...version.LaunchTemplateData, ImageId: requireImageIdOfParameter(parameter, context) } };
}

function versionsOfOne(template: LaunchTemplate, { Versions = [], MinVersion, MaxVersion }: DescribeLaunchTemplateVersionsRequest): DescribedVersion[] {
  if (Versions.length > 0 && (MinVersion || MaxVersion)) {
    throw new AwsError('InvalidParameterCombination', 'The parameter LaunchTemplateVersion cannot be used with the parameters MinVersion and MaxVersion');
  }
  if (Versions.length > 0) return [...new Set(Versions.map((reference) => requireVersion(template, reference)))].map((version) => ({ template, version }));
  const from = MinVersion ? versionNumberFrom(MinVersion) : 0;
  const to = MaxVersion ? versionNumberFrom(MaxVersion) : NUMBERS_END;
  return template.spec.versions.filter(({ versionNumber }) => versionNumber >= from && versionNumber <= to).map((version) => ({ template, version }));
}

function versionsOfAll({ Versions = [], MinVersion, MaxVersion }: DescribeLaunchTemplateVersionsRequest, { read, caller }: ReadOnlyContext): DescribedVersion[] {
  const isAlias = (reference: string): boolean => reference === '$Latest' || reference === '$Default';
  if (Versions.length === 0 || MinVersion || MaxVersion || !Versions.every(isAlias)) {
    throw new AwsError('MissingParameter', "Either 'LaunchTemplateId' or 'LaunchTemplateName' must be specified, unless the versions are '$Latest' or '$Default' only.");
  }
  return read.list(LaunchTemplate, caller.namespace).flatMap((template) => versionsOfOne(template, { Versions }));
}

function keyOf({ template, version }: DescribedVersion): string {
  return `${ageKeyOf(template)}/${String(NUMBERS_END - version.versionNumber).padStart(16, '0')}`;
}
