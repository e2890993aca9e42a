import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { linesOf, MalformedStreamError } from '../../../operator/kubernetes/line-stream.ts';

async function lines(chunks: readonly Buffer[], maxBytes = 1000): Promise<string[]> {
  const got: string[] = [];
  for await (const line of linesOf(Readable.from(chunks), maxBytes)) got.push(line);
  return got;
}

describe('linesOf', () => {
  it('gives the same lines however the bytes are cut, also inside a character', async () => {
    const text = '{"a":"ü€𝄞"}\n\n{"b":2}\nlast\n';
    const bytes = Buffer.from(text);
    const want = ['{"a":"ü€𝄞"}', '{"b":2}', 'last'];
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks: Buffer[] = [];
      for (let start = 0; start < bytes.length; start += size) chunks.push(bytes.subarray(start, start + size));
      assert.deepEqual(await lines(chunks), want, `chunks of ${size}`);
    }
  });

  it('leaves out a last line that was cut off', async () => {
    assert.deepEqual(await lines([Buffer.from('whole\nhal')]), ['whole']);
  });

  it('refuses a line that does not end before the limit, without reading on', async () => {
    let produced = 0;
    function* endless(): Generator<Buffer> {
      for (;;) {
        produced += 1;
        yield Buffer.alloc(100, 'x');
      }
    }
    await assert.rejects(async () => {
      for await (const line of linesOf(Readable.from(endless()), 1000)) assert.fail(line);
    }, MalformedStreamError);
    assert.ok(produced < 100, `${produced} chunks were read`);
  });
});
