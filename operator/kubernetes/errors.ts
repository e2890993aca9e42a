/**
 * The machine-readable part of the API server's Status.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/
 */
export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  retryAfterSeconds?: number;
  /** For Invalid: one entry per field. */
  causes?: readonly { reason?: string; message?: string; field?: string }[];
}

/** What an ApiError is made of; `code` is the HTTP status, 0 when no answer came. */
export interface ApiErrorParts {
  code: number;
  reason: string;
  message: string;
  details?: StatusDetails | undefined;
  cause?: unknown;
}

/** Reason of an ApiError that stands for a connection that failed before an answer came. */
export const CONNECTION_FAILED = 'ConnectionFailed';

/** The API server refused a request, or did not answer. Decide by the predicates below, never by the message. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status; 0 if the connection failed or our own time limit passed, so that the outcome of a write is not known. */
  readonly code: number;
  /** Kubernetes' StatusReason (`NotFound`, `Conflict`, `Invalid` ...) or `ConnectionFailed`. */
  readonly reason: string;
  readonly details: StatusDetails;

  constructor(parts: ApiErrorParts) {
    super(parts.message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.code = parts.code;
    this.reason = parts.reason;
    this.details = parts.details ?? {};
  }
}

function isApiError(error: unknown, code: number, reason?: string): error is ApiError {
  return error instanceof ApiError && error.code === code && (reason === undefined || error.reason === reason);
}

/** The object (or its kind) does not exist. */
export function isNotFound(error: unknown): error is ApiError {
  return isApiError(error, 404);
}

/** Somebody else changed the object first, or it is not the one the write was meant for. */
export function isConflict(error: unknown): error is ApiError {
  return isApiError(error, 409) && error.reason !== 'AlreadyExists';
}

/** The name is taken. */
export function isAlreadyExists(error: unknown): error is ApiError {
  return isApiError(error, 409, 'AlreadyExists');
}

/** Validation or an admission rule refused the object; `details.causes` names the fields. */
export function isInvalid(error: unknown): error is ApiError {
  return isApiError(error, 422) || isApiError(error, 400);
}

/** Authorisation, quota or an admission policy refused the request. */
export function isForbidden(error: unknown): error is ApiError {
  return isApiError(error, 403);
}

/** The position of a list or watch is older than the history that the API server keeps. */
export function isExpired(error: unknown): error is ApiError {
  return isApiError(error, 410);
}

/** The world is broken for now: no answer, overload, or a failure inside the API server. The outcome of a write is not known. */
export function isUnavailable(error: unknown): error is ApiError {
  return error instanceof ApiError && (error.code === 0 || error.code === 429 || error.code >= 500);
}
