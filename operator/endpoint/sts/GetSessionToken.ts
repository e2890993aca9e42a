import type { GetSessionTokenRequest, GetSessionTokenResponse } from '@aws-sdk/client-sts';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { refuseParameters, sessionAnswer } from './session-answer.ts';

/**
 * Gives temporary credentials with the caller's own rights; they end with the key that asked for them. Needs no permission, as in AWS.
 * @throws AwsError AccessDenied (asked for by a session), ValidationError
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
 */
export async function getSessionToken(input: GetSessionTokenRequest, context: ReadOnlyContext): Promise<GetSessionTokenResponse> {
  const { caller } = context;
  refuseParameters(input, ['SerialNumber', 'TokenCode']);
  if (caller.accessKeyId.startsWith('ASIA')) throw new AwsError('AccessDenied', 'Cannot call GetSessionToken with session credentials', { status: 403 });
  const isRoot = caller.arn.endsWith(':root');
  const bounds = { fallback: 43_200, maximum: isRoot ? 3600 : 129_600 };
  return { Credentials: sessionAnswer(caller.accountId, { permanentKeyId: caller.accessKeyId }, input.DurationSeconds, bounds, context) };
}
