import type {
  DeleteLaunchTemplateVersionsRequest,
  DeleteLaunchTemplateVersionsResponseErrorItem,
  DeleteLaunchTemplateVersionsResponseSuccessItem,
  DeleteLaunchTemplateVersionsResult,
} from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { launchTemplateNameOf } from '../../../api/compute/launch-template.ts';
import type { LaunchTemplate } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeTemplate } from './change-template.ts';
import { requireTemplate, versionNumberFrom } from './find-template.ts';

const VERSIONS_LIMIT = 200;

/**
 * Removes versions and says of each what became of it; the default version stays. Their numbers are not used again.
 * @throws AwsError MissingParameter, InvalidParameterValue and those of find-template.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplateVersions.html
 */
export async function deleteLaunchTemplateVersions(
  input: DeleteLaunchTemplateVersionsRequest,
  context: OperationContext,
): Promise<DeleteLaunchTemplateVersionsResult> {
  const { Versions = [] } = input;
  if (Versions.length === 0) throw missingParameter('LaunchTemplateVersion');
  if (Versions.length > VERSIONS_LIMIT) throw new AwsError('InvalidParameterValue', `At most ${VERSIONS_LIMIT} launch template versions can be deleted at a time.`);
  const numbers = [...new Set(Versions.map(versionNumberFrom))];
  const template = requireTemplate(input, context);
  let deleted: number[] = [];
  let failures: DeleteLaunchTemplateVersionsResponseErrorItem[] = [];
  await changeTemplate(
    template,
    (current) => {
      failures = numbers.flatMap((number) => failureFor(number, current) ?? []);
      const failed = new Set(failures.map(({ VersionNumber }) => VersionNumber));
      deleted = numbers.filter((number) => !failed.has(number));
      if (deleted.length === 0) return undefined;
      const highestVersionNumber = Math.max(current.spec.highestVersionNumber ?? 0, ...current.spec.versions.map(({ versionNumber }) => versionNumber));
      return { versions: current.spec.versions.filter(({ versionNumber }) => !deleted.includes(versionNumber)), highestVersionNumber };
    },
    context.write,
  );
  return {
    SuccessfullyDeletedLaunchTemplateVersions: deleted.map((number) => itemFor(number, template)),
    UnsuccessfullyDeletedLaunchTemplateVersions: failures,
  };
}

function failureFor(number: number, template: LaunchTemplate): DeleteLaunchTemplateVersionsResponseErrorItem | undefined {
  const item = itemFor(number, template);
  if (!template.spec.versions.some(({ versionNumber }) => versionNumber === number)) {
    return { ...item, ResponseError: { Code: 'launchTemplateVersionDoesNotExist', Message: `Could not find launch template version ${number}.` } };
  }
  if (number !== template.spec.defaultVersion) return undefined;
  return { ...item, ResponseError: { Code: 'unexpectedError', Message: `Version ${number} is the default version, which cannot be deleted. Make another version the default first.` } };
}

function itemFor(VersionNumber: number, template: LaunchTemplate): DeleteLaunchTemplateVersionsResponseSuccessItem {
  return { LaunchTemplateId: ec2IdOf('lt', template), LaunchTemplateName: launchTemplateNameOf(template), VersionNumber };
}
