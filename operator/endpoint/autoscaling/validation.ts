import { isInvalid } from '../../kubernetes/errors.ts';
import { AwsError } from '../errors.ts';

/** Auto Scaling's one code for whatever is wrong with a request; clients look at the words. */
export function validationError(message: string, cause?: unknown): AwsError {
  return new AwsError('ValidationError', message, cause === undefined ? {} : { cause });
}

/**
 * The same refusal in Auto Scaling's code, for what was checked by the rules of EC2 or of the API server.
 * @param prefix - what Auto Scaling says before it
 */
export function asValidationError(error: unknown, prefix = ''): unknown {
  if (error instanceof AwsError && error.status < 500) return validationError(`${prefix}${error.message}`, error);
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

/** A constraint of the model that a value breaks, in the words of the service. */
export function constraintError(value: unknown, member: string, constraint: string): AwsError {
  return validationError(`1 validation error detected: Value '${String(value)}' at '${member}' failed to satisfy constraint: ${constraint}`);
}

/** @throws AwsError ValidationError - the value is none of these */
export function requireOneOf<T extends string>(value: string | undefined, member: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw constraintError(value, member, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}

/** @throws AwsError ValidationError - the number is beyond these bounds */
export function requireWithin(value: number | undefined, member: string, minimum: number, maximum: number): void {
  if (value === undefined) return;
  if (value < minimum) throw constraintError(value, member, `Member must have value greater than or equal to ${minimum}`);
  if (value > maximum) throw constraintError(value, member, `Member must have value less than or equal to ${maximum}`);
}

/** A whole number within bounds. @throws AwsError ValidationError */
export function wholeWithin(value: number, member: string, minimum: number, maximum: number): number {
  if (!Number.isInteger(value)) throw constraintError(value, member, 'Member must be a whole number');
  requireWithin(value, member, minimum, maximum);
  return value;
}
