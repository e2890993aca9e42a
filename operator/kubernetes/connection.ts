import { IncomingMessage } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import { delay, systemClock, type TimerClock } from './clock.ts';
import { CredentialSource, type Credentials } from './credentials.ts';
import { ApiError, CONNECTION_FAILED } from './errors.ts';
import { HttpExchange, TimeLimitError, type Answer, type ApiRequest } from './http-exchange.ts';
import { countRequest } from './request-metrics.ts';

/** Attempts at one request, the first included. */
const MAX_ATTEMPTS = 5;
/** A Retry-After beyond this is not waited for here: the caller's own back-off is better at it. */
const MAX_RETRY_MILLISECONDS = 10_000;

/**
 * A server that has just come (back) denies what it will allow a moment later, once it has read the roles: for so long after a connection failed,
 * a denial counts only if the server says that it is ready and then denies again.
 */
const DOUBT_MILLISECONDS = 60_000;

/** Errors of the connection's beginning: nothing of the request was sent. */
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Turns a refusal into an ApiError: by the Status in its body if there is one, else by its HTTP status. */
function errorFrom(request: ApiRequest, { code, body }: Answer): ApiError {
  let status: { reason?: unknown; message?: unknown; details?: unknown } = {};
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null) status = parsed;
  } catch {
    // Not a Status, e.g. a proxy's page: nothing in it that a program could use.
  }
  const message = typeof status.message === 'string' ? status.message : `${request.verb} ${request.kind}: HTTP status ${code}`;
  const reason = typeof status.reason === 'string' ? status.reason : 'Unknown';
  return new ApiError({ code, reason, message, details: status.details ?? undefined });
}

function connectionError(request: ApiRequest, cause: unknown): ApiError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new ApiError({ code: 0, reason: CONNECTION_FAILED, message: `${request.verb} ${request.kind}: ${why}`, cause });
}

