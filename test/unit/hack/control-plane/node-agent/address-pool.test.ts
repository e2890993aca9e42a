import assert from 'node:assert/strict';
import { AddressPool } from '../../../../../hack/control-plane/node-agent/address-pool.ts';

describe('address pool', () => {
  it('hands out every address but the first and the last of its network, each once', () => {
    const pool = new AddressPool('10.244.2.0/29');
    const taken = Array.from({ length: 6 }, () => pool.take());
    assert.deepEqual(taken, ['10.244.2.1', '10.244.2.2', '10.244.2.3', '10.244.2.4', '10.244.2.5', '10.244.2.6']);
    assert.throws(() => pool.take(), /all 6 addresses/);
  });

  it('does not hand out what was marked, and ignores foreign addresses', () => {
    const pool = new AddressPool('10.244.2.0/29');
    for (const address of ['10.244.2.1', '10.244.2.3', '127.0.0.1']) pool.mark(address);
    assert.deepEqual([pool.take(), pool.take()], ['10.244.2.2', '10.244.2.4']);
  });

  it('hands a released address out again, after those that were never used', () => {
    const pool = new AddressPool('10.244.255.252/30');
    assert.equal(pool.take(), '10.244.255.253');
    pool.release('10.244.255.253');
    assert.equal(pool.take(), '10.244.255.254');
    assert.equal(pool.take(), '10.244.255.253');
  });

  it('crosses the borders of bytes', () => {
    const pool = new AddressPool('10.244.2.0/23');
    const taken = Array.from({ length: 510 }, () => pool.take());
    assert.equal(new Set(taken).size, 510);
    assert.deepEqual([taken[254], taken[255], taken[509]], ['10.244.2.255', '10.244.3.0', '10.244.3.254']);
  });
});
