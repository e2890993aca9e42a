import type { DhcpOptionsStatus } from '../../api/network/dhcp-options.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { DhcpOptions, Namespace } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';

/** Gives a set of DHCP options its id. */
export async function reconcile(options: DhcpOptions, { read }: ReconcileContext): Promise<Outcome<DhcpOptionsStatus>> {
  const ownerId = accountIdOfNamespace(options.metadata.namespace, read);
  return {
    status: {
      dhcpOptionsId: ec2IdOf('dopt', options),
      ...(ownerId === undefined ? {} : { ownerId }),
      observedGeneration: options.metadata.generation ?? 0,
    },
  };
}

/** Gives sets of DHCP options their ids; what they say reaches machines when these are made. */
export function dhcpOptionsController(): AnyController {
  return defineController({
    name: 'dhcp-options',
    type: DhcpOptions,
    watches: [
      watching(Namespace, ({ metadata }, read) =>
        read.list(DhcpOptions, metadata?.name).map((options) => ({ namespace: options.metadata.namespace, name: options.metadata.name })),
      ),
    ],
    permissions: [],
    concurrency: 2,
    reconcile,
  });
}
