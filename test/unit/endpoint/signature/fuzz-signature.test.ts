import assert from 'node:assert/strict';
import type { SignedRequest } from '../../../../operator/endpoint/signature/signed-request.ts';
import { verifySignature } from '../../../../operator/endpoint/signature/verify-signature.ts';
import { seededRandom } from '../../../conformance/random-values.ts';
import { signedByHand } from '../../../support/signed-by-hand.ts';

const RUNS = 30_000;
// Another seed: KUBE_EC2_TEST_SEED=7 npx mocha test/unit/endpoint/fuzz-signature.test.ts
const random = seededRandom(Number(process.env['KUBE_EC2_TEST_SEED'] ?? 1));
const now = Date.parse('2026-03-04T05:06:07Z');
const secrets: Readonly<Record<string, { secretAccessKey: string; sessionToken?: string }>> = {
  AKIAPLAIN: { secretAccessKey: 'plain+secret/1' },
  ASIATOKEN: { secretAccessKey: 'token-secret', sessionToken: 'token' },
};
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

async function isVerified(request: SignedRequest): Promise<boolean> {
  return (await verifySignature(request, async (id) => (Object.hasOwn(secrets, id) ? secrets[id] : undefined), now)).verified;
}

/** Another text: one letter or digit replaced, left out, or put in. Nothing that is equal once it is normalized (blanks, escapes) comes of it. */
function changed(text: string): string {
  const places = Array.from(text).flatMap((character, position) => (ALPHABET.includes(character) ? [position] : []));
  const at = pick(places);
  const other = pick(Array.from(ALPHABET).filter((letter) => letter !== text[at]));
  return text.slice(0, at) + pick([other, '', other + (text[at] ?? '')]) + text.slice(at + 1);
}

const mutations: readonly ((request: SignedRequest) => SignedRequest)[] = [
  (request) => ({ ...request, body: Buffer.from(changed(Buffer.from(request.body).toString())) }),
  (request) => ({ ...request, body: Buffer.concat([request.body, Buffer.from([Math.floor(random() * 256)])]) }),
  (request) => ({ ...request, body: request.body.subarray(0, Math.floor(random() * request.body.length)) }),
  (request) => ({ ...request, url: changed(request.url) }),
  (request) => ({ ...request, url: `${request.url}&${pick(Array.from(ALPHABET))}=1` }),
  (request) => ({ ...request, method: pick(['GET', 'PUT', 'DELETE', 'post', '']) }),
  (request) => {
    const name = pick(Object.keys(request.headers));
    return { ...request, headers: { ...request.headers, [name]: request.headers[name]?.map(changed) } };
  },
  (request) => {
    const name = pick(Object.keys(request.headers));
    return { ...request, headers: { ...request.headers, [name]: pick([undefined, [], [...(request.headers[name] ?? []), 'x']]) } };
  },
];

describe('a signed request that was changed', () => {
  it(`is refused, however it was changed (${RUNS} times)`, async () => {
    const genuine = [
      signedByHand({ accessKeyId: 'AKIAPLAIN', ...secrets['AKIAPLAIN'], at: now, body: 'Action=DescribeInstances&Version=2016-11-15' }),
      signedByHand({ accessKeyId: 'AKIAPLAIN', ...secrets['AKIAPLAIN'], at: now, body: 'Action=TerminateInstances&InstanceId.1=i-0123456789abcdef0', hashHeader: true }),
      signedByHand({ accessKeyId: 'ASIATOKEN', ...secrets['ASIATOKEN'], at: now, body: 'Action=DescribeImages', url: '/path/x?Action=A&b=2' }),
    ];
    for (const request of genuine) assert.equal(await isVerified(request), true);
    for (let run = 0; run < RUNS; run += 1) {
      const request = pick(genuine);
      let mutant = pick(mutations)(request);
      if (random() < 0.2) mutant = pick(mutations)(mutant);
      if (isSame(mutant, request)) continue;
      assert.equal(await isVerified(mutant), false, JSON.stringify({ ...mutant, body: Buffer.from(mutant.body).toString() }));
    }
  }).timeout(60_000);
});

function isSame(left: SignedRequest, right: SignedRequest): boolean {
  const text = ({ body, ...rest }: SignedRequest): string => JSON.stringify([rest, Buffer.from(body).toString('base64')]);
  return text(left) === text(right);
}
