import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

/** A message as a receiver has it. */
export interface ReceivedMessage {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver of webhooks on loopback; `answer` may be exchanged while it runs. */
export interface WebhookReceiver {
  readonly port: number;
  readonly received: ReceivedMessage[];
  /** Connections that were made. */
  readonly connections: () => number;
  answer: (response: ServerResponse, message: ReceivedMessage) => void;
  close(): Promise<void>;
}

/** Starts one, with TLS if it gets a certificate. */
export async function webhookReceiver(tls?: { key: string; cert: string }, port = 0): Promise<WebhookReceiver> {
  let connections = 0;
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
    const message = { headers: request.headers, body };
    receiver.received.push(message);
    receiver.answer(response, message);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => void take(request, response).catch(() => response.destroy());
  const server: Server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  server.on('connection', () => (connections += 1));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const receiver: WebhookReceiver = {
    port: (server.address() as AddressInfo).port,
    received: [],
    connections: () => connections,
    answer: (response) => void response.writeHead(204).end(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}

/** What a receiver does to trust a message: as docs/notifications.md tells it. */
export function isSignedBy(key: Buffer, { headers, body }: ReceivedMessage, now: number): boolean {
  const [id, time, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name] ?? ''));
  if (Math.abs(now / 1000 - Number(time)) > 300) return false;
  const wanted = createHmac('sha256', key).update(`${id ?? ''}.${time ?? ''}.${body}`).digest();
  return (signatures ?? '').split(' ').some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  });
}
