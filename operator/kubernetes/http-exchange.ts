import type { IncomingMessage} from 'node:http';
import { request as httpRequest, type ClientRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { TimerClock } from './clock.ts';
import type { Credentials } from './credentials.ts';
import type { RequestVerb } from './request-metrics.ts';

/** Time for a request from the first byte sent to the last one read, where nothing else is said. */
const REQUEST_SECONDS = 30;
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
  /** Whether an answer with a good status says no all the same. Like 403 it means little from a server that has not read the roles yet. */
  isDenial?: (answer: unknown) => boolean;
  signal?: AbortSignal;
}

/** An answer, read to its end. */
export interface Answer {
  code: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Ends a request, or the reading of its answer, with an error. */
type End = (error: Error) => void;

/** Our own time limit passed. */
export class TimeLimitError extends Error {
  override readonly name = 'TimeLimitError';
}

/** Sends single requests over HTTP and reads their answers, within a time. */
export class HttpExchange {
  readonly #server: URL;
  readonly #clock: TimerClock;
  readonly #seconds: number;

  constructor(server: URL, clock: TimerClock, seconds = REQUEST_SECONDS) {
    this.#server = server;
    this.#clock = clock;
    this.#seconds = seconds;
  }

  /** Sends and reads the answer, whatever its status. Rejects if the connection breaks or the time passes. */
  exchange(request: ApiRequest, credentials: Credentials): Promise<Answer> {
    return this.#limited(async (onStart) => answerFrom(await this.#send(request, credentials, false, onStart)));
  }

  /** The same, but an answer of status 200 is left to be read, for as long as that may take. */
  open(request: ApiRequest, credentials: Credentials): Promise<IncomingMessage | Answer> {
    return this.#limited(async (onStart) => {
      const response = await this.#send(request, credentials, true, onStart);
      return response.statusCode === 200 ? response : answerFrom(response);
    });
  }

  /** Ends a request that takes too long, wherever it hangs: a half-open connection would never end by itself. */
  async #limited<Result>(act: (onStart: (end: End) => void) => Promise<Result>): Promise<Result> {
    let end: End = () => undefined;
    const cancel = this.#clock.after(this.#seconds * 1000, () => end(new TimeLimitError(`no answer within ${this.#seconds} s`)));
    try {
      return await act((given) => {
        end = given;
      });
    } finally {
      cancel();
    }
  }

  #send(request: ApiRequest, credentials: Credentials, isWatch: boolean, onStart: (end: End) => void): Promise<IncomingMessage> {
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
      });
      // Once there is a response, destroying the request would leave its reader waiting for ever: the response must be destroyed.
      let current: ClientRequest | IncomingMessage = started;
      const abort = (): void => void current.destroy(new Error('the request was given up'));
      signal?.addEventListener('abort', abort);
      started.on('response', (response) => {
        current = response;
        response.on('close', () => signal?.removeEventListener('abort', abort));
        resolve(response);
      });
      started.on('error', (error) => {
        signal?.removeEventListener('abort', abort);
        reject(error);
      });
      onStart((error) => void current.destroy(error));
      if (signal?.aborted) abort();
      started.end(body);
    });
  }
}

async function answerFrom(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error(`the answer is longer than ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { code: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks, bytes).toString('utf8') };
}
