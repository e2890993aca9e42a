import { AwsError } from '../errors.ts';

/** Elastic Load Balancing's code for a value that breaks a rule of the model. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** Its code for settings that do not go together, or are not to be had. */
export function invalidConfiguration(message: string): AwsError {
  return new AwsError('InvalidConfigurationRequest', message);
}

/** A whole number within bounds. @throws AwsError ValidationError */
export function wholeNumber(value: number, name: string, minimum: number, maximum: number): number {
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw validationError(`${name} '${String(value)}' must be in the range between ${String(minimum)} and ${String(maximum)}`);
}

/** One of several words. @throws AwsError ValidationError */
export function oneOf<T extends string>(value: string, name: string, words: readonly T[]): T {
  const word = words.find((one) => one === value);
  if (word !== undefined) return word;
  throw validationError(`1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${words.join(', ')}]`);
}
