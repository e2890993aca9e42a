import { createHash } from 'node:crypto';
import type { CreateLaunchTemplateRequest, CreateLaunchTemplateResult } from '@aws-sdk/client-ec2';
import { LAUNCH_TEMPLATE_NAME_PATTERN, LaunchTemplateDefinition } from '../../../api/compute/launch-template.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { LaunchTemplate } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters, type RequestRecord } from '../client-token.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { templateOfName } from './find-template.ts';
import { requestedData } from './requested-data.ts';
import { sdkTemplateFrom } from './sdk-launch-template.ts';
import { versionDescriptionFrom } from './version-description.ts';

/**
 * Makes a template with its first version.
 * @throws AwsError InvalidLaunchTemplateName.MalformedException, InvalidLaunchTemplateName.AlreadyExistsException, IdempotentParameterMismatch and those
 *   of requested-data.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
 */
export async function createLaunchTemplate(input: CreateLaunchTemplateRequest, context: OperationContext): Promise<CreateLaunchTemplateResult> {
  const name = requireName(input.LaunchTemplateName ?? '');
  if (input.Operator) throw new AwsError('UnsupportedOperation', 'Managed launch templates are not supported.');
  const request = requestRecordFrom(input);
  const launchTemplateData = requestedData(input.LaunchTemplateData ?? {});
  const tags = tagsFromSpecifications(input.TagSpecifications, 'launch-template');
  const earlier = request && earlierTemplate(request, context);
  if (earlier) return { LaunchTemplate: sdkTemplateFrom(earlier) };
  if (templateOfName(name, context)) throw alreadyExists(name);
  const { caller, clock, write } = context;
  const createdBy = caller.arn;
  const template: LaunchTemplate = {
    apiVersion: LaunchTemplateDefinition.apiVersion,
    kind: LaunchTemplateDefinition.kind,
    metadata: { name: templateObjectName(name), namespace: caller.namespace },
    spec: {
      launchTemplateName: name,
      defaultVersion: 1,
      highestVersionNumber: 1,
      versions: [{ versionNumber: 1, ...versionDescriptionFrom(input.VersionDescription), createTime: new Date(clock.now()).toISOString(), createdBy, launchTemplateData }],
      createdBy,
      ...(request && { request }),
      ...(tags.length > 0 && { tags }),
    },
  };
  const created = await write.create(LaunchTemplate, template).catch(async (error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
    // Another call was faster; an empty patch changes nothing and answers with what it made. Repeated by the client it is the same call.
    const existing = await write.patch(LaunchTemplate, { namespace: caller.namespace, name: template.metadata.name }, {});
    if (!request || existing.spec.request?.clientToken !== request.clientToken) throw alreadyExists(name);
    requireSameParameters(existing.spec.request, request);
    return existing;
  });
  return { LaunchTemplate: sdkTemplateFrom(created) };
}

/** Name of the object for a template's name, which may hold characters that names of objects may not: of two calls at the same time one loses. */
export function templateObjectName(launchTemplateName: string): string {
  return `launchtemplate-${createHash('sha256').update(launchTemplateName).digest('hex').slice(0, 40)}`;
}

function requireName(name: string): string {
  if (name.length >= 3 && name.length <= 128 && LAUNCH_TEMPLATE_NAME_PATTERN.test(name)) return name;
  throw new AwsError(
    'InvalidLaunchTemplateName.MalformedException',
    'The launch template name must be between 3 and 128 characters and may contain letters, numbers, and the following characters: - ( ) . / _',
  );
}

function earlierTemplate(request: RequestRecord, { read, caller }: OperationContext): LaunchTemplate | undefined {
  const earlier = read.list(LaunchTemplate, caller.namespace).find(({ spec }) => spec.request?.clientToken === request.clientToken);
  if (earlier) requireSameParameters(earlier.spec.request, request);
  return earlier;
}

function alreadyExists(name: string): AwsError {
  return new AwsError('InvalidLaunchTemplateName.AlreadyExistsException', `Launch template name already in use: ${name}.`);
}
