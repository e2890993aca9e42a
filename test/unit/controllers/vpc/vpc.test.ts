import assert from 'node:assert/strict';
import { ACCOUNT_ID_LABEL } from '../../../../operator/api/identity/account.ts';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { defaultSubnetNameOf } from '../../../../operator/api/network/subnet.ts';
import { VpcConditions, type VpcSpec } from '../../../../operator/api/network/vpc.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { vpcController } from '../../../../operator/controllers/vpc/controller.ts';
import { Node, Subnet, Vpc } from '../../../../operator/kubernetes/resources.ts';
import { aNode } from '../../../support/cluster-objects.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { aVpc } from '../../../support/network-objects.ts';
import { ACCOUNT_ID, NAMESPACE } from '../../../support/operation-context.ts';

interface World {
  cluster: FakeCluster;
  vpc: () => Vpc;
  settle: () => Promise<void>;
  blocks: () => Record<string, string>;
}

function world(spec: Partial<VpcSpec> = {}, ...more: KubernetesObject[]): World {
  const clock = new FakeClock();
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE, labels: { [ACCOUNT_ID_LABEL]: ACCOUNT_ID } } };
  const { status: _status, ...made } = aVpc('default', spec);
  const cluster = new FakeCluster({ clock, objects: [namespace, made, ...more] });
  const key = { namespace: NAMESPACE, name: 'default' };
  return {
    cluster,
    vpc: () => cluster.get(Vpc, key) ?? assert.fail('the VPC is gone'),
    settle: async () => {
      await passUntilQuiet(cluster, vpcController(defaultControllerSettings), key, clock);
    },
    blocks: () => Object.fromEntries(cluster.list(Subnet).map(({ spec: { availabilityZone, cidrBlock } }) => [availabilityZone, cidrBlock])),
  };
}

const conditionOf = (vpc: Vpc, type: string): string => {
  const condition = vpc.status?.conditions?.find((candidate) => candidate.type === type);
  return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
};
const podNode = (name: string, zone: string, podCIDR: string): Node => ({ ...aNode(name, { zone }), spec: { podCIDR, podCIDRs: [podCIDR] } });

describe('a VPC', () => {
  it('gets its id, owner and state, and says that addresses come from elsewhere', async () => {
    const { vpc, settle, cluster } = world({ cidrBlock: '10.0.0.0/16' }, podNode('a', 'us-east-1a', '10.244.0.0/24'));
    await settle();
    assert.deepEqual([vpc().status?.vpcId, vpc().status?.ownerId, vpc().status?.state], [ec2IdOf('vpc', vpc()), ACCOUNT_ID, 'available']);
    assert.equal(conditionOf(vpc(), VpcConditions.available), 'True Available');
    assert.equal(conditionOf(vpc(), VpcConditions.addressesFromBlock), 'False PodNetwork');
    assert.deepEqual(cluster.list(Subnet), [], 'only default VPCs get subnets by themselves');
  });

  it('whose block holds the pod network says so', async () => {
    const { vpc, settle } = world({ cidrBlock: '10.244.0.0/16' }, podNode('a', 'us-east-1a', '10.244.0.0/24'), podNode('b', 'us-east-1b', '10.244.7.0/24'));
    await settle();
    assert.equal(conditionOf(vpc(), VpcConditions.addressesFromBlock), 'True PodNetworkWithin');
  });
});

describe('a default VPC', () => {
  it('gets a default subnet in each zone, also in one that comes later, and never a second one', async () => {
    const { cluster, vpc, settle, blocks } = world({ isDefault: true }, aNode('b', { zone: 'us-east-1b' }), aNode('a', { zone: 'us-east-1a' }), aNode('none'));
    await settle();
    assert.deepEqual(blocks(), { 'us-east-1a': '172.31.0.0/20', 'us-east-1b': '172.31.16.0/20' });
    await cluster.create(Node, aNode('c', { zone: 'us-east-1c' }));
    await cluster.remove(Subnet, { namespace: NAMESPACE, name: 'default-us-east-1a' });
    await settle();
    assert.deepEqual(blocks(), { 'us-east-1b': '172.31.16.0/20', 'us-east-1c': '172.31.0.0/20' });
    assert.deepEqual(vpc().status?.defaultSubnetZones, ['us-east-1a', 'us-east-1b', 'us-east-1c']);
    assert.ok(cluster.list(Subnet).every(({ spec }) => spec.defaultForAz && spec.vpcId === ec2IdOf('vpc', vpc())));
  });

  it('says which zones it has no room for', async () => {
    const { vpc, settle, blocks } = world({ isDefault: true, cidrBlock: '10.0.0.0/20' }, aNode('a', { zone: 'us-east-1a' }), aNode('b', { zone: 'us-east-1b' }));
    await settle();
    assert.deepEqual(Object.keys(blocks()), ['us-east-1a']);
    assert.equal(conditionOf(vpc(), VpcConditions.available), 'True NoRoomForSubnets');
  });

  it('that is not the oldest is none', async () => {
    const { vpc, settle, cluster } = world({ isDefault: true }, aNode('a', { zone: 'us-east-1a' }), aVpc('older', { isDefault: true, creationTimestamp: '2020-01-01T00:00:00Z' }));
    await settle();
    assert.equal(conditionOf(vpc(), VpcConditions.available), 'True NotTheDefault');
    assert.deepEqual(cluster.list(Subnet), []);
  });
});

describe('the name of a default subnet', () => {
  it('is that of the zone where it can be, and differs for each zone in any case', () => {
    assert.equal(defaultSubnetNameOf('default', 'us-east-1a'), 'default-us-east-1a');
    const odd = ['Rack_7', 'rack-7', 'rack.7', 'RACK-7', '_', '-'].map((zone) => defaultSubnetNameOf('default', zone));
    assert.equal(new Set(odd).size, odd.length);
    for (const name of odd) assert.match(name, /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/);
  });
});
