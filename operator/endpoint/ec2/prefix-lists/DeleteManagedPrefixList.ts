import type { DeleteManagedPrefixListRequest, DeleteManagedPrefixListResult } from '@aws-sdk/client-ec2';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { ManagedPrefixList } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { groupsWithRulesAbout, requirePrefixList } from './find-prefix-list.ts';
import { sdkPrefixListFrom } from './sdk-prefix-list.ts';

/**
 * Removes a prefix list that no rule names.
 * @throws AwsError InvalidPrefixListID.Malformed, InvalidPrefixListID.NotFound, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteManagedPrefixList.html
 */
export async function deleteManagedPrefixList(input: DeleteManagedPrefixListRequest, context: OperationContext): Promise<DeleteManagedPrefixListResult> {
  const list = requirePrefixList(input.PrefixListId, context);
  if (groupsWithRulesAbout(list, context).length > 0) throw new AwsError('DependencyViolation', `resource ${input.PrefixListId ?? ''} has a dependent object`);
  const { namespace, name, uid } = list.metadata;
  await context.write.remove(ManagedPrefixList, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
  return { PrefixList: { ...sdkPrefixListFrom(list, context), State: 'delete-complete' } };
}
