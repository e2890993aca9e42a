import { allActionsOf } from '../../api/monitoring/metric-alarm.ts';
import { isPolicyAction } from '../../api/auto-scaling/scaling-policy.ts';
import type { MetricsSettings } from '../../metrics/metrics-source-of.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { AutoScalingGroup, Instance, MetricAlarm, MetricSeries, ScalingPolicy } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { reconcile } from './reconcile.ts';

/** Changes the desired capacity of groups by the alarms of their policies. Idle policies cost nothing. */
export function scalingPolicyController(settings: MetricsSettings): AnyController {
  return defineController({
    name: 'scaling-policy',
    type: ScalingPolicy,
    watches: [
      watching(AutoScalingGroup, ({ metadata }, read) => policiesOf(metadata.namespace, read, ({ spec }) => spec.autoScalingGroup === metadata.name)),
      watching(MetricAlarm, (alarm, read) => policiesOf(alarm.metadata.namespace, read, (policy) => allActionsOf(alarm).some((action) => isPolicyAction(policy, action)))),
      // Only for the caches: which members are warm, and what their metrics say.
      watching(Instance, () => []),
      watching(MetricSeries, () => []),
    ],
    permissions: [
      { group: 'kube-ec2.io', resource: 'autoscalinggroups', verbs: ['patch'], reason: 'desired capacity that a policy comes to' },
      { group: 'kube-ec2.io', resource: 'metricalarms', verbs: ['create', 'patch', 'delete'], reason: 'alarms of target tracking policies' },
    ],
    // One after another: of several policies of one group only one makes a change.
    concurrency: 1,
    reconcile: async (policy, context) => reconcile(policy, context, settings),
  });
}

function policiesOf(namespace: string | undefined, read: Read, belongs: (policy: ScalingPolicy) => boolean): ObjectKey[] {
  return read.list(ScalingPolicy, namespace).filter(belongs).map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}
