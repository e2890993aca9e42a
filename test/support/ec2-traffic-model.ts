import { BlockList, isIPv4 } from 'node:net';

/** One rule of a group, one other side each. */
export interface ModelRule {
  protocol: string;
  fromPort?: number;
  toPort?: number;
  peer: { cidr: string } | { group: string } | { prefixList: string };
}

/** A security group. */
export interface ModelGroup {
  ingress: ModelRule[];
  egress: ModelRule[];
}

/** Whoever has an address: an instance with its groups and VPC, or something that is none. */
export interface ModelHost {
  name: string;
  addresses: string[];
  /** Absent for what is no instance. */
  instance?: { account: string; vpc: string; groups: string[] };
  /** A pod on the pod network; otherwise outside of the cluster. */
  isPod?: boolean;
  /** The resolver of the network. */
  isResolver?: boolean;
}

/** The first packet of a connection. */
export interface ModelFlow {
  source: string;
  destination: string;
  protocol: 'TCP' | 'UDP' | 'SCTP';
  port: number;
}

/** Everything that decides about traffic. Groups and prefix lists by id. */
export interface ModelWorld {
  hosts: ModelHost[];
  groups: Record<string, ModelGroup>;
  prefixLists: Record<string, string[]>;
  /** Blocks of the pod network, if the operator is told: then a block that holds one of them whole is not about instances of other VPCs. */
  podCidrs: string[];
}

/**
 * EC2's semantics of security groups, written down once more, plainly, to compare with: traffic passes if a group of the sender lets it out and a group of
 * the receiver lets it in; whoever is no instance has no groups, and nothing keeps its traffic.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html
 */
export function doesPass(world: ModelWorld, flow: ModelFlow): boolean {
  const source = hostOf(world, flow.source);
  const destination = hostOf(world, flow.destination);
  return isLetThrough(world, 'egress', source, destination, flow.destination, flow) && isLetThrough(world, 'ingress', destination, source, flow.source, flow);
}

function hostOf(world: ModelWorld, address: string): ModelHost | undefined {
  return world.hosts.find(({ addresses }) => addresses.includes(address));
}

function isLetThrough(world: ModelWorld, direction: 'ingress' | 'egress', own: ModelHost | undefined, other: ModelHost | undefined, otherAddress: string, flow: ModelFlow): boolean {
  if (!own?.instance) return true;
  const { instance } = own;
  // Security groups do not stand between an instance and the resolver of its network.
  if (direction === 'egress' && other?.isResolver && flow.port === 53 && flow.protocol !== 'SCTP') return true;
  return instance.groups.some((group) =>
    (world.groups[group]?.[direction] ?? []).some((rule) => isAbout(rule, flow) && isPeer(world, rule.peer, instance.vpc, other, otherAddress)),
  );
}

function isAbout({ protocol, fromPort = 0, toPort = 65535 }: ModelRule, flow: ModelFlow): boolean {
  if (protocol === '-1') return true;
  const numbers = { TCP: ['tcp', '6'], UDP: ['udp', '17'], SCTP: ['132'] }[flow.protocol];
  if (!numbers.includes(protocol)) return false;
  return flow.protocol === 'SCTP' || (fromPort <= flow.port && flow.port <= toPort);
}

function isPeer(world: ModelWorld, peer: ModelRule['peer'], vpc: string, other: ModelHost | undefined, address: string): boolean {
  if ('group' in peer) return other?.instance?.groups.includes(peer.group) ?? false;
  const blocks = 'cidr' in peer ? [peer.cidr] : (world.prefixLists[peer.prefixList] ?? []);
  return blocks.some((block) => {
    if (!isIn(block, address)) return false;
    const holdsPods = world.podCidrs.some((pods) => isBlockIn(block, pods));
    return !holdsPods || other?.instance === undefined || other.instance.vpc === vpc;
  });
}

function isIn(block: string, address: string): boolean {
  const [network = '', prefix = ''] = block.split('/');
  const family = isIPv4(network) ? 'ipv4' : 'ipv6';
  if (family !== (isIPv4(address) ? 'ipv4' : 'ipv6')) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(address, family);
}

function isBlockIn(outer: string, inner: string): boolean {
  const [network = '', prefix = ''] = inner.split('/');
  return Number(outer.split('/')[1]) <= Number(prefix) && isIn(outer, network);
}
