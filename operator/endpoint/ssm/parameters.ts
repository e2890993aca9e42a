import type { Parameter } from '@aws-sdk/client-ssm';
import { AwsError } from '../errors.ts';
import { validationException } from './validation-exception.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { imageOfParameterName } from '../ec2/images/image-parameters.ts';
import type { VisibleImage } from '../ec2/images/visible-images.ts';

const NAME_LIMIT = 2048;

/**
 * The parameter of this name: the id of an image, under the names that images carry in `spec.parameterPaths`; there are no others.
 * @throws AwsError ValidationException, ParameterNotFound, ParameterVersionNotFound
 */
export function requireParameter(given: string, context: ReadOnlyContext): Parameter {
  const found = findParameter(given, context);
  if (found) return found;
  throw new AwsError('ParameterNotFound', `Parameter ${given} not found.`);
}

/** The same; undefined where there is none. A name may also be the ARN of the parameter. */
export function findParameter(given: string, context: ReadOnlyContext): Parameter | undefined {
  const name = nameFrom(given);
  const image = imageOfParameterName(name, context);
  if (image) return sdkParameterFrom(name, image, context);
  const [base = '', version] = name.split(':');
  if (version !== undefined && imageOfParameterName(base, context)) {
    throw new AwsError('ParameterVersionNotFound', `Systems Manager could not find version ${version} of ${base}. Versions and labels are not kept.`);
  }
  return undefined;
}

/** A parameter in the API's shape. Its version is left out: what an earlier image was behind a name is not kept. */
export function sdkParameterFrom(name: string, { imageId, ami }: VisibleImage, { region }: Pick<ReadOnlyContext, 'region'>): Parameter {
  const { creationTimestamp } = ami.metadata;
  return {
    Name: name,
    Type: 'String',
    Value: imageId,
    ...(creationTimestamp !== undefined && { LastModifiedDate: new Date(creationTimestamp) }),
    ARN: `arn:aws:ssm:${region}::parameter${name.startsWith('/') ? '' : '/'}${name}`,
    DataType: 'aws:ec2:image',
  };
}

function nameFrom(given: string): string {
  if (given.length === 0 || given.length > NAME_LIMIT) throw validationException(`The name of a parameter has 1 to ${NAME_LIMIT} characters.`);
  const path = /^arn:[^:]*:ssm:[^:]*:[^:]*:parameter(\/.*)$/.exec(given)?.[1];
  return path ?? given;
}
