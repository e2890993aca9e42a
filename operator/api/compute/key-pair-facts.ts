import { ec2IdOf } from '../ec2-id.ts';
import type { KeyPair } from './key-pair.ts';
import { openSshLine, publicKeyFingerprint, sshPublicKeyFrom } from './ssh-public-key.ts';

/** What follows from a KeyPair's spec alone: the same for the controller's status and for the API's answer, which does not wait for it. */
export interface KeyPairFacts {
  keyPairId: string;
  keyName: string;
  keyType: 'rsa' | 'ed25519';
  /** As EC2 shows it. */
  fingerprint: string;
  /** authorized_keys line, with the key pair's name as comment. */
  publicKey: string;
}

/** Name of a key pair in EC2. */
export function keyNameOf({ metadata, spec }: KeyPair): string {
  return spec.keyName ?? metadata.name;
}

/**
 * Reads a KeyPair. Only the maker of an RSA key can compute the fingerprint that EC2 shows for keys that it made, so for those the one in the spec counts.
 * @throws SshPublicKeyError - for public key material that EC2 would not import
 */
export function keyPairFactsFrom(keyPair: KeyPair): KeyPairFacts {
  const { publicKeyMaterial, generated, fingerprint } = keyPair.spec;
  const key = sshPublicKeyFrom(publicKeyMaterial);
  const keyName = keyNameOf(keyPair);
  const isMadeHere = generated && fingerprint !== undefined;
  return {
    keyPairId: ec2IdOf('key', keyPair),
    keyName,
    keyType: key.type,
    fingerprint: isMadeHere ? fingerprint : publicKeyFingerprint(key),
    publicKey: openSshLine(key, keyName),
  };
}
