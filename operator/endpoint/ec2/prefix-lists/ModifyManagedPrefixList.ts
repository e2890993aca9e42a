import type { ModifyManagedPrefixListRequest, ModifyManagedPrefixListResult } from '@aws-sdk/client-ec2';
import { canonicalCidrFrom } from '../../../api/network/canonical-cidr.ts';
import type { ManagedPrefixListSpec, PrefixListEntry } from '../../../api/network/managed-prefix-list.ts';
import { isConflict } from '../../../kubernetes/errors.ts';
import { ManagedPrefixList } from '../../../kubernetes/resources.ts';
import type { Json } from '../../../kubernetes/write.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { blockFrom } from '../security-groups/requested-rules.ts';
import { requirePrefixList } from './find-prefix-list.ts';
import { maxEntriesFrom, prefixListNameFrom, requestedEntries, requireRoom } from './requested-entries.ts';
import { sdkPrefixListFrom } from './sdk-prefix-list.ts';

/**
 * Changes name, size or entries of a prefix list; a change of the entries makes a new version, and must name the one that it is about.
 * @throws AwsError InvalidPrefixListID.*, PrefixListVersionMismatch, PrefixListMaxEntriesExceeded, InvalidParameterValue, InvalidParameterCombination,
 *   MissingParameter
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyManagedPrefixList.html
 */
export async function modifyManagedPrefixList(input: ModifyManagedPrefixListRequest, context: OperationContext): Promise<ModifyManagedPrefixListResult> {
  const { namespace, name } = requirePrefixList(input.PrefixListId, context).metadata;
  const { write } = context;
  // An empty patch changes nothing and answers with the list as it is now, which the cache may not show yet.
  const current = await write.patch(ManagedPrefixList, { namespace, name }, {});
  const spec = changeFrom(input, current.spec);
  const { resourceVersion } = current.metadata;
  const changed = await write.patch(ManagedPrefixList, { namespace, name }, { metadata: { resourceVersion }, spec: spec as unknown as Json }).catch((error: unknown) => {
    if (isConflict(error)) throw versionMismatch(error);
    throw error;
  });
  return { PrefixList: sdkPrefixListFrom(changed, context) };
}

function changeFrom(input: ModifyManagedPrefixListRequest, spec: ManagedPrefixListSpec): Partial<ManagedPrefixListSpec> {
  const named = input.PrefixListName ? { prefixListName: prefixListNameFrom(input.PrefixListName) } : {};
  const { AddEntries = [], RemoveEntries = [] } = input;
  const hasEntries = AddEntries.length + RemoveEntries.length > 0;
  if (input.MaxEntries !== undefined) {
    if (hasEntries) throw new AwsError('InvalidParameterCombination', 'You cannot modify the entries of a prefix list and modify its size at the same time.');
    const maxEntries = maxEntriesFrom(input.MaxEntries);
    requireRoom(spec.entries, maxEntries);
    return { ...named, maxEntries };
  }
  if (!hasEntries) return named;
  if (input.CurrentVersion === undefined) throw new AwsError('MissingParameter', 'The request must contain the parameter CurrentVersion');
  if (input.CurrentVersion !== spec.version) throw versionMismatch();
  const entries = entriesFrom(input, spec);
  requireRoom(entries, spec.maxEntries);
  return { ...named, entries, version: spec.version + 1 };
}

function entriesFrom({ AddEntries, RemoveEntries = [] }: ModifyManagedPrefixListRequest, { entries, addressFamily }: ManagedPrefixListSpec): PrefixListEntry[] {
  const byCidr = new Map(entries.map((entry) => [canonicalCidrFrom(entry.cidr)?.text ?? entry.cidr, entry]));
  for (const { Cidr } of RemoveEntries) {
    const cidr = blockFrom(Cidr, addressFamily === 'IPv4' ? 4 : 6);
    if (!byCidr.delete(cidr)) throw invalidParameterValue('RemoveEntry', cidr, 'The prefix list has no such entry.');
  }
  for (const entry of requestedEntries(AddEntries, addressFamily)) byCidr.set(entry.cidr, entry);
  return [...byCidr.values()];
}

function versionMismatch(cause?: unknown): AwsError {
  return new AwsError('PrefixListVersionMismatch', 'The prefix list has the incorrect version number.', cause === undefined ? {} : { cause });
}
