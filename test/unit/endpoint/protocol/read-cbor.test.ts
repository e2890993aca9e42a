import assert from 'node:assert/strict';
import { cbor } from '@smithy/core/cbor';
import fc from 'fast-check';
import { CborTimestamp, MalformedCbor, readCbor } from '../../../../operator/endpoint/protocol/read-cbor.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

describe('readCbor', () => {
  // @see https://www.rfc-editor.org/rfc/rfc8949#name-examples-of-encoded-cbor-da
  const examples: Record<string, { hex: string; want: unknown }> = {
    'a small number': { hex: '17', want: 23 },
    'a number of one byte': { hex: '18 64', want: 100 },
    'a number of two bytes': { hex: '19 03e8', want: 1000 },
    'a number of four bytes': { hex: '1a 000f4240', want: 1000000 },
    'a number of eight bytes': { hex: '1b 000000e8d4a51000', want: 1000000000000 },
    'a negative number': { hex: '39 03e7', want: -1000 },
    'a half float': { hex: 'f9 3e00', want: 1.5 },
    'the smallest half float': { hex: 'f9 0001', want: 5.960464477539063e-8 },
    'a float': { hex: 'fa 47c35000', want: 100000 },
    'a double': { hex: 'fb 3ff199999999999a', want: 1.1 },
    flags: { hex: '82 f4 f5', want: [false, true] },
    nothing: { hex: '82 f6 f7', want: [null, null] },
    'a text': { hex: '64 49455446', want: 'IETF' },
    'a text in pieces': { hex: '7f 65 7374726561 64 6d696e67 ff', want: 'streaming' },
    bytes: { hex: '44 01020304', want: bytes('01020304') },
    'a map': { hex: 'a2 6161 01 6162 82 02 03', want: { a: 1, b: [2, 3] } },
    'a map without a length': { hex: 'bf 6161 01 6162 9f 02 03 ff ff', want: { a: 1, b: [2, 3] } },
    'a timestamp': { hex: 'c1 fb 41d452d9e2000000', want: new CborTimestamp(1363896200) },
    'a key that means something to JavaScript': { hex: 'a1 69 5f5f70726f746f5f5f 01', want: JSON.parse('{"__proto__": 1}') },
  };
  for (const [name, { hex, want }] of Object.entries(examples)) it(`reads ${name}`, () => assert.deepEqual(readCbor(bytes(hex)), want));

  const malformed: Record<string, string> = {
    'no bytes': '',
    'a list that claims four billion items': '9a ffffffff',
    'a list of lists that claim sixteen million items each': '9a 00ffffff 9a 00ffffff 9a 00ffffff',
    'a text longer than the message': '7a 7fffffff 61',
    'a text of more bytes than numbers can count': '7b ffffffffffffffff',
    'a text that is not UTF-8': '62 c328',
    'a map that ends after a key': 'a1 6161',
    'a map with a number for a key': 'a1 01 02',
    'nesting without end': '81'.repeat(5000),
    'tags without end': 'c1'.repeat(5000),
    'pieces in pieces': '7f 7f 6161 ff ff',
    'a big number': 'c2 49 010000000000000000',
    'a reserved length': '1c',
    'something after the value': '01 01',
    'a list that never ends': '9f 01',
  };
  for (const [name, hex] of Object.entries(malformed)) it(`refuses ${name}`, () => assert.throws(() => readCbor(bytes(hex)), MalformedCbor));

  it('reads what the SDK writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => assert.deepEqual(readCbor(Uint8Array.from(cbor.serialize(value))), JSON.parse(JSON.stringify(value)))),
      { numRuns: 300 },
    );
  });

  it('answers any bytes with a value or with MalformedCbor', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (random) => {
        try {
          readCbor(random);
        } catch (error) {
          assert.ok(error instanceof MalformedCbor, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});
