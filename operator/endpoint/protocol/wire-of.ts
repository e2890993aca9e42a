import type { SignedRequest } from '../signature/signed-request.ts';
import { cborWire, jsonWire } from './document-wires.ts';
import { formWire } from './form-wire.ts';
import type { Wire } from './wire.ts';

/** The form of a request: JSON names its action in a header, CBOR in the path, a form in a field of its own. */
export function wireOf({ url, headers }: Pick<SignedRequest, 'url' | 'headers'>): Wire {
  if (headers['x-amz-target'] !== undefined) return jsonWire;
  return url.startsWith('/service/') ? cborWire : formWire;
}
