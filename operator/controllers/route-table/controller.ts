import type { ObjectKey } from '../../kubernetes/read.ts';
import { InternetGateway, Namespace, NatGateway, RouteTable, Subnet, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { kubeOvnPermissions } from '../network-provider/kube-ovn-provider.ts';
import { networkProviderFor } from '../network-provider/provider-for.ts';
import type { VpcSettings } from '../vpc/settings.ts';
import { reconcile } from './reconcile.ts';

function keysOf(tables: readonly RouteTable[]): ObjectKey[] {
  return tables.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Gives route tables their ids, and says whether what they name is there. */
export function routeTableController(settings: VpcSettings): AnyController {
  const provider = networkProviderFor(settings);
  return defineController({
    name: 'route-table',
    type: RouteTable,
    watches: [
      ...provider.routeTableWatches,
      watching(Vpc, ({ metadata }, read) => keysOf(read.list(RouteTable, metadata.namespace))),
      watching(InternetGateway, ({ metadata }, read) => keysOf(read.list(RouteTable, metadata.namespace))),
      watching(NatGateway, ({ metadata }, read) => keysOf(read.list(RouteTable, metadata.namespace))),
      // Only looked up: which VPC a NAT gateway is in.
      watching(Subnet, () => []),
      watching(Namespace, ({ metadata }, read) => keysOf(read.list(RouteTable, metadata?.name))),
    ],
    permissions: kubeOvnPermissions,
    concurrency: 2,
    reconcile: (table, context) => reconcile(table, context, provider),
  });
}
