import { parseForm } from './protocol/form.ts';
import type { FormNode } from './protocol/form.ts';
import { serviceNameOfModel, serviceNameOfVersion } from './protocol/registry.ts';
import type { ServiceName } from './protocol/registry.ts';
import type { SignedRequest } from './signature/signed-request.ts';

/** Parameters may come in the query string, in the body, or in both. @throws MalformedForm */
export function parametersOf({ url, body }: SignedRequest): [string, string][] {
  const question = url.indexOf('?');
  const query = question < 0 ? [] : parseForm(url.slice(question + 1));
  const fields = parseForm(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  return query.concat(fields);
}

const protocolParameters = new Set([
  'Action', 'Version', 'AWSAccessKeyId', 'Expires', 'SecurityToken', 'Signature', 'SignatureMethod', 'SignatureVersion', 'Timestamp',
]);

/** What is left for the operation. */
export function withoutProtocolParameters({ children }: FormNode): FormNode {
  const own = [...(children ?? [])].filter(([name]) => !protocolParameters.has(name) && !name.startsWith('X-Amz-'));
  return { children: new Map(own) };
}

/** The service by the name of its model (JSON, CBOR) or its API version: in the query string, or early in the body, where every client puts it. */
export function unsignedServiceName({ url, headers, body }: SignedRequest): ServiceName {
  const model = /^\/service\/(\w+)\//.exec(url)?.[1] ?? headers['x-amz-target']?.[0]?.split('.')[0];
  if (model !== undefined) return serviceNameOfModel(model) ?? 'ssm';
  const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, 4096)).toString('latin1');
  const version = /(?:^|[?&])Version=([\d-]{10})(?:&|$)/.exec(url)?.[1] ?? /(?:^|&)Version=([\d-]{10})(?:&|$)/.exec(start)?.[1];
  return (version !== undefined && serviceNameOfVersion(version)) || 'ec2';
}
