import assert from 'node:assert/strict';
import type { SecurityGroupRule } from '../../../../operator/api/network/security-group.ts';
import { openPortsFor, PORTS_LIMIT } from '../../../../operator/controllers/elastic-ip/open-ports.ts';
import { aSecurityGroup } from '../../../support/instance-objects.ts';

const tcp = (fromPort: number, toPort = fromPort): SecurityGroupRule => ({ ipProtocol: 'tcp', fromPort, toPort, cidrIpv4: '0.0.0.0/0' });

describe('the ports that an elastic IP lets through', () => {
  const cases: Record<string, { rules: SecurityGroupRule[]; want: string; leftOut?: string[] }> = {
    'none without rules': { rules: [], want: '' },
    'single ports and short ranges, each once': { rules: [tcp(443), tcp(22), tcp(80, 82), tcp(81)], want: 'TCP/22 TCP/80 TCP/81 TCP/82 TCP/443' },
    'udp beside tcp': { rules: [tcp(53), { ...tcp(53), ipProtocol: 'udp' }], want: 'TCP/53 UDP/53' },
    'protocols by number': { rules: [{ ...tcp(22), ipProtocol: '6' }, { ...tcp(53), ipProtocol: '17' }], want: 'TCP/22 UDP/53' },
    'rules for prefix lists': { rules: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, prefixListId: 'pl-1' }], want: 'TCP/22' },
    'no rules for groups, whose members come by private addresses': { rules: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, referencedGroup: { groupId: 'sg-1' } }], want: '' },
    'no rules for IPv6, which the address is not': { rules: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIpv6: '::/0' }], want: '' },
    'not what a Service cannot say': {
      rules: [tcp(22), { ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' }, { ipProtocol: 'icmp', fromPort: -1, toPort: -1, cidrIpv4: '0.0.0.0/0' }, tcp(0, 65535)],
      want: 'TCP/22',
      leftOut: ['all protocols', 'protocol icmp', 'tcp 1-65535'],
    },
    'single ports before wide ranges': {
      rules: [tcp(30000, 30000 + PORTS_LIMIT - 1), tcp(22)],
      want: 'TCP/22',
      leftOut: [`tcp 30000-${30000 + PORTS_LIMIT - 1}`],
    },
  };
  for (const [name, { rules, want, leftOut = [] }] of Object.entries(cases)) {
    it(name, () => {
      const found = openPortsFor([aSecurityGroup('a', { ingress: rules.slice(0, 1) }), aSecurityGroup('b', { ingress: rules.slice(1) })]);
      assert.equal(found.ports.map(({ protocol, port }) => `${protocol}/${port}`).join(' '), want);
      assert.deepEqual(found.leftOut, leftOut);
    });
  }

  it('never more than a Service should have, whatever the rules', () => {
    const rules = Array.from({ length: 1000 }, (_, index) => tcp(1000 + 3 * index, 1000 + 3 * index + (index % 5)));
    const { ports, leftOut } = openPortsFor([aSecurityGroup('a', { ingress: rules })]);
    assert.equal(ports.length, PORTS_LIMIT);
    assert.ok(leftOut.length > 0);
  });
});
