import { MetricsUnavailable, UnsupportedMetric } from '../../metrics/metrics-source.ts';
import { AwsError } from '../errors.ts';

/** CloudWatch's answer to a value that cannot be. */
export function invalidParameter(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

/** CloudWatch's answer to a request that contradicts itself or its rules. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

/** CloudWatch's answer to parameters that exclude each other. */
export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message);
}

/** What a source of metrics could not do, in the API's words; other errors as they are. */
export function metricsErrorFrom(error: unknown): unknown {
  if (error instanceof UnsupportedMetric) return invalidParameter(error.message);
  if (error instanceof MetricsUnavailable) return new AwsError('ServiceUnavailable', `${error.message}. Try again.`, { status: 503, cause: error });
  return error;
}