function neverSent(error: ApiError): boolean {
  const code = (error.cause as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && NEVER_SENT.has(code);
}

/** Authenticated, counted, time-limited and, where that is safe, repeated requests over kept connections. */
export class Connection {
  readonly #credentials: CredentialSource;
  readonly #clock: TimerClock;
  readonly #http: HttpExchange;
  #lastFailureAt = -Infinity;

  constructor(config: KubeConfig, clock: TimerClock = systemClock, requestSeconds?: number) {
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error('the kubeconfig names no current cluster');
    this.#http = new HttpExchange(new URL(server), clock, requestSeconds);
    this.#credentials = new CredentialSource(config, clock);
    this.#clock = clock;
  }

  /** Sends and reads the JSON answer. @throws ApiError */
  async json(request: ApiRequest): Promise<unknown> {
    let isConfirmed = false;
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#attempt(request);
      if (!isConfirmed && this.#isDoubtfulDenial(request, result)) {
        isConfirmed = await this.#isReady();
        if (!isConfirmed && attempt >= MAX_ATTEMPTS) throw notReadyError(request, result);
        if (!isConfirmed) await delay(this.#clock, backOff(attempt), request.signal);
        continue; // in either case: the denial may be older than the readiness
      }
      if (!(result instanceof ApiError)) return result;
      const wait = this.#waitBeforeRetry(request, result, attempt);
      if (wait === undefined || request.signal?.aborted) throw result;
      await delay(this.#clock, wait, request.signal);
    }
  }

  /** Opens a stream that lasts, for watches: resolves once the server has accepted it. The caller reads it or destroys it. @throws ApiError */
  async stream(request: ApiRequest): Promise<IncomingMessage> {
    const credentials = await this.#authenticate(request);
    const opened = await this.#http.open(request, credentials).catch((error: unknown) => connectionError(request, error));
    if (opened instanceof IncomingMessage) {
      countRequest(request.verb, request.kind, 200);
      opened.once('close', () => {
        if (!opened.complete) this.#lastFailureAt = this.#clock.now();
      });
      return opened;
    }
    countRequest(request.verb, request.kind, opened.code);
    this.#noteFailure(opened);
    if (opened.code === 401) this.#credentials.expire();
    throw opened instanceof ApiError ? opened : errorFrom(request, opened);
  }

  /** Closes idle connections. */
  close(): void {
    this.#credentials.close();
  }

  async #authenticate(request: ApiRequest): Promise<Credentials> {
    return this.#credentials.current().catch((error: unknown) => {
      throw connectionError(request, error);
    });
  }

  async #attempt(request: ApiRequest): Promise<unknown> {
    const credentials = await this.#authenticate(request);
    const answer = await this.#http.exchange(request, credentials).catch((error: unknown) => connectionError(request, error));
    countRequest(request.verb, request.kind, answer.code);
    this.#noteFailure(answer);
    if (answer instanceof ApiError) return answer;
    if (answer.code >= 400 || answer.code < 200) {
      const error = errorFrom(request, answer);
      const seconds = Number(answer.headers['retry-after'] ?? NaN);
      return Number.isNaN(seconds) ? error : withRetryAfter(error, seconds);
    }
    try {
      // KubeVirt's subresources answer with nothing.
      return answer.body === '' ? undefined : (JSON.parse(answer.body) as unknown);
    } catch (error) {
      return connectionError(request, error);
    }
  }

  #noteFailure(answer: Answer | ApiError): void {
    if (answer instanceof ApiError && answer.code === 0) this.#lastFailureAt = this.#clock.now();
  }

  #isDoubtfulDenial(request: ApiRequest, result: unknown): boolean {
    const isDenial = result instanceof ApiError ? result.code === 403 : request.isDenial?.(result) === true;
    return isDenial && this.#clock.now() - this.#lastFailureAt < DOUBT_MILLISECONDS;
  }

  /**
   * Whether the server says that it has all it needs. By Kubernetes' own roles everybody may ask, so a refusal comes from a server that has not
   * read them either; one that has no such page is taken at its word.
   */
  async #isReady(): Promise<boolean> {
    const request: ApiRequest = { verb: 'get', kind: 'Readiness', method: 'GET', path: '/readyz', isRepeatable: true };
    try {
      const { code } = await this.#http.exchange(request, await this.#authenticate(request));
      countRequest(request.verb, request.kind, code);
      return code === 200 || code === 404;
    } catch {
      countRequest(request.verb, request.kind, 0);
      return false;
    }
  }

  /** Milliseconds to wait before the request is sent again, undefined if it must not be. */
  #waitBeforeRetry(request: ApiRequest, error: ApiError, attempt: number): number | undefined {
    if (attempt >= MAX_ATTEMPTS) return undefined;
    // Who waited so long will not wait so long again.
    if (error.cause instanceof TimeLimitError) return undefined;
    if (error.code === 401) {
      this.#credentials.expire();
      return attempt === 1 ? 0 : undefined;
    }
    const isSafe = request.isRepeatable || error.code === 429 || (error.code === 0 && neverSent(error));
    if (!isSafe) return undefined;
    const pause = backOff(attempt);
    if (error.code === 0) return pause;
    const { retryAfterSeconds } = error.details;
    const isAsked = retryAfterSeconds !== undefined && (error.code === 429 || error.code >= 500);
    if (!isAsked && error.code !== 429) return undefined;
    const wait = Math.max(pause, (retryAfterSeconds ?? 0) * 1000);
    return wait <= MAX_RETRY_MILLISECONDS ? wait : undefined;
  }
}

/** Milliseconds before the next attempt, half of it or half more by chance. */
function backOff(attempt: number): number {
  return 100 * 2 ** (attempt - 1) * (0.5 + Math.random());
}

function notReadyError(request: ApiRequest, cause: unknown): ApiError {
  const message = `${request.verb} ${request.kind}: the API server is not ready yet, its denial does not count`;
  return new ApiError({ code: 503, reason: 'ServiceUnavailable', message, cause });
}

function withRetryAfter(error: ApiError, retryAfterSeconds: number): ApiError {
  return new ApiError({ code: error.code, reason: error.reason, message: error.message, details: { ...error.details, retryAfterSeconds }, cause: error.cause });
}
