import { ec2IdOf } from '../../api/ec2-id.ts';
import { ManagedPrefixList } from '../../kubernetes/resources.ts';
import { defineController, type AnyController } from '../../runtime/reconcile.ts';

/** Gives prefix lists their ids. What they mean to the network, the groups that name them see to. */
export function managedPrefixListController(): AnyController {
  return defineController({
    name: 'managed-prefix-list',
    type: ManagedPrefixList,
    watches: [],
    permissions: [],
    concurrency: 2,
    reconcile: async (list) => ({ status: { prefixListId: ec2IdOf('pl', list), observedGeneration: list.metadata.generation ?? 0 } }),
  });
}
