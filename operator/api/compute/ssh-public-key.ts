import { createHash, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { sshInteger, sshString, sshStringsFrom, SshWireError } from './ssh-wire.ts';

/**
 * Lengths of RSA keys that EC2 takes, in bits. The reference does not list 3072, ssh-keygen's default, but EC2 imports it.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html
 * @see https://github.com/aws/aws-cli/issues/5336
 */
export const RSA_KEY_BITS: readonly number[] = [1024, 2048, 3072, 4096];

/** A public key that instances can be given. */
export interface SshPublicKey {
  type: 'rsa' | 'ed25519';
  /** The key in SSH's wire form: what stands in base64 in an authorized_keys line. @see https://www.rfc-editor.org/rfc/rfc4253#section-6.6 */
  blob: Buffer;
  /** The same key as a DER-encoded SubjectPublicKeyInfo. */
  der: Buffer;
}

/** The material is not a public key that EC2 would take; the message says what is wrong with it and holds no key material. */
export class SshPublicKeyError extends Error {
  override readonly name = 'SshPublicKeyError';
}

/**
 * Reads a public key in any form that EC2 imports: one OpenSSH line, the file format of RFC 4716, or DER (bytes, base64 or PEM).
 * Options in front of an OpenSSH line, private keys and more than one key are refused: the line ends up in authorized_keys.
 * @throws SshPublicKeyError
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html
 */
export function sshPublicKeyFrom(material: Uint8Array | string): SshPublicKey {
  const bytes = Buffer.from(material);
  if (bytes[0] === DER_SEQUENCE) return fromDer(bytes);
  const text = bytes.toString('utf8').trim();
  if (text.startsWith('ssh-')) return fromBlob(openSshBlob(text));
  if (text.startsWith(RFC4716_BEGIN)) return fromBlob(rfc4716Blob(text));
  const pem = /^-----BEGIN (?:RSA )?PUBLIC KEY-----([\sA-Za-z0-9+/=]*)-----END (?:RSA )?PUBLIC KEY-----$/.exec(text);
  return fromDer(base64Bytes((pem?.[1] ?? text).replace(/\s+/g, '')));
}

/** The authorized_keys line of a key. EC2 gives keys their key pair's name as comment, whatever comment they were imported with. */
export function openSshLine(key: SshPublicKey, comment: string): string {
  // A control character in the comment could begin a second line.
  const safeComment = comment.replace(/\p{Cc}+/gu, ' ').trim();
  return `ssh-${key.type} ${key.blob.toString('base64')}${safeComment === '' ? '' : ` ${safeComment}`}`;
}

/**
 * Fingerprint of an imported key as EC2 shows it: MD5 of the DER form with colons for RSA; SHA-256 of the SSH form in padded base64 for ED25519,
 * which is the fingerprint of created ED25519 keys too.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/verify-keys.html
 */
export function publicKeyFingerprint(key: SshPublicKey): string {
  if (key.type === 'ed25519') return createHash('sha256').update(key.blob).digest('base64');
  return colonHex(createHash('md5').update(key.der).digest());
}

/** Bytes as lower-case hexadecimal pairs with colons between: `1f:51:ae`. */
export function colonHex(bytes: Buffer): string {
  return bytes.toString('hex').replace(/(..)(?!$)/g, '$1:');
}

/** The same key, from Node's own form of a public key. @throws SshPublicKeyError for other kinds and lengths than EC2 takes */
export function sshPublicKeyOf(key: KeyObject): SshPublicKey {
  const jwk = key.export({ format: 'jwk' });
  const der = key.export({ format: 'der', type: 'spki' });
  if (jwk.kty === 'OKP' && jwk.crv === 'Ed25519') {
    return { type: 'ed25519', der, blob: Buffer.concat([sshString('ssh-ed25519'), sshString(urlBytes(jwk.x))]) };
  }
  if (jwk.kty !== 'RSA') throw new SshPublicKeyError('only RSA and ED25519 keys can be used');
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (!RSA_KEY_BITS.includes(bits)) {
    throw new SshPublicKeyError(`the RSA key has ${String(bits)} bits; it must have one of ${RSA_KEY_BITS.join(', ')}`);
  }
  return { type: 'rsa', der, blob: Buffer.concat([sshString('ssh-rsa'), sshInteger(urlBytes(jwk.e)), sshInteger(urlBytes(jwk.n))]) };
}

const DER_SEQUENCE = 0x30;
const RFC4716_BEGIN = '---- BEGIN SSH2 PUBLIC KEY ----';
const RFC4716_END = '---- END SSH2 PUBLIC KEY ----';

function urlBytes(value: string | undefined): Buffer {
  return Buffer.from(value ?? '', 'base64url');
}

function base64Bytes(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what is not base64; written back it must be the same, but for padding.
  if (text === '' || bytes.toString('base64').replace(/=+$/, '') !== text.replace(/=+$/, '')) {
    throw new SshPublicKeyError('the key is neither in OpenSSH form nor valid base64');
  }
  return bytes;
}

function openSshBlob(text: string): Buffer {
  if (/[\r\n]/.test(text)) throw new SshPublicKeyError('there is more than one line; give a single key');
  const [type, base64] = text.split(/[ \t]+/);
  if (type !== 'ssh-rsa' && type !== 'ssh-ed25519') throw new SshPublicKeyError('the key type must be ssh-rsa or ssh-ed25519');
  const blob = base64Bytes(base64 ?? '');
  if (!blob.subarray(4).toString('latin1').startsWith(type)) throw new SshPublicKeyError(`the key is not of the type ${type} that stands before it`);
  return blob;
}

function rfc4716Blob(text: string): Buffer {
  const lines = text.replace(/\\\r?\n/g, '').split(/\r?\n/); // a backslash continues a header on the next line
  if (lines.at(-1)?.trimEnd() !== RFC4716_END) throw new SshPublicKeyError(`the key does not end in "${RFC4716_END}"`);
  const body = lines.slice(1, -1).filter((line) => !line.includes(':'));
  return base64Bytes(body.map((line) => line.trim()).join(''));
}

function fromBlob(blob: Buffer): SshPublicKey {
  const key = sshPublicKeyOf(keyObjectFrom(() => ({ key: webKeyFrom(blob), format: 'jwk' })));
  // Node drops leading zeros and the like: the form that guests compare must be the one that was given.
  if (!key.blob.equals(blob)) throw new SshPublicKeyError('the key is not in SSH wire form');
  return key;
}

function webKeyFrom(blob: Buffer): JsonWebKey {
  const [type, first, second, ...rest] = sshStringsFrom(blob);
  if (type?.toString('latin1') === 'ssh-ed25519' && first !== undefined && second === undefined) {
    return { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') };
  }
  if (type?.toString('latin1') !== 'ssh-rsa' || first === undefined || second === undefined || rest.length > 0) {
    throw new SshWireError('the fields are not those of an RSA or ED25519 key');
  }
  return { kty: 'RSA', e: first.toString('base64url'), n: second.toString('base64url') };
}

function fromDer(der: Buffer): SshPublicKey {
  const type = isSubjectPublicKeyInfo(der) ? 'spki' : 'pkcs1';
  const key = sshPublicKeyOf(keyObjectFrom(() => ({ key: der, format: 'der', type })));
  // Node also takes a private key and keeps its public half: such a mistake must not pass unnoticed. (The PKCS#1 form is the end of the other.)
  if (!key.der.subarray(-der.length).equals(der)) throw new SshPublicKeyError('the key is damaged or not a public key');
  return key;
}

// SubjectPublicKeyInfo is a sequence that begins with a sequence (the algorithm), PKCS#1 one that begins with an integer.
function isSubjectPublicKeyInfo(der: Buffer): boolean {
  const lengthBytes = (der[1] ?? 0) & 0x80 ? (der[1] ?? 0) & 0x7f : 0;
  return der[2 + lengthBytes] === DER_SEQUENCE;
}

function keyObjectFrom(input: () => Parameters<typeof createPublicKey>[0]): KeyObject {
  try {
    return createPublicKey(input());
  } catch (cause) {
    throw new SshPublicKeyError('the key is damaged or not a public key', { cause });
  }
}
