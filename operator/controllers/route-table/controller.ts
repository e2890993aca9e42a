import type { ObjectKey } from '../../kubernetes/read.ts';
import { InternetGateway, Namespace, RouteTable, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import type { VpcSettings } from '../vpc/settings.ts';
import { reconcile } from './reconcile.ts';

function keysOf(tables: readonly RouteTable[]): ObjectKey[] {
  return tables.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Gives route tables their ids, and says whether what they name is there. */
export function routeTableController({ networkProvider }: Pick<VpcSettings, 'networkProvider'>): AnyController {
  return defineController({
    name: 'route-table',
    type: RouteTable,
    watches: [
      watching(Vpc, ({ metadata }, read) => keysOf(read.list(RouteTable, metadata.namespace))),
      watching(InternetGateway, ({ metadata }, read) => keysOf(read.list(RouteTable, metadata.namespace))),
      watching(Namespace, ({ metadata }, read) => keysOf(read.list(RouteTable, metadata?.name))),
    ],
    permissions: [],
    concurrency: 2,
    reconcile: (table, context) => reconcile(table, context, networkProvider),
  });
}
