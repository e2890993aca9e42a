import { Agent, request as httpsRequest, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { createInterface } from 'node:readline';

/** Where an API server is and who we are to it: by a bearer token, or by a certificate and its key. Certificates are PEM. */
export type Connection = { server: string; certificateAuthority: string } & ({ token: string } | { certificate: string; key: string });

/** An object in whatever shape; the harness handles all kinds alike. */
export interface AnyObject {
  apiVersion?: string;
  kind?: string;
  metadata: {
    name?: string;
    namespace?: string;
    uid?: string;
    resourceVersion?: string;
    deletionTimestamp?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    [field: string]: unknown;
  };
  [field: string]: unknown;
}

/** One line of a watch. */
export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** The API server said no: `code` is the HTTP status, `reason` Kubernetes' word for it (NotFound, Conflict ...). */
export class KubernetesError extends Error {
  override readonly name = 'KubernetesError';
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.code = code;
    this.reason = reason;
  }
}

/** How the body of a PATCH is to be read. */
export type PatchKind = 'merge' | 'strategic-merge' | 'json' | 'apply';

const patchContentTypes: Readonly<Record<PatchKind, string>> = {
  merge: 'application/merge-patch+json',
  'strategic-merge': 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

const TIMEOUT_MILLISECONDS = 30_000;

/** Plain JSON over HTTPS with kept connections: the harness needs no more than this, and thousands of calls must be cheap. */
export class KubernetesClient {
  readonly #server: URL;
  readonly #agent: Agent;
  readonly #watchAgent: Agent;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(connection: Connection, maximumConnections = 24) {
    this.#server = new URL(connection.server);
    const tls = { ca: connection.certificateAuthority, ...('certificate' in connection && { cert: connection.certificate, key: connection.key }) };
    this.#headers = 'token' in connection ? { Authorization: `Bearer ${connection.token}` } : {};
    this.#agent = new Agent({ ...tls, keepAlive: true, maxSockets: maximumConnections });
    this.#watchAgent = new Agent({ ...tls, keepAlive: false });
  }

  async get<T = AnyObject>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  /** The same; undefined if it does not exist. */
  async find<T = AnyObject>(path: string): Promise<T | undefined> {
    return this.get<T>(path).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  }

  /** Body of a GET that is not JSON. */
  async getText(path: string): Promise<string> {
    return textOf(await this.#send('GET', path));
  }

  async create<T = AnyObject>(path: string, object: unknown): Promise<T> {
    return this.#call<T>('POST', path, object);
  }

  async put<T = AnyObject>(path: string, object: unknown): Promise<T> {
    return this.#call<T>('PUT', path, object);
  }

  async patch<T = AnyObject>(path: string, kind: PatchKind, patch: unknown): Promise<T> {
    return this.#call<T>('PATCH', path, patch, patchContentTypes[kind]);
  }

  async remove(path: string, options: Record<string, unknown> = {}): Promise<void> {
    await this.#call('DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', ...options });
  }

  /** Yields events until the API server ends the watch. `path` carries the query, without `watch=1`. */
  async *watch<T = AnyObject>(path: string): AsyncGenerator<WatchEvent<T>> {
    const separator = path.includes('?') ? '&' : '?';
    const response = await this.#send('GET', `${path}${separator}watch=1`, undefined, undefined, { agent: this.#watchAgent });
    try {
      for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
        if (line) yield JSON.parse(line) as WatchEvent<T>;
      }
    } finally {
      response.destroy();
    }
  }

  /** Closes idle connections, so that the process can end. */
  close(): void {
    this.#agent.destroy();
    this.#watchAgent.destroy();
  }

  async #call<T>(method: string, path: string, body?: unknown, contentType?: string): Promise<T> {
    const response = await this.#send(method, path, body, contentType);
    const text = await textOf(response);
    return (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text) as T;
  }

  async #send(method: string, path: string, body?: unknown, contentType = 'application/json', extra: RequestOptions = {}): Promise<IncomingMessage> {
    const response = await this.#exchange(method, path, body === undefined ? undefined : JSON.stringify(body), contentType, extra);
    const code = response.statusCode ?? 0;
    if (code < 300) return response;
    throw errorFrom(code, await textOf(response), `${method} ${path}`);
  }

  async #exchange(method: string, path: string, body: string | undefined, contentType: string, extra: RequestOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = httpsRequest(
        {
          host: this.#server.hostname,
          port: this.#server.port,
          method,
          path,
          agent: this.#agent,
          headers: {
            ...this.#headers,
            // virt-api refuses subresources to who takes nothing but JSON.
            Accept: 'application/json, */*;q=0.1',
            ...(body === undefined ? {} : { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) }),
          },
          ...extra,
        },
        (response) => {
          request.setTimeout(0);
          resolve(response);
        },
      );
      request.setTimeout(TIMEOUT_MILLISECONDS, () => request.destroy(new Error(`${method} ${path}: no answer in ${String(TIMEOUT_MILLISECONDS / 1000)} s`)));
      request.once('error', reject);
      request.end(body);
    });
  }
}

/** Whether the error is the API server's answer that the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubernetesError && error.code === 404;
}

/** Whether the error is a lost race: the object changed since it was read, or exists already. */
export function isConflict(error: unknown): boolean {
  return error instanceof KubernetesError && error.code === 409;
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function errorFrom(code: number, text: string, request: string): KubernetesError {
  try {
    const status = JSON.parse(text) as { reason?: string; message?: string };
    return new KubernetesError(code, status.reason ?? '', `${request}: ${status.message ?? text}`);
  } catch {
    return new KubernetesError(code, '', `${request}: ${String(code)} ${text.slice(0, 500)}`);
  }
}
