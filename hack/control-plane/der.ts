/** Encoding of the few ASN.1 types that an X.509 certificate is made of (ITU-T X.690, DER). */

/** One encoded element: tag, length, content. */
export function element(tag: number, ...content: Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

/** SEQUENCE of the given elements. */
export function sequence(...items: Uint8Array[]): Buffer {
  return element(0x30, ...items);
}

/** SET of one element; a certificate's names need no more. */
export function setOf(item: Uint8Array): Buffer {
  return element(0x31, item);
}

/** Constructed, context-specific element: `[number] EXPLICIT`. */
export function explicit(number: number, ...items: Uint8Array[]): Buffer {
  return element(0xa0 | number, ...items);
}

/** Primitive, context-specific element: `[number] IMPLICIT` of a string or octets. */
export function implicit(number: number, content: Uint8Array): Buffer {
  return element(0x80 | number, content);
}

/** INTEGER that is not negative, from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? Buffer.from([0]) : Buffer.from(bytes.subarray(first));
  return (digits[0] ?? 0) >= 0x80 ? element(0x02, Buffer.from([0]), digits) : element(0x02, digits);
}

/** BOOLEAN true; false is a default that DER leaves out. */
export const booleanTrue: Buffer = element(0x01, Buffer.from([0xff]));

/** OBJECT IDENTIFIER from its dotted form. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** UTF8String. */
export function utf8String(text: string): Buffer {
  return element(0x0c, Buffer.from(text, 'utf8'));
}

/** OCTET STRING. */
export function octetString(content: Uint8Array): Buffer {
  return element(0x04, content);
}

/** BIT STRING whose last byte has `unusedBits` bits of padding. */
export function bitString(content: Uint8Array, unusedBits = 0): Buffer {
  return element(0x03, Buffer.from([unusedBits]), content);
}

/** UTCTime; X.509 wants it for years before 2050. */
export function utcTime(time: Date): Buffer {
  const digits = time.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14);
  return element(0x17, Buffer.from(`${digits}Z`, 'ascii'));
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Buffer.from([0x80 | bytes.length, ...bytes]);
}

function base128(value: number): number[] {
  const bytes = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) bytes.unshift((rest % 128) | 0x80);
  return bytes;
}
