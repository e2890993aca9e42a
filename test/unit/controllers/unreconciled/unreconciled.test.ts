import assert from 'node:assert/strict';
import { AutoScalingGroupDefinition } from '../../../../operator/api/auto-scaling-group.ts';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { SecurityGroupDefinition } from '../../../../operator/api/security-group.ts';
import { autoScalingGroupController } from '../../../../operator/controllers/unreconciled/auto-scaling-group.ts';
import { securityGroupController } from '../../../../operator/controllers/unreconciled/security-group.ts';
import { AutoScalingGroup, SecurityGroup } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';

const metadata = { name: 'x', namespace: 'team', uid: 'u' };
const key = { namespace: 'team', name: 'x' };
const clock = new FakeClock();

describe('what is not reconciled yet says so', () => {
  it('security groups: an id, and that rules are not enforced', async () => {
    const group = { apiVersion: SecurityGroup.apiVersion, kind: SecurityGroup.kind, metadata, spec: SecurityGroupDefinition.spec.parse({}) };
    const cluster = new FakeCluster({ clock, objects: [group] });
    await passUntilQuiet(cluster, securityGroupController(), key, clock);
    const { groupId, conditions } = cluster.get(SecurityGroup, key)?.status ?? {};
    assert.equal(groupId, ec2IdOf('sg', group));
    assert.deepEqual(conditions?.map(({ type, status, reason }) => `${type} ${status} ${reason}`), ['Reconciled False NotImplemented', 'Enforced False NotImplemented']);
  });

  it('Auto Scaling groups: that nothing is launched', async () => {
    const spec = AutoScalingGroupDefinition.spec.parse({ minSize: 1, maxSize: 2, launchTemplate: { launchTemplate: 'x' } });
    const group = { apiVersion: AutoScalingGroup.apiVersion, kind: AutoScalingGroup.kind, metadata, spec };
    const cluster = new FakeCluster({ clock, objects: [group] });
    await passUntilQuiet(cluster, autoScalingGroupController(), key, clock);
    const { replicas, conditions } = cluster.get(AutoScalingGroup, key)?.status ?? {};
    assert.deepEqual([replicas, conditions?.[0]?.reason], [0, 'NotImplemented']);
  });
});
