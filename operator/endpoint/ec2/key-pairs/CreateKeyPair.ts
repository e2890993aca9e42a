import { createHash, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { KeyFormat, KeyType, type CreateKeyPairRequest, type KeyPair as SdkKeyPair } from '@aws-sdk/client-ec2';
import { keyPairFactsFrom } from '../../../api/compute/key-pair-facts.ts';
import { colonHex, openSshLine, sshPublicKeyOf } from '../../../api/compute/ssh-public-key.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { requireFreeKeyName, writeKeyPair, type KeyMaterial } from './new-key-pair.ts';
import { privateKeyFile } from './private-key-file.ts';

const generate = promisify(generateKeyPair);

/** EC2 makes RSA keys of this length only. */
const RSA_BITS = 2048;

/**
 * Makes a key pair and hands out the private key: in this answer and nowhere else, it is neither stored nor logged.
 * @throws AwsError InvalidKeyPair.Duplicate, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateKeyPair.html
 */
export async function createKeyPair(input: CreateKeyPairRequest, context: OperationContext): Promise<SdkKeyPair> {
  const { KeyName = '', TagSpecifications } = input;
  const type = oneOf(KeyType, 'KeyType', input.KeyType ?? 'rsa');
  const format = oneOf(KeyFormat, 'KeyFormat', input.KeyFormat ?? 'pem');
  requireFreeKeyName(KeyName, context);
  const privateKey = await newPrivateKey(type);
  const keyPair = await writeKeyPair(KeyName, materialFrom(privateKey, KeyName), TagSpecifications, context);
  const { keyPairId, keyName, fingerprint } = keyPairFactsFrom(keyPair);
  return {
    KeyPairId: keyPairId,
    KeyName: keyName,
    KeyFingerprint: fingerprint,
    KeyMaterial: privateKeyFile(privateKey, format, keyName),
    Tags: sdkTagsFrom(keyPair.spec.tags),
  };
}

async function newPrivateKey(type: KeyType): Promise<KeyObject> {
  const { privateKey } = type === 'ed25519' ? await generate('ed25519') : await generate('rsa', { modulusLength: RSA_BITS });
  return privateKey;
}

function materialFrom(privateKey: KeyObject, keyName: string): KeyMaterial {
  const publicKey = sshPublicKeyOf(createPublicKey(privateKey));
  const material = { publicKeyMaterial: openSshLine(publicKey, keyName), generated: true };
  if (publicKey.type === 'ed25519') return material;
  // Of RSA keys that it made EC2 shows a digest of the private key, so it must be kept: nobody can compute it later.
  const der = privateKey.export({ format: 'der', type: 'pkcs8' });
  return { ...material, fingerprint: colonHex(createHash('sha1').update(der).digest()) };
}

function oneOf<Value extends string>(values: Readonly<Record<string, Value>>, parameter: string, value: string): Value {
  const known = Object.values(values).find((candidate) => candidate === value);
  if (known === undefined) throw invalidParameterValue(parameter, value, `Valid values are: ${Object.values(values).join(', ')}.`);
  return known;
}
