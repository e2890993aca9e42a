import type { ModifyLaunchTemplateRequest, ModifyLaunchTemplateResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeTemplate } from './change-template.ts';
import { requireTemplate, requireVersion } from './find-template.ts';
import { sdkTemplateFrom } from './sdk-launch-template.ts';

/**
 * Says which version `$Default` stands for. Doing so twice is the same as once, so a client token needs no memory.
 * @throws AwsError MissingParameter, InvalidLaunchTemplateId.VersionNotFound and those of find-template.ts
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyLaunchTemplate.html
 */
export async function modifyLaunchTemplate(input: ModifyLaunchTemplateRequest, context: OperationContext): Promise<ModifyLaunchTemplateResult> {
  const reference = input.DefaultVersion;
  if (!reference) throw new AwsError('MissingParameter', 'The request must contain the parameter SetDefaultVersion');
  const template = requireTemplate(input, context);
  const changed = await changeTemplate(
    template,
    (current) => {
      const { versionNumber } = requireVersion(current, reference);
      return versionNumber === current.spec.defaultVersion ? undefined : { defaultVersion: versionNumber };
    },
    context.write,
  );
  return { LaunchTemplate: sdkTemplateFrom(changed) };
}
