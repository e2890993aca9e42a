import type { AddPrefixListEntry } from '@aws-sdk/client-ec2';
import { PREFIX_LIST_ENTRIES_LIMIT, type ManagedPrefixListSpec, type PrefixListEntry } from '../../../api/network/managed-prefix-list.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import { blockFrom } from '../security-groups/requested-rules.ts';

const DESCRIPTION_LIMIT = 255;
const NAME_LIMIT = 255;

/**
 * Entries of a request, each block once and in one spelling.
 * @throws AwsError InvalidParameterValue
 */
export function requestedEntries(entries: readonly AddPrefixListEntry[] | undefined, family: ManagedPrefixListSpec['addressFamily']): PrefixListEntry[] {
  const requested = (entries ?? []).map(({ Cidr, Description }) => {
    if (Description && Description.length > DESCRIPTION_LIMIT) throw invalidParameterValue('Description', Description.slice(0, 32), `Length exceeds maximum of ${DESCRIPTION_LIMIT}.`);
    return { cidr: blockFrom(Cidr, family === 'IPv4' ? 4 : 6), ...(Description && { description: Description }) };
  });
  if (new Set(requested.map(({ cidr }) => cidr)).size < requested.length) throw new AwsError('InvalidParameterValue', 'The same CIDR must not appear multiple times');
  return requested;
}

/** @throws AwsError PrefixListMaxEntriesExceeded */
export function requireRoom(entries: readonly PrefixListEntry[], maxEntries: number): void {
  if (entries.length > maxEntries) throw new AwsError('PrefixListMaxEntriesExceeded', `You've reached the maximum number of entries for the prefix list: ${maxEntries}.`);
}

/** @throws AwsError InvalidParameterValue */
export function maxEntriesFrom(maxEntries: number | undefined): number {
  if (maxEntries !== undefined && Number.isInteger(maxEntries) && maxEntries >= 1 && maxEntries <= PREFIX_LIST_ENTRIES_LIMIT) return maxEntries;
  throw invalidParameterValue('MaxEntries', String(maxEntries), `It must be between 1 and ${PREFIX_LIST_ENTRIES_LIMIT}.`);
}

/** @throws AwsError InvalidParameterValue */
export function prefixListNameFrom(name: string): string {
  if (name.startsWith('com.amazonaws')) throw invalidParameterValue('PrefixListName', name.slice(0, 32), "It must not begin with 'com.amazonaws'.");
  if (name.length <= NAME_LIMIT) return name;
  throw invalidParameterValue('PrefixListName', name.slice(0, 32), `Length exceeds maximum of ${NAME_LIMIT}.`);
}
