import { constraintError, requireWithin } from '../validation.ts';

/** A whole number within bounds. @throws AwsError ValidationError */
export function wholeWithin(value: number, member: string, minimum: number, maximum: number): number {
  if (!Number.isInteger(value)) throw constraintError(value, member, 'Member must be a whole number');
  requireWithin(value, member, minimum, maximum);
  return value;
}
