import { ACCOUNT_SETTINGS_NAME, type InstanceMetadataDefaults } from '../../../api/identity/account-settings.ts';
import { AccountSettings } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/** What the caller's account has decided about metadata options; undefined if it never did. */
export function metadataDefaultsOf({ read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): InstanceMetadataDefaults | undefined {
  return read.get(AccountSettings, { namespace: caller.namespace, name: ACCOUNT_SETTINGS_NAME })?.spec.instanceMetadataDefaults;
}

/** What EC2 answers where tokens are enforced and somebody wants an instance that does without. */
export function tokensEnforced(what: string): AwsError {
  return new AwsError('UnsupportedOperation', `${what} IMDSv1 because httpTokensEnforced is enabled for this account. Use httpTokens=required, or disable httpTokensEnforced by ModifyInstanceMetadataDefaults.`);
}
