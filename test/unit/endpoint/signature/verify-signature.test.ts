import assert from 'node:assert/strict';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { verifySignature, type SigningSecret } from '../../../../operator/endpoint/signature/verify-signature.ts';
import { Sha256 } from '../../../support/sha256.ts';
import type { Refusal, SignedRequest } from '../../../../operator/endpoint/signature/signed-request.ts';

// The signer is the AWS SDK's own: nothing of ours helps to make these signatures.

const now = Date.parse('2026-03-04T05:06:07Z');
const minute = 60_000;
const form = 'Action=DescribeInstances&Version=2016-11-15&Filter.1.Name=tag%3Aa';
const secrets: Readonly<Record<string, SigningSecret>> = {
  AKIAPLAIN: { secretAccessKey: 'plain+secret/1' },
  ASIATOKEN: { secretAccessKey: 'token-secret', sessionToken: 'the/token+=', expiresAt: now + minute },
  ASIAEXPIRED: { secretAccessKey: 'expired-secret', sessionToken: 'old', expiresAt: now },
};

interface SigningOptions {
  key?: string;
  secret?: SigningSecret;
  at?: number;
  method?: string;
  path?: string;
  query?: Record<string, string | string[]>;
  headers?: Record<string, string>;
  body?: string;
  region?: string;
  service?: string;
  presignedForSeconds?: number;
  /** Whether the signer sends the hash of the body, as the JS SDK does and boto3 does not. */
  sendsHash?: boolean;
}

async function signed(options: SigningOptions = {}): Promise<SignedRequest> {
  const { key = 'AKIAPLAIN', at = now, method = 'POST', path = '/', query = {}, headers = {}, region = 'us-east-1', service = 'ec2' } = options;
  const { presignedForSeconds, sendsHash = true, body = presignedForSeconds === undefined ? form : '' } = options;
  const { secretAccessKey, sessionToken } = options.secret ?? secrets[key] ?? { secretAccessKey: 'unknown' };
  const signer = new SignatureV4({ region, service, sha256: Sha256 as never, applyChecksum: sendsHash, credentials: { accessKeyId: key, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) } });
  const request = new HttpRequest({ method, protocol: 'http:', hostname: '127.0.0.1', port: 8773, path, query, body, headers: { host: '127.0.0.1:8773', ...headers } });
  const signingDate = new Date(at);
  const result = presignedForSeconds === undefined ? await signer.sign(request, { signingDate }) : await signer.presign(request, { signingDate, expiresIn: presignedForSeconds });
  return asSent(result as HttpRequest, body);
}

function asSent({ method, path, query, headers }: HttpRequest, body: string): SignedRequest {
  const pairs = Object.entries(query).flatMap(([name, value]) => [value].flat().map((item) => `${escape(name)}=${escape(item ?? '')}`));
  const headersDistinct = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]));
  return { method, url: path + (pairs.length > 0 ? `?${pairs.join('&')}` : ''), headers: headersDistinct, body: Buffer.from(body) };
}

