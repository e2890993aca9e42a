import { canonicalCidrFrom, isWithin } from '../../api/network/canonical-cidr.ts';
import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { securityGroupLabelOf } from '../../api/network/security-group.ts';
import { vpcLabelOf } from '../../api/network/vpc.ts';
import type { NetworkPolicy } from '../../kubernetes/resources.ts';

type IngressRule = NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[number];
/** One other side in a NetworkPolicy. */
export type PolicyPeer = NonNullable<IngressRule['from']>[number];

/** What blocks of addresses mean in this cluster. */
export interface NetworkFacts {
  /** Blocks that pods have their addresses from, in their canonical spelling; empty if nobody has said. */
  podCidrs: readonly string[];
  /** VPC of the group. */
  vpcId: string | undefined;
  /** Whether blocks are compared with the addresses of pods: Cilium does so only for what is no pod. */
  doBlocksMatchPods: boolean;
}

const exists = (label: string): NonNullable<PolicyPeer['podSelector']> => ({ matchExpressions: [{ key: label, operator: 'Exists' }] });
/** Pods that are no instances: to EC2 they are the world outside. */
const noInstances: PolicyPeer = { namespaceSelector: {}, podSelector: { matchExpressions: [{ key: INSTANCE_ID_LABEL, operator: 'DoesNotExist' }] } };

/**
 * Everybody whose address is in a block. A block that holds a whole range of pods is taken apart where it is known which: the addresses outside of it,
 * the instances of the group's own VPC, and pods that are no instances; so instances of other VPCs, which share the pod network, stay out. A block
 * within the range of pods is compared with addresses alone. Pure.
 */
export function peersForBlock(cidr: string, { podCidrs, vpcId, doBlocksMatchPods }: NetworkFacts): PolicyPeer[] {
  const block = canonicalCidrFrom(cidr);
  if (block === undefined) return [];
  const { text } = block;
  const inside = podCidrs.filter((pods) => isWithin(pods, text));
  if (inside.length > 0 && vpcId !== undefined) {
    const outside: PolicyPeer[] = inside.includes(text) ? [] : [{ ipBlock: { cidr: text, except: inside } }];
    return [...outside, { podSelector: exists(vpcLabelOf(vpcId)) }, noInstances];
  }
  const isEverything = text.endsWith('/0');
  return [{ ipBlock: { cidr: text } }, ...(isEverything && !doBlocksMatchPods ? [{ namespaceSelector: {} }] : [])];
}

/** The members of a group, by its id; `namespace` is that of their account, if it is another one. Pure. */
export function peerForGroup(groupId: string, namespace?: string): PolicyPeer {
  const podSelector = exists(securityGroupLabelOf(groupId));
  // The API server writes this label itself: nobody can pass a namespace off as another.
  return namespace === undefined ? { podSelector } : { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector };
}
