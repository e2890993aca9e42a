import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Clock } from './clock.ts';

/** Connections for short requests: they wait for each other beyond this. */
const MAX_SOCKETS = 64;
/** kube-apiserver closes an idle connection after 90 s; ours go first, so that no request meets a connection that is just being closed. */
const IDLE_MILLISECONDS = 55_000;
/** Token files and exec plugins are asked again this often; client-node caches behind that. */
const FRESH_MILLISECONDS = 30_000;

/** What a request to the API server is sent with. */
export interface Credentials {
  headers: Readonly<Record<string, string>>;
  /** `user:password` for basic authentication. */
  auth: string | undefined;
  /** For requests that end soon. */
  agent: HttpAgent;
  /** For watches: each holds a connection for minutes, so they must not starve the others. */
  watchAgent: HttpAgent;
}

type TlsFields = Pick<RequestOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'>;

function tlsFieldsOf({ ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }: RequestOptions): TlsFields {
  const fields = { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/** Keeps authentication and connections current: new ones are made only when certificates change. client-node's KubeConfig does the authentication. */
export class CredentialSource {
  readonly #config: KubeConfig;
  readonly #clock: Clock;
  readonly #isPlain: boolean;
  readonly #proxied: boolean;
  #current: Credentials | undefined;
  #currentTls = '';
  #readAt = 0;
  #reading: Promise<Credentials> | undefined;

  constructor(config: KubeConfig, clock: Clock) {
    this.#config = config;
    this.#clock = clock;
    const cluster = config.getCurrentCluster();
    this.#isPlain = cluster?.server.startsWith('http:') ?? false;
    this.#proxied = cluster?.proxyUrl !== undefined;
  }

  /** Answers from memory while fresh. Rejects if a token file or an exec plugin fails. */
  current(): Promise<Credentials> {
    if (this.#current !== undefined && this.#clock.now() - this.#readAt < FRESH_MILLISECONDS) return Promise.resolve(this.#current);
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** The server refused the credentials: ask their source again next time. */
  expire(): void {
    this.#readAt = 0;
  }

  /** Closes idle connections and those of watches. */
  close(): void {
    this.#current?.agent.destroy();
    this.#current?.watchAgent.destroy();
  }

  async #read(): Promise<Credentials> {
    const options: RequestOptions = {};
    await this.#config.applyToHTTPSOptions(options);
    this.#readAt = this.#clock.now();
    const headers = { ...(options.headers as Record<string, string> | undefined) };
    const auth = options.auth ?? undefined;
    const tls = tlsFieldsOf(options);
    const fingerprint = JSON.stringify(tls);
    if (this.#current !== undefined && fingerprint === this.#currentTls) {
      this.#current = { ...this.#current, headers, auth };
      return this.#current;
    }
    // A proxy needs client-node's own agent; the two old agents go when their last request has ended.
    const agents = this.#proxied
      ? { agent: options.agent as HttpAgent, watchAgent: options.agent as HttpAgent }
      : { agent: this.#agent(tls, MAX_SOCKETS), watchAgent: this.#agent(tls, Infinity) };
    this.#currentTls = fingerprint;
    this.#current = { headers, auth, ...agents };
    return this.#current;
  }

  #agent(tls: TlsFields, maxSockets: number): HttpAgent {
    const options = { keepAlive: true, keepAliveMsecs: 15_000, maxSockets, maxFreeSockets: MAX_SOCKETS, scheduling: 'lifo', timeout: IDLE_MILLISECONDS } as const;
    return this.#isPlain ? new HttpAgent(options) : new HttpsAgent({ ...options, ...tls });
  }
}
