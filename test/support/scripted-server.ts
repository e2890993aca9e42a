import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';

/** A request that arrived, its body read. */
export interface ReceivedRequest {
  method: string;
  url: URL;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Answers one request in any way HTTP allows, and some that it does not. */
export type Script = (response: ServerResponse, request: ReceivedRequest) => void;

/** Answers with JSON. */
export function json(code: number, body: unknown, headers: Record<string, string> = {}): Script {
  return (response) => void response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** A Status, as the API server refuses. */
export function refusal(code: number, reason: string, headers: Record<string, string> = {}, details: object = {}): Script {
  return json(code, { kind: 'Status', status: 'Failure', code, reason, message: `refused: ${reason}`, details }, headers);
}

/** Closes the connection without an answer. */
export const hangUp: Script = (response) => void response.socket?.destroy();

/** An API server that does what a test tells it: scripts answer requests one after the other, the last one for good. */
export class ScriptedServer {
  readonly received: ReceivedRequest[] = [];
  readonly #server: Server;
  #scripts: Script[] = [];

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<ScriptedServer> {
    const server = new ScriptedServer();
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  /** What the next requests are answered with. */
  script(...scripts: Script[]): void {
    this.#scripts = scripts;
  }

  /** How to reach it. */
  config(token = 'a-token'): KubeConfig {
    const config = new KubeConfig();
    const { port } = this.#server.address() as AddressInfo;
    config.loadFromClusterAndUser({ name: 'scripted', server: `http://127.0.0.1:${port}`, skipTLSVerify: true }, { name: 'tester', token });
    return config;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
    const received = { method: request.method ?? '', url: new URL(request.url ?? '', 'http://scripted'), headers: request.headers, body };
    this.received.push(received);
    const script = this.#scripts.length > 1 ? this.#scripts.shift() : this.#scripts[0];
    if (script === undefined) hangUp(response, received);
    else script(response, received);
  }
}
