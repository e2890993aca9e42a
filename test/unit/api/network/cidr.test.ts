import assert from 'node:assert/strict';
import { blockFrom, cidrOf, contains, doOverlap, freeBlockIn, type Block } from '../../../../operator/api/network/cidr.ts';

const block = (cidr: string): Block => blockFrom(cidr) ?? assert.fail(cidr);

describe('IPv4 blocks', () => {
  it('are read and written, without the bits behind the prefix', () => {
    for (const [text, want] of Object.entries({ '10.0.0.0/16': '10.0.0.0/16', '10.1.2.3/8': '10.0.0.0/8', '255.255.255.255/32': '255.255.255.255/32', '1.2.3.4/0': '0.0.0.0/0' })) {
      assert.equal(cidrOf(block(text)), want);
    }
  });

  it('are nothing else', () => {
    for (const text of ['10.0.0.0', '10.0.0.0/33', '256.0.0.0/8', '10.0.0/8', 'fd00::/8', '', ' 10.0.0.0/8', '10.0.0.0/8\n']) assert.equal(blockFrom(text), undefined, text);
  });

  it('overlap or contain each other', () => {
    assert.ok(doOverlap(block('10.0.0.0/16'), block('10.0.255.0/24')));
    assert.ok(!doOverlap(block('10.0.0.0/16'), block('10.1.0.0/16')));
    assert.ok(contains(block('0.0.0.0/0'), block('10.0.0.0/16')));
    assert.ok(!contains(block('10.0.255.0/24'), block('10.0.0.0/16')));
  });

  it('have free parts until they are full', () => {
    const whole = block('172.31.0.0/16');
    const taken: Block[] = [block('172.31.16.0/24')];
    for (let count = 0; count < 15; count += 1) taken.push(freeBlockIn(whole, 20, taken) ?? assert.fail('full too early'));
    assert.equal(cidrOf(taken[1] ?? whole), '172.31.0.0/20');
    assert.equal(cidrOf(taken[2] ?? whole), '172.31.32.0/20');
    assert.equal(freeBlockIn(whole, 20, taken), undefined);
  });
});
