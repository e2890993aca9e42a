import assert from 'node:assert/strict';
import { canonicalCidrFrom, isWithin } from '../../../../operator/api/network/canonical-cidr.ts';
import type { ruleKeyOf} from '../../../../operator/api/network/security-group-rule.ts';
import { ruleIdsOf, ruleTrafficOf } from '../../../../operator/api/network/security-group-rule.ts';
import { aSecurityGroup } from '../../../support/instance-objects.ts';

describe('address blocks in one spelling', () => {
  const cases: Record<string, string | undefined> = {
    '0.0.0.0/0': '0.0.0.0/0',
    '100.68.0.18/18': '100.68.0.0/18',
    '10.1.2.3/32': '10.1.2.3/32',
    '2001:DB8:0:0::1/64': '2001:db8::/64',
    '::/0': '::/0',
    '::ffff:10.0.0.1/128': '::ffff:a00:1/128',
    '10.1.2.3': undefined,
    '10.1.2.3/33': undefined,
    '10.1.2.3/08': undefined,
    '10.1.2/24': undefined,
    '010.1.2.3/24': undefined,
    '256.1.2.3/24': undefined,
    '0x10.1.2.3/24': undefined,
    '2001:db8::/129': undefined,
    'fe80::1%eth0/64': undefined,
    '1.2.3.4/-1': undefined,
    '': undefined,
  };
  for (const [text, want] of Object.entries(cases)) it(`${text || 'nothing'} is ${want ?? 'no block'}`, () => assert.equal(canonicalCidrFrom(text)?.text, want));

  it('knows what lies within what', () => {
    assert.ok(isWithin('10.244.0.0/16', '0.0.0.0/0') && isWithin('10.244.0.0/16', '10.244.0.0/16') && isWithin('fd00::/64', '::/0'));
    assert.ok(!isWithin('0.0.0.0/0', '10.0.0.0/8') && !isWithin('10.244.0.0/16', '192.168.0.0/16') && !isWithin('10.244.0.0/16', '::/0'));
  });
});

describe('ids of rules', () => {
  const web = { ipProtocol: 'tcp', fromPort: 80, toPort: 80, cidrIpv4: '0.0.0.0/0' };
  const idsOf = (...ingress: Parameters<typeof ruleKeyOf>[0][]): string[] => ruleIdsOf(aSecurityGroup('sg-00000000000000001', { ingress }), 'ingress');

  it('follow from what a rule says, whatever stands around it or describes it, and in whichever spelling', () => {
    const [id = ''] = idsOf(web);
    assert.match(id, /^sgr-[0-9a-f]{17}$/);
    assert.equal(idsOf({ ipProtocol: '-1', cidrIpv4: '10.0.0.0/8' }, { ...web, ipProtocol: '6', description: 'web', tags: [{ key: 'a', value: 'b' }] })[1], id);
    assert.equal(idsOf({ ...web, cidrIpv4: '1.2.3.4/0' })[0], id);
    assert.notEqual(idsOf({ ...web, toPort: 81 })[0], id);
    assert.notEqual(ruleIdsOf(aSecurityGroup('sg-00000000000000001', { egress: [web] }), 'egress')[0], id);
  });

  it('are those of the rules where they have some, and never twice the same', () => {
    const ruleId = 'sgr-00000000000000001';
    const [own, first, second, copy] = idsOf({ ...web, ruleId }, web, web, { ...web, ruleId });
    assert.equal(own, ruleId);
    assert.equal(new Set([own, first, second, copy]).size, 4);
  });
});

describe('traffic of a rule', () => {
  const cases: Record<string, { rule: Parameters<typeof ruleTrafficOf>[0]; want: ReturnType<typeof ruleTrafficOf> }> = {
    'numbers with a name have it': { rule: { ipProtocol: '17', fromPort: 1, toPort: 2 }, want: { protocol: 'udp', fromPort: 1, toPort: 2 } },
    'ports do not count where EC2 does not look at them': { rule: { ipProtocol: '-1', fromPort: 0, toPort: 0 }, want: { protocol: '-1' } },
    'nor those of other protocols': { rule: { ipProtocol: '50', fromPort: 1, toPort: 2 }, want: { protocol: '50' } },
    'ICMP without types is all of it': { rule: { ipProtocol: 'icmp' }, want: { protocol: 'icmp', fromPort: -1, toPort: -1 } },
  };
  for (const [name, { rule, want }] of Object.entries(cases)) it(name, () => assert.deepEqual(ruleTrafficOf(rule), want));
});
