import assert from 'node:assert/strict';
import { doesPass, type ModelFlow, type ModelGroup, type ModelHost, type ModelRule, type ModelWorld } from '../support/ec2-traffic-model.ts';
import { verdictsOf, type Case } from '../support/policy-engine.ts';

/** Groups 1 to 4 are of the account red, the others of blue; red has two VPCs. */
const groupIds = Array.from({ length: 6 }, (_, index) => `sg-${String(index + 1).padStart(17, '0')}`);
const ownerOf = (groupId: string): string => (groupIds.indexOf(groupId) < 4 ? 'red' : 'blue');
const vpcOf = (groupId: string): string => (ownerOf(groupId) === 'blue' ? 'vpc-blue' : groupIds.indexOf(groupId) < 3 ? 'vpc-red' : 'vpc-red-2');
const LIST = 'pl-00000000000000001';
const [RED = '', WEB = '', DATABASE = '', APART = '', BLUE = ''] = groupIds;

const resolver: ModelHost = { name: 'dns', addresses: ['10.244.9.10'], isPod: true, isResolver: true };
const plainPod: ModelHost = { name: 'plain', addresses: ['10.244.9.20', 'fd00:244::9:20'], isPod: true };
const outside: ModelHost[] = ['203.0.113.7', '10.1.2.3', '2001:db8::7'].map((address) => ({ name: address, addresses: [address] }));

function instance(number: number, groups: string[], isDualStack = true): ModelHost {
  const [first = RED] = groups;
  const addresses = [`10.244.${String(number % 3)}.${String(10 + number)}`, ...(isDualStack ? [`fd00:244::${String(number)}`] : [])];
  return { name: `i-${String(number)}`, addresses, instance: { account: ownerOf(first), vpc: vpcOf(first), groups } };
}

/** Every first packet from each host to each other one, of the same family, to these ports. */
function flowsBetween(hosts: readonly ModelHost[], ports: readonly number[], protocols: readonly ModelFlow['protocol'][]): ModelFlow[] {
  const addresses = hosts.flatMap((host) => host.addresses);
  return addresses.flatMap((source) =>
    addresses
      .filter((destination) => destination !== source && destination.includes(':') === source.includes(':') && !hosts.some((host) => host.addresses.includes(source) && host.addresses.includes(destination)))
      .flatMap((destination) => protocols.flatMap((protocol) => ports.map((port) => ({ source, destination, protocol, port })))),
  );
}

async function compare(cases: readonly Case[]): Promise<{ flows: number; passing: number }> {
  const verdicts = await verdictsOf(cases, ownerOf, vpcOf);
  let [flows, passing] = [0, 0];
  for (const [position, { world, flows: asked }] of cases.entries()) {
    for (const [index, flow] of asked.entries()) {
      const want = doesPass(world, flow);
      flows += 1;
      passing += Number(want);
      if (verdicts[position]?.[index] !== want) {
        assert.fail(`world ${String(position)}: EC2 ${want ? 'lets' : 'does not let'} ${JSON.stringify(flow)} pass, the policies do otherwise\n${JSON.stringify(world, undefined, 1)}`);
      }
    }
  }
  return { flows, passing };
}

const all = (peer: ModelRule['peer']): ModelRule => ({ protocol: '-1', peer });
const tcp = (port: number, peer: ModelRule['peer'], toPort = port): ModelRule => ({ protocol: 'tcp', fromPort: port, toPort, peer });
const everywhere = { cidr: '0.0.0.0/0' };
const open: ModelRule[] = [all(everywhere)];

