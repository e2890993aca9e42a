import type { SignedRequest } from './signed-request.ts';

/** The text that a signature signs, by way of its hash. `bodyHash` is the SHA-256 of the body in hexadecimal digits. */
export function canonicalRequestOf(request: SignedRequest, query: QueryPair[], signedHeaders: readonly string[], bodyHash: string): string {
  const [path = '/'] = request.url.split('?', 1);
  const canonicalQuery = query
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(([leftName, leftValue], [rightName, rightValue]) => compare(leftName, rightName) || compare(leftValue, rightValue))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const sortedHeaders = [...signedHeaders].sort(compare);
  const headers = sortedHeaders.map((name) => `${name}:${headerValue(request, name) ?? ''}\n`).join('');
  // Every service but S3 has the path, escaped already, escaped once more.
  return [request.method, path.split('/').map(encode).join('/'), canonicalQuery, headers, sortedHeaders.join(';'), bodyHash].join('\n');
}

/** A header's values as they are signed: trimmed, blanks squeezed, joined. Undefined if the request does not have it. */
export function headerValue({ headers }: SignedRequest, name: string): string | undefined {
  const values = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return values?.map((value) => value.trim().replaceAll(/\s+/g, ' ')).join(',');
}

/** A parameter of the query string, decoded. */
export type QueryPair = [name: string, value: string];

/** Undefined if an escape is broken. A `+` is a plus here: signers escape blanks as %20. */
export function parseQuery(url: string): QueryPair[] | undefined {
  const question = url.indexOf('?');
  if (question < 0) return [];
  try {
    const pairs = url.slice(question + 1).split('&').filter((pair) => pair !== '');
    return pairs.map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
    });
  } catch {
    return undefined;
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
