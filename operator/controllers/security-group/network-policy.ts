import { ec2IdOf } from '../../api/ec2-id.ts';
import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { securityGroupLabelOf } from '../../api/network/security-group.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { NetworkPolicy, SecurityGroup } from '../../kubernetes/resources.ts';
import type { PolicyRule } from './resolve-rules.ts';

type PolicySpec = NonNullable<NetworkPolicy['spec']>;
type EgressRule = NonNullable<PolicySpec['egress']>[number];

/** Name of the policy, in each namespace with groups, that closes instances to which no group's policy applies. */
export const BASELINE_POLICY = 'kube-ec2-instances';
/** Where the DNS cache of a node listens, if there is one. @see https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/ */
const NODE_DNS_CACHE = '169.254.20.10/32';

/** The cluster's DNS: as on EC2, security groups do not stand between an instance and the resolver of its network. */
const dns: EgressRule = {
  to: [
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } },
    { ipBlock: { cidr: NODE_DNS_CACHE } },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

/**
 * The policy of a group: what its members may receive and send; the union of several groups is that of their policies. Named by the group's id, owned
 * by it. Pure.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export function networkPolicyFor(group: SecurityGroup, ingress: readonly PolicyRule[], egress: readonly PolicyRule[]): NetworkPolicy {
  const groupId = ec2IdOf('sg', group);
  const incoming = merged(ingress).map(({ peers, ports }) => ({ from: peers, ...(ports.length > 0 && { ports }) }));
  return {
    apiVersion: NetworkPolicy.apiVersion,
    kind: NetworkPolicy.kind,
    metadata: { name: groupId, ...namespaceOf(group), ownerReferences: [controllerReferenceTo(SecurityGroup, group)] },
    spec: {
      podSelector: { matchExpressions: [{ key: securityGroupLabelOf(groupId), operator: 'Exists' }] },
      policyTypes: ['Ingress', 'Egress'],
      // The API server drops an empty list; a policy that differs from what is there would be written again and again.
      ...(incoming.length > 0 && { ingress: incoming }),
      egress: [dns, ...merged(egress).map(({ peers, ports }) => ({ to: peers, ...(ports.length > 0 && { ports }) }))],
    },
  };
}

/**
 * Closes every instance of a namespace: what passes, the policies of groups let pass. Without it an instance would be open for as long as the policy of
 * its group is not made yet, or is gone. DNS is not a group's affair. Pure.
 */
export function baselinePolicyFor(group: SecurityGroup): NetworkPolicy {
  return {
    apiVersion: NetworkPolicy.apiVersion,
    kind: NetworkPolicy.kind,
    metadata: { name: BASELINE_POLICY, ...namespaceOf(group) },
    spec: { podSelector: { matchExpressions: [{ key: INSTANCE_ID_LABEL, operator: 'Exists' }] }, policyTypes: ['Ingress', 'Egress'], egress: [dns] },
  };
}

function namespaceOf({ metadata: { namespace } }: SecurityGroup): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

/** Rules about the same ports as one, each other side once. An empty list of peers would mean everybody, so a rule without any must not be there. */
function merged(rules: readonly PolicyRule[]): PolicyRule[] {
  const byPorts = new Map<string, { ports: PolicyRule['ports']; peers: Map<string, PolicyRule['peers'][number]> }>();
  for (const { peers, ports } of rules) {
    const key = JSON.stringify(ports);
    const rule = byPorts.get(key) ?? { ports, peers: new Map() };
    byPorts.set(key, rule);
    for (const peer of peers) rule.peers.set(JSON.stringify(peer), peer);
  }
  return [...byPorts.values()].map(({ ports, peers }) => ({ ports, peers: [...peers.values()] })).filter(({ peers }) => peers.length > 0);
}
