import { blockFrom, contains } from '../../api/network/cidr.ts';
import { VpcConditions } from '../../api/network/vpc.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Node, type Vpc } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';

/** The address blocks of the pod network, as far as nodes tell them: each node's part of it, sorted. Empty where the network plugin keeps them to itself. */
export function podBlocksFrom(read: Read): string[] {
  const blocks = read.list(Node).flatMap(({ spec }) => spec?.podCIDRs ?? (spec?.podCIDR === undefined ? [] : [spec.podCIDR]));
  return [...new Set(blocks)].sort();
}

/** Says where the addresses of instances come from: not from the VPC's block, unless somebody made the pod network a part of it. */
export function addressClaimFor({ spec }: Vpc, read: Read): Omit<ConditionClaim, 'observedGeneration'> {
  const type = VpcConditions.addressesFromBlock;
  const blocks = podBlocksFrom(read).filter((cidr) => blockFrom(cidr) !== undefined);
  const whole = blockFrom(spec.cidrBlock);
  const isInside = (cidr: string): boolean => {
    const block = blockFrom(cidr);
    return whole !== undefined && block !== undefined && contains(whole, block);
  };
  if (blocks.length > 0 && blocks.every(isInside)) {
    return { type, status: 'True', reason: 'PodNetworkWithin', message: 'Instances get addresses of the pod network, all of which is within the block.' };
  }
  return {
    type,
    status: 'False',
    reason: 'PodNetwork',
    message: `Instances get addresses of the pod network, not of ${spec.cidrBlock}; in the rules of security groups name groups instead of parts of the block.`,
  };
}
