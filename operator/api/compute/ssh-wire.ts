/** The bytes are not what the SSH wire format says. */
export class SshWireError extends Error {
  override readonly name = 'SshWireError';
}

/**
 * Splits a sequence of SSH `string`s (four bytes of length, then that many bytes).
 * @throws SshWireError - for a length that goes past the end, so that nothing is ever allocated by a length that a caller made up
 * @see https://www.rfc-editor.org/rfc/rfc4251#section-5
 */
export function sshStringsFrom(bytes: Uint8Array): Buffer[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const strings: Buffer[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    if (offset + 4 > buffer.length) throw new SshWireError('a length is cut short');
    const end = offset + 4 + buffer.readUInt32BE(offset);
    if (end > buffer.length) throw new SshWireError('a field is cut short');
    strings.push(buffer.subarray(offset + 4, end));
    offset = end;
  }
  return strings;
}

/** SSH `string`: four bytes of length, then the bytes; text as UTF-8. */
export function sshString(value: Uint8Array | string): Buffer {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** SSH `mpint` of a positive number given as big-endian bytes: shortest form, a zero byte first where the top bit would make it negative. */
export function sshInteger(magnitude: Uint8Array): Buffer {
  const first = magnitude.findIndex((byte) => byte !== 0);
  if (first < 0) return sshString('');
  const shortest = magnitude.subarray(first);
  const needsZero = ((shortest[0] ?? 0) & 0x80) !== 0;
  return sshString(needsZero ? Buffer.concat([Buffer.alloc(1), shortest]) : shortest);
}
