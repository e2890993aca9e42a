import assert from 'node:assert/strict';
import type { AutoScalingGroupSpec } from '../../../operator/api/auto-scaling/auto-scaling-group.ts';
import type { Membership } from '../../../operator/api/auto-scaling/auto-scaling-membership.ts';
import type { InstanceStatus } from '../../../operator/api/compute/instance.ts';
import type { MetricQuery } from '../../../operator/metrics/metrics-source.ts';
import { groupDatapoints } from '../../../operator/metrics/group-metrics.ts';
import type { Instance } from '../../../operator/kubernetes/resources.ts';
import { aGroup, aMember } from '../../support/auto-scaling-cloud.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { NAMESPACE } from '../../support/operation-context.ts';

// Groups and members of the support files are of midnight; instances are up at 00:00:10 unless the case says otherwise.
const at = (minutes: number, seconds = 0): string => new Date(Date.UTC(2026, 0, 1, 0, minutes, seconds)).toISOString().replace('.000Z', 'Z');
const collected: Partial<AutoScalingGroupSpec> = { enabledMetrics: ['GroupInServiceInstances', 'GroupInServiceCapacity', 'GroupTotalInstances', 'GroupPendingInstances'] };
const query = (more: Partial<MetricQuery> = {}): MetricQuery => ({
  namespace: 'AWS/AutoScaling', metricName: 'GroupInServiceInstances', dimensions: [{ name: 'AutoScalingGroupName', value: 'web' }], stat: 'Average', periodSeconds: 60,
  from: Date.parse(at(0)), to: Date.parse(at(6)), ...more,
});
const values = (instances: Instance[], more: Partial<MetricQuery> = {}, group = collected, now = at(6, 30)): string =>
  groupDatapoints(NAMESPACE, query(more), new FakeCluster({ objects: [aGroup('web', group), ...instances] }), Date.parse(now)).map(({ value }) => String(value)).join(' ');

describe('metrics of groups', () => {
  const cases: Record<string, { membership?: Partial<Membership>; status?: InstanceStatus; want: string }> = {
    'count an instance from when it was up': { status: { stateTransitionTime: at(2, 30) }, want: '0 0 1 1 1 1' },
    'count one that leaves until then': { membership: { leaving: { at: at(3, 30), cause: '', reason: 'scale-in' } }, want: '1 1 1 0 0 0' },
    'count one that ended by itself until then': { status: { state: 'terminated', stateTransitionTime: at(4, 10) }, want: '1 1 1 1 0 0' },
    'do not count one that is pending': { status: { state: 'pending' }, want: '0 0 0 0 0 0' },
    'do not count one that waits for a hook': {
      membership: { lifecycleActions: [{ lifecycleHookName: 'h', lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING', lifecycleActionToken: 't', heartbeatTimeout: 60, defaultResult: 'CONTINUE' }] },
      want: '0 0 0 0 0 0',
    },
    'do not count the warm pool': { membership: { warm: true }, want: '0 0 0 0 0 0' },
    'count one on standby until then': { membership: { standby: true, standbyAt: at(2, 5) }, want: '1 1 0 0 0 0' },
    'count one that came back from standby': { membership: { standbyAt: at(2, 5) }, want: '0 0 1 1 1 1' },
    'count one that was attached from then': { membership: { attachedAt: at(5, 1) }, want: '0 0 0 0 0 1' },
  };
  for (const [name, { membership = {}, status = {}, want }] of Object.entries(cases)) it(name, () => assert.equal(values([aMember(1, membership, status)]), want));

  it('add up, in instances and in capacity, by period and statistic', () => {
    const members = [aMember(1), aMember(2, { weightedCapacity: 4 }, { stateTransitionTime: at(3, 20) })];
    assert.equal(values(members), '1 1 1 2 2 2');
    assert.equal(values(members, { metricName: 'GroupInServiceCapacity' }), '1 1 1 5 5 5');
    assert.equal(values(members, { periodSeconds: 300, to: Date.parse(at(10)) }), '1.4 2');
    assert.equal(values(members, { periodSeconds: 300, to: Date.parse(at(10)), stat: 'Maximum' }), '2 2');
    assert.equal(values([aMember(1, {}, { state: 'pending' })], { metricName: 'GroupTotalInstances' }), '1 1 1 1 1 1');
  });

  it('are only those that the group enables, of groups that are there, in the last hour', () => {
    assert.equal(values([aMember(1)], {}, {}), '');
    assert.equal(values([aMember(1)], { dimensions: [] }), '');
    assert.equal(values([aMember(1)], { dimensions: [{ name: 'AutoScalingGroupName', value: 'other' }] }), '');
    assert.equal(values([aMember(1)], { to: Date.parse(at(10)) }, collected, at(62, 0)), '1 1 1 1 1 1 1 1');
    assert.equal(values([aMember(1)], {}, collected, at(200)), '');
    assert.throws(() => values([], { metricName: 'GroupPendingInstances' }), /not to be had; there are GroupInServiceInstances/);
    assert.throws(() => values([], { stat: 'p90' }), /p90/);
    assert.throws(() => values([], { periodSeconds: 30 }), /multiple of 60/);
  });
});
