import { tag } from '@smithy/core/cbor';
import type { DocumentForm } from './document.ts';
import { parseScalar } from './parse-scalar.ts';
import { CborTimestamp } from './read-cbor.ts';

/** Milliseconds since the epoch that a Date can hold. */
const furthestMilliseconds = 8.64e15;

/** JSON: timestamps are seconds since the epoch (a text of ISO 8601 is understood too), bytes are base64. */
export const jsonForm: DocumentForm = {
  readTimestamp: (value) => (typeof value === 'string' ? scalarOf(value, 'timestamp', Date) : dateFrom(value)),
  readBlob: (value) => (typeof value === 'string' ? scalarOf(value, 'blob', Uint8Array) : undefined),
  timestamp: (date) => date.getTime() / 1000,
  blob: (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
};

/** CBOR: it has kinds for both. */
export const cborForm: DocumentForm = {
  readTimestamp: (value) => (value instanceof CborTimestamp ? dateFrom(value.seconds) : undefined),
  readBlob: (value) => (value instanceof Uint8Array ? value : undefined),
  timestamp: (date) => tag({ tag: 1, value: date.getTime() / 1000 }),
  blob: (bytes) => bytes,
};

function dateFrom(seconds: unknown): Date | undefined {
  if (typeof seconds !== 'number' || !(Math.abs(seconds) * 1000 <= furthestMilliseconds)) return undefined;
  return new Date(Math.round(seconds * 1000));
}

function scalarOf<T>(text: string, kind: 'timestamp' | 'blob', type: abstract new (...words: never[]) => T): T | undefined {
  const parsed = parseScalar(text, kind);
  return 'value' in parsed && parsed.value instanceof type ? parsed.value : undefined;
}
