import { zoneOfNode } from '../../kubernetes/node-zone.ts';
import type { ObjectKey } from '../../kubernetes/read.ts';
import { Namespace, Node, Subnet, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { findVpc } from './find-vpc.ts';
import { reconcile } from './reconcile.ts';

/** What VPCs take from the configuration. */
export interface VpcSettings {
  /** AWS region name; nodes that name no zone are in its zone a. */
  region: string;
}

function keysOf(vpcs: readonly Vpc[]): ObjectKey[] {
  return vpcs.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Gives VPCs their ids and what belongs to them: default ones a default subnet in each zone. */
export function vpcController(settings: VpcSettings): AnyController {
  return defineController({
    name: 'vpc',
    type: Vpc,
    watches: [
      // When the older of two default ones goes, the other is the default.
      watching(Vpc, ({ metadata, spec }, read) => (spec.isDefault ? keysOf(read.list(Vpc, metadata.namespace).filter((other) => other.spec.isDefault)) : [])),
      watching(Subnet, ({ metadata, spec }, read) => {
        const vpc = findVpc(spec.vpcId, metadata.namespace, read);
        return vpc === undefined ? [] : keysOf([vpc]);
      }),
      // Nodes change every few minutes, zones hardly ever.
      watching(Node, (node, read) => {
        const zone = zoneOfNode(node, settings.region);
        return keysOf(read.list(Vpc).filter(({ spec, status }) => spec.isDefault && !status?.defaultSubnetZones?.includes(zone)));
      }),
      watching(Namespace, ({ metadata }, read) => keysOf(read.list(Vpc, metadata?.name))),
    ],
    permissions: [{ group: 'kube-ec2.io', resource: 'subnets', verbs: ['create'], reason: 'default subnet of a zone' }],
    concurrency: 2,
    reconcile: (vpc, context) => reconcile(vpc, context, settings),
  });
}
