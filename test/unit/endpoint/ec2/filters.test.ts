import assert from 'node:assert/strict';
import type { Filter } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import type { Tag } from '../../../../operator/api/shared.ts';
import { literalFilterValues, predicateByView, predicateFrom, type FilterTable } from '../../../../operator/endpoint/ec2/filters.ts';
import { wildcardMatcher } from '../../../../operator/endpoint/ec2/wildcard.ts';

interface Thing {
  color: string;
  sizes: number[];
  tags: Tag[];
}

const table: FilterTable<Thing> = {
  color: ({ color }) => [color],
  size: ({ sizes }) => sizes.map(String),
  'absent-here': () => [undefined],
};
const tagsOf = ({ tags }: Thing): Tag[] => tags;

const red: Thing = { color: 'red', sizes: [1, 10], tags: [{ key: 'Name', value: 'web' }, { key: 'empty', value: '' }] };
const blue: Thing = { color: 'blue', sizes: [2], tags: [] };
const Reddish: Thing = { color: 'Red', sizes: [], tags: [{ key: 'name', value: 'Web' }] };
const things = { red, blue, Reddish };

function namesOf(filters: Filter[] | undefined): string[] {
  const matches = predicateFrom(filters, table, tagsOf);
  return Object.entries(things).flatMap(([name, thing]) => (matches(thing) ? [name] : []));
}

describe('filters', () => {
  const cases: Record<string, { filters: Filter[] | undefined; want: string[] }> = {
    'no filters let everything through': { filters: undefined, want: ['red', 'blue', 'Reddish'] },
    'an empty list of filters too': { filters: [], want: ['red', 'blue', 'Reddish'] },
    'values are compared with their case': { filters: [{ Name: 'color', Values: ['red'] }], want: ['red'] },
    'values of one name are alternatives': { filters: [{ Name: 'color', Values: ['red', 'blue'] }], want: ['red', 'blue'] },
    'names must all fit': { filters: [{ Name: 'color', Values: ['red', 'blue'] }, { Name: 'size', Values: ['2'] }], want: ['blue'] },
    'the same name twice must fit twice': { filters: [{ Name: 'size', Values: ['1'] }, { Name: 'size', Values: ['10'] }], want: ['red'] },
    'one of several values of an object is enough': { filters: [{ Name: 'size', Values: ['10'] }], want: ['red'] },
    'a star stands for any text': { filters: [{ Name: 'color', Values: ['*e*'] }], want: ['red', 'blue', 'Reddish'] },
    'a question mark stands for at most one character': { filters: [{ Name: 'size', Values: ['1?'] }], want: ['red'] },
    'an absent property fits nothing, not even a star': { filters: [{ Name: 'absent-here', Values: ['*'] }], want: [] },
    'a tag by key and value': { filters: [{ Name: 'tag:Name', Values: ['web'] }], want: ['red'] },
    'a tag with an empty value': { filters: [{ Name: 'tag:empty', Values: [''] }], want: ['red'] },
    'a tag of that key with any value': { filters: [{ Name: 'tag:empty', Values: ['*'] }], want: ['red'] },
    'tag keys are compared with their case': { filters: [{ Name: 'tag-key', Values: ['name'] }], want: ['Reddish'] },
    'any tag with that value': { filters: [{ Name: 'tag-value', Values: ['W*'] }], want: ['Reddish'] },
  };
  for (const [name, { filters, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(namesOf(filters), want));

  const refusals: Record<string, { filters: Filter[]; code: string; message: RegExp }> = {
    'an unknown name': { filters: [{ Name: 'colour', Values: ['red'] }], code: 'InvalidParameterValue', message: /^The filter 'colour' is invalid$/ },
    'a name that every object inherits': { filters: [{ Name: 'constructor', Values: ['x'] }], code: 'InvalidParameterValue', message: /constructor/ },
    'a tag filter without a key': { filters: [{ Name: 'tag:', Values: ['x'] }], code: 'InvalidParameterValue', message: /tag:/ },
    'a filter without a name': { filters: [{ Name: 'color', Values: ['red'] }, { Values: ['red'] }], code: 'MissingParameter', message: /Filter\.2\.Name/ },
    'a filter without values': { filters: [{ Name: 'color' }], code: 'MissingParameter', message: /Filter\.1\.Value/ },
    'more than 200 values': {
      filters: [{ Name: 'color', Values: Array<string>(150).fill('a') }, { Name: 'size', Values: Array<string>(51).fill('1') }],
      code: 'FilterLimitExceeded',
      message: /200/,
    },
  };
  for (const [name, { filters, code, message }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.throws(() => predicateFrom(filters, table, tagsOf), { name: 'AwsError', code, message }));
  }

  it('refuses tag filters where there are no tags', () =>
    assert.throws(() => predicateFrom([{ Name: 'tag:Name', Values: ['web'] }], table), { code: 'InvalidParameterValue' }));

  it('agree with a naive model', () => {
    const word = fc.constantFrom('red', 'blue', 'Red', 'green', '');
    const thing = fc.record({
      color: word,
      sizes: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
      tags: fc.uniqueArray(fc.record({ key: fc.constantFrom('a', 'b'), value: word }), { selector: ({ key }) => key }),
    });
    const filter = fc.record({
      Name: fc.constantFrom('color', 'size', 'tag:a', 'tag:b', 'tag-key', 'tag-value'),
      Values: fc.array(fc.oneof(word, fc.constantFrom('0', '1', '2', 'a', 'b')), { minLength: 1, maxLength: 3 }),
    });
    const naive = (object: Thing, { Name, Values }: { Name: string; Values: string[] }): boolean => {
      if (Name === 'color') return Values.includes(object.color);
      if (Name === 'size') return object.sizes.some((size) => Values.includes(String(size)));
      if (Name === 'tag-key') return object.tags.some(({ key }) => Values.includes(key));
      if (Name === 'tag-value') return object.tags.some(({ value }) => Values.includes(value));
      return object.tags.some(({ key, value }) => `tag:${key}` === Name && Values.includes(value));
    };
    fc.assert(
      fc.property(thing, fc.array(filter, { maxLength: 3 }), (object, filters) => {
        assert.equal(predicateFrom(filters, table, tagsOf)(object), filters.every((one) => naive(object, one)));
      }),
    );
  });

  const literals: Record<string, { filters: Filter[] | undefined; want: string[] | undefined }> = {
    'values without wildcards': { filters: [{ Name: 'id', Values: ['a', 'b\\*'] }], want: ['a', 'b*'] },
    'nothing if a value has a wildcard': { filters: [{ Name: 'id', Values: ['a', 'b*'] }], want: undefined },
    'nothing without such a filter': { filters: [{ Name: 'other', Values: ['a'] }], want: undefined },
  };
  for (const [name, { filters, want }] of Object.entries(literals)) {
    it(`for an index: ${name}`, () => assert.deepEqual(literalFilterValues(filters, 'id'), want));
  }
});

describe('wildcards', () => {
  const cases: Record<string, { pattern: string; fits: string[]; not: string[] }> = {
    'plain text fits itself only': { pattern: 'ab', fits: ['ab'], not: ['a', 'abc', 'AB', ''] },
    'a star at the end': { pattern: 'ab*', fits: ['ab', 'abc', 'ab*'], not: ['a', 'cab'] },
    'a star at the start': { pattern: '*ab', fits: ['ab', 'xxab'], not: ['abx'] },
    'stars around': { pattern: '*a*b*', fits: ['ab', 'xaxbx'], not: ['ba', ''] },
    'one star fits everything': { pattern: '*', fits: ['', 'anything'], not: [] },
    'a question mark may stand for nothing': { pattern: 'a?c', fits: ['ac', 'abc'], not: ['abbc'] },
    'question marks at the end': { pattern: 'a??', fits: ['a', 'ab', 'abc'], not: ['abcd', ''] },
    'an escaped star is a star': { pattern: 'a\\*', fits: ['a*'], not: ['ab', 'a\\*'] },
    'escaped question mark and backslash': { pattern: '\\?\\\\', fits: ['?\\'], not: ['\\?\\\\', 'x\\'] },
    'a backslash before anything else is a backslash': { pattern: 'a\\b', fits: ['a\\b'], not: ['ab'] },
    'characters beyond the basic plane count as one': { pattern: '?x', fits: ['😀x', 'x'], not: ['😀😀x'] },
    'characters that mean something to regular expressions': { pattern: 'a.(b)+*', fits: ['a.(b)+', 'a.(b)+c'], not: ['axb'] },
  };
  for (const [name, { pattern, fits, not }] of Object.entries(cases)) {
    it(name, () => {
      const matches = wildcardMatcher(pattern);
      assert.deepEqual([...fits, ...not].filter((text) => matches(text)), fits);
    });
  }

  it('agree with a regular expression', () => {
    const piece = fc.constantFrom('a', 'b', '*', '?', '\\*', '\\?', '\\\\');
    const regex = (pieces: string[]): RegExp =>
      new RegExp(`^${pieces.map((one) => ({ '*': '.*', '?': '.?' })[one] ?? (one.length > 1 ? one : `${one}`)).join('')}$`, 's');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.array(fc.constantFrom('a', 'b', '*', '?', '\\'), { maxLength: 8 }), (pieces, text) => {
        assert.equal(wildcardMatcher(pieces.join(''))(text.join('')), regex(pieces).test(text.join('')));
      }),
      { numRuns: 500 },
    );
  });

  it('do not backtrack: a hostile pattern is answered as any other', () => {
    const matches = wildcardMatcher(`${'*a'.repeat(100)}*b`);
    assert.equal(matches('a'.repeat(255)), false);
    assert.equal(matches(`${'a'.repeat(254)}b`), true);
  });
});

