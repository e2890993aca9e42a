import { createHash } from 'node:crypto';
import type { TagSpecification } from '@aws-sdk/client-ec2';
import { KeyPairDefinition, type KeyPairSpec } from '../../../api/compute/key-pair.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { KeyPair } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { keyPairsByName, withinNamespace } from '../indexes.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';

/** What CreateKeyPair and ImportKeyPair decide; the rest of the object is the same for both. */
export type KeyMaterial = Pick<KeyPairSpec, 'publicKeyMaterial' | 'generated'> & { fingerprint?: string };

const KEY_NAME_LIMIT = 255;

/**
 * Refuses a name that EC2 would not take or that is taken. Called before any key is made.
 * @throws AwsError InvalidParameterValue, InvalidKeyPair.Duplicate
 */
export function requireFreeKeyName(keyName: string, { read, caller }: Pick<OperationContext, 'read' | 'caller'>): void {
  const reason = keyNameProblem(keyName);
  if (reason) throw invalidParameterValue('KeyName', keyName, reason);
  if (read.byIndex(keyPairsByName, withinNamespace(caller.namespace, keyName)).length > 0) throw duplicate(keyName);
}

/**
 * Writes a KeyPair. The object's name follows from the key's name, so of two calls at the same time, to whichever replicas, one loses.
 * @throws AwsError InvalidKeyPair.Duplicate
 */
export async function writeKeyPair(
  keyName: string,
  material: KeyMaterial,
  tagSpecifications: TagSpecification[] | undefined,
  { write, caller }: Pick<OperationContext, 'write' | 'caller'>,
): Promise<KeyPair> {
  const tags = tagsFromSpecifications(tagSpecifications, 'key-pair');
  const keyPair: KeyPair = {
    apiVersion: KeyPairDefinition.apiVersion,
    kind: KeyPairDefinition.kind,
    metadata: { namespace: caller.namespace, name: keyPairObjectName(keyName) },
    spec: { keyName, ...material, ...(tags.length > 0 && { tags }) },
  };
  return write.create(KeyPair, keyPair).catch((error: unknown) => {
    if (isAlreadyExists(error)) throw duplicate(keyName);
    throw error;
  });
}

/** Name of the object for a key name, which may hold characters that names of objects may not. */
export function keyPairObjectName(keyName: string): string {
  return `keypair-${createHash('sha256').update(keyName).digest('hex').slice(0, 40)}`;
}

function keyNameProblem(keyName: string): string | undefined {
  if (keyName === '') return 'It must not be empty.';
  if (keyName.length > KEY_NAME_LIMIT) return `Length exceeds maximum of ${KEY_NAME_LIMIT}.`;
  // The name becomes a comment in authorized_keys, so a line break must not get through.
  if (!/^[\x20-\x7e]*$/.test(keyName)) return 'Character sets beyond ASCII are not supported.';
  if (keyName !== keyName.trim()) return 'It must not begin or end with a space.';
  return undefined;
}

function duplicate(keyName: string): AwsError {
  return new AwsError('InvalidKeyPair.Duplicate', `The keypair '${keyName}' already exists.`);
}