describe("NetworkPolicies of security groups, judged by an engine that others wrote, against EC2's semantics", () => {
  it('a matrix of machines, groups and ports', async () => {
    const groups: Record<string, ModelGroup> = {
      [RED]: { ingress: [all({ group: RED })], egress: open },
      [WEB]: { ingress: [tcp(443, everywhere), tcp(443, { cidr: '::/0' }), tcp(8000, { cidr: '10.0.0.0/8' }, 8010), { protocol: 'icmp', fromPort: -1, toPort: -1, peer: everywhere }], egress: [tcp(5432, { group: DATABASE }), { protocol: '132', peer: everywhere }] },
      [DATABASE]: { ingress: [tcp(5432, { group: WEB }), tcp(22, { prefixList: LIST }), { protocol: 'udp', fromPort: 53, toPort: 53, peer: { group: BLUE } }], egress: [] },
      [APART]: { ingress: [tcp(22, { cidr: '10.244.0.0/24' })], egress: open },
      [BLUE]: { ingress: [tcp(0, { group: WEB }, 65535), tcp(0, everywhere, 0)], egress: open },
    };
    const hosts = [
      instance(1, [RED]), instance(2, [RED]), instance(3, [WEB]), instance(4, [WEB, RED]), instance(5, [DATABASE]), instance(6, [APART]), instance(7, [BLUE]), instance(8, [BLUE]),
      { ...instance(9, [RED]), instance: { account: 'red', vpc: 'vpc-red', groups: [] } },
      resolver, plainPod, ...outside,
    ];
    const world: ModelWorld = { hosts, groups, prefixLists: { [LIST]: ['10.1.0.0/16', '2001:db8::/32'] }, podCidrs: [] };
    const { flows, passing } = await compare([{ world, flows: flowsBetween(hosts, [22, 53, 443, 5432, 8005, 8011], ['TCP', 'UDP', 'SCTP']) }]);
    assert.ok(flows > 3000 && passing > 500 && passing < flows / 2, `${String(passing)} of ${String(flows)}`);
  });

  it('VPCs apart from each other, where the operator knows which addresses pods have', async () => {
    const groups = Object.fromEntries(groupIds.map((id) => [id, { ingress: [tcp(80, everywhere), tcp(81, { cidr: '10.0.0.0/8' }), tcp(82, { cidr: '10.244.0.0/16' })], egress: open }]));
    const hosts = [instance(1, [RED], false), instance(2, [WEB], false), instance(3, [APART], false), instance(4, [BLUE], false), resolver, plainPod, ...outside];
    const world: ModelWorld = { hosts, groups, prefixLists: {}, podCidrs: ['10.244.0.0/16'] };
    const flows = flowsBetween(hosts, [80, 81, 82, 83], ['TCP']);
    await compare([{ world, flows }]);
    const [red = '', , apart = '', blue = ''] = hosts.flatMap(({ addresses }) => addresses);
    for (const destination of [apart, blue]) assert.equal(doesPass(world, { source: red, destination, protocol: 'TCP', port: 80 }), false);
  });

  it('thousands of random configurations', async () => {
    const seed = Number(process.env['KUBE_EC2_TEST_SEED'] ?? 20_261_125);
    const random = generator(seed);
    const cases = Array.from({ length: 2000 }, () => randomCase(random));
    try {
      const { flows, passing } = await compare(cases);
      assert.ok(passing > flows / 50 && passing < flows, `${String(passing)} of ${String(flows)} pass: the configurations say little`);
    } catch (error) {
      console.log(`KUBE_EC2_TEST_SEED=${String(seed)}`);
      throw error;
    }
  });
});

interface Random {
  below(limit: number): number;
  pick<T>(items: readonly T[]): T;
  some<T>(items: readonly T[], limit: number): T[];
}

/** Mulberry32: the same numbers from the same seed. */
function generator(seed: number): Random {
  let state = seed;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  return { below, pick, some: (items, limit) => Array.from({ length: below(limit + 1) }, () => pick(items)) };
}

const blocks = ['0.0.0.0/0', '::/0', '10.0.0.0/8', '10.244.0.0/16', '10.244.1.0/24', '10.244.1.77/23', '10.1.2.3/32', '203.0.113.0/24', 'fd00:244::/32', '2001:db8::7/64'];
const protocols = ['tcp', '6', 'udp', '17', '132', '-1', 'icmp', '50'];
const edges = [0, 1, 22, 80, 443, 8080, 65534, 65535];

function randomRule(random: Random): ModelRule {
  const protocol = random.pick(protocols);
  const [first, second] = [random.pick(edges), random.pick(edges)];
  const hasPorts = ['tcp', '6', 'udp', '17'].includes(protocol);
  const peer = random.pick<() => ModelRule['peer']>([() => ({ cidr: random.pick(blocks) }), () => ({ cidr: random.pick(blocks) }), () => ({ group: random.pick(groupIds) }), () => ({ prefixList: LIST })])();
  return { protocol, ...(hasPorts && { fromPort: Math.min(first, second), toPort: Math.max(first, second) }), peer };
}

function randomCase(random: Random): Case {
  // With the blocks of pods given, a wide IPv4 block also names instances of the own VPC by their IPv6 addresses: single-stack then.
  const isSplit = random.below(3) === 0;
  const rules = (): ModelRule[] => Array.from({ length: random.below(4) }, () => randomRule(random));
  const groups = Object.fromEntries(random.some(groupIds, 6).map((id): [string, ModelGroup] => [id, { ingress: rules(), egress: random.below(2) === 0 ? open : rules() }]));
  const ids = Object.keys(groups);
  const vpcs = [...new Set(ids.map(vpcOf))];
  const hosts = vpcs.length === 0 ? [] : Array.from({ length: 2 + random.below(4) }, (_, index) => {
    const vpc = random.pick(vpcs);
    const mine = ids.filter((id) => vpcOf(id) === vpc);
    return instance(index + 1, [...new Set([random.pick(mine), ...random.some(mine, 2)])], !isSplit);
  });
  const everybody = [...hosts, resolver, isSplit ? { ...plainPod, addresses: plainPod.addresses.slice(0, 1) } : plainPod, ...outside.filter(({ addresses }) => !isSplit || !addresses[0]?.includes(':'))];
  const world = { hosts: everybody, groups, prefixLists: { [LIST]: [...new Set(random.some(blocks, 3))] }, podCidrs: isSplit ? ['10.244.0.0/16'] : [] };
  const possible = flowsBetween(everybody, [random.pick(edges.slice(1)), 53, 22], ['TCP', 'UDP', 'SCTP']);
  return { world, flows: Array.from({ length: 60 }, () => random.pick(possible)) };
}
