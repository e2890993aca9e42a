import { randomBytes } from 'node:crypto';
import type { CreateManagedPrefixListRequest, CreateManagedPrefixListResult } from '@aws-sdk/client-ec2';
import { ec2IdFrom } from '../../../api/ec2-id.ts';
import { ManagedPrefixListDefinition } from '../../../api/network/managed-prefix-list.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { ManagedPrefixList } from '../../../kubernetes/resources.ts';
import { invalidParameterValue, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters } from '../client-token.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { maxEntriesFrom, prefixListNameFrom, requestedEntries, requireRoom } from './requested-entries.ts';
import { sdkPrefixListFrom } from './sdk-prefix-list.ts';

/**
 * Makes a prefix list. A repetition with the same token finds the list that the first call made.
 * @throws AwsError MissingParameter, InvalidParameterValue, PrefixListMaxEntriesExceeded, IdempotentParameterMismatch
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateManagedPrefixList.html
 */
export async function createManagedPrefixList(input: CreateManagedPrefixListRequest, context: OperationContext): Promise<CreateManagedPrefixListResult> {
  if (!input.PrefixListName) throw missingParameter('PrefixListName');
  const prefixListName = prefixListNameFrom(input.PrefixListName);
  const { AddressFamily: addressFamily } = input;
  if (addressFamily !== 'IPv4' && addressFamily !== 'IPv6') throw invalidParameterValue('AddressFamily', String(addressFamily), 'It must be IPv4 or IPv6.');
  const maxEntries = maxEntriesFrom(input.MaxEntries);
  const entries = requestedEntries(input.Entries, addressFamily);
  requireRoom(entries, maxEntries);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'prefix-list');
  const request = requestRecordFrom(input);
  const { caller, write } = context;
  const name = request ? ec2IdFrom('pl', `${caller.namespace}/${request.clientToken}`) : `pl-${randomBytes(9).toString('hex').slice(0, 17)}`;
  const key = { name, namespace: caller.namespace };
  const { apiVersion, kind, spec } = ManagedPrefixListDefinition;
  const list = { apiVersion, kind, metadata: key, spec: spec.parse({ prefixListName, addressFamily, maxEntries, entries, ...(tags.length > 0 && { tags }), ...(request && { request }) }) };
  try {
    return { PrefixList: sdkPrefixListFrom(await write.create(ManagedPrefixList, list), context) };
  } catch (error) {
    if (!request || !isAlreadyExists(error)) throw error;
    // An empty patch changes nothing and answers with what the first call made.
    const earlier = await write.patch(ManagedPrefixList, key, {});
    requireSameParameters(earlier.spec.request, request);
    return { PrefixList: sdkPrefixListFrom(earlier, context) };
  }
}
