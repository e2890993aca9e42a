import { createHash } from 'node:crypto';
import { canonicalRequestOf, headerValue, parseQuery } from './canonical-request.ts';
import type { QueryPair } from './canonical-request.ts';
import type { Refusal, SignedRequest } from './signed-request.ts';

/** What a signature says about itself, and the text that it signs. */
export interface SignatureParts {
  accessKeyId: string;
  /** Scope: day as YYYYMMDD. */
  date: string;
  region: string;
  service: string;
  /** X-Amz-Date as sent, `20260102T030405Z`. */
  timestamp: string;
  /** The same in milliseconds since the epoch. */
  signedAt: number;
  /** Presigned requests only. */
  expiresSeconds?: number;
  sessionToken?: string;
  signature: string;
  canonicalRequest: string;
  /** False if the request names a hash of its body that is not the body's. */
  bodyHashMatches: boolean;
}

type Parsed = { parts: SignatureParts } | { refusal: Refusal };
type Claims = Pick<SignatureParts, 'signature'> & {
  credential: string;
  timestamp: string;
  signedHeaders: string;
  expires?: string;
  sessionToken?: string | undefined;
};

const algorithm = 'AWS4-HMAC-SHA256';
const timestampPattern = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const longestPresignSeconds = 604_800;

/** Takes a signature apart and builds the canonical request. Verifies nothing but form. */
export function parseSignature(request: SignedRequest): Parsed {
  const query = parseQuery(request.url);
  if (!query) return incomplete('The query string contains a broken percent escape');
  const claims = claimsOf(request, query);
  if ('refusal' in claims) return claims;
  const [accessKeyId, date, region, service, terminator, ...rest] = claims.credential.split('/');
  if (!accessKeyId || !date || !region || !service || terminator !== 'aws4_request' || rest.length > 0) {
    return incomplete('Credential must have the form <access key id>/<date>/<region>/<service>/aws4_request');
  }
  const signedAt = parseTimestamp(claims.timestamp);
  if (signedAt === undefined) return incomplete('X-Amz-Date must have the form YYYYMMDDTHHMMSSZ');
  if (!claims.timestamp.startsWith(date)) return incomplete('The date in Credential is not the date of X-Amz-Date');
  const signedHeaders = claims.signedHeaders.split(';');
  const headerProblem = headerProblemOf(request, signedHeaders);
  if (headerProblem) return incomplete(headerProblem);
  const expiresSeconds = claims.expires === undefined ? undefined : Number(claims.expires);
  if (expiresSeconds !== undefined && !(/^\d+$/.test(claims.expires ?? '') && expiresSeconds >= 1 && expiresSeconds <= longestPresignSeconds)) {
    return incomplete(`X-Amz-Expires must be between 1 and ${longestPresignSeconds} seconds`);
  }
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  const claimedHash = headerValue(request, 'x-amz-content-sha256');
  return {
    parts: {
      accessKeyId,
      date,
      region,
      service,
      timestamp: claims.timestamp,
      signedAt,
      ...(expiresSeconds !== undefined && { expiresSeconds }),
      ...(claims.sessionToken !== undefined && { sessionToken: claims.sessionToken }),
      signature: claims.signature,
      canonicalRequest: canonicalRequestOf(request, query, signedHeaders, bodyHash),
      bodyHashMatches: claimedHash === undefined || claimedHash === bodyHash,
    },
  };
}

function claimsOf(request: SignedRequest, query: QueryPair[]): Claims | { refusal: Refusal } {
  const authorization = request.headers['authorization'];
  const presigned = query.filter(([name]) => name.startsWith('X-Amz-'));
  const isPresigned = presigned.some(([name]) => name === 'X-Amz-Algorithm' || name === 'X-Amz-Signature');
  if (authorization === undefined) return isPresigned ? claimsOfQuery(presigned) : refused('unsigned', 'The request is not signed');
  if (isPresigned) return incomplete('The request is signed twice: in the query string and in the Authorization header');
  if (authorization.length !== 1) return incomplete('There must be exactly one Authorization header');
  return claimsOfHeader(request, authorization[0] ?? '');
}

function claimsOfHeader(request: SignedRequest, authorization: string): Claims | { refusal: Refusal } {
  if (!authorization.startsWith(`${algorithm} `)) return incomplete(`Authorization must be of type ${algorithm}`);
  const fields = new Map<string, string>();
  for (const field of authorization.slice(algorithm.length).split(',')) {
    const [name = '', ...value] = field.trim().split('=');
    if (fields.has(name)) return incomplete(`Authorization has more than one ${name}`);
    fields.set(name, value.join('='));
  }
  const [credential, signedHeaders, signature] = [fields.get('Credential'), fields.get('SignedHeaders'), fields.get('Signature')];
  if (!credential || !signedHeaders || !signature) return incomplete('Authorization must contain Credential, SignedHeaders and Signature');
  const timestamp = headerValue(request, 'x-amz-date');
  if (timestamp === undefined) return incomplete('The request must have an X-Amz-Date header');
  return { credential, signedHeaders, signature, timestamp, sessionToken: headerValue(request, 'x-amz-security-token') };
}

function claimsOfQuery(presigned: QueryPair[]): Claims | { refusal: Refusal } {
  const fields = new Map(presigned);
  if (fields.size !== presigned.length) return incomplete('The query string has an X-Amz parameter twice');
  if (fields.get('X-Amz-Algorithm') !== algorithm) return incomplete(`X-Amz-Algorithm must be ${algorithm}`);
  const [credential, signedHeaders, signature] = [fields.get('X-Amz-Credential'), fields.get('X-Amz-SignedHeaders'), fields.get('X-Amz-Signature')];
  const [timestamp, expires] = [fields.get('X-Amz-Date'), fields.get('X-Amz-Expires')];
  if (!credential || !signedHeaders || !signature || !timestamp || !expires) {
    return incomplete('A presigned request must contain X-Amz-Credential, X-Amz-Date, X-Amz-Expires, X-Amz-SignedHeaders and X-Amz-Signature');
  }
  return { credential, signedHeaders, signature, timestamp, expires, sessionToken: fields.get('X-Amz-Security-Token') };
}

/** What is not signed could be swapped on the way: the host, and every header that means something to the service. */
function headerProblemOf(request: SignedRequest, signedHeaders: readonly string[]): string | undefined {
  const signed = new Set(signedHeaders);
  if (!signed.has('host')) return 'The Host header must be signed';
  if (signed.size !== signedHeaders.length) return 'SignedHeaders names a header twice';
  for (const name of signed) {
    if (name !== name.toLowerCase() || headerValue(request, name) === undefined) return 'SignedHeaders names a header that the request does not have';
  }
  const unsigned = Object.keys(request.headers).find((name) => name.startsWith('x-amz-') && !signed.has(name));
  return unsigned && `The header ${unsigned} must be signed`;
}

function parseTimestamp(text: string): number | undefined {
  const match = timestampPattern.exec(text);
  if (!match) return undefined;
  const time = Date.parse(`${match[1]}-${match[2]}-${match[3]}T${match[4]}:${match[5]}:${match[6]}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function incomplete(message: string): { refusal: Refusal } {
  return refused('incomplete', message);
}

function refused(reason: Refusal['reason'], message: string): { refusal: Refusal } {
  return { refusal: { reason, message } };
}
