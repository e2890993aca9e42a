import type { KeyPairInfo } from '@aws-sdk/client-ec2';
import { keyPairFactsFrom, type KeyPairFacts } from '../../../api/compute/key-pair-facts.ts';
import { SshPublicKeyError } from '../../../api/compute/ssh-public-key.ts';
import type { KeyPair } from '../../../kubernetes/resources.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';

// Cached objects are replaced when they change, so what follows from one may be kept for as long as it lives.
const factsByKeyPair = new WeakMap<KeyPair, KeyPairFacts | 'unusable'>();

/** The facts of a key pair; undefined for one made with kubectl from something that is no public key: EC2 would not have it, so the API does not show it. */
export function usableFactsOf(keyPair: KeyPair): KeyPairFacts | undefined {
  const known = factsByKeyPair.get(keyPair) ?? factsOrUnusable(keyPair);
  factsByKeyPair.set(keyPair, known);
  return known === 'unusable' ? undefined : known;
}

/** A key pair in the API's shape, without the public key. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_KeyPairInfo.html */
export function sdkKeyPairFrom({ metadata, spec }: KeyPair, { keyPairId, keyName, keyType, fingerprint }: KeyPairFacts): KeyPairInfo {
  return {
    KeyPairId: keyPairId,
    KeyName: keyName,
    KeyType: keyType,
    KeyFingerprint: fingerprint,
    Tags: sdkTagsFrom(spec.tags),
    ...(metadata.creationTimestamp && { CreateTime: new Date(metadata.creationTimestamp) }),
  };
}

function factsOrUnusable(keyPair: KeyPair): KeyPairFacts | 'unusable' {
  try {
    return keyPairFactsFrom(keyPair);
  } catch (error) {
    if (error instanceof SshPublicKeyError) return 'unusable';
    throw error;
  }
}
