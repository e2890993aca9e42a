import type { ImportKeyPairRequest, ImportKeyPairResult } from '@aws-sdk/client-ec2';
import { keyPairFactsFrom } from '../../../api/compute/key-pair-facts.ts';
import { SshPublicKeyError, openSshLine, sshPublicKeyFrom, type SshPublicKey } from '../../../api/compute/ssh-public-key.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { requireFreeKeyName, writeKeyPair } from './new-key-pair.ts';

/**
 * Stores a public key under a name. Whatever form it came in, what is kept is the OpenSSH line that guests get.
 * @throws AwsError InvalidKey.Format, InvalidKeyPair.Duplicate, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportKeyPair.html
 */
export async function importKeyPair(input: ImportKeyPairRequest, context: OperationContext): Promise<ImportKeyPairResult> {
  const { KeyName = '', PublicKeyMaterial = new Uint8Array(), TagSpecifications } = input;
  requireFreeKeyName(KeyName, context);
  const key = publicKeyFrom(PublicKeyMaterial);
  const material = { publicKeyMaterial: openSshLine(key, KeyName), generated: false };
  const keyPair = await writeKeyPair(KeyName, material, TagSpecifications, context);
  const { keyPairId, keyName, fingerprint } = keyPairFactsFrom(keyPair);
  return { KeyPairId: keyPairId, KeyName: keyName, KeyFingerprint: fingerprint, Tags: sdkTagsFrom(keyPair.spec.tags) };
}

function publicKeyFrom(material: Uint8Array): SshPublicKey {
  try {
    return sshPublicKeyFrom(material);
  } catch (cause) {
    if (!(cause instanceof SshPublicKeyError)) throw cause;
    // The first sentence is EC2's, and is what people search for.
    throw new AwsError('InvalidKey.Format', `Key is not in valid OpenSSH public key format: ${cause.message}`, { cause });
  }
}
