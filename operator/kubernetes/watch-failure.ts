import { ApiError, isUnavailable } from './errors.ts';
import { MalformedStreamError } from './line-stream.ts';

/** A watch that said nothing for too long: a half-open connection, or a position that the server does not know. */
export class SilentWatchError extends Error {
  override readonly name = 'SilentWatchError';
}

/** Whether the connection or the API server is to blame, so that watching from the same position is right once it is back. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ApiError) return isUnavailable(error);
  return !(error instanceof SilentWatchError || error instanceof MalformedStreamError);
}
