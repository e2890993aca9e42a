import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTokens } from '../../../../hack/control-plane/tokens.ts';

describe('openTokens', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kube-ec2-tokens-'));
  const one = { user: 'system:serviceaccount:n:one', groups: ['system:serviceaccounts', 'system:serviceaccounts:n'] };
  const two = { user: 'system:serviceaccount:n:two', groups: [] };
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes the file that the API server reads, for its owner only', () => {
    const { file, of } = openTokens(folder, [one]);
    const token = of.get(one.user) ?? '';
    assert.match(token, /^[0-9a-f]{64}$/);
    assert.equal(readFileSync(file, 'utf8'), `${token},${one.user},${one.user},"system:serviceaccounts,system:serviceaccounts:n"\n`);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('keeps the token that a user has, and gives a new user another', () => {
    const before = openTokens(folder, [one]).of.get(one.user);
    const { of } = openTokens(folder, [two, one]);
    assert.equal(of.get(one.user), before);
    assert.notEqual(of.get(two.user), before);
    assert.match(of.get(two.user) ?? '', /^[0-9a-f]{64}$/);
  });
});
