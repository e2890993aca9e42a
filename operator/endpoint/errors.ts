/** Details of an error beside code and message. */
export interface AwsErrorOptions {
  /** HTTP status, 400 unless given. 500, 502, 503 and 504 make every SDK try again. */
  status?: number;
  cause?: unknown;
}

/**
 * The caller is wrong: answered as the error of the service's dialect with this code and message.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
  }
}

/** The service has no such action, or we do not have it yet. Terraform and kops know this very wording and carry on where they can. */
export function invalidAction(action: string): AwsError {
  return new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
}

/** No `Action` parameter. */
export function missingAction(): AwsError {
  return new AwsError('MissingAction', 'The request must contain the parameter Action');
}

/** What EC2 answers when a parameter that it needs is absent; `parameter` is the wire name (`TagSpecification.1.ResourceType`). */
export function missingParameter(parameter: string): AwsError {
  return new AwsError('MissingParameter', `The request must contain the parameter ${parameter}`);
}

/** EC2's answer to a value that cannot be; `reason` is a sentence that says what would be right. */
export function invalidParameterValue(parameter: string, value: string, reason: string): AwsError {
  return new AwsError('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid. ${reason}`);
}

/** The dry run found nothing in the way: an error by design, so that nobody takes it for the real thing. */
export function dryRunOperation(): AwsError {
  return new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', { status: 412 });
}

/** EC2's refusal for want of permission. */
export function unauthorizedOperation(cause?: unknown): AwsError {
  return new AwsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', { status: 403, cause });
}