describe('filters on what must be shown first', () => {
  const shownFor = (filters: Filter[]): { left: string[]; shown: string[] } => {
    const shown: string[] = [];
    const matches = predicateByView(filters, table, tagsOf, (thing) => {
      shown.push(thing.color);
      return thing;
    });
    return { left: Object.values(things).filter(matches).map(({ color }) => color), shown };
  };
  const ofName = { Name: 'tag:Name', Values: ['web'] };
  const cases: Record<string, { filters: Filter[]; left: string[]; shown: string[] }> = {
    'show nothing where tags decide': { filters: [ofName], left: ['red'], shown: [] },
    'show only what tags leave, whatever their order, and once': { filters: [{ Name: 'color', Values: ['r*'] }, ofName, { Name: 'size', Values: ['1'] }], left: ['red'], shown: ['red'] },
    'show all without a filter by tag': { filters: [{ Name: 'color', Values: ['b*'] }], left: ['blue'], shown: ['red', 'blue', 'Red'] },
    'show nothing without filters': { filters: [], left: ['red', 'blue', 'Red'], shown: [] },
  };
  for (const [name, { filters, ...want }] of Object.entries(cases)) it(name, () => assert.deepEqual(shownFor(filters), want));
  it('refuse a name that the table does not have', () => assert.throws(() => shownFor([{ Name: 'weight', Values: ['1'] }]), { code: 'InvalidParameterValue' }));
});
