/** A stream that does not keep to its format. */
export class MalformedStreamError extends Error {
  override readonly name = 'MalformedStreamError';
}

const NEWLINE = 0x0a;

/**
 * Splits a byte stream into lines (without their newline); empty lines and an unfinished last line are left out.
 * @throws MalformedStreamError - as soon as a line is longer than `maxBytes`, so that a broken peer cannot fill the memory
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<string> {
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const line = pending.length === 0 ? chunk.toString('utf8', start, end) : Buffer.concat([...pending, chunk.subarray(start, end)]).toString('utf8');
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line !== '') yield line;
    }
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > maxBytes) throw new MalformedStreamError(`a line is longer than ${maxBytes} bytes`);
  }
}
