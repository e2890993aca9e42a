import { createHash, createHmac, createPublicKey, randomBytes, type KeyObject } from 'node:crypto';
import { sshPublicKeyOf, type SshPublicKey } from '../../../api/compute/ssh-public-key.ts';
import { sshInteger, sshString } from '../../../api/compute/ssh-wire.ts';

/**
 * A private key as the file that EC2 hands out, unencrypted: PKCS#1 PEM for RSA, OpenSSH's own format for ED25519, PuTTY's for `ppk`.
 * `comment` must be one line.
 */
export function privateKeyFile(privateKey: KeyObject, format: 'pem' | 'ppk', comment: string): string {
  const publicKey = sshPublicKeyOf(createPublicKey(privateKey));
  if (format === 'ppk') return puttyFile(privateKey, publicKey, comment);
  if (publicKey.type === 'rsa') return String(privateKey.export({ format: 'pem', type: 'pkcs1' }));
  return openSshFile(privateKey, publicKey, comment);
}

/** @see https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key */
function openSshFile(privateKey: KeyObject, publicKey: SshPublicKey, comment: string): string {
  const { d, x } = bytesOf(privateKey);
  const checkNumber = randomBytes(4); // twice, so that a reader notices a wrong passphrase
  const fields = Buffer.concat([checkNumber, checkNumber, sshString('ssh-ed25519'), sshString(x), sshString(Buffer.concat([d, x])), sshString(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (fields.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(sshString), // cipher, key derivation, its options
    one, // number of keys
    sshString(publicKey.blob),
    sshString(Buffer.concat([fields, padding])),
  ]);
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...linesOf(file, 70), '-----END OPENSSH PRIVATE KEY-----', ''].join('\n');
}

/** Version 2, which every PuTTY reads. @see https://the.earth.li/~sgtatham/putty/0.82/htmldoc/AppendixC.html */
function puttyFile(privateKey: KeyObject, publicKey: SshPublicKey, comment: string): string {
  const algorithm = `ssh-${publicKey.type}`;
  const { d, p, q, qi } = bytesOf(privateKey);
  const secret = publicKey.type === 'rsa' ? Buffer.concat([d, p, q, qi].map(sshInteger)) : sshString(d);
  const macKey = createHash('sha1').update('putty-private-key-file-mac-key').digest();
  const mac = createHmac('sha1', macKey).update(Buffer.concat([algorithm, 'none', comment, publicKey.blob, secret].map(sshString)));
  const publicLines = linesOf(publicKey.blob, 64);
  const privateLines = linesOf(secret, 64);
  return [
    `PuTTY-User-Key-File-2: ${algorithm}`,
    'Encryption: none',
    `Comment: ${comment}`,
    `Public-Lines: ${publicLines.length}`,
    ...publicLines,
    `Private-Lines: ${privateLines.length}`,
    ...privateLines,
    `Private-MAC: ${mac.digest('hex')}`,
    '',
  ].join('\n');
}

/** The members of the key, big-endian for RSA; those that its kind does not have are empty. */
function bytesOf(privateKey: KeyObject): Record<'d' | 'x' | 'p' | 'q' | 'qi', Buffer> {
  const { d = '', x = '', p = '', q = '', qi = '' } = privateKey.export({ format: 'jwk' });
  const decoded = (value: string): Buffer => Buffer.from(value, 'base64url');
  return { d: decoded(d), x: decoded(x), p: decoded(p), q: decoded(q), qi: decoded(qi) };
}

function linesOf(bytes: Buffer, width: number): string[] {
  return bytes.toString('base64').match(new RegExp(`.{1,${width}}`, 'g')) ?? [];
}
