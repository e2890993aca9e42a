import type { DescribeManagedPrefixListsRequest, DescribeManagedPrefixListsResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { prefixListNameOf } from '../../../api/network/managed-prefix-list.ts';
import { ManagedPrefixList } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom } from '../filters.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { ageKeyOf, requirePrefixLists } from './find-prefix-list.ts';
import { sdkPrefixListFrom } from './sdk-prefix-list.ts';

/**
 * Lists the caller's prefix lists, oldest first; there are none of the service's own.
 * @throws AwsError InvalidPrefixListID.Malformed, InvalidPrefixListID.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeManagedPrefixLists.html
 */
export async function describeManagedPrefixLists(input: DescribeManagedPrefixListsRequest, context: ReadOnlyContext): Promise<DescribeManagedPrefixListsResult> {
  const { PrefixListIds = [] } = input;
  const table = {
    'owner-id': () => [context.caller.accountId],
    'prefix-list-id': (list: ManagedPrefixList) => [ec2IdOf('pl', list)],
    'prefix-list-name': (list: ManagedPrefixList) => [prefixListNameOf(list)],
  };
  const matches = predicateFrom(input.Filters, table, ({ spec }: ManagedPrefixList) => spec.tags);
  const lists = PrefixListIds.length > 0 ? requirePrefixLists(PrefixListIds, context) : context.read.list(ManagedPrefixList, context.caller.namespace);
  const page = pageOf(lists.filter(matches), input, { minimum: 1, maximum: 100 }, pageScopeOf('DescribeManagedPrefixLists', context), ageKeyOf);
  return { PrefixLists: page.items.map((list) => sdkPrefixListFrom(list, context)), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
