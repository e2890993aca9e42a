import { AwsError } from '../errors.ts';

/** Systems Manager's answer to a value that cannot be. */
export function validationException(message: string): AwsError {
  return new AwsError('ValidationException', message);
}
