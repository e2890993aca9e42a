import assert from 'node:assert/strict';
import { AutoScalingGroupDefinition } from '../../../../operator/api/auto-scaling-group.ts';
import { autoScalingGroupController } from '../../../../operator/controllers/unreconciled/auto-scaling-group.ts';
import { AutoScalingGroup } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';

const metadata = { name: 'x', namespace: 'team', uid: 'u' };
const key = { namespace: 'team', name: 'x' };
const clock = new FakeClock();

describe('what is not reconciled yet says so', () => {
  it('Auto Scaling groups: that nothing is launched', async () => {
    const spec = AutoScalingGroupDefinition.spec.parse({ minSize: 1, maxSize: 2, launchTemplate: { launchTemplate: 'x' } });
    const group = { apiVersion: AutoScalingGroup.apiVersion, kind: AutoScalingGroup.kind, metadata, spec };
    const cluster = new FakeCluster({ clock, objects: [group] });
    await passUntilQuiet(cluster, autoScalingGroupController(), key, clock);
    const { replicas, conditions } = cluster.get(AutoScalingGroup, key)?.status ?? {};
    assert.deepEqual([replicas, conditions?.[0]?.reason], [0, 'NotImplemented']);
  });
});
