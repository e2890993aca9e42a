import assert from 'node:assert/strict';
import { InstanceDefinition, type InstanceSpec } from '../../../../operator/api/compute/instance.ts';
import { SubnetDefinition } from '../../../../operator/api/network/subnet.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { zoneForInstance } from '../../../../operator/controllers/volume/zone-for-instance.ts';
import type { Instance, Subnet } from '../../../../operator/kubernetes/resources.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { aPlacementGroup } from '../../../support/placement-group-objects.ts';
import { aVolume } from '../../../support/volume-objects.ts';

const namespace = 'team';
const nodes = new Map([
  ['us-east-1a', ['node-1']],
  ['us-east-1b', ['node-2', 'node-4']],
  ['us-east-1c', ['node-3']],
]);

/** Members are as old as their number. */
function member(number: number, spec: Partial<InstanceSpec> = {}, status: Instance['status'] = {}): Instance {
  const { apiVersion, kind } = InstanceDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name: `web-${String(number)}`, namespace, uid: `uid-web-${String(number)}`, creationTimestamp: `2026-01-01T00:00:0${String(number)}Z` },
    spec: InstanceDefinition.spec.parse({ imageId: 'volume', instanceType: 't3.micro', ...spec }),
    status,
  };
}

const inGroup = (partitionNumber?: number): Partial<InstanceSpec> => ({ placement: { groupName: 'group', tenancy: 'default', ...(partitionNumber === undefined ? {} : { partitionNumber }) } });
const zonesOf = (instances: readonly Instance[], ...more: KubernetesObject[]): (string | undefined)[] => {
  const cluster = new FakeCluster({ objects: [...instances, ...more] });
  return instances.map((instance) => zoneForInstance(instance, nodes, cluster, defaultControllerSettings));
};

describe('the zone of disks that are made before their instance is placed', () => {
  it('is one of the zones for an instance that is bound to nothing, the same for all its disks', () => {
    const [zone] = zonesOf([member(1)]);
    assert.ok(nodes.has(zone ?? ''));
    assert.deepEqual(zonesOf([member(1)]), [zone]);
    const many = zonesOf(Array.from({ length: 9 }, (_, index) => member(index + 1)));
    assert.ok(new Set(many).size > 1, 'instances are spread');
  });

  it('is that of the spec, of the subnet, or of another disk of the instance', () => {
    const subnet = {
      apiVersion: SubnetDefinition.apiVersion,
      kind: SubnetDefinition.kind,
      metadata: { name: 'private', namespace, uid: 'uid-private' },
      spec: SubnetDefinition.spec.parse({ vpcId: 'main', cidrBlock: '10.0.0.0/24', availabilityZone: 'us-east-1c' }),
    } as Subnet;
    const volume = aVolume('vol-00000000000000001', { namespace, attachment: { instanceId: 'web-3', device: '/dev/sdf', deleteOnTermination: false }, availabilityZone: 'us-east-1b' });
    const placed = member(1, { placement: { availabilityZone: 'us-east-1a', tenancy: 'default' } });
    assert.deepEqual(zonesOf([placed, member(2, { subnetId: 'private' }), member(3)], subnet, volume), ['us-east-1a', 'us-east-1c', 'us-east-1b']);
  });

  it('is one for all of a cluster: that of its members, else the one with the most nodes', () => {
    const group = aPlacementGroup('group', { namespace, strategy: 'cluster' });
    assert.deepEqual(zonesOf([member(1, inGroup()), member(2, inGroup())], group), ['us-east-1b', 'us-east-1b']);
    assert.deepEqual(zonesOf([member(1, inGroup(), { availabilityZone: 'us-east-1c' }), member(2, inGroup())], group), ['us-east-1c', 'us-east-1c']);
    const ended = member(1, { ...inGroup(), powerState: 'terminated' }, { availabilityZone: 'us-east-1c' });
    assert.deepEqual(zonesOf([ended, member(2, inGroup())], group)[1], 'us-east-1b', 'members that are gone count no more');
  });

  it('leaves each of a spread group a node of its own', () => {
    const group = aPlacementGroup('group', { namespace, strategy: 'spread' });
    const four = [1, 2, 3, 4].map((number) => member(number, inGroup()));
    assert.deepEqual(zonesOf(four, group).sort(), ['us-east-1a', 'us-east-1b', 'us-east-1b', 'us-east-1c']);
    // As one after the other gets to know its zone, the others keep theirs.
    const known = four.map((instance, index) => (index === 0 ? { ...instance, status: { availabilityZone: 'us-east-1b' } } : instance));
    assert.deepEqual(zonesOf(known, group), zonesOf(four, group));
  });

  it('is one for each partition, apart from the others', () => {
    const group = aPlacementGroup('group', { namespace, strategy: 'partition', partitionCount: 3 });
    const zones = zonesOf([member(1, inGroup(1)), member(2, inGroup(2)), member(3, inGroup(1)), member(4, inGroup(3))], group);
    assert.equal(zones[0], zones[2]);
    assert.deepEqual(zones.slice(0, 2).concat(zones[3]).sort(), ['us-east-1a', 'us-east-1b', 'us-east-1b']);
  });
});
