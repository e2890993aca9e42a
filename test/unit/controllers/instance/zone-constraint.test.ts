import assert from 'node:assert/strict';
import { isBoundTo, zoneConstraintFor, zonePatchFor, type ZoneConstraint } from '../../../../operator/controllers/instance/zone-constraint.ts';
import { mergePatched } from '../../../support/merge-patched.ts';
import { ZONE_LABEL } from '../../../../operator/kubernetes/node-zone.ts';
import type { VirtualMachine } from '../../../../operator/kubernetes/resources.ts';
import { Node } from '../../../../operator/kubernetes/resources.ts';
import { aNode, type NodeOptions } from '../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { instanceWorld } from '../../../support/instance-world.ts';

const REGION = 'us-east-1';
const bySelector = (zone: string): ZoneConstraint => ({ nodeSelector: { [ZONE_LABEL]: zone } });
const byAffinity: ZoneConstraint = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [
          { matchExpressions: [{ key: ZONE_LABEL, operator: 'In', values: ['us-east-1a'] }] },
          { matchExpressions: [{ key: ZONE_LABEL, operator: 'DoesNotExist' }] },
        ],
      },
    },
  },
};

function clusterOf(...nodes: NodeOptions[]): FakeCluster {
  return new FakeCluster({ objects: nodes.map((options, index) => aNode(`node-${index}`, options)) });
}

function machineWith(constraint: ZoneConstraint): VirtualMachine {
  return { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: { name: 'i-1' }, spec: { template: { spec: { ...constraint, domain: { devices: {} } } } } };
}

describe('what keeps a machine in its zone', () => {
  const cases: Record<string, { zone: string | undefined; nodes: NodeOptions[]; want: ZoneConstraint }> = {
    'is nothing without a zone': { zone: undefined, nodes: [{}], want: {} },
    'is the label of the zone': { zone: 'us-east-1b', nodes: [{ zone: 'us-east-1b' }, {}], want: bySelector('us-east-1b') },
    'is the label of zone a where every node has one': { zone: 'us-east-1a', nodes: [{ zone: 'us-east-1a' }, { zone: 'rack-7' }], want: bySelector('us-east-1a') },
    'lets nodes without a label in where no node has one': { zone: 'us-east-1a', nodes: [{}, {}], want: byAffinity },
    'lets nodes without a label in, but not those of other zones': { zone: 'us-east-1a', nodes: [{}, { zone: 'rack-7' }], want: byAffinity },
  };
  for (const [name, { zone, nodes, want }] of Object.entries(cases)) {
    it(name, () => {
      const constraint = zoneConstraintFor(zone, clusterOf(...nodes), REGION);
      assert.deepEqual(constraint, want);
      if (zone !== undefined) assert.deepEqual([isBoundTo(zone, machineWith(constraint)), isBoundTo('us-east-1z', machineWith(constraint))], [true, false]);
    });
  }

  const moves: Record<string, { from: ZoneConstraint; zone: string }> = {
    'from nowhere to the zone of the unlabelled': { from: {}, zone: 'us-east-1a' },
    'from nowhere to a named zone': { from: {}, zone: 'rack-7' },
    'from a named zone to that of the unlabelled': { from: bySelector('rack-7'), zone: 'us-east-1a' },
    'from that of the unlabelled to a named zone': { from: byAffinity, zone: 'rack-7' },
  };
  for (const [name, { from, zone }] of Object.entries(moves)) {
    it(`a machine moves ${name}`, () => {
      const read = clusterOf({}, { zone: 'rack-7' });
      const moved = mergePatched(machineWith(from).spec.template.spec, zonePatchFor(zone, machineWith(from), read, REGION)) as ZoneConstraint;
      const wanted = zoneConstraintFor(zone, read, REGION);
      assert.equal(moved.nodeSelector?.[ZONE_LABEL], wanted.nodeSelector?.[ZONE_LABEL]);
      assert.deepEqual(moved.affinity?.nodeAffinity, wanted.affinity?.nodeAffinity);
    });
  }
});

describe('an instance in a cluster without zones', () => {
  it('is in zone a, and is started there again', async () => {
    const world = instanceWorld();
    await world.cluster.remove(Node, { name: 'node-1' });
    world.cluster.add(aNode('node-1'));
    await world.settle();
    assert.deepEqual(world.kubevirt.vm?.spec.template.spec?.affinity, undefined);
    world.kubevirt.start('node-1', '10.244.0.7');
    await world.settle();
    assert.equal(world.instance().status?.availabilityZone, 'us-east-1a');
    await world.change({ powerState: 'stopped' });
    await world.kubevirt.end();
    await world.settle();
    await world.change({ powerState: 'running' });
    const template = world.kubevirt.vm?.spec.template.spec;
    assert.deepEqual(template?.affinity, byAffinity.affinity);
    assert.equal(template?.nodeSelector, undefined, 'no node has a label to select by');
  });
});
