import type { ModifyInstanceMetadataDefaultsRequest, ModifyInstanceMetadataDefaultsResult } from '@aws-sdk/client-ec2';
import { ACCOUNT_SETTINGS_NAME, AccountSettingsDefinition } from '../../../api/identity/account-settings.ts';
import { isAlreadyExists, isNotFound } from '../../../kubernetes/errors.ts';
import { AccountSettings } from '../../../kubernetes/resources.ts';
import type { Json } from '../../../kubernetes/write.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { metadataDefaultsOf } from './find-settings.ts';

const NO_PREFERENCE = 'no-preference';
const NO_HOP_LIMIT = -1;

type Change = Readonly<Record<string, Json>>;

/**
 * Decides what launches of the account get that do not name metadata options themselves; options that the call does not name stay as they are.
 * @throws AwsError InvalidParameterValue, InvalidParameterCombination - tokens that are enforced and optional
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html
 */
export async function modifyInstanceMetadataDefaults(input: ModifyInstanceMetadataDefaultsRequest, context: OperationContext): Promise<ModifyInstanceMetadataDefaultsResult> {
  const change = changeFrom(input);
  const after = { ...metadataDefaultsOf(context), ...change };
  if (after['httpTokensEnforced'] === 'enabled' && after['httpTokens'] === 'optional') {
    throw new AwsError('InvalidParameterCombination', 'HttpTokensEnforced cannot be enabled while HttpTokens is optional.');
  }
  if (Object.keys(change).length > 0) await write(change, context);
  return { Return: true };
}

/** Null where there is to be no preference. */
function changeFrom({ HttpTokens, HttpEndpoint, InstanceMetadataTags, HttpTokensEnforced, HttpPutResponseHopLimit: hops }: ModifyInstanceMetadataDefaultsRequest): Change {
  return {
    ...choice('httpTokens', HttpTokens, ['optional', 'required']),
    ...choice('httpEndpoint', HttpEndpoint, ['enabled', 'disabled']),
    ...choice('instanceMetadataTags', InstanceMetadataTags, ['enabled', 'disabled']),
    ...choice('httpTokensEnforced', HttpTokensEnforced, ['enabled', 'disabled']),
    ...(hops !== undefined && { httpPutResponseHopLimit: hopLimitFrom(hops) }),
  };
}

function choice(field: string, value: string | undefined, values: readonly string[]): Change {
  if (value === undefined) return {};
  if (value === NO_PREFERENCE) return { [field]: null };
  if (!values.includes(value)) throw invalidParameterValue(field, value, `It must be one of ${[...values, NO_PREFERENCE].join(', ')}.`);
  return { [field]: value };
}

function hopLimitFrom(hops: number): number | null {
  if (hops === NO_HOP_LIMIT) return null;
  if (hops >= 1 && hops <= 64) return hops;
  throw invalidParameterValue('httpPutResponseHopLimit', String(hops), 'It must be between 1 and 64, or -1 for no preference.');
}

async function write(change: Change, { caller, write }: OperationContext): Promise<void> {
  const key = { namespace: caller.namespace, name: ACCOUNT_SETTINGS_NAME };
  const patched = async (): Promise<unknown> => write.patch(AccountSettings, key, { spec: { instanceMetadataDefaults: change } });
  try {
    await patched();
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const { apiVersion, kind } = AccountSettingsDefinition;
    const chosen = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== null));
    await write.create(AccountSettings, { apiVersion, kind, metadata: key, spec: { instanceMetadataDefaults: chosen } }).catch(async (other: unknown) => {
      if (!isAlreadyExists(other)) throw other;
      await patched(); // another call was faster
    });
  }
}
