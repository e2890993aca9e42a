import type { GetManagedPrefixListEntriesRequest, GetManagedPrefixListEntriesResult } from '@aws-sdk/client-ec2';
import { canonicalCidrFrom } from '../../../api/network/canonical-cidr.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { requirePrefixList } from './find-prefix-list.ts';

/**
 * Lists the entries of a prefix list. Of its versions only the newest is kept.
 * @throws AwsError InvalidPrefixListID.Malformed, InvalidPrefixListID.NotFound, PrefixListVersionNotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetManagedPrefixListEntries.html
 */
export async function getManagedPrefixListEntries(input: GetManagedPrefixListEntriesRequest, context: ReadOnlyContext): Promise<GetManagedPrefixListEntriesResult> {
  const list = requirePrefixList(input.PrefixListId, context);
  if (input.TargetVersion !== undefined && input.TargetVersion !== list.spec.version) {
    throw new AwsError('PrefixListVersionNotFound', `The prefix list '${input.PrefixListId ?? ''}' has no version ${input.TargetVersion}: only the newest one, ${list.spec.version}, is kept.`);
  }
  const entries = list.spec.entries.map(({ cidr, description }) => ({ Cidr: canonicalCidrFrom(cidr)?.text ?? cidr, ...(description !== undefined && { Description: description }) }));
  const page = pageOf(entries, input, { minimum: 1, maximum: 100 }, pageScopeOf('GetManagedPrefixListEntries', context), ({ Cidr }) => Cidr);
  return { Entries: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
