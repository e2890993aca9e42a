const BASE32_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A unique id in IAM's form: the prefix and a digit of base 32 for each byte, of which five bits count.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
 */
export function uniqueIdFrom(prefix: 'AIDA' | 'AIPA' | 'AKIA' | 'AROA' | 'ASIA', bytes: Uint8Array): string {
  return `${prefix}${Array.from(bytes, (byte) => BASE32_DIGITS.charAt(byte % 32)).join('')}`;
}
