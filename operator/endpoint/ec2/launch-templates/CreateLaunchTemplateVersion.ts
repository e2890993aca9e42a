import type { CreateLaunchTemplateVersionRequest, CreateLaunchTemplateVersionResult } from '@aws-sdk/client-ec2';
import type { LaunchTemplateData } from '../../../api/compute/launch-template-data.ts';
import { highestVersionNumberOf, LAUNCH_TEMPLATE_VERSIONS_LIMIT, type LaunchTemplateVersion } from '../../../api/compute/launch-template.ts';
import type { LaunchTemplate } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters, type RequestRecord } from '../client-token.ts';
import { changeTemplate } from './change-template.ts';
import { requireTemplate, requireVersion } from './find-template.ts';
import { requestedData } from './requested-data.ts';
import { sdkVersionFrom } from './sdk-launch-template.ts';
import { versionDescriptionFrom } from './version-description.ts';

/** Versions of one template as JSON: with what Kubernetes adds to them they must fit into the 1.5 MB that etcd takes. */
const VERSIONS_LIMIT_BYTES = 900_000;

/**
 * Adds a version to a template, with the next number that was never used. With a source version the new one has that one's data where the request says
 * nothing, except for snapshots.
 * @throws AwsError VersionLimitExceeded, IdempotentParameterMismatch and those of find-template.ts and requested-data.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplateVersion.html
 */
export async function createLaunchTemplateVersion(
  input: CreateLaunchTemplateVersionRequest,
  context: OperationContext,
): Promise<CreateLaunchTemplateVersionResult> {
  const template = requireTemplate(input, context);
  if (input.SourceVersion) requireVersion(template, input.SourceVersion);
  const request = requestRecordFrom(input);
  const data = requestedData(input.LaunchTemplateData ?? {});
  const facts = { ...versionDescriptionFrom(input.VersionDescription), createTime: new Date(context.clock.now()).toISOString(), createdBy: context.caller.arn };
  let made: LaunchTemplateVersion | undefined;
  const changed = await changeTemplate(
    template,
    (current) => {
      made = earlierVersion(current, request);
      if (made) return undefined;
      const versionNumber = highestVersionNumberOf(current) + 1;
      made = { versionNumber, ...facts, ...(request && { request }), launchTemplateData: { ...inheritedData(current, input.SourceVersion), ...data } };
      const versions = [...current.spec.versions, made];
      requireRoom(versions);
      return { versions, highestVersionNumber: versionNumber };
    },
    context.write,
  );
  return { LaunchTemplateVersion: sdkVersionFrom(changed, made as unknown as LaunchTemplateVersion) };
}

function inheritedData(template: LaunchTemplate, sourceVersion: string | undefined): LaunchTemplateData {
  if (!sourceVersion) return {};
  const { blockDeviceMappings, ...rest } = requireVersion(template, sourceVersion).launchTemplateData;
  return {
    ...rest,
    ...(blockDeviceMappings && {
      blockDeviceMappings: blockDeviceMappings.map((device) => {
        const { snapshotId: _, ...ebs } = device.ebs ?? {};
        return device.ebs ? { ...device, ebs } : device;
      }),
    }),
  };
}

function earlierVersion({ spec }: LaunchTemplate, request: RequestRecord | undefined): LaunchTemplateVersion | undefined {
  const earlier = request && spec.versions.find((version) => version.request?.clientToken === request.clientToken);
  if (earlier) requireSameParameters(earlier.request, request);
  return earlier;
}

function requireRoom(versions: readonly LaunchTemplateVersion[]): void {
  if (versions.length <= LAUNCH_TEMPLATE_VERSIONS_LIMIT && JSON.stringify(versions).length <= VERSIONS_LIMIT_BYTES) return;
  throw new AwsError('VersionLimitExceeded', 'The launch template has as many versions as fit. Delete versions that are no longer needed.');
}
