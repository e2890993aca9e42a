import assert from 'node:assert/strict';
import fc from 'fast-check';
import { forbidPagesWithIds, pageOf, pageScopeOf, type PageRequest } from '../../../../operator/endpoint/ec2/pages.ts';
import { theAccount } from '../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { operationContext, rootCaller } from '../../../support/operation-context.ts';

const bounds = { minimum: 2, maximum: 5 };
const scope = { operation: 'DescribeThings', secret: 'secret' };
const page = (items: string[], request: PageRequest, where = scope): { items: string[]; NextToken?: string } =>
  pageOf(items, request, bounds, where, (item) => item);

function tokenOf(items: string[], MaxResults: number): string {
  return page(items, { MaxResults }).NextToken ?? assert.fail('no token');
}

describe('pages', () => {
  const items = ['e', 'c', 'a', 'd', 'b'];

  it('give everything in order without MaxResults, and no token', () => assert.deepEqual(page(items, {}), { items: ['a', 'b', 'c', 'd', 'e'] }));
  it('give no token when the last page is full', () => assert.deepEqual(page(items, { MaxResults: 5 }), { items: ['a', 'b', 'c', 'd', 'e'] }));
  it('take an empty token for none', () => assert.deepEqual(page(items, { NextToken: '' }).items, ['a', 'b', 'c', 'd', 'e']));
  it('use the fallback when MaxResults is absent', () => {
    const first = pageOf(items, {}, { ...bounds, fallback: 3 }, scope, (item) => item);
    assert.deepEqual(first.items, ['a', 'b', 'c']);
    assert.ok(first.NextToken);
  });
  it('stay in place while objects come and go', () => {
    const NextToken = tokenOf(items, 2);
    assert.deepEqual(page(['a0', 'a', 'c0', 'c', 'e'], { MaxResults: 5, NextToken }).items, ['c', 'c0', 'e']);
  });
  it('end without a token when what followed is gone', () => assert.deepEqual(page(['a'], { MaxResults: 2, NextToken: tokenOf(items, 2) }), { items: [] }));

  it('show each of the objects once, whatever the size', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string(), { maxLength: 30 }), fc.integer({ min: 2, max: 5 }), (keys, MaxResults) => {
        const seen: string[] = [];
        for (let NextToken: string | undefined = ''; NextToken !== undefined; ) {
          const result = page(keys, { MaxResults, NextToken });
          assert.ok(result.items.length <= MaxResults);
          seen.push(...result.items);
          NextToken = result.NextToken;
        }
        assert.deepEqual(seen, keys.toSorted((left, right) => (left < right ? -1 : 1)));
      }),
    );
  });

  for (const MaxResults of [1, 6, 0, -1, 2.5, Number.NaN]) {
    it(`refuse MaxResults ${MaxResults}`, () => assert.throws(() => page(items, { MaxResults }), { code: 'InvalidParameterValue', message: /between 2 and 5/ }));
  }

  const invalid = { name: 'AwsError', code: 'InvalidNextToken' };
  it('refuse any change of a token', () => {
    const token = tokenOf(items, 2);
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...'ABCabc019-_=+/ '), (position, character) => {
        fc.pre(token[position] !== character);
        const tampered = token.slice(0, position) + character + token.slice(position + 1);
        assert.throws(() => page(items, { MaxResults: 2, NextToken: tampered }), invalid);
      }),
    );
  });
  it('refuse made-up tokens', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ minLength: 1 }), fc.base64String({ minLength: 1 })), (NextToken) => {
        assert.throws(() => page(items, { NextToken }), invalid);
      }),
    );
  });
  it('refuse the token of another operation', () =>
    assert.throws(() => page(items, { NextToken: tokenOf(items, 2) }, { ...scope, operation: 'DescribeOthers' }), invalid));

  it('belong to one account, and work on every replica', () => {
    const context = operationContext(new FakeCluster({ objects: [theAccount()] }));
    const replica = operationContext(new FakeCluster({ objects: [theAccount()] }));
    const stranger = operationContext(new FakeCluster({ objects: [theAccount()] }), { caller: { ...rootCaller, accountId: '999999999999' } });
    const { NextToken = '' } = page(items, { MaxResults: 2 }, pageScopeOf('DescribeThings', context));
    assert.deepEqual(page(items, { NextToken }, pageScopeOf('DescribeThings', replica)).items, ['c', 'd', 'e']);
    assert.throws(() => page(items, { NextToken }, pageScopeOf('DescribeThings', stranger)), invalid);
  });

  const combinations: Record<string, { ids: string[] | undefined; request: PageRequest; want: string | undefined }> = {
    'ids alone are fine': { ids: ['a'], request: {}, want: undefined },
    'pages alone are fine': { ids: [], request: { MaxResults: 5 }, want: undefined },
    'an empty token is none': { ids: ['a'], request: { NextToken: '' }, want: undefined },
    'MaxResults with ids is refused': { ids: ['a'], request: { MaxResults: 5 }, want: 'The parameter instancesSet cannot be used with the parameter maxResults' },
    'a token with ids is refused': { ids: ['a'], request: { NextToken: 'x' }, want: 'The parameter instancesSet cannot be used with the parameter nextToken' },
  };
  for (const [name, { ids, request, want }] of Object.entries(combinations)) {
    it(name, () => {
      const act = (): void => forbidPagesWithIds('instancesSet', ids, request);
      if (want === undefined) return act();
      assert.throws(act, { code: 'InvalidParameterCombination', message: want });
    });
  }
});
