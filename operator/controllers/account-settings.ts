import { ACCOUNT_SETTINGS_NAME, type InstanceMetadataDefaults } from '../api/identity/account-settings.ts';
import type { Read } from '../kubernetes/read.ts';
import { AccountSettings } from '../kubernetes/resources.ts';

/** What the account of a namespace has decided about metadata options; undefined if it never did. The cache must hold AccountSettings. */
export function metadataDefaultsOf(namespace: string | undefined, read: Read): InstanceMetadataDefaults | undefined {
  return read.get(AccountSettings, { namespace, name: ACCOUNT_SETTINGS_NAME })?.spec.instanceMetadataDefaults;
}
