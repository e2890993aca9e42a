import assert from 'node:assert/strict';
import { freeAddress } from '../../../../hack/control-plane/kube-ovn/addresses.ts';

describe('addresses of a simulated switch of Kube-OVN', () => {
  const subnet = { cidrBlock: '10.0.1.248/29', excludeIps: ['10.0.1.249..10.0.1.251', '10.0.1.253'] };
  const cases: Record<string, { taken: string[]; want: string | undefined }> = {
    'begin after those that are kept': { taken: [], want: '10.0.1.252' },
    'leave out what is taken or kept': { taken: ['10.0.1.252'], want: '10.0.1.254' },
    'end before the last of the block': { taken: ['10.0.1.252', '10.0.1.254'], want: undefined },
  };
  for (const [name, { taken, want }] of Object.entries(cases)) {
    it(name, () => {
      assert.equal(freeAddress(subnet, new Set(taken)), want);
    });
  }
});
