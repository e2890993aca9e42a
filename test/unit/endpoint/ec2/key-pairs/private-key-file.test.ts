import assert from 'node:assert/strict';
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { sshStringsFrom } from '../../../../../operator/api/compute/ssh-wire.ts';
import { privateKeyFile } from '../../../../../operator/endpoint/ec2/key-pairs/private-key-file.ts';

// Keys for this test only. The files that are wanted were written by puttygen 0.78 (--ppk-param version=2) and openssl 3.0.
const ED25519 = createPrivateKey({
  format: 'jwk',
  key: { kty: 'OKP', crv: 'Ed25519', d: 'DwQgjD4dAnQt47enDdKEzYWEWs-_uFhc27_thWLw1b8', x: 'DTCPawbaXE2Eg205tQhICQmXfAQsgQOMC8ko6eegTxk' },
});
const RSA_BASE64 =
  'MIICXQIBAAKBgQCq4ws6XbnJJtmXnqqMHv7BtTiBm5il7sBJhkkS0at20qcAVHH7e2n8SQhhuUc9tOup8ZGR+jpsKAkPQRknbPB7HYK3EQwCU15M9nrNznnl' +
  'PTQExMFoX1omorm6hbtP+EojcY1x8KVNqU8hBkdKMz+q6GCnpE8QIXrJj+g9Jo1IQwIDAQABAoGBAILmAd7Glp6PxNOQdYF56JlHEK6vGmHYnbB0TZs9woL1' +
  'X3kwNlN1uLzI0MPSodCRuodmBKT2MTRSAoaNzg/WMepMPlCBEfzNyN4JWgeQj6ILihb7LJPLZJ4/x1QvwC7Z54AvvizMTq7yNkLgPxkJIK1uK7tsJFyzwk8y' +
  'pJxtXSuBAkEA09MuZxFBwTgsmQPTKD4MZ5+BQGEmg3aI6aXPHfpLgWDKqaRdu7eycMesnVGuE9cvvICfmZQAqejOAz05XcUbwQJBAM6GR7mYxWVsQsFIM6nx' +
  '+Pm+vsGzIm5Nyh3/wuuCA+CrEjz/jLc2e2Po1ZatM1t/O3WBh5DVVsSFikEPB+o/NQMCQFeY95GL42NiNZ85o7L6peqcXbkf8+tds5TcCuDcxyjDvEuXO2QL' +
  'vXFCQbH1O0XdMVKE5nt+Zx/ctIVGZljO0IECQQC0sY/3ts6e2oXdjkqFmox4FofX+d9aGv2IGcp1O6Ag5gxjCkQX2LdExuZ5mrigiUWAnf/6nG36K8y292u5' +
  'a+v5AkALV25lEAOBwOM7/FfEjI+XNmeQJ+CmJkI2jydDXri5XbBUVC3XbJfaSadjAwYHIs25VCBepHnxEgTJA3L/ntvt';
const RSA = createPrivateKey({ key: Buffer.from(RSA_BASE64, 'base64'), format: 'der', type: 'pkcs1' });

describe('privateKeyFile', () => {
  it('writes an ED25519 key for PuTTY as puttygen does', () => {
    const want = [
      'PuTTY-User-Key-File-2: ssh-ed25519',
      'Encryption: none',
      'Comment: test key',
      'Public-Lines: 2',
      'AAAAC3NzaC1lZDI1NTE5AAAAIA0wj2sG2lxNhINtObUISAkJl3wELIEDjAvJKOnn',
      'oE8Z',
      'Private-Lines: 1',
      'AAAAIA8EIIw+HQJ0LeO3pw3ShM2FhFrPv7hYXNu/7YVi8NW/',
      'Private-MAC: 9ee5ddc51f36923022740f1ef42449e84e0adf81',
      '',
    ];
    assert.deepEqual(privateKeyFile(ED25519, 'ppk', 'test key').split('\n'), want);
  });

  it('writes an RSA key for PuTTY as puttygen does, by its checksum over everything', () => {
    assert.equal(privateKeyFile(RSA, 'ppk', 'test key').trim().split('\n').at(-1), 'Private-MAC: 35989ba3583ae128a05604a3bc8921f1357b3777');
  });

  it('writes an RSA key as openssl does', () => {
    const body = RSA_BASE64.match(/.{1,64}/g) ?? [];
    assert.deepEqual(privateKeyFile(RSA, 'pem', '').split('\n'), ['-----BEGIN RSA PRIVATE KEY-----', ...body, '-----END RSA PRIVATE KEY-----', '']);
  });

  it('pads the OpenSSH form to whole blocks of eight, whatever the length of the comment', () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    for (let length = 0; length < 16; length += 1) {
      const base64 = privateKeyFile(privateKey, 'pem', 'c'.repeat(length)).split('\n').slice(1, -2).join('');
      const bytes = Buffer.from(base64, 'base64');
      const prefix = Buffer.from('openssh-key-v1\0');
      assert.deepEqual(bytes.subarray(0, prefix.length), prefix);
      // Cipher, key derivation and its options, then the number of keys, which is not a string.
      const rest = bytes.subarray(prefix.length + 4 + 4 + 4 + 4 + 4 + 4);
      const [, secret] = sshStringsFrom(rest);
      assert.equal((secret?.length ?? 1) % 8, 0);
    }
  });
});
