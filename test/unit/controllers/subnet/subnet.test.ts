import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import type { SubnetSpec } from '../../../../operator/api/network/subnet.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { subnetController } from '../../../../operator/controllers/subnet/controller.ts';
import { Instance, Subnet } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { aSubnet, aVpc } from '../../../support/network-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';

describe('a subnet', () => {
  const vpc = aVpc('net', { cidrBlock: '10.0.0.0/16', moreCidrBlocks: ['10.1.0.0/16'] });
  const cases: Record<string, { spec: Partial<SubnetSpec>; want: string }> = {
    'within the block of its VPC is available': { spec: { cidrBlock: '10.0.1.0/24' }, want: 'available Available' },
    'within a block added later is available': { spec: { cidrBlock: '10.1.0.0/16' }, want: 'available Available' },
    'of a VPC named by its id is available': { spec: { vpcId: ec2IdOf('vpc', vpc), cidrBlock: '10.0.1.0/24' }, want: 'available Available' },
    'outside of its VPC waits': { spec: { cidrBlock: '10.2.0.0/24' }, want: 'pending BlockOutsideVpc' },
    'bigger than its VPC waits': { spec: { vpcId: 'small', cidrBlock: '10.0.0.0/16' }, want: 'pending BlockOutsideVpc' },
    'that overlaps with an older one waits': { spec: { cidrBlock: '10.0.8.0/21' }, want: 'pending BlockConflict' },
    'without its VPC waits': { spec: { vpcId: 'none', cidrBlock: '10.0.1.0/24' }, want: 'pending VpcNotFound' },
  };
  for (const [name, { spec, want }] of Object.entries(cases)) {
    it(name, async () => {
      const clock = new FakeClock();
      const older = aSubnet('older', { vpcId: 'net', cidrBlock: '10.0.9.0/24', creationTimestamp: '2020-01-01T00:00:00Z' });
      const cluster = new FakeCluster({ clock, objects: [vpc, aVpc('small', { cidrBlock: '10.0.0.0/24' }), older, { ...aSubnet('new', { vpcId: 'net', ...spec }), status: {} }] });
      const key = { namespace: NAMESPACE, name: 'new' };
      await passUntilQuiet(cluster, subnetController(defaultControllerSettings), key, clock);
      const { status } = cluster.get(Subnet, key) ?? assert.fail('gone');
      assert.equal(`${status?.state ?? ''} ${status?.conditions?.[0]?.reason ?? ''}`, want);
      assert.match(status?.subnetId ?? '', /^subnet-[0-9a-f]{17}$/);
    });
  }

  it('that is available stays so when one comes that overlaps with it, even in the same second and with a name that comes first', async () => {
    const clock = new FakeClock();
    const cluster = new FakeCluster({ clock, objects: [vpc, aSubnet('b', { vpcId: 'net', cidrBlock: '10.0.1.0/24' }), { ...aSubnet('a', { vpcId: 'net', cidrBlock: '10.0.1.0/25' }), status: {} }] });
    for (const name of ['a', 'b', 'a']) await passUntilQuiet(cluster, subnetController(defaultControllerSettings), { namespace: NAMESPACE, name }, clock);
    const states = ['a', 'b'].map((name) => cluster.get(Subnet, { namespace: NAMESPACE, name })?.status?.conditions?.[0]?.reason);
    assert.deepEqual(states, ['BlockConflict', 'Available']);
  });

  it('stays while instances are in it', async () => {
    const clock = new FakeClock();
    const guest = anInstance('i-00000000000000001', { subnetId: 'inner' });
    const cluster = new FakeCluster({ clock, objects: [vpc, aSubnet('inner', { vpcId: 'net', cidrBlock: '10.0.1.0/24' }), guest] });
    const key = { namespace: NAMESPACE, name: 'inner' };
    await passUntilQuiet(cluster, subnetController(defaultControllerSettings), key, clock);
    await cluster.remove(Subnet, key);
    await passUntilQuiet(cluster, subnetController(defaultControllerSettings), key, clock);
    assert.equal(cluster.get(Subnet, key)?.status?.conditions?.[0]?.reason, 'InUse');
    await cluster.remove(Instance, { namespace: NAMESPACE, name: guest.metadata.name });
    await passUntilQuiet(cluster, subnetController(defaultControllerSettings), key, clock);
    assert.equal(cluster.get(Subnet, key), undefined);
  });
});
