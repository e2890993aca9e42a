import { ACCOUNT_SETTINGS_NAME, type InstanceMetadataDefaults } from '../../../api/identity/account-settings.ts';
import { AccountSettings } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/** What the caller's account has decided about metadata options; undefined if it never did. */
export function metadataDefaultsOf({ read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): InstanceMetadataDefaults | undefined {
  return read.get(AccountSettings, { namespace: caller.namespace, name: ACCOUNT_SETTINGS_NAME })?.spec.instanceMetadataDefaults;
}
