import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { SshPublicKeyError, openSshLine, publicKeyFingerprint, sshPublicKeyFrom } from '../../../../operator/api/compute/ssh-public-key.ts';

// Made by ssh-keygen; the fingerprints by `openssl md5 -c` of the DER form and by `ssh-keygen -l`.
const RSA_BASE64 =
  'AAAAB3NzaC1yc2EAAAADAQABAAAAgQDgYmaU6UHdA/Wro/FlgVdif0rZ7sFSTq8zm2SLKut+jKWUrNq8X83bYbwwMKJ8kW1ymSW4IZzArM15tYsus4o+gnU9M1lGLxZKXmLn4+TqMSxNbT6LNPlZhZkeF36T6shGYNkFdQDcjqhc/wVr0ZGkB27MkzZxtQ9Yqv04nWtCKQ==';
const RSA_FINGERPRINT = '68:00:87:7a:64:3c:68:68:07:5e:d7:c0:da:03:01:e2';
const ED25519_BASE64 = 'AAAAC3NzaC1lZDI1NTE5AAAAIA0wj2sG2lxNhINtObUISAkJl3wELIEDjAvJKOnnoE8Z';
const ED25519_FINGERPRINT = '+k2rJac8Wtw7C+Qu2EWeJBNcaiZxG6gB6q911RqUb/8=';

// Made by ssh-keygen beforehand: to make a large key takes seconds.
const LARGE_RSA_BASE64: Readonly<Record<string, string>> = {
  '2048':
    'AAAAB3NzaC1yc2EAAAADAQABAAABAQCx0MxsvENq3YnFzrnQNtgohHIs7mDCjAR4u+93fVSy44KiHI/saxkmRkagF+2+y76Xtb9FKDEfABA67S9vVaL8gYCOuvGNhKS9R+' +
    'LyIQoBFb39DNczfdut9LB+ZxsKLgZnyJ6flMVF7iM6srPdXNxYQLgCYiMcD0ivVRUVtygacb1AI/0uemJBNP7CzgYygTMobks2LWwY6+UApgVCg1tnZOH/KnFQrcK3hMwN' +
    'tsIX28J/ZfVxAoO5sV2min0Ij1qpH0DDltheuI4ZchnIGYMi74Qmp2U8FxRSCc8QXTqeHLc8yEX+Sn6RezdB0yU8WoZLBTeYBqaYVExhgLAxybUB',
  '3072':
    'AAAAB3NzaC1yc2EAAAADAQABAAABgQCqwLmJUvqsWKq3QjfpLurU5wUqeAt4eKOODd8VeenyLQzrQoDE5ytVfQAyKWxHkQYG2OJYGjcPMgqeaJnIymVnCg5Sg5j/t03y9S' +
    'yRZAmED8Y8cNegkFtpnIe2nvs4hcQpDjkQ7mZBo4oRaSR1InpDY9I1KPB1PWVA9Y97PIRfb4N3teLhtgEtpCr7Gvz8ehkNtqayG0ENOBqngbrmxEFA7GRd3NImBmLf3pBd' +
    'b+8gXr0OBZ4nubHK/7iuUS2J6zFUFFm2WgcEQ8s42nsiPi8yIRMxcltjs/TI0teUafOCDniKJFsksK3R9X1owKCjkbwM/HKoVcZqTnDnbLhkJDkQnBadihuofRp7IkHDQ9' +
    'XVSFhirVgcKte4wwzjYBxcN5RRBYWZtSGfjOGI2m17g3jSZdGBCj1oNgHTRj4LUrmDSVqN34NC0Qa0VegtMrSig1ffbhU7BnYAUX2091in5BhZKlqgtqgc62I3i6O3jXN5' +
    'VSKrJzCLVA+3RSwEIaOxUtU=',
  '4096':
    'AAAAB3NzaC1yc2EAAAADAQABAAACAQCs8Jri1KKPFkdZ7If5MZmuv9h1muW76PQ4ZjssrOvtTRAIYmOs2INiwRv1tg/+gaTiJRPw8DzCzePY7VJzl7vGVY5iLCIlG6b21B' +
    '8SJCQ9ba/XOo/jjStvAN8+D8w8tyftjjETdFJE2U8qkmrjhKnkSLNcX+gfhR9ilGy1J8wk7rPyMmHvClC8ZDgcsug+HkuiUTc3bpso6tqkmUvE6lgJ3B0NNXnYa74AuTMj' +
    'WKvRXAL99sYf5+vPeIVfgPFjU/fpwcIm9J+UqJNqCOsIAN4/B738xpLS8ZvcVejwy26Ju8OTArdzoGsc4N56kB7WVZWyyQcVyCYtNgU4DQjIsXJOsKJvLx0qSn7/cmJNLr' +
    'o5LrigJ29ohakUal2vfjcuGQSIcg7qN98f4jHcQF+FDWe9BRsV6cwFs43DIfhUpGIpATV46A3VYIb81uyrfA5fhqqBgL8Qy/vyezsVwzezPYcjRRORS1coXlxzPi4i4cWd' +
    'X9Lqz/OzSm7ieHkt5Wq8u3hC7VvyogqGL+6kvkaNMwzq+gS6K9Uf2CC1Wl1neF8DN2aHSN2kruJdPB772jECV4BuwIJc2DdnsQalnkF4rlzerNR6pKtrPGn0nMN1CXAGcv' +
    'keUOGMIKd7KfzDpv8bt09zhN1k1ugZGTUcxoHyoyoO3ua4Ad2IZnv576urnr3fAQ==',
};

