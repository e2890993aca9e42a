import { Ami, Namespace, PersistentVolumeClaim, StorageClass } from '../../kubernetes/resources.ts';
import type { ObjectKey } from '../../kubernetes/read.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { reconcile } from './reconcile.ts';

function keyOf({ metadata }: Ami): ObjectKey {
  return { namespace: metadata.namespace, name: metadata.name };
}

/** Tells whether images can be launched. */
export function amiController(): AnyController {
  return defineController({
    name: 'ami',
    type: Ami,
    watches: [
      watching(PersistentVolumeClaim, ({ metadata }, read) =>
        read
          .list(Ami, metadata?.namespace)
          .filter(({ spec }) => spec.source.persistentVolumeClaim?.claimName === metadata?.name)
          .map(keyOf),
      ),
      watching(Namespace, ({ metadata }, read) => read.list(Ami, metadata?.name).map(keyOf)),
      // Only looked up: the binding mode of a claim that is not bound yet.
      watching(StorageClass, () => []),
    ],
    permissions: [{ group: 'snapshot.storage.k8s.io', resource: 'volumesnapshots', verbs: ['patch'], reason: 'is a snapshot ready: asked by an empty patch' }],
    concurrency: 4,
    reconcile,
  });
}
