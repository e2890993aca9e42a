import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import { delay, systemClock, type TimerClock } from './clock.ts';
import { CredentialSource, type Credentials } from './credentials.ts';
import { ApiError, CONNECTION_FAILED } from './errors.ts';
import { countRequest, type RequestVerb } from './request-metrics.ts';

/** Time for a request from the first byte sent to the last one read. */
const REQUEST_MILLISECONDS = 30_000;
/** Attempts at one request, the first included. */
const MAX_ATTEMPTS = 5;
/** A Retry-After beyond this is not waited for here: the caller's own back-off is better at it. */
const MAX_RETRY_MILLISECONDS = 10_000;
/** A page of 500 large objects stays far below. */
const MAX_BODY_BYTES = 256 * 1024 * 1024;

/** One request to the API server. */
export interface ApiRequest {
  verb: RequestVerb;
  /** Kind that it is about, for metrics and messages. */
  kind: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Path and query, percent-encoded. */
  path: string;
  body?: string;
  contentType?: string;
  headers?: Readonly<Record<string, string | string[]>>;
  /**
   * Whether sending it twice does no more than sending it once. If not, it is only sent again where the API server cannot have worked on it:
   * the connection was refused, or the answer was 401 or 429.
   */
  isRepeatable: boolean;
  signal?: AbortSignal;
}

interface Answer {
  code: number;
  headers: IncomingMessage['headers'];
  body: string;
}

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
  return new ApiError({ code, reason, message, details: (status.details ?? undefined) });
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
  readonly #server: URL;

  constructor(config: KubeConfig, clock: TimerClock = systemClock) {
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error('the kubeconfig names no current cluster');
    this.#server = new URL(server);
    this.#credentials = new CredentialSource(config, clock);
    this.#clock = clock;
  }

  /** Sends and reads the JSON answer. @throws ApiError */
  async json(request: ApiRequest): Promise<unknown> {
    for (let attempt = 1; ; attempt += 1) {
      const result = await this.#attempt(request);
      if (!(result instanceof ApiError)) return result;
      const wait = this.#waitBeforeRetry(request, result, attempt);
      if (wait === undefined || request.signal?.aborted) throw result;
      await delay(this.#clock, wait, request.signal);
    }
  }

  /** Opens a stream that lasts, for watches: resolves once the server has accepted it. The caller reads it or destroys it. @throws ApiError */
  async stream(request: ApiRequest): Promise<IncomingMessage> {
    const credentials = await this.#authenticate(request);
    const { response } = await this.#send(request, credentials, true).catch((error: unknown) => {
      countRequest(request.verb, request.kind, 0);
      throw connectionError(request, error);
    });
    const code = response.statusCode ?? 0;
    countRequest(request.verb, request.kind, code);
    if (code === 200) return response;
    if (code === 401) this.#credentials.expire();
    throw errorFrom(request, { code, headers: response.headers, body: await readBody(response).catch(() => '') });
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
    const answer = await this.#exchange(request, credentials).catch((error: unknown) => connectionError(request, error));
    countRequest(request.verb, request.kind, answer.code);
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

  /** Milliseconds to wait before the request is sent again, undefined if it must not be. */
  #waitBeforeRetry(request: ApiRequest, error: ApiError, attempt: number): number | undefined {
    if (attempt >= MAX_ATTEMPTS) return undefined;
    if (error.code === 401) {
      this.#credentials.expire();
      return attempt === 1 ? 0 : undefined;
    }
    const isSafe = request.isRepeatable || error.code === 429 || (error.code === 0 && neverSent(error));
    if (!isSafe) return undefined;
    const backOff = 100 * 2 ** (attempt - 1) * (0.5 + Math.random());
    if (error.code === 0) return backOff;
    const { retryAfterSeconds } = error.details;
    const isAsked = retryAfterSeconds !== undefined && (error.code === 429 || error.code >= 500);
    if (!isAsked && error.code !== 429) return undefined;
    const wait = Math.max(backOff, (retryAfterSeconds ?? 0) * 1000);
    return wait <= MAX_RETRY_MILLISECONDS ? wait : undefined;
  }

  async #exchange(request: ApiRequest, credentials: Credentials): Promise<Answer> {
    let sent: ClientRequest | undefined;
    let expired = false;
    const timer = setTimeout(() => {
      expired = true;
      sent?.destroy(new Error(`no answer within ${REQUEST_MILLISECONDS / 1000} s`));
    }, REQUEST_MILLISECONDS);
    try {
      const { response } = await this.#send(request, credentials, false, (started) => {
        sent = started;
        if (expired) started.destroy();
      });
      return { code: response.statusCode ?? 0, headers: response.headers, body: await readBody(response) };
    } finally {
      clearTimeout(timer);
    }
  }

  #send(request: ApiRequest, credentials: Credentials, isWatch: boolean, onStart?: (started: ClientRequest) => void): Promise<{ response: IncomingMessage }> {
    const { method, body, contentType, signal } = request;
    const prefix = this.#server.pathname === '/' ? '' : this.#server.pathname;
    // As kubectl: KubeVirt's subresources answer with nothing, and refuse (406) who takes nothing but JSON.
    const headers: Record<string, string | string[]> = { accept: 'application/json, */*', 'user-agent': 'kube-ec2', ...credentials.headers, ...request.headers };
    if (body !== undefined) {
      headers['content-type'] = contentType ?? 'application/json';
      headers['content-length'] = String(Buffer.byteLength(body));
    }
    return new Promise((resolve, reject) => {
      const started = (this.#server.protocol === 'http:' ? httpRequest : httpsRequest)({
        protocol: this.#server.protocol,
        host: this.#server.hostname.replace(/^\[|\]$/g, ''),
        port: this.#server.port,
        path: `${prefix}${request.path}`,
        method,
        headers,
        agent: isWatch ? credentials.watchAgent : credentials.agent,
        ...(credentials.auth === undefined ? {} : { auth: credentials.auth }),
        ...(signal === undefined ? {} : { signal }),
      });
      started.on('response', (response) => resolve({ response }));
      started.on('error', reject);
      onStart?.(started);
      started.end(body);
    });
  }
}

function withRetryAfter(error: ApiError, retryAfterSeconds: number): ApiError {
  return new ApiError({ code: error.code, reason: error.reason, message: error.message, details: { ...error.details, retryAfterSeconds }, cause: error.cause });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}
