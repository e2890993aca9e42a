import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { parseSignature } from './signature-parts.ts';
import type { SignatureParts } from './signature-parts.ts';
import type { Refusal, SignedRequest } from './signed-request.ts';

/** The secret half of an access key. */
export interface SigningSecret {
  secretAccessKey: string;
  /** Temporary keys only: must come with every request. */
  sessionToken?: string | undefined;
  /** Temporary keys only: milliseconds since the epoch. */
  expiresAt?: number | undefined;
}

/** What is known of a request whose signature holds. */
export type Verification<Secret extends SigningSecret> =
  | { verified: true; secret: Secret; parts: SignatureParts }
  | { verified: false; refusal: Refusal; parts?: SignatureParts };

/** How far clocks may be apart, both ways. */
const maximumSkewMilliseconds = 15 * 60 * 1000;
const maximumCachedKeys = 1000;
const signaturePattern = /^[0-9a-f]{64}$/;
// Work done for an unknown key must take as long as for a known one.
const dummySecret = 'kube-ec2-no-such-key-0000000000000000000';

/**
 * Verifies a Signature Version 4, in the Authorization header or presigned in the query. Never throws for what the request says.
 * @param find the secret of an access key id, undefined if there is none
 * @param now milliseconds since the epoch
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export async function verifySignature<Secret extends SigningSecret>(
  request: SignedRequest,
  find: (accessKeyId: string, sessionToken: string | undefined) => Promise<Secret | undefined>,
  now: number,
): Promise<Verification<Secret>> {
  const parsed = parseSignature(request);
  if ('refusal' in parsed) return { verified: false, refusal: parsed.refusal };
  const { parts } = parsed;
  const untimely = untimelinessOf(parts, now);
  if (untimely) return { verified: false, refusal: untimely, parts };
  const secret = await find(parts.accessKeyId, parts.sessionToken);
  const expected = secret ? sign(parts, cachedSigningKey(parts, secret.secretAccessKey)) : sign(parts, signingKey(parts, dummySecret));
  const matches = isSame(expected, parts.signature) && parts.bodyHashMatches;
  const refusal = refusalFor(parts, secret, matches, now);
  if (refusal || !secret) return { verified: false, refusal: refusal ?? unknownKey, parts };
  return { verified: true, secret, parts };
}

const unknownKey: Refusal = { reason: 'unknown key', message: 'The access key ID does not exist' };

function refusalFor(parts: SignatureParts, secret: SigningSecret | undefined, matches: boolean, now: number): Refusal | undefined {
  if (!secret) return unknownKey;
  if (!matches) {
    return {
      reason: 'mismatch',
      message: 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.',
    };
  }
  if (!isSameText(secret.sessionToken ?? '', parts.sessionToken ?? '')) {
    return { reason: 'wrong token', message: 'The security token included in the request is invalid' };
  }
  if (secret.expiresAt !== undefined && secret.expiresAt <= now) {
    return { reason: 'expired token', message: 'The security token included in the request is expired' };
  }
  return undefined;
}

function untimelinessOf({ timestamp, signedAt, expiresSeconds }: SignatureParts, now: number): Refusal | undefined {
  if (signedAt - now > maximumSkewMilliseconds) {
    return { reason: 'expired', message: `Signature not yet current: ${timestamp} is still later than the time of this service` };
  }
  const validUntil = signedAt + (expiresSeconds === undefined ? maximumSkewMilliseconds : expiresSeconds * 1000);
  if (now > validUntil) return { reason: 'expired', message: `Signature expired: ${timestamp} is too long ago` };
  return undefined;
}

function sign({ canonicalRequest, timestamp, date, region, service }: SignatureParts, key: Buffer): string {
  const scope = `${date}/${region}/${service}/aws4_request`;
  const requestHash = createHash('sha256').update(canonicalRequest).digest('hex');
  return createHmac('sha256', key).update(`AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${requestHash}`).digest('hex');
}

type Scope = Pick<SignatureParts, 'date' | 'region' | 'service'>;

function signingKey({ date, region, service }: Scope, secretAccessKey: string): Buffer {
  let key: Buffer | string = `AWS4${secretAccessKey}`;
  for (const part of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  return key as Buffer;
}

const signingKeys = new Map<string, { secretAccessKey: string; key: Buffer }>();

/** Only for keys that exist, so that made-up ids cannot push the real ones out. The secret is compared: it may have been replaced. */
function cachedSigningKey(parts: SignatureParts, secretAccessKey: string): Buffer {
  const name = `${parts.accessKeyId}/${parts.date}/${parts.region}/${parts.service}`;
  const cached = signingKeys.get(name);
  if (cached?.secretAccessKey === secretAccessKey) return cached.key;
  const key = signingKey(parts, secretAccessKey);
  signingKeys.delete(name);
  signingKeys.set(name, { secretAccessKey, key });
  for (const oldest of signingKeys.keys()) {
    if (signingKeys.size <= maximumCachedKeys) break;
    signingKeys.delete(oldest);
  }
  return key;
}

function isSame(expected: string, given: string): boolean {
  return signaturePattern.test(given) && timingSafeEqual(Buffer.from(expected, 'hex'), Buffer.from(given, 'hex'));
}

/** Compares digests: texts of different length take the same time too. */
function isSameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
