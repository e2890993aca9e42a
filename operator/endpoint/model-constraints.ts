import { AwsError } from './errors.ts';

/** The one code that Auto Scaling and Elastic Load Balancing have for whatever is wrong with a request; clients look at the words. */
export function validationError(message: string, cause?: unknown): AwsError {
  return new AwsError('ValidationError', message, cause === undefined ? {} : { cause });
}

/** A constraint of the model that a value breaks, in the words of these services. */
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
