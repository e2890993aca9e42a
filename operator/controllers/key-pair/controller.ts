import { keyNameOf } from '../../api/compute/key-pair-facts.ts';
import { KeyPair } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { reconcile } from './reconcile.ts';

/** Checks key pairs and hands their public keys to machines. */
export function keyPairController(): AnyController {
  return defineController({
    name: 'key-pair',
    type: KeyPair,
    watches: [
      // When the older of two with one name goes, the other may be used.
      watching(KeyPair, (keyPair, read) =>
        read
          .list(KeyPair, keyPair.metadata.namespace)
          .filter((other) => keyNameOf(other) === keyNameOf(keyPair))
          .map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name })),
      ),
    ],
    permissions: [{ group: '', resource: 'secrets', verbs: ['create', 'patch'], reason: 'public key of a key pair, for machines' }],
    concurrency: 4,
    reconcile,
  });
}
