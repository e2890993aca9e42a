import { Agent, request as httpRequest } from 'node:http';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { Sha256 } from './sha256.ts';

/** How a request is to be made and signed; the defaults make a good EC2 request. */
export interface RequestSettings {
  endpointUrl: string;
  accessKeyId: string;
  secretAccessKey: string;
  region?: string;
  service?: string;
  /** How long to wait while nothing comes; by default a minute. */
  timeoutMilliseconds?: number;
  /** Added to what is signed. */
  headers?: Readonly<Record<string, string>>;
  /** Time of the signature, by default now. */
  signedAt?: Date;
  /** Changes the request once it is signed: headers by their lower-case names, and the body. */
  tamper?: (request: { headers: Record<string, string>; body: string }) => void;
}

/** The answer as it came. */
export interface RawAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const TIMEOUT_MILLISECONDS = 60_000;

/** Posts a form, signed by the AWS SDK's own signer; the answer is not judged. For what no SDK would send, and where parsing would cost too much. */
export async function postSigned(form: string, settings: RequestSettings): Promise<RawAnswer> {
  const { endpointUrl, accessKeyId, secretAccessKey, region = 'us-east-1', service = 'ec2', timeoutMilliseconds } = settings;
  const signer = new SignatureV4({ region, service, sha256: Sha256 as never, credentials: { accessKeyId, secretAccessKey } });
  const { hostname, port, host } = new URL(endpointUrl);
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8', ...settings.headers };
  const unsigned = new HttpRequest({ method: 'POST', protocol: 'http:', hostname, port: Number(port), path: '/', body: form, headers });
  const signed = await signer.sign(unsigned, { signingDate: settings.signedAt ?? new Date() });
  const tampered = { headers: { ...signed.headers }, body: form };
  settings.tamper?.(tampered);
  return send(endpointUrl, 'POST', '/', tampered.headers, tampered.body, timeoutMilliseconds);
}

/** Sends a request with nothing added to it but its length. */
export async function send(
  endpointUrl: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  timeoutMilliseconds = TIMEOUT_MILLISECONDS,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpointUrl);
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest({ hostname, port, method, path, agent, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString('utf8') }));
    });
    request.setTimeout(timeoutMilliseconds, () => request.destroy(new Error('no answer')));
    request.once('error', reject);
    request.end(body);
  });
}

/** The form of an action. */
export function formOf(action: string, parameters: Readonly<Record<string, string>> = {}, version = '2016-11-15'): string {
  return new URLSearchParams({ Action: action, Version: version, ...parameters }).toString();
}

/** Code and message of an error answer, in either dialect. */
export function errorIn({ body }: RawAnswer): { code: string; message: string; requestId: string } {
  const element = (name: string): string => new RegExp(`<${name}>([^<]*)</${name}>`).exec(body)?.[1] ?? '';
  return { code: element('Code'), message: element('Message'), requestId: element('RequestID') || element('RequestId') };
}
