import { ec2IdOf } from '../../api/ec2-id.ts';
import type { ObjectKey } from '../../kubernetes/read.ts';
import { InternetGateway, Namespace, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { reconcile } from './reconcile.ts';

function keysOf(gateways: readonly InternetGateway[]): ObjectKey[] {
  return gateways.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Gives internet gateways their ids, and says whether they are attached. */
export function internetGatewayController(): AnyController {
  return defineController({
    name: 'internet-gateway',
    type: InternetGateway,
    watches: [
      watching(Vpc, (vpc, read) => {
        const names = [vpc.metadata.name, ec2IdOf('vpc', vpc)];
        return keysOf(read.list(InternetGateway, vpc.metadata.namespace).filter(({ spec }) => spec.vpcId !== undefined && names.includes(spec.vpcId)));
      }),
      // When the one that was first goes, the other is attached.
      watching(InternetGateway, ({ metadata, spec }, read) => (spec.vpcId === undefined ? [] : keysOf(read.list(InternetGateway, metadata.namespace)))),
      watching(Namespace, ({ metadata }, read) => keysOf(read.list(InternetGateway, metadata?.name))),
    ],
    permissions: [],
    concurrency: 2,
    reconcile,
  });
}
