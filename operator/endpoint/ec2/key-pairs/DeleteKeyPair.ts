import type { DeleteKeyPairRequest, DeleteKeyPairResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { KeyPair } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds, wellFormedIds } from '../ids.ts';
import { keyPairsById, keyPairsByName, withinNamespace } from '../indexes.ts';

/**
 * Removes a key pair; instances keep the public key that they have. A key pair that is not there counts as removed, as in EC2.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidParameterValue (malformed id)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteKeyPair.html
 */
export async function deleteKeyPair(input: DeleteKeyPairRequest, context: OperationContext): Promise<DeleteKeyPairResult> {
  const keyPairs = namedBy(input, context);
  await Promise.all(keyPairs.map((keyPair) => remove(keyPair, context)));
  const [keyPair] = keyPairs;
  return { Return: true, ...(keyPair && { KeyPairId: ec2IdOf('key', keyPair) }) };
}

/** More than one only if somebody gave two KeyPairs the same name with kubectl: the name is free afterwards, which is what was asked for. */
function namedBy({ KeyName, KeyPairId }: DeleteKeyPairRequest, { read, caller }: OperationContext): readonly KeyPair[] {
  if (KeyName && KeyPairId) throw new AwsError('InvalidParameterCombination', 'The parameter KeyName cannot be used with the parameter KeyPairId');
  if (KeyName) return read.byIndex(keyPairsByName, withinNamespace(caller.namespace, KeyName));
  const [id] = wellFormedIds(IdKinds.keyPair, KeyPairId ? [KeyPairId] : []);
  if (id === undefined) throw missingParameter('KeyName');
  return read.byIndex(keyPairsById, withinNamespace(caller.namespace, id));
}

async function remove({ metadata }: KeyPair, { write, caller }: OperationContext): Promise<void> {
  const options = metadata.uid === undefined ? {} : { uid: metadata.uid };
  await write.remove(KeyPair, { namespace: caller.namespace, name: metadata.name }, options).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}
