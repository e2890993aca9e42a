import { createHash, createHmac } from 'node:crypto';
import type { SignedRequest } from '../../operator/endpoint/signature/signed-request.ts';

/** What to sign. */
export interface SigningSettings {
  accessKeyId: string;
  secretAccessKey?: string;
  sessionToken?: string;
  /** Milliseconds since the epoch. */
  at: number;
  body: string;
  /** Path, and query in canonical order with nothing to escape. */
  url?: string;
  /** Whether the hash of the body goes into a signed header too. */
  hashHeader?: boolean;
}

/**
 * A request signed step by step as AWS describes it, with nothing of the product's code and nothing of an SDK: fit for tests that need many.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedByHand({ accessKeyId, secretAccessKey = '', sessionToken, at, body, url = '/', hashHeader = false }: SigningSettings): SignedRequest {
  const time = new Date(at).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/ec2/aws4_request`;
  const headers: Record<string, string> = {
    'content-type': 'application/x-www-form-urlencoded',
    host: '127.0.0.1:8773',
    ...(hashHeader && { 'x-amz-content-sha256': sha256(body) }),
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers).join(';');
  const [path, query = ''] = url.split('?');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`).join('');
  const canonical = ['POST', path, query, lines, names, sha256(body)].join('\n');
  const key = scope.split('/').reduce((secret: Buffer | string, part) => hmac(secret, part), `AWS4${secretAccessKey}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return {
    method: 'POST',
    url,
    headers: Object.fromEntries(Object.entries({ ...headers, authorization }).map(([name, value]) => [name, [value]])),
    body: Buffer.from(body),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
