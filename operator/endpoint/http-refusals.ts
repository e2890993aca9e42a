import { AwsError } from './errors.ts';

/** The endpoint has one path and two methods. */
export function notServed({ method, path }: { method: string; path: string }): AwsError {
  if (path !== '/') return new AwsError('InvalidRequest', 'Requests are answered at the path / only.', { status: 404 });
  return new AwsError('InvalidRequest', `The method ${method} is not supported; use POST or GET.`, { status: 405 });
}

/** The process has just started. */
export function notReady(): AwsError {
  return new AwsError('ServiceUnavailable', 'The service is starting. Try again.', { status: 503 });
}

/** EC2's word for "later": every SDK waits and tries again. */
export function tooManyRequests(): AwsError {
  return new AwsError('RequestLimitExceeded', 'Request limit exceeded.', { status: 503 });
}

/** Express and the body parser report what they refuse as errors with a 4xx status; anything else is our failure. */
export function refusalFrom(error: unknown): AwsError {
  const status = statusOf(error);
  if (status === 413) return new AwsError('RequestEntityTooLarge', 'The request is too large.', { status });
  if (status === 415) return new AwsError('InvalidRequest', 'The request body must not be compressed.', { status });
  if (status < 500) return new AwsError('InvalidRequest', 'The request is malformed.', { status });
  return new AwsError('InternalError', 'An internal error has occurred', { status: 500, cause: error });
}

function statusOf(error: unknown): number {
  // A path with broken escapes.
  if (error instanceof URIError) return 400;
  const status = typeof error === 'object' && error !== null && 'status' in error ? Number(error.status) : 500;
  return status >= 400 && status <= 499 ? status : 500;
}
