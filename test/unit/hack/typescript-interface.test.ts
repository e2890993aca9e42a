import assert from 'node:assert/strict';
import { interfaceFrom, type FieldSchema } from '../../../hack/typescript-interface.ts';

describe('interfaceFrom', () => {
  const typeOf = (reference: string): string => (reference === 'Time' ? 'string | null' : reference);
  const fieldTypes: Record<string, { schema: FieldSchema; want: string }> = {
    'a text': { schema: { type: 'string' }, want: 'string' },
    'an integer': { schema: { type: 'integer' }, want: 'number' },
    'a list of references': { schema: { type: 'array', items: { $ref: 'Disk' } }, want: 'Disk[]' },
    'a list of a union': { schema: { type: 'array', items: { $ref: 'Time' } }, want: '(string | null)[]' },
    'a list of maps': { schema: { type: 'array', items: { type: 'object', additionalProperties: { type: 'string' } } }, want: 'Record<string, string>[]' },
    'a map of references': { schema: { type: 'object', additionalProperties: { $ref: 'Disk' } }, want: 'Record<string, Disk>' },
    'an open object': { schema: { type: 'object' }, want: 'Record<string, unknown>' },
    'a time that may be null': { schema: { type: ['string', 'null'] }, want: 'string | null' },
    'a number or a name': { schema: { type: ['string', 'integer', 'number'] }, want: 'string | number' },
    'one of several words': { schema: { type: 'string', enum: ['a', 'b'] }, want: "'a' | 'b'" },
    'what has no type': { schema: {}, want: 'unknown' },
  };
  for (const [name, { schema, want }] of Object.entries(fieldTypes)) {
    it(name, () => {
      assert.equal(interfaceFrom('Name', { properties: { field: schema } }, typeOf), `/** Name of KubeVirt's API. */\nexport interface Name {\n  field?: ${want};\n}\n`);
    });
  }

  it('marks what is not required as optional and sorts the fields', () => {
    const text = interfaceFrom('Name', { required: ['a'], properties: { b: { type: 'string' }, a: { type: 'string' } } }, typeOf);
    assert.match(text, /\{\n {2}a: string;\n {2}b\?: string;\n\}/);
  });

  it('takes an object without fields for an empty one', () => {
    assert.match(interfaceFrom('Empty', { type: 'object' }, typeOf), /export type Empty = Record<string, never>;/);
  });

  const docs = {
    'keeps the first sentence': { description: 'First one. Second one.', want: '/** First one. */' },
    'does not stop at e.g.': { description: 'One, e.g. Start. Two.', want: '/** One, e.g. Start. */' },
    'joins lines': { description: 'One\n  two.', want: '/** One two. */' },
    'cannot be ended by the text': { description: 'A */ B', want: '/** A * / B */' },
    'cuts a long one at a word': { description: `${'word '.repeat(50)}end`, want: `/** ${'word '.repeat(31)}word ... */` },
  };
  for (const [name, { description, want }] of Object.entries(docs)) {
    it(`documentation: ${name}`, () => {
      const [first] = interfaceFrom('Name', { description, properties: { a: { type: 'string' } } }, typeOf).split('\n');
      assert.equal(first, want);
    });
  }
});
