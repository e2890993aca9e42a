import { ALL_PROTOCOLS, ruleTrafficOf } from '../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../api/network/security-group.ts';
import type { NetworkPolicy } from '../../kubernetes/resources.ts';

type IngressRule = NonNullable<NonNullable<NetworkPolicy['spec']>['ingress']>[number];
/** One entry of a NetworkPolicy's ports. */
export type PolicyPort = NonNullable<IngressRule['ports']>[number];

/** Protocol number of SCTP, the one that EC2 has no name for and NetworkPolicy knows. */
const SCTP = '132';
const HIGHEST_PORT = 65535;

/**
 * The ports of a rule in a NetworkPolicy: none stands for all traffic. A text says why a NetworkPolicy cannot express the rule. Pure.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
 */
export function policyPortsFor(rule: SecurityGroupRule): PolicyPort[] | string {
  const { protocol, fromPort = 0, toPort = 0 } = ruleTrafficOf(rule);
  switch (protocol) {
    case ALL_PROTOCOLS:
      return [];
    case 'tcp':
    case 'udp':
      return portsOf(protocol === 'tcp' ? 'TCP' : 'UDP', fromPort, toPort);
    case SCTP:
      return [{ protocol: 'SCTP' }];
    case 'icmp':
    case 'icmpv6':
      return 'NetworkPolicy has no ICMP: whether it passes is up to the network plugin';
    default:
      return `NetworkPolicy has no protocol ${protocol}`;
  }
}

function portsOf(protocol: 'TCP' | 'UDP', fromPort: number, toPort: number): PolicyPort[] | string {
  if (toPort === 0) return 'NetworkPolicy has no port 0';
  const first = Math.max(fromPort, 1);
  if (first === 1 && toPort === HIGHEST_PORT) return [{ protocol }];
  return [{ protocol, port: first, ...(toPort > first && { endPort: toPort }) }];
}
