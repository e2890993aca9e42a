import type { GetParameterRequest, GetParameterResult } from '@aws-sdk/client-ssm';
import type { ReadOnlyContext } from '../operation.ts';
import { requireParameter } from './parameters.ts';

/**
 * Gives the id of the newest image that carries the parameter's name. Nothing is encrypted, so WithDecryption changes nothing.
 * @throws AwsError ParameterNotFound, ParameterVersionNotFound, ValidationException
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
 */
export async function getParameter({ Name = '' }: GetParameterRequest, context: ReadOnlyContext): Promise<GetParameterResult> {
  return { Parameter: requireParameter(Name, context) };
}
