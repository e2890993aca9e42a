import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { openSshLine, sshPublicKeyOf } from '../../../../operator/api/compute/ssh-public-key.ts';
import { keyPairController } from '../../../../operator/controllers/key-pair/controller.ts';
import { KeyPair, Secret } from '../../../../operator/kubernetes/resources.ts';
import { aKeyPair } from '../../../support/cluster-objects.ts';
import { pass } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { WORLD_NAMESPACE } from '../../../support/instance-world.ts';

const namespace = WORLD_NAMESPACE;
const ed25519 = openSshLine(sshPublicKeyOf(generateKeyPairSync('ed25519').publicKey), 'me@home');

async function reconciled(keyPair: KeyPair, ...more: KeyPair[]): Promise<{ cluster: FakeCluster; keyPair: KeyPair }> {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects: [keyPair, ...more] });
  const key = { namespace, name: keyPair.metadata.name };
  for (let count = 0; count < 3; count += 1) await pass(cluster, keyPairController(), key, clock);
  const found = cluster.get(KeyPair, key);
  assert.ok(found !== undefined);
  return { cluster, keyPair: found };
}

describe('a key pair', () => {
  it('gives machines its key in a Secret that outlives it', async () => {
    const { cluster, keyPair } = await reconciled(aKeyPair('mine', ed25519, { namespace }));
    assert.equal(keyPair.status?.keyPairId, ec2IdOf('key', keyPair));
    assert.equal(keyPair.status.keyType, 'ed25519');
    const secret = cluster.get(Secret, { namespace, name: keyPair.status.secretName ?? '' });
    assert.deepEqual(Object.keys(secret?.data ?? {}), ['key']);
    assert.match(Buffer.from(secret?.data?.['key'] ?? '', 'base64').toString(), / mine$/);
    assert.equal(secret?.metadata?.ownerReferences, undefined);
  });

  it('that is no key says what is wrong with it, and gives machines nothing', async () => {
    const { cluster, keyPair } = await reconciled(aKeyPair('bad', 'ssh-rsa AAAAnonsense', { namespace }));
    assert.equal(keyPair.status?.conditions?.[0]?.reason, 'InvalidPublicKey');
    assert.deepEqual(cluster.list(Secret, namespace), []);
    assert.deepEqual(cluster.events.map(({ reason }) => reason), ['InvalidPublicKey']);
  });

  it('whose name an older one has stands back', async () => {
    const older = { ...aKeyPair('a', ed25519, { namespace, keyName: 'team' }) };
    older.metadata = { ...older.metadata, creationTimestamp: '2025-01-01T00:00:00Z' };
    const { keyPair } = await reconciled(aKeyPair('b', ed25519, { namespace, keyName: 'team' }), older);
    assert.equal(keyPair.status?.conditions?.[0]?.reason, 'DuplicateName');
    assert.equal(keyPair.status.secretName, undefined);
  });
});
