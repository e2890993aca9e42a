import { Refusal } from '../../api/refusal.ts';
import { isInvalid } from '../../kubernetes/errors.ts';
import { AwsError } from '../errors.ts';
import { validationError } from '../model-constraints.ts';

/**
 * The same refusal in Auto Scaling's code, for what was checked by the rules of EC2 or of the API server.
 * @param prefix - what Auto Scaling says before it
 */
export function asValidationError(error: unknown, prefix = ''): unknown {
  if (error instanceof Refusal || (error instanceof AwsError && error.status < 500)) return validationError(`${prefix}${error.message}`, error);
  if (isInvalid(error) && error.code === 422) {
    const causes = (error.details.causes ?? []).map(({ field, message }) => [field, message].filter(Boolean).join(': '));
    return validationError(`${prefix}${causes.join('; ') || 'A value in the request is not valid.'}`, error);
  }
  return error;
}

/** Runs a check of EC2's, whose refusals become Auto Scaling's. @throws AwsError ValidationError */
export function validated<T>(check: () => T, prefix = ''): T {
  try {
    return check();
  } catch (error) {
    throw asValidationError(error, prefix);
  }
}