function escape(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function outcomeOf(request: SignedRequest, at = now): Promise<'verified' | Refusal['reason']> {
  const verification = await verifySignature(request, async (accessKeyId) => secrets[accessKeyId], at);
  return verification.verified ? 'verified' : verification.refusal.reason;
}

const accepted: Readonly<Record<string, { sign?: SigningOptions; at?: number }>> = {
  'a POST with a form': {},
  'a POST whose signer does not send the hash of the body': { sign: { sendsHash: false } },
  'a GET with parameters in the query': { sign: { method: 'GET', body: '', query: { Action: 'DescribeInstances', 'Filter.1.Value.1': "a b+c/d=&~*'()!é" } } },
  'a query with one name twice, in whatever order': { sign: { query: { b: ['2', '1'], a: 'x', B: 'y', 'a.1': 'z' } } },
  'a temporary key with its token': { sign: { key: 'ASIATOKEN' } },
  'more headers, with blanks to squeeze': { sign: { headers: { 'x-amz-note': '  many   blanks ', 'content-type': 'application/x-www-form-urlencoded' } } },
  'a path that needs escaping': { sign: { path: '/a%20b/c' } },
  'a clock that is 15 minutes behind': { at: now + 15 * minute },
  'a clock that is 15 minutes ahead': { at: now - 15 * minute },
  'a presigned GET': { sign: { method: 'GET', presignedForSeconds: 60, query: { Action: 'GetCallerIdentity', Version: '2011-06-15' }, service: 'sts' } },
  'a presigned GET a second before its end': { sign: { method: 'GET', presignedForSeconds: 3600 }, at: now + 3_599_000 },
  'a presigned POST with parameters in the query': { sign: { presignedForSeconds: 60, query: { Action: 'DescribeInstances' } } },
  'a presigned request with a token': { sign: { key: 'ASIATOKEN', method: 'GET', presignedForSeconds: 60 } },
};

type Tamper = (request: SignedRequest) => SignedRequest;
const header = (name: string, change: (value: string) => string): Tamper => (request) => ({
  ...request,
  headers: { ...request.headers, [name]: request.headers[name]?.map(change) },
});
const url = (change: (url: string) => string): Tamper => (request) => ({ ...request, url: change(request.url) });
const authorization = (search: string | RegExp, replacement: string): Tamper => header('authorization', (value) => value.replace(search, replacement));
const added = (name: string, value: string): Tamper => (request) => ({ ...request, headers: { ...request.headers, [name]: [value] } });
const without = (name: string): Tamper => (request) => ({ ...request, headers: { ...request.headers, [name]: undefined } });
const untouched: Tamper = (request) => request;
const flipLast = (text: string): string => text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
const presigned: SigningOptions = { method: 'GET', presignedForSeconds: 60, query: { Action: 'DescribeInstances' } };

const refused: Readonly<Record<string, { sign?: SigningOptions; tamper?: Tamper; at?: number; want: Refusal['reason'] }>> = {
  'no signature at all': { tamper: without('authorization'), want: 'unsigned' },
  'an unknown key': { sign: { key: 'AKIANOBODY' }, want: 'unknown key' },
  'a wrong secret': { sign: { secret: { secretAccessKey: 'wrong' } }, want: 'mismatch' },
  'another body': { sign: { sendsHash: false }, tamper: (request) => ({ ...request, body: Buffer.from(`${form}x`) }), want: 'mismatch' },
  'another body with the hash of the first left in its header': {
    tamper: (request) => ({ ...request, body: Buffer.from('Action=TerminateInstances') }),
    want: 'mismatch',
  },
  'another method': { tamper: (request) => ({ ...request, method: 'GET' }), want: 'mismatch' },
  'another path': { tamper: url((text) => `${text}x`), want: 'mismatch' },
  'one more parameter in the query': { tamper: url((text) => `${text}?DryRun=true`), want: 'mismatch' },
  'another host': { tamper: header('host', () => 'elsewhere:8773'), want: 'mismatch' },
  'another value of a signed header': { sign: { headers: { 'x-amz-note': 'a' } }, tamper: header('x-amz-note', () => 'b'), want: 'mismatch' },
  'a signed header sent twice': { sign: { headers: { 'x-amz-note': 'a' } }, tamper: (request) => ({ ...request, headers: { ...request.headers, 'x-amz-note': ['a', 'a'] } }), want: 'mismatch' },
  'another minute on the same day': { tamper: header('x-amz-date', (value) => value.replace('0506', '0507')), want: 'mismatch' },
  'another region in the scope': { tamper: authorization('us-east-1', 'us-west-2'), want: 'mismatch' },
  'another service in the scope': { tamper: authorization('/ec2/', '/sts/'), want: 'mismatch' },
  'another key in the scope': { tamper: authorization('AKIAPLAIN', 'ASIATOKEN'), want: 'mismatch' },
  'another signature': { tamper: header('authorization', flipLast), want: 'mismatch' },
  'a signature that is too short': { tamper: header('authorization', (value) => value.slice(0, -2)), want: 'mismatch' },
  'a signature in capital letters': { tamper: header('authorization', (value) => value.replace(/[0-9a-f]+$/, (hex) => hex.toUpperCase())), want: 'mismatch' },
  'a wrong hash of the body, even if signed': { sign: { headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } }, want: 'mismatch' },
  'a temporary key without its token': { sign: { key: 'ASIATOKEN', secret: { secretAccessKey: 'token-secret' } }, want: 'wrong token' },
  'a temporary key with another token': { sign: { key: 'ASIATOKEN', secret: { secretAccessKey: 'token-secret', sessionToken: 'other' } }, want: 'wrong token' },
  'a lasting key with a token': { sign: { secret: { secretAccessKey: 'plain+secret/1', sessionToken: 'x' } }, want: 'wrong token' },
  'a temporary key whose time is over': { sign: { key: 'ASIAEXPIRED' }, want: 'expired token' },
  'a clock that is more than 15 minutes behind': { at: now + 15 * minute + 1000, want: 'expired' },
  'a clock that is more than 15 minutes ahead': { at: now - 15 * minute - 1000, want: 'expired' },
  'a header of the protocol that is not signed': { tamper: added('x-amz-target', 'Other.Action'), want: 'incomplete' },
  'an unsigned Host header': { tamper: authorization(/SignedHeaders=[^,]*/, 'SignedHeaders=x-amz-date'), want: 'incomplete' },
  'a signed header that is not there': { sign: { headers: { 'x-amz-note': 'a' } }, tamper: without('x-amz-note'), want: 'incomplete' },
  'a signed header with the name of something every object has': { tamper: authorization('SignedHeaders=', 'SignedHeaders=constructor;'), want: 'incomplete' },
  'a scope of another day': { tamper: authorization('20260304', '20260303'), want: 'incomplete' },
  'a scope with too many parts': { tamper: authorization('/ec2/', '/ec2/x/'), want: 'incomplete' },
  'no date': { tamper: without('x-amz-date'), want: 'incomplete' },
  'a date that is none': { tamper: header('x-amz-date', () => '20260304T050607'), want: 'incomplete' },
  'another algorithm': { tamper: authorization('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256'), want: 'incomplete' },
  'basic authentication': { tamper: header('authorization', () => 'Basic YTpi'), want: 'incomplete' },
  'an empty Authorization header': { tamper: header('authorization', () => ''), want: 'incomplete' },
  'a broken escape in the query': { tamper: url((text) => `${text}?a=%zz`), want: 'incomplete' },
  'two signatures': { tamper: url((text) => `${text}?X-Amz-Signature=x`), want: 'incomplete' },
  'a presigned request after its end': { sign: presigned, at: now + 61_000, want: 'expired' },
  'a presigned request of the future': { sign: presigned, at: now - 16 * minute, want: 'expired' },
  'a presigned request with another action': { sign: presigned, tamper: url((text) => text.replace('Describe', 'Terminate')), want: 'mismatch' },
  'a presigned request with a longer life': { sign: presigned, tamper: url((text) => text.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')), want: 'mismatch' },
  'a presigned request that lives too long': { sign: presigned, tamper: url((text) => text.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801')), want: 'incomplete' },
  'a presigned request without an end': { sign: presigned, tamper: url((text) => text.replace('X-Amz-Expires=60', '')), want: 'incomplete' },
  'a presigned request with a body that came from elsewhere': { sign: presigned, tamper: (request) => ({ ...request, body: Buffer.from(form) }), want: 'mismatch' },
  'a presigned request with another method': { sign: presigned, tamper: (request) => ({ ...request, method: 'POST' }), want: 'mismatch' },
  'a presigned request without its token': { sign: { ...presigned, key: 'ASIATOKEN' }, tamper: url((text) => text.replace(/X-Amz-Security-Token=[^&]*&?/, '')), want: 'mismatch' },
  'a presigned request with a parameter twice': { sign: presigned, tamper: url((text) => `${text}&X-Amz-Expires=60`), want: 'incomplete' },
};

describe('verifySignature', () => {
  for (const [name, { sign, at }] of Object.entries(accepted)) {
    it(`accepts ${name}`, async () => assert.equal(await outcomeOf(await signed(sign), at), 'verified'));
  }
  for (const [name, { sign, tamper = untouched, at, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => assert.equal(await outcomeOf(tamper(await signed(sign)), at), want));
  }

  it('follows a secret that is replaced under the same key id', async () => {
    const find = (secretAccessKey: string) => async () => ({ secretAccessKey });
    const first = await signed({ key: 'AKIAROTATED', secret: { secretAccessKey: 'first' } });
    const second = await signed({ key: 'AKIAROTATED', secret: { secretAccessKey: 'second' } });
    assert.equal((await verifySignature(first, find('first'), now)).verified, true);
    assert.equal((await verifySignature(first, find('second'), now)).verified, false);
    assert.equal((await verifySignature(second, find('second'), now)).verified, true);
  });

  it('agrees with the example that AWS publishes', async () => {
    // The case "get-vanilla" of AWS's public Signature Version 4 test suite.
    const request: SignedRequest = {
      method: 'GET',
      url: '/',
      headers: {
        host: ['example.amazonaws.com'],
        'x-amz-date': ['20150830T123600Z'],
        authorization: [
          'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31',
        ],
      },
      body: Buffer.alloc(0),
    };
    const find = async () => ({ secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' });
    assert.equal((await verifySignature(request, find, Date.parse('2015-08-30T12:36:00Z'))).verified, true);
  });
});
