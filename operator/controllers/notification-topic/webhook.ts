import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import type { Objection } from '../instance/objection.ts';

/** Time for a post from the connection to the end of the answer. Shorter than a process has to end. */
const POST_MILLISECONDS = 8000;
/** What is read of an answer, so that the connection can be used again. What it says does not matter. */
const ANSWER_BYTES = 65536;

/** Where to connect to, judged already. */
export interface Destination {
  url: URL;
  /** The only addresses that may be connected to; undefined where the administrator allows the host whatever it resolves to. */
  addresses: readonly string[] | undefined;
  caBundle: string | undefined;
}

/** A message as it is sent. */
export interface Post {
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Connections to a receiver. */
export interface Webhook {
  /** Undefined once the receiver has taken the message; why it has not otherwise. Never rejects. */
  post(post: Post): Promise<Objection | undefined>;
  close(): void;
}

/**
 * Opens a webhook. It connects to the judged addresses alone, so that no name server can send it elsewhere a moment later, and follows no redirect.
 */
export function openWebhook({ url, addresses, caBundle }: Destination, milliseconds: number = POST_MILLISECONDS): Webhook {
  const isTls = url.protocol === 'https:';
  const agent = isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const options: RequestOptions & { ca?: string } = {
    method: 'POST',
    agent,
    ...(addresses !== undefined && { lookup: lookupOf(addresses) }),
    ...(caBundle !== undefined && { ca: caBundle }),
  };
  return {
    post: async ({ headers, body }) => {
      const signal = AbortSignal.timeout(milliseconds);
      try {
        const length = { 'content-length': String(Buffer.byteLength(body)) };
        const response = await answerTo((isTls ? httpsRequest : httpRequest)(url, { ...options, headers: { ...headers, ...length }, signal }), body);
        await readPast(response);
        return objectionTo(response.statusCode ?? 0, url.hostname);
      } catch (error) {
        if (signal.aborted) return { reason: 'TimedOut', message: `${url.hostname} did not answer within ${milliseconds / 1000} s` };
        return failureFrom(error, url.hostname);
      }
    },
    close: () => agent.destroy(),
  };
}

/** Answers for any name with addresses that are known already. */
function lookupOf(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, { all: wantsAll }, callback) => {
    const [first] = all;
    if (wantsAll === true || first === undefined) callback(null, all);
    else callback(null, first.address, first.family);
  };
}

function answerTo(request: ClientRequest, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
    request.end(body);
  });
}

async function readPast(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Leaving the loop closes the connection.
    if (bytes > ANSWER_BYTES) return;
  }
}

function objectionTo(status: number, host: string): Objection | undefined {
  if (status >= 200 && status < 300) return undefined;
  if (status >= 300 && status < 400) {
    return { reason: 'Redirected', message: `${host} answered ${status}: redirects are not followed; put the final address into spec.webhook.url` };
  }
  return { reason: 'AnswerNotSuccessful', message: `${host} answered ${status}` };
}

const UNRESOLVED = new Set(['ENOTFOUND', 'EAI_AGAIN', 'EAI_NODATA', 'EAI_NONAME']);

function failureFrom(error: unknown, host: string): Objection {
  const { code = 'unknown' } = error as { code?: string };
  if (UNRESOLVED.has(code)) return { reason: 'HostUnresolved', message: `the host ${host} cannot be resolved` };
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO)/.test(code)) {
    return { reason: 'CertificateRefused', message: `the certificate of ${host} is refused (${code}); put its authority into spec.webhook.caBundle` };
  }
  return { reason: 'ConnectionFailed', message: `no connection to ${host} (${code})` };
}
