import { Refusal } from '../api/refusal.ts';
import { isConflict, isForbidden, isInvalid, isUnavailable } from '../kubernetes/errors.ts';
import { AwsError } from './errors.ts';
import type { Wording } from './protocol/dialect.ts';

/** Of whose call an error is told. */
export interface FailedCall {
  callerArn: string;
  serviceName: string;
  action: string;
}

/**
 * The error to answer for whatever an operation threw. Operations translate the refusals that they expect; this is for the rest:
 * the API server's refusals keep their meaning (403 is a want of permission, 422 a wrong value, races and outages are worth another try),
 * and everything else is our own failure.
 */
export function awsErrorFrom(error: unknown, wording: Wording, { callerArn, serviceName, action }: FailedCall): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof Refusal) return new AwsError(error.code, error.message, { cause: error });
  if (isForbidden(error)) return wording.unauthorized(callerArn, serviceName, action, error);
  if (isInvalid(error) && error.code === 422) return new AwsError('InvalidParameterValue', refusedFields(error), { cause: error });
  if (isUnavailable(error) || isConflict(error)) {
    return new AwsError('ServiceUnavailable', 'The request has failed due to a temporary failure of the server. Try again.', {
      status: 503,
      cause: error,
    });
  }
  return wording.internal(error);
}

/** The API server's message repeats the whole object's name and may repeat a value; the causes' fields and messages are what helps. */
function refusedFields({ details }: { details: { causes?: readonly { field?: string; message?: string }[] } }): string {
  const causes = (details.causes ?? []).map(({ field, message }) => [field, message].filter(Boolean).join(': '));
  return causes.length > 0 ? causes.join('; ') : 'A value in the request is not valid.';
}
