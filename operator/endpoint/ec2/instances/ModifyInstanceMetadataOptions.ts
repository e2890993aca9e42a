import type { ModifyInstanceMetadataOptionsRequest, ModifyInstanceMetadataOptionsResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { MetadataOptions } from '../../../api/compute/instance.ts';
import { isRefusedFor, tokensEnforced } from '../../../api/compute/launched-metadata-options.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { metadataDefaultsOf } from '../account-settings/find-settings.ts';
import { changeSpec } from './change-instance.ts';
import { requireInstance } from './find-instances.ts';
import { metadataOptionsFor } from './launch-plan.ts';
import { metadataOptionsFrom } from './sdk-instance.ts';
import { shownStateOf } from './shown-state.ts';

/**
 * Changes metadata options; those that are not named stay. They are recorded: the metadata service is not served yet.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState, InvalidParameterCombination, InvalidParameterValue, UnsupportedOperation - tokens are enforced
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataOptions.html
 */
export async function modifyInstanceMetadataOptions(
  input: ModifyInstanceMetadataOptionsRequest,
  context: OperationContext,
): Promise<ModifyInstanceMetadataOptionsResult> {
  const asked = Object.entries(metadataOptionsFor(input) ?? {}).filter(([, value]) => value !== undefined);
  if (asked.length === 0) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  const metadataOptions = Object.fromEntries(asked);
  const parsed = MetadataOptions.safeParse(metadataOptions);
  const [issue] = parsed.error?.issues ?? [];
  if (issue) throw new AwsError('InvalidParameterValue', `The value for parameter ${issue.path.join('.')} is invalid. ${issue.message}`);
  if (parsed.data !== undefined && isRefusedFor(metadataOptions, metadataDefaultsOf(context))) throw tokensEnforced("You can't enable");
  const instance = requireInstance(input.InstanceId ?? '', context);
  const state = shownStateOf(instance);
  if (state === 'terminated' || state === 'shutting-down') {
    throw new AwsError('IncorrectInstanceState', `The instance '${ec2IdOf('i', instance)}' is not in a state from which its metadata options can be changed.`);
  }
  const changed = await changeSpec(instance, { metadataOptions }, context.write);
  return { InstanceId: ec2IdOf('i', instance), InstanceMetadataOptions: { State: 'applied', ...metadataOptionsFrom(changed) } };
}
