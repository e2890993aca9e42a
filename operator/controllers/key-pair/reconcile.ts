import { keyNameOf, keyPairFactsFrom, type KeyPairFacts } from '../../api/compute/key-pair-facts.ts';
import { KeyPairConditions, type KeyPairStatus } from '../../api/compute/key-pair.ts';
import { SshPublicKeyError } from '../../api/compute/ssh-public-key.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Read } from '../../kubernetes/read.ts';
import { KeyPair, Secret } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { byAge } from '../by-age.ts';

/** On the Secret with the public key of a key pair: the key pair's id. */
const KEY_PAIR_ID_LABEL = 'kube-ec2.io/key-pair-id';

/** Why a key pair cannot be used. */
interface Objection {
  reason: string;
  message: string;
}

function factsOf(keyPair: KeyPair): KeyPairFacts | Objection {
  try {
    return keyPairFactsFrom(keyPair);
  } catch (error) {
    if (error instanceof SshPublicKeyError) return { reason: 'InvalidPublicKey', message: `publicKeyMaterial is not usable: ${error.message}` };
    throw error;
  }
}

function objectionToName(keyPair: KeyPair, read: Read): Objection | undefined {
  const keyName = keyNameOf(keyPair);
  const named = read.list(KeyPair, keyPair.metadata.namespace).filter((other) => keyNameOf(other) === keyName);
  const first = named.toSorted(byAge)[0];
  if (first === undefined || first.metadata.uid === keyPair.metadata.uid) return undefined;
  return { reason: 'DuplicateName', message: `KeyPair ${first.metadata.name} is older and has the same keyName ${keyName}; use another name` };
}

/**
 * The Secret that machines are given. It belongs to nobody: instances keep their key when the KeyPair is deleted, as on EC2, and KubeVirt reads the
 * Secret at each start.
 */
async function writeSecret(keyPair: KeyPair, { keyPairId, publicKey }: KeyPairFacts, write: Write): Promise<void> {
  const { namespace } = keyPair.metadata;
  await write.apply(Secret, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: keyPairId, ...(namespace === undefined ? {} : { namespace }), labels: { [KEY_PAIR_ID_LABEL]: keyPairId } },
    type: 'Opaque',
    data: { key: Buffer.from(publicKey).toString('base64') },
  });
}

/** Checks a key pair and puts its public key where machines read it. */
export async function reconcile(keyPair: KeyPair, { read, write, clock }: ReconcileContext): Promise<Outcome<KeyPairStatus>> {
  const observedGeneration = keyPair.metadata.generation ?? 0;
  const conditions = (status: 'True' | 'False', { reason, message }: Objection): NonNullable<KeyPairStatus['conditions']> =>
    setCondition(keyPair.status?.conditions, { type: KeyPairConditions.ready, status, reason, message, observedGeneration }, clock);

  const facts = factsOf(keyPair);
  const objection = 'reason' in facts ? facts : objectionToName(keyPair, read);
  if ('reason' in facts || objection !== undefined) {
    const reported = objection ?? { reason: 'Unknown', message: '' };
    const hasTurned = keyPair.status?.conditions?.[0]?.reason !== reported.reason;
    const status = { keyPairId: ec2IdOf('key', keyPair), observedGeneration, conditions: conditions('False', reported) };
    return { status, events: hasTurned ? [{ type: 'Warning', ...reported }] : [] };
  }
  await writeSecret(keyPair, facts, write);
  const { keyPairId, keyType, fingerprint } = facts;
  const ready = { reason: 'Ready', message: 'Instances can be launched with the key.' };
  return { status: { keyPairId, keyType, fingerprint, secretName: keyPairId, observedGeneration, conditions: conditions('True', ready) } };
}
