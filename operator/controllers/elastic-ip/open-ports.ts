import type { SecurityGroup, SecurityGroupRule } from '../../api/network/security-group.ts';

/** A port of a Service. */
export interface OpenPort {
  protocol: 'TCP' | 'UDP';
  port: number;
}

/** What can be reached from outside, and which rules a Service cannot express. */
export interface OpenPorts {
  ports: OpenPort[];
  /** One sentence part for each rule that is left out. */
  leftOut: string[];
}

/** Ports of one Service: each is one more set of rules on every node of the cluster. */
export const PORTS_LIMIT = 100;

const PROTOCOLS: Readonly<Record<string, OpenPort['protocol']>> = { tcp: 'TCP', '6': 'TCP', udp: 'UDP', '17': 'UDP' };

interface Range {
  protocol: OpenPort['protocol'];
  from: number;
  to: number;
}

/**
 * Whether a rule lets in anybody who comes by way of a public IPv4 address: members of a group are known by their private addresses only, in EC2 too.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
function isPublic({ cidrIpv4, prefixListId }: SecurityGroupRule): boolean {
  return cidrIpv4 !== undefined || prefixListId !== undefined;
}

function rangeOf({ ipProtocol, fromPort, toPort }: SecurityGroupRule): Range | undefined {
  const protocol = PROTOCOLS[ipProtocol];
  return protocol === undefined || fromPort === undefined || toPort === undefined ? undefined : { protocol, from: Math.max(fromPort, 1), to: toPort };
}

function describe({ protocol, from, to }: Range): string {
  return `${protocol.toLowerCase()} ${from === to ? String(from) : `${String(from)}-${String(to)}`}`;
}

/**
 * The ports that a Service must have so that the public address lets in what the groups open; whom they let in is for their NetworkPolicies to judge,
 * which see the caller's own address. Narrow ranges go first, so that a wide one never crowds single ports out. Pure.
 */
export function openPortsFor(groups: readonly SecurityGroup[]): OpenPorts {
  const rules = groups.flatMap(({ spec }) => spec.ingress).filter(isPublic);
  const others = rules.filter((rule) => rangeOf(rule) === undefined).map(({ ipProtocol }) => (ipProtocol === '-1' ? 'all protocols' : `protocol ${ipProtocol}`));
  const ranges = rules.flatMap((rule) => rangeOf(rule) ?? []).sort((left, right) => left.to - left.from - (right.to - right.from) || left.from - right.from);
  const ports = new Map<string, OpenPort>();
  const tooWide: string[] = [];
  for (const range of ranges) {
    const { protocol, from, to } = range;
    const added = to - from >= PORTS_LIMIT ? [] : Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((port) => !ports.has(`${protocol}/${port}`));
    const isCovered = added.length === 0 && to - from < PORTS_LIMIT;
    if (isCovered) continue;
    if (added.length === 0 || ports.size + added.length > PORTS_LIMIT) {
      tooWide.push(describe(range));
      continue;
    }
    for (const port of added) ports.set(`${protocol}/${port}`, { protocol, port });
  }
  const sorted = [...ports.values()].sort((left, right) => left.port - right.port || (left.protocol < right.protocol ? -1 : 1));
  return { ports: sorted, leftOut: [...new Set([...others, ...tooWide])] };
}