const RSA_DER = sshPublicKeyFrom(`ssh-rsa ${RSA_BASE64}`).der;

describe('sshPublicKeyFrom', () => {
  const accepted: Record<string, { material: Uint8Array | string; want: string }> = {
    'an OpenSSH line with a comment': { material: `ssh-rsa ${RSA_BASE64} somebody@host\n`, want: RSA_FINGERPRINT },
    'an OpenSSH line without a comment': { material: `ssh-ed25519 ${ED25519_BASE64}`, want: ED25519_FINGERPRINT },
    'an OpenSSH line as bytes': { material: Buffer.from(`ssh-ed25519 ${ED25519_BASE64} a b c\r\n`), want: ED25519_FINGERPRINT },
    'the file format of RFC 4716 with headers, one of them over two lines': {
      material: `---- BEGIN SSH2 PUBLIC KEY ----\r\nComment: "a long \\\r\ncomment"\r\nSubject: me\r\n${RSA_BASE64.slice(0, 70)}\r\n${RSA_BASE64.slice(70)}\r\n---- END SSH2 PUBLIC KEY ----\r\n`,
      want: RSA_FINGERPRINT,
    },
    'DER as bytes': { material: RSA_DER, want: RSA_FINGERPRINT },
    'DER in base64': { material: RSA_DER.toString('base64'), want: RSA_FINGERPRINT },
    'DER as PEM': { material: `-----BEGIN PUBLIC KEY-----\n${RSA_DER.toString('base64')}\n-----END PUBLIC KEY-----\n`, want: RSA_FINGERPRINT },
  };
  for (const [name, { material, want }] of Object.entries(accepted)) {
    it(`reads ${name}`, () => assert.equal(publicKeyFingerprint(sshPublicKeyFrom(material)), want));
  }

  const refused: Record<string, { material: Uint8Array | string; want: RegExp }> = {
    'nothing': { material: '', want: /valid base64/ },
    'text': { material: 'not a key', want: /valid base64/ },
    'options before the key, which would end up in authorized_keys': { material: `command="id" ssh-ed25519 ${ED25519_BASE64}`, want: /valid base64/ },
    'two lines': { material: `ssh-ed25519 ${ED25519_BASE64}\nssh-ed25519 ${ED25519_BASE64}`, want: /more than one line/ },
    'another kind of key': { material: 'ssh-dss AAAAB3NzaC1kc3M=', want: /must be ssh-rsa or ssh-ed25519/ },
    'a type that is not the key\'s': { material: `ssh-rsa ${ED25519_BASE64}`, want: /not of the type ssh-rsa/ },
    'a key that is cut short': { material: `ssh-ed25519 ${ED25519_BASE64.slice(0, 40)}`, want: /damaged/ },
    'a key with something behind it': { material: `ssh-ed25519 ${Buffer.concat([Buffer.from(ED25519_BASE64, 'base64'), Buffer.alloc(4)]).toString('base64')}`, want: /damaged/ },
    'a field length far beyond the end': { material: `ssh-ed25519 ${Buffer.from('0000000b7373682d65643235353139ffffffff00', 'hex').toString('base64')}`, want: /damaged/ },
    'an RSA key of 512 bits': {
      material: 'MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAJua7qEdxi2lSxQg0MO8eC04zGqyZp8q00lpiKLwne2bHNnrNwH6sNpgqI2YrnrMH8K/+Jt/EyRaS2xNe0tZ7pkCAwEAAQ==',
      want: /512 bits; it must have one of 1024, 2048, 3072, 4096/,
    },
    'RFC 4716 without its last line': { material: `---- BEGIN SSH2 PUBLIC KEY ----\n${RSA_BASE64}`, want: /does not end/ },
  };
  for (const [name, { material, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => {
      assert.throws(() => sshPublicKeyFrom(material), (error) => error instanceof SshPublicKeyError && want.test(error.message));
    });
  }

  it('answers any bytes with a key or with SshPublicKeyError', () => {
    const start = fc.constantFrom(Buffer.from('ssh-rsa '), Buffer.from('---- BEGIN SSH2 PUBLIC KEY ----\n'), RSA_DER.subarray(0, 40), Buffer.alloc(0));
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), fc.boolean(), (prefix, bytes, isBase64) => {
        const tail = isBase64 ? Buffer.from(Buffer.from(bytes).toString('base64')) : Buffer.from(bytes);
        try {
          sshPublicKeyFrom(Buffer.concat([prefix, tail]));
        } catch (error) {
          assert.ok(error instanceof SshPublicKeyError, String(error));
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe('openSshLine', () => {
  const key = sshPublicKeyFrom(`ssh-ed25519 ${ED25519_BASE64} old comment`);
  const cases = {
    'has the given comment instead of the one that came': { comment: 'my-key', want: `ssh-ed25519 ${ED25519_BASE64} my-key` },
    'has no second line, whatever the comment': { comment: 'a\nssh-rsa evil', want: `ssh-ed25519 ${ED25519_BASE64} a ssh-rsa evil` },
    'has no blank at the end without a comment': { comment: '', want: `ssh-ed25519 ${ED25519_BASE64}` },
  };
  for (const [name, { comment, want }] of Object.entries(cases)) {
    it(name, () => assert.equal(openSshLine(key, comment), want));
  }
});

describe('fingerprints, compared with ssh-keygen and openssl', () => {
  let directory = '';
  before(function () {
    const isThere = ['ssh-keygen', 'openssl'].every((command) => !spawnSync(command, ['-V'], { stdio: 'ignore' }).error);
    if (!isThere) {
      console.log('        skipped: ssh-keygen or openssl is not installed');
      this.skip();
    }
    directory = mkdtempSync(join(tmpdir(), 'kube-ec2-keys-'));
  });
  after(() => {
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });

  const run = (command: string, parameters: string[], input?: Buffer): Buffer => {
    const { status, stdout, stderr } = spawnSync(command, parameters, { input });
    assert.equal(status, 0, `${command}: ${stderr.toString()}`);
    return stdout;
  };
  const newKey = (type: string, bits: string): string => {
    const path = join(directory, `${type}-${bits}`);
    run('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-f', path]);
    return `${path}.pub`;
  };
  for (const [bits, base64] of Object.entries({ 1024: RSA_BASE64, ...LARGE_RSA_BASE64 })) {
    it(`RSA of ${bits} bits, in all forms that ssh-keygen writes`, () => {
      const path = join(directory, `rsa-${bits}.pub`);
      writeFileSync(path, `ssh-rsa ${base64} comment\n`);
      const pem = run('ssh-keygen', ['-e', '-m', 'PKCS8', '-f', path]);
      const der = run('openssl', ['pkey', '-pubin', '-outform', 'DER'], pem);
      const want = run('openssl', ['md5', '-c'], der).toString().trim().split(' ').at(-1);
      const forms = [readFileSync(path), pem, der, run('ssh-keygen', ['-e', '-m', 'PEM', '-f', path]), run('ssh-keygen', ['-e', '-f', path])];
      assert.deepEqual(forms.map((form) => publicKeyFingerprint(sshPublicKeyFrom(form))), forms.map(() => want));
      assert.deepEqual(openSshLine(sshPublicKeyFrom(der), ''), readFileSync(path, 'utf8').split(' ').slice(0, 2).join(' '));
    });
  }
  it('ED25519', () => {
    const path = newKey('ed25519', '256');
    const want = /SHA256:(\S+)/.exec(run('ssh-keygen', ['-l', '-f', path]).toString())?.[1];
    assert.equal(publicKeyFingerprint(sshPublicKeyFrom(readFileSync(path))), `${want}=`);
  });
  it('refuses an ECDSA key', () => {
    assert.throws(() => sshPublicKeyFrom(readFileSync(newKey('ecdsa', '256'))), SshPublicKeyError);
  });
  it('refuses private keys in every form', () => {
    const path = join(directory, 'private.pem');
    run('openssl', ['genrsa', '-traditional', '-out', path, '1024']);
    const forms = [readFileSync(path), ...[['rsa', '-traditional'], ['pkey']].map((command) => run('openssl', [...command, '-in', path, '-outform', 'DER']))];
    for (const form of forms) assert.throws(() => sshPublicKeyFrom(form), SshPublicKeyError);
  });
});
