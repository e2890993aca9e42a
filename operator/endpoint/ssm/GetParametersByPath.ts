import type { GetParametersByPathRequest, GetParametersByPathResult } from '@aws-sdk/client-ssm';
import { imageParameters } from '../ec2/images/image-parameters.ts';
import { pageOf, pageScopeOf } from '../ec2/pages.ts';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { validationException } from './validation-exception.ts';
import { sdkParameterFrom } from './parameters.ts';

const BOUNDS = { minimum: 1, maximum: 10, fallback: 10 };

/**
 * The parameters below a path, such as `/aws/service/debian`: its own level only, or all of them with Recursive.
 * @throws AwsError ValidationException, InvalidNextToken, InvalidFilterKey
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html
 */
export async function getParametersByPath(input: GetParametersByPathRequest, context: ReadOnlyContext): Promise<GetParametersByPathResult> {
  const { Path = '', Recursive = false, MaxResults, ParameterFilters = [] } = input;
  if (!Path.startsWith('/')) throw validationException('The parameter path must begin with a slash.');
  if (MaxResults !== undefined && (MaxResults < BOUNDS.minimum || MaxResults > BOUNDS.maximum)) {
    throw validationException(`Value '${MaxResults}' at 'maxResults' failed to satisfy constraint: Member must have value between 1 and 10`);
  }
  const [filter] = ParameterFilters;
  if (filter) throw new AwsError('InvalidFilterKey', `The filter key ${filter.Key ?? ''} is not supported.`);
  const folder = Path.endsWith('/') ? Path : `${Path}/`;
  const below = imageParameters(context).filter(({ name }) => name.startsWith(folder) && (Recursive || !name.slice(folder.length).includes('/')));
  const { items, NextToken } = pageOf(below, input, BOUNDS, pageScopeOf('GetParametersByPath', context), ({ name }) => name);
  return { Parameters: items.map(({ name, image }) => sdkParameterFrom(name, image, context)), ...(NextToken !== undefined && { NextToken }) };
}
