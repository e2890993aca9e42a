import { blockFrom, contains, doOverlap } from '../../api/network/cidr.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { SUBNET_FINALIZER, SubnetConditions, type SubnetStatus } from '../../api/network/subnet.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Subnet, type Vpc } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { accountIdOfNamespace } from '../account-of-namespace.ts';
import { byAge } from '../by-age.ts';
import { holdWith, letGoOf } from '../finalizer.ts';
import type { NetworkProvider } from '../network-provider/provider.ts';
import { findVpc, subnetsOf } from '../vpc/find-vpc.ts';
import { membersOf } from './members.ts';

/** Gives a subnet its id and says whether it fits into its VPC. */
export async function reconcile(subnet: Subnet, context: ReconcileContext, provider: NetworkProvider): Promise<Outcome<SubnetStatus> | undefined> {
  if (subnet.metadata.deletionTimestamp !== undefined) return end(subnet, context, provider);
  const { read, write, clock } = context;
  await holdWith(Subnet, subnet, SUBNET_FINALIZER, write);
  const { namespace, generation: observedGeneration = 0 } = subnet.metadata;
  const vpc = findVpc(subnet.spec.vpcId, namespace, read);
  const objection = objectionTo(subnet, vpc, read);
  if (objection === undefined && vpc !== undefined) await provider.ensureSubnet(subnet, vpc, context);
  const verdict = objection ?? { reason: 'Available', message: 'Instances can be launched into the subnet.' };
  const claim = { type: SubnetConditions.available, status: objection === undefined ? 'True' : 'False', ...verdict, observedGeneration } as const;
  const ownerId = accountIdOfNamespace(namespace, read);
  const isNews = subnet.status?.conditions?.[0]?.reason !== verdict.reason;
  return {
    status: {
      subnetId: ec2IdOf('subnet', subnet),
      ...(vpc === undefined ? {} : { vpcId: ec2IdOf('vpc', vpc) }),
      ...(ownerId === undefined ? {} : { ownerId }),
      state: objection === undefined ? 'available' : 'pending',
      observedGeneration,
      conditions: setCondition(subnet.status?.conditions, claim, clock),
    },
    events: isNews ? [{ type: objection === undefined ? 'Normal' : 'Warning', ...verdict }] : [],
  };
}

/** A subnet stays for as long as instances or network interfaces are in it: EC2 does not delete such a one at all. */
async function end(subnet: Subnet, context: ReconcileContext, provider: NetworkProvider): Promise<Outcome<SubnetStatus> | undefined> {
  const { read, write, clock } = context;
  const members = membersOf(subnet, read);
  if (members.length === 0) {
    await provider.removeSubnet(subnet, context);
    await letGoOf(Subnet, subnet, SUBNET_FINALIZER, write);
    return undefined;
  }
  const message = `It is deleted, but stays for as long as it is used, by ${members.slice(0, 20).join(', ')}.`;
  const claim = { type: SubnetConditions.available, status: 'False', reason: 'InUse', message, observedGeneration: subnet.metadata.generation ?? 0 } as const;
  return { status: { ...subnet.status, conditions: setCondition(subnet.status?.conditions, claim, clock) } };
}

function objectionTo(subnet: Subnet, vpc: Vpc | undefined, read: Read): { reason: string; message: string } | undefined {
  const { vpcId, cidrBlock } = subnet.spec;
  if (vpc === undefined) return { reason: 'VpcNotFound', message: `Vpc ${vpcId} does not exist in this namespace` };
  const block = blockFrom(cidrBlock);
  const wholes = [vpc.spec.cidrBlock, ...(vpc.spec.moreCidrBlocks ?? [])];
  const isWithin = block !== undefined && wholes.some((cidr) => isPartOf(cidr, block));
  if (!isWithin) return { reason: 'BlockOutsideVpc', message: `${cidrBlock} is not within the blocks of Vpc ${vpc.metadata.name}: ${wholes.join(', ')}` };
  const first = subnetsOf(vpc, read).find((other) => {
    const taken = blockFrom(other.spec.cidrBlock);
    return other.metadata.uid !== subnet.metadata.uid && taken !== undefined && doOverlap(taken, block) && isBefore(other, subnet);
  });
  if (first === undefined) return undefined;
  return { reason: 'BlockConflict', message: `${cidrBlock} overlaps with ${first.spec.cidrBlock} of Subnet ${first.metadata.name}, which was first` };
}

/** What was available stays so: the times of objects have seconds only. */
function isBefore(other: Subnet, subnet: Subnet): boolean {
  const [isOther, isOwn] = [other, subnet].map(({ status }) => status?.state === 'available');
  return isOther === isOwn ? byAge(other, subnet) < 0 : isOther === true;
}

function isPartOf(cidr: string, block: { first: number; size: number }): boolean {
  const whole = blockFrom(cidr);
  return whole !== undefined && contains(whole, block);
}
