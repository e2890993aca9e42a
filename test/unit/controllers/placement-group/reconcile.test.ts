import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { placementConstraintFor } from '../../../../operator/controllers/instance/placement-constraint.ts';
import { isObjection } from '../../../../operator/controllers/instance/objection.ts';
import { referencesOf } from '../../../../operator/controllers/instance/references.ts';
import { placementGroupController } from '../../../../operator/controllers/placement-group/controller.ts';
import { PlacementGroup } from '../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType } from '../../../support/cluster-objects.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { anInstance } from '../../../support/instance-objects.ts';
import { NAMESPACE } from '../../../support/operation-context.ts';
import { aPlacementGroup } from '../../../support/placement-group-objects.ts';

const clock = new FakeClock();

describe('the placement group controller', () => {
  it('gives the id, and says which of two groups with one name counts', async () => {
    const younger = aPlacementGroup('younger', { groupName: 'web', creationTimestamp: '2026-01-02T00:00:00Z' });
    const cluster = new FakeCluster({ clock, objects: [aPlacementGroup('web'), younger] });
    const statusOf = async (name: string): Promise<PlacementGroup['status']> => {
      await passUntilQuiet(cluster, placementGroupController(), { namespace: NAMESPACE, name }, clock);
      return cluster.get(PlacementGroup, { namespace: NAMESPACE, name })?.status;
    };
    const first = await statusOf('web');
    assert.deepEqual([first?.groupId, first?.groupName, first?.conditions?.[0]?.status], [ec2IdOf('pg', aPlacementGroup('web')), 'web', 'True']);
    assert.equal((await statusOf('younger'))?.conditions?.[0]?.reason, 'DuplicateName');
    await cluster.remove(PlacementGroup, { namespace: NAMESPACE, name: 'web' });
    assert.equal((await statusOf('younger'))?.conditions?.[0]?.status, 'True');
  });
});

describe('what a placement group means to the scheduler', () => {
  const labelled = new FakeCluster({ objects: [aNode('a', { zone: 'us-east-1a' })] });
  const unlabelled = new FakeCluster({ objects: [aNode('a')] });
  const id = ec2IdOf('pg', aPlacementGroup('web'));
  const labelSelector = { matchLabels: { 'kube-ec2.io/placement-group': id } };
  const onNode = { weight: 100, podAffinityTerm: { labelSelector, topologyKey: 'kubernetes.io/hostname' } };
  const instance = anInstance('i-00000000000000001', { placement: { groupName: 'web', partitionNumber: 2, tenancy: 'default' } });

  it('cluster: one zone, and one node if there is room', () => {
    assert.deepEqual(placementConstraintFor(instance, aPlacementGroup('web'), labelled), {
      labels: { 'kube-ec2.io/placement-group': id },
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'topology.kubernetes.io/zone' }],
          preferredDuringSchedulingIgnoredDuringExecution: [onNode],
        },
      },
    });
  });

  it('cluster on nodes without zones: nothing that would keep machines from running', () => {
    const { affinity } = placementConstraintFor(instance, aPlacementGroup('web'), unlabelled);
    assert.deepEqual(affinity, { podAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [onNode] } });
  });

  it('spread: never two on one node', () => {
    const { affinity } = placementConstraintFor(instance, aPlacementGroup('web', { strategy: 'spread' }), labelled);
    assert.deepEqual(affinity, { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'kubernetes.io/hostname' }] } });
  });

  it('partition: no node with another partition', () => {
    const { labels, affinity } = placementConstraintFor(instance, aPlacementGroup('web', { strategy: 'partition', partitionCount: 3 }), labelled);
    assert.deepEqual(labels, { 'kube-ec2.io/placement-group': id, 'kube-ec2.io/placement-partition': '2' });
    const others = { ...labelSelector, matchExpressions: [{ key: 'kube-ec2.io/placement-partition', operator: 'NotIn', values: ['2'] }] };
    assert.deepEqual(affinity, { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: others, topologyKey: 'kubernetes.io/hostname' }] } });
  });

  it('nothing without a group', () => assert.deepEqual(placementConstraintFor(instance, undefined, labelled), { labels: {} }));
});

describe('an Instance that names a placement group', () => {
  const cases: Record<string, { placement: { groupName: string; partitionNumber?: number }; want: string }> = {
    'is launched into it': { placement: { groupName: 'parts', partitionNumber: 3 }, want: 'parts' },
    'waits for a group that is not there': { placement: { groupName: 'none' }, want: 'PlacementGroupNotFound' },
    'is told of a partition that is not there': { placement: { groupName: 'parts', partitionNumber: 4 }, want: 'PartitionNotFound' },
    'is told of a partition of a group without any': { placement: { groupName: 'apart', partitionNumber: 1 }, want: 'PartitionNotFound' },
  };
  for (const [name, { placement, want }] of Object.entries(cases)) {
    it(name, () => {
      const ami = anAmi('ami-00000000000000001');
      const groups = [aPlacementGroup('parts', { strategy: 'partition', partitionCount: 3 }), aPlacementGroup('apart', { strategy: 'spread' })];
      const cluster = new FakeCluster({ objects: [ami, anInstanceType('t3.micro'), ...groups] });
      const found = referencesOf(anInstance('i-00000000000000001', { placement: { tenancy: 'default', ...placement } }), cluster);
      assert.equal(isObjection(found) ? found.reason : found.placementGroup?.metadata.name, want);
    });
  }
});
