import { AwsError } from '../errors.ts';

/** Elastic Load Balancing's code for settings that do not go together, or are not to be had. */
export function invalidConfiguration(message: string): AwsError {
  return new AwsError('InvalidConfigurationRequest', message);
}
