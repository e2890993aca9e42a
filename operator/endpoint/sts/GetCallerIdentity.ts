import type { GetCallerIdentityRequest, GetCallerIdentityResponse } from '@aws-sdk/client-sts';
import type { ReadOnlyContext } from '../operation.ts';

/**
 * Says who signed the request. Needs no permission: whoever has a key may ask whose it is.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function getCallerIdentity(_input: GetCallerIdentityRequest, { caller }: ReadOnlyContext): Promise<GetCallerIdentityResponse> {
  return { Account: caller.accountId, Arn: caller.arn, UserId: caller.userId };
}
