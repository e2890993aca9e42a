import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { pageOf, type PageScope } from '../../../operator/endpoint/ec2/pages.ts';
import { AwsError } from '../../../operator/endpoint/errors.ts';
import { seededRandom } from '../../conformance/random-values.ts';

const RUNS = 40_000;
// Another seed: KUBE_EC2_TEST_SEED=7 npx mocha test/unit/endpoint/fuzz-tokens.test.ts
const random = seededRandom(Number(process.env['KUBE_EC2_TEST_SEED'] ?? 1));
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
const items = Array.from({ length: 30 }, (_, index) => `2026-01-01T00:00:00Z/i-${String(index).padStart(17, '0')}`);
const bounds = { minimum: 1, maximum: 1000 };
const scope: PageScope = { operation: 'DescribeInstances', secret: '123456789012/uid' };
const others: readonly PageScope[] = [
  { ...scope, operation: 'DescribeImages' },
  { ...scope, secret: '123456789013/uid' },
  { operation: '', secret: '' },
];

function page(NextToken: string, whose = scope): { items: string[]; NextToken?: string } {
  return pageOf(items, { MaxResults: 3, NextToken }, bounds, whose, (item) => item);
}

function tokenAfter(count: number, whose = scope): string {
  return pageOf(items, { MaxResults: count }, bounds, whose, (item) => item).NextToken ?? assert.fail('no token');
}

const ALPHABET = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= .\u0000é');
const mutations: readonly ((token: string) => string)[] = [
  (token) => {
    const at = Math.floor(random() * token.length);
    return token.slice(0, at) + pick(ALPHABET) + token.slice(at + 1);
  },
  (token) => token.slice(0, 1 + Math.floor(random() * token.length)),
  (token) => token + pick(ALPHABET),
  (token) => pick(ALPHABET) + token,
  (token) => `${token}${token}`,
  (token) => Buffer.from(token).toString('base64url'),
  (token) => Buffer.concat([Buffer.from(token, 'base64url').subarray(0, 16), Buffer.from(pick(items))]).toString('base64url'),
  () => randomBytes(1 + Math.floor(random() * 80)).toString('base64url'),
  () => pick(['null', '{}', '0', '1', ' ', 'true', '-1', '__proto__', 'x'.repeat(10_000), '%00']),
  () => tokenAfter(1 + Math.floor(random() * 29), pick(others)),
];

describe('page tokens', () => {
  it('go on where the page before ended', () => {
    for (let count = 1; count < items.length; count += 1) assert.deepEqual(page(tokenAfter(count)).items, items.slice(count, count + 3));
  });

  it(`are refused when they were tampered with, made up, or are somebody else's (${RUNS} times)`, () => {
    const genuine = new Set(items.slice(0, -1).map((_, index) => tokenAfter(index + 1)));
    for (let run = 0; run < RUNS; run += 1) {
      const token = pick(mutations)(tokenAfter(1 + Math.floor(random() * 29)));
      if (genuine.has(token)) continue;
      assert.throws(() => page(token), (error) => error instanceof AwsError && error.code === 'InvalidNextToken' && error.message.length < 200, token.slice(0, 200));
    }
  }).timeout(60_000);
});
