import { createHash } from 'node:crypto';

const BASE32_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A unique id in IAM's form: the prefix and a digit of base 32 for each byte, of which five bits count.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function uniqueIdFrom(prefix: 'AIDA' | 'AIPA' | 'AKIA' | 'AROA' | 'ASIA', bytes: Uint8Array): string {
  return `${prefix}${Array.from(bytes, (byte) => BASE32_DIGITS.charAt(byte % 32)).join('')}`;
}

/** A UUID that is a pure function of the seed: version 8 of RFC 9562, made of a digest. */
export function uuidFrom(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `${variant}${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}
