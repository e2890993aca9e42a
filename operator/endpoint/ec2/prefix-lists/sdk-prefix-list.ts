import type { ManagedPrefixList as SdkPrefixList } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { prefixListNameOf } from '../../../api/network/managed-prefix-list.ts';
import type { ManagedPrefixList } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';

/** A prefix list in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ManagedPrefixList.html */
export function sdkPrefixListFrom(list: ManagedPrefixList, { caller, region }: Pick<ReadOnlyContext, 'caller' | 'region'>): SdkPrefixList {
  const { addressFamily, maxEntries, version, tags } = list.spec;
  const id = ec2IdOf('pl', list);
  return {
    PrefixListId: id,
    PrefixListName: prefixListNameOf(list),
    PrefixListArn: `arn:aws:ec2:${region}:${caller.accountId}:prefix-list/${id}`,
    AddressFamily: addressFamily,
    State: version === 1 ? 'create-complete' : 'modify-complete',
    MaxEntries: maxEntries,
    Version: version,
    OwnerId: caller.accountId,
    Tags: sdkTagsFrom(tags),
  };
}
