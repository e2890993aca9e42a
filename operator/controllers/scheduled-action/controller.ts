import { defineIndex } from '../../kubernetes/read.ts';
import { AutoScalingGroup, ScheduledAction } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { reconcile } from './reconcile.ts';

const actionsByGroup = defineIndex(ScheduledAction, 'controllers.group', ({ metadata, spec }) => [`${metadata.namespace ?? ''}/${spec.autoScalingGroup}`]);

/** Changes sizes of groups at the times that scheduled actions say. */
export function scheduledActionController(): AnyController {
  return defineController({
    name: 'scheduled-action',
    type: ScheduledAction,
    watches: [
      watching(AutoScalingGroup, ({ metadata }, read) =>
        read.byIndex(actionsByGroup, `${metadata.namespace ?? ''}/${metadata.name}`).map((action) => ({ namespace: action.metadata.namespace, name: action.metadata.name })),
      ),
    ],
    permissions: [{ group: 'kube-ec2.io', resource: 'autoscalinggroups', verbs: ['patch'], reason: 'sizes of the group at the time of a scheduled action' }],
    // One after another: two actions of one group for the same time must not overwrite each other.
    concurrency: 1,
    reconcile,
  });
}
