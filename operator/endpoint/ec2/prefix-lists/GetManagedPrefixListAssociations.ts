import type { GetManagedPrefixListAssociationsRequest, GetManagedPrefixListAssociationsResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { groupsWithRulesAbout, requirePrefixList } from './find-prefix-list.ts';

/**
 * Lists what names a prefix list: security groups.
 * @throws AwsError InvalidPrefixListID.Malformed, InvalidPrefixListID.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetManagedPrefixListAssociations.html
 */
export async function getManagedPrefixListAssociations(
  input: GetManagedPrefixListAssociationsRequest,
  context: ReadOnlyContext,
): Promise<GetManagedPrefixListAssociationsResult> {
  const ids = groupsWithRulesAbout(requirePrefixList(input.PrefixListId, context), context).map((group) => ec2IdOf('sg', group));
  const page = pageOf(ids, input, { minimum: 5, maximum: 255 }, pageScopeOf('GetManagedPrefixListAssociations', context), (id) => id);
  const associations = page.items.map((ResourceId) => ({ ResourceId, ResourceOwner: context.caller.accountId }));
  return { PrefixListAssociations: associations, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
