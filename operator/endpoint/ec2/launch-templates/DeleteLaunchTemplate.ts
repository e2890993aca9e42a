import type { DeleteLaunchTemplateRequest, DeleteLaunchTemplateResult } from '@aws-sdk/client-ec2';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { LaunchTemplate } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { requireTemplate } from './find-template.ts';
import { sdkTemplateFrom } from './sdk-launch-template.ts';

/**
 * Removes a template with all its versions. Instances made from it stay as they are.
 * @throws AwsError those of find-template.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteLaunchTemplate.html
 */
export async function deleteLaunchTemplate(input: DeleteLaunchTemplateRequest, context: OperationContext): Promise<DeleteLaunchTemplateResult> {
  const template = requireTemplate(input, context);
  const { namespace, name, uid } = template.metadata;
  await context.write.remove(LaunchTemplate, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
  return { LaunchTemplate: sdkTemplateFrom(template) };
}
