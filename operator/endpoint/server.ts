import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline as pipeStreams } from 'node:stream/promises';
import express from 'express';
import type { ErrorRequestHandler, Express, NextFunction, Request, Response } from 'express';
import type { Logger } from 'winston';
import type { AwsError } from './errors.ts';
import { notReady, notServed, refusalFrom, tooManyRequests } from './http-refusals.ts';
import type { Answer } from './answer.ts';
import { unsignedServiceName } from './parameters.ts';
import type { Pipeline } from './pipeline.ts';
import { styleOf } from './protocol/registry.ts';
import { wireOf } from './protocol/wire-of.ts';

/** What the server needs; times in milliseconds, sizes in bytes. */
export interface EndpointServerOptions {
  pipeline: Pick<Pipeline, 'handle'>;
  log: Logger;
  /** Whether requests can be answered: caches synced, models loaded. Asked by /readyz and before each action. */
  isReady: () => boolean;
  bodyLimit?: number;
  headersTimeoutMilliseconds?: number;
  requestTimeoutMilliseconds?: number;
  /** Requests in work at a time; more are told to come back. Bounds the memory that strangers can make us use. */
  concurrencyLimit?: number;
}

/** A running endpoint. */
export interface EndpointServer {
  readonly host: string;
  readonly port: number;
  /** Stops listening, lets running requests end, cuts off those that outlast the grace. */
  close(graceMilliseconds?: number): Promise<void>;
}

const megabyte = 1024 * 1024;
// Presigned requests carry everything in the URL, session token included.
const maximumHeaderBytes = 64 * 1024;
// Longer than the idle time of the usual load balancers, which would otherwise write into a connection that we just closed.
const keepAliveMilliseconds = 75_000;
// Longer than any operation takes without a byte in either direction.
const silenceMilliseconds = 180_000;

/** Starts to listen. Port 0 takes a free one. Rejects if the address cannot be had. */
export async function startEndpointServer(options: EndpointServerOptions, host: string, port: number): Promise<EndpointServer> {
  const state: ServerState = { isClosing: false, requestsInWork: 0 };
  const headersTimeout = options.headersTimeoutMilliseconds ?? 20_000;
  const server = createServer(
    {
      maxHeaderSize: maximumHeaderBytes,
      headersTimeout,
      requestTimeout: options.requestTimeoutMilliseconds ?? 60_000,
      connectionsCheckingInterval: Math.min(headersTimeout / 2, 5_000),
      keepAliveTimeout: keepAliveMilliseconds,
    },
    endpointApp(options, state),
  );
  // Who does not read an answer must not keep it in our memory.
  server.timeout = silenceMilliseconds;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  server.on('error', (error) => options.log.error('endpoint server failed', { error: error.message }));
  const address = server.address() as AddressInfo;
  return {
    host: address.address,
    port: address.port,
    close: async (graceMilliseconds = 20_000) => {
      state.isClosing = true;
      await closeServer(server, graceMilliseconds);
    },
  };
}

interface ServerState {
  isClosing: boolean;
  requestsInWork: number;
}

function endpointApp(options: EndpointServerOptions, state: ServerState): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    const requestId = randomUUID();
    response.locals['requestId'] = requestId;
    response.setHeader('x-amzn-RequestId', requestId);
    response.setHeader('Cache-Control', 'no-cache, no-store');
    if (state.isClosing) response.setHeader('Connection', 'close');
    next();
  });
  app.get('/healthz', (_request, response) => void response.type('text/plain').send('ok\n'));
  app.get('/readyz', (_request, response) => {
    const isReady = options.isReady() && !state.isClosing;
    response.status(isReady ? 200 : 503).type('text/plain').send(isReady ? 'ok\n' : 'not ready\n');
  });
  app.use((request, response, next) => limitConcurrency(request, response, next, options, state));
  // The body parser refuses what it must not inflate. The pipeline inflates, after the signature; it reads the header from headersDistinct.
  app.use((request, _response, next) => {
    delete request.headers['content-encoding'];
    next();
  });
  // The signature covers the very bytes: no decoding, no inflating, no parsing.
  const rawBody = express.raw({ type: () => true, limit: options.bodyLimit ?? 2 * megabyte, inflate: false });
  app.post(['/', '/service/:service/operation/:operation'], rawBody, (request, response) => answerAction(request, response, options));
  app.get('/', rawBody, (request, response) => answerAction(request, response, options));
  app.use((request, response) => sendError(request, response, notServed(request), options.log));
  app.use(refusal(options.log));
  return app;
}

function limitConcurrency(request: Request, response: Response, next: NextFunction, { concurrencyLimit = 500, log }: EndpointServerOptions, state: ServerState): void {
  if (state.requestsInWork >= concurrencyLimit) {
    response.setHeader('Connection', 'close');
    sendError(request, response, tooManyRequests(), log).catch(next);
    return;
  }
  state.requestsInWork += 1;
  response.once('close', () => (state.requestsInWork -= 1));
  next();
}

async function answerAction(request: Request, response: Response, { pipeline, log, isReady }: EndpointServerOptions): Promise<void> {
  // With caches half full, a key that exists would be refused for good.
  if (!isReady()) {
    await sendError(request, response, notReady(), log);
    return;
  }
  const answer = await pipeline.handle({
    requestId: requestIdOf(response),
    method: request.method,
    url: request.originalUrl,
    headers: request.headersDistinct,
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  });
  await send(response, answer, log);
}

async function send(response: Response, { status, contentType, headers = {}, body }: Answer, log: Logger): Promise<void> {
  response.status(status).setHeader('Content-Type', contentType);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (typeof body === 'string' || body instanceof Uint8Array) {
    response.setHeader('Content-Length', Buffer.byteLength(body));
    response.end(body);
    return;
  }
  try {
    await pipeStreams(Readable.from(body), response);
  } catch (error) {
    // The status is out already, so the connection is cut: half an answer must not look whole. Often it is the client who left.
    log.warn('answer was cut off', { requestId: requestIdOf(response), error: error instanceof Error ? error.message : String(error) });
  }
}

/** For what happens outside the pipeline: in the form that the client expects, as far as an unread request tells. */
async function sendError(request: Request, response: Response, error: AwsError, log: Logger): Promise<void> {
  const raw = { method: request.method, url: request.originalUrl, headers: request.headersDistinct, body: new Uint8Array() };
  await send(response, wireOf(raw).error(styleOf(unsignedServiceName(raw)), error, requestIdOf(response)), log);
}

function refusal(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const awsError = refusalFrom(error);
    if (awsError.status >= 500) log.error('request failed outside the pipeline', { requestId: requestIdOf(response), error: describe(error) });
    // What is left of a refused body is not read: the connection cannot be used again.
    if (awsError.status === 413) response.setHeader('Connection', 'close');
    sendError(request, response, awsError, log).catch(next);
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function requestIdOf(response: Response): string {
  return String(response.locals['requestId']);
}

async function closeServer(server: Server, graceMilliseconds: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cutOff = setTimeout(() => server.closeAllConnections(), graceMilliseconds);
  await closed;
  clearTimeout(cutOff);
}
