import { blockFrom, cidrOf, freeBlockIn, type Block } from '../../api/network/cidr.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { defaultSubnetNameOf, SubnetDefinition } from '../../api/network/subnet.ts';
import { isAlreadyExists } from '../../kubernetes/errors.ts';
import { zoneOfNode } from '../../kubernetes/node-zone.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Node, Subnet, type Vpc } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { subnetsOf } from './find-vpc.ts';

/** Prefix of a default subnet, as on EC2: a VPC of /16 has room for 16. */
const DEFAULT_SUBNET_PREFIX = 20;

function zonesOf(read: Read, region: string): string[] {
  return [...new Set(read.list(Node).map((node) => zoneOfNode(node, region)))].sort();
}

function defaultSubnetFor(vpc: Vpc, zone: string, block: Block): Subnet {
  const { namespace, name } = vpc.metadata;
  return {
    apiVersion: Subnet.apiVersion,
    kind: Subnet.kind,
    metadata: { name: defaultSubnetNameOf(name, zone), ...(namespace === undefined ? {} : { namespace }) },
    spec: SubnetDefinition.spec.parse({ vpcId: ec2IdOf('vpc', vpc), cidrBlock: cidrOf(block), availabilityZone: zone, defaultForAz: true }),
  };
}

/** Which zones have got their default subnet, and whether there is room for those that have none. */
export interface DefaultSubnets {
  zones: string[];
  /** Zones that found no free block. */
  withoutRoom: string[];
}

/** Makes the default subnet of each zone of the cluster, once: one that was deleted is not made again, as on EC2. */
export async function ensureDefaultSubnets(vpc: Vpc, { read, write }: ReconcileContext, region: string): Promise<DefaultSubnets> {
  const subnets = subnetsOf(vpc, read);
  const made = new Set([...(vpc.status?.defaultSubnetZones ?? []), ...subnets.filter(({ spec }) => spec.defaultForAz).map(({ spec }) => spec.availabilityZone)]);
  const taken = subnets.flatMap(({ spec }) => blockFrom(spec.cidrBlock) ?? []);
  const whole = blockFrom(vpc.spec.cidrBlock);
  const withoutRoom: string[] = [];
  for (const zone of zonesOf(read, region)) {
    if (made.has(zone)) continue;
    const block = whole && freeBlockIn(whole, DEFAULT_SUBNET_PREFIX, taken);
    if (block === undefined) {
      withoutRoom.push(zone);
      continue;
    }
    taken.push(block);
    await write.create(Subnet, defaultSubnetFor(vpc, zone, block)).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error; // the cache lags
    });
    made.add(zone);
  }
  return { zones: [...made].sort(), withoutRoom };
}
