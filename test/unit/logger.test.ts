import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { ApiError } from '../../operator/kubernetes/errors.ts';
import { createProcessLogger, redacted } from '../../operator/logger.ts';

function logged(level: 'info' | 'debug', act: (log: ReturnType<typeof createProcessLogger>) => void): Record<string, unknown>[] {
  const stream = new PassThrough();
  act(createProcessLogger(level, stream));
  const text = (stream.read() as Buffer | null)?.toString('utf8') ?? '';
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('logger', () => {
  const secret = 'hunter2-hunter2';
  const cases: Record<string, unknown> = {
    'a secret access key': { SecretAccessKey: secret },
    'user data': { UserData: secret },
    'user data in a list of launches': { launches: [{ spec: { userData: secret } }] },
    'key material': { KeyMaterial: secret },
    'an authorization header': { headers: { authorization: `AWS4-HMAC-SHA256 ${secret}` } },
    'a security token header': { headers: { 'x-amz-security-token': secret } },
    'a presigned signature': { query: { 'X-Amz-Signature': secret } },
    'a password': { password: secret },
    'a bearer token': { token: secret },
    'the content of a Secret': { object: { kind: 'Secret', data: { whatever: secret } } },
    'strings of a Secret': { object: { stringData: { whatever: secret } } },
    'a field of an error': { error: Object.assign(new Error('failed'), { password: secret }) },
    'a field of the cause of an error': { error: new Error('failed', { cause: Object.assign(new Error('why'), { sessionToken: secret }) }) },
  };
  for (const [name, fields] of Object.entries(cases)) {
    it(`hides ${name}`, () => {
      const lines = logged('info', (log) => log.child({ controller: 'c' }).info('message', fields));
      assert.equal(lines.length, 1);
      assert.doesNotMatch(JSON.stringify(lines), new RegExp(secret));
      assert.match(JSON.stringify(lines), /redacted/);
    });
  }

  it('writes one JSON object per line with time, level, message and the fields of child loggers', () => {
    const [line] = logged('info', (log) => log.child({ controller: 'instances' }).warn('two\nlines', { object: 'n/i', keyName: 'mine', nextToken: 'page' }));
    assert.match(String(line?.['timestamp']), /^\d{4}-\d\d-\d\dT/);
    const { timestamp: _timestamp, ...rest } = line ?? {};
    assert.deepEqual(rest, { level: 'warn', message: 'two\nlines', controller: 'instances', object: 'n/i', keyName: 'mine', nextToken: 'page' });
  });

  it('leaves out what is below the level', () => {
    assert.deepEqual(logged('info', (log) => log.debug('quiet')), []);
    assert.equal(logged('debug', (log) => log.debug('loud')).length, 1);
  });

  it('shows an error with what programs decide by, and the stack of an unexpected one', () => {
    const expected = redacted(new ApiError({ code: 409, reason: 'Conflict', message: 'changed', details: { name: 'o' } }));
    assert.deepEqual(expected, { name: 'ApiError', message: 'changed', code: 409, reason: 'Conflict', details: { name: 'o' } });
    assert.match(String((redacted(new TypeError('bug')) as { stack?: string }).stack), /logger\.test/);
  });

  it('survives values that JSON cannot hold', () => {
    const cyclic: Record<string, unknown> = { big: 1n, bytes: Buffer.from('abc'), date: new Date(0), none: null };
    cyclic['self'] = cyclic;
    const [line] = logged('info', (log) => log.info('odd', cyclic));
    assert.deepEqual([line?.['big'], line?.['bytes'], line?.['date'], line?.['none']], ['1', '[3 bytes]', '1970-01-01T00:00:00.000Z', null]);
  });
});
