import type { GetParametersRequest, GetParametersResult } from '@aws-sdk/client-ssm';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { validationException } from './validation-exception.ts';
import { findParameter } from './parameters.ts';

/** What Systems Manager takes. */
const NAMES_LIMIT = 10;

/**
 * The same for up to ten names; those that do not exist are named, and are no error.
 * @throws AwsError ValidationException
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html
 */
export async function getParameters({ Names = [] }: GetParametersRequest, context: ReadOnlyContext): Promise<GetParametersResult> {
  const names = [...new Set(Names)];
  if (names.length === 0 || names.length > NAMES_LIMIT) throw validationException(`Member names must have between 1 and ${NAMES_LIMIT} items.`);
  const found = names.map((name) => ({ name, parameter: orUndefined(() => findParameter(name, context)) }));
  return {
    Parameters: found.flatMap(({ parameter }) => (parameter ? [parameter] : [])),
    InvalidParameters: found.filter(({ parameter }) => !parameter).map(({ name }) => name),
  };
}

function orUndefined<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof AwsError && error.code === 'ParameterVersionNotFound') return undefined;
    throw error;
  }
}
