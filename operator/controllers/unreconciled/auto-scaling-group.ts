import { AutoScalingGroupConditions, type AutoScalingGroupStatus } from '../../api/auto-scaling-group.ts';
import { AutoScalingGroup } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import { defineController, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';

/** Says plainly that groups launch nothing yet. */
export async function reconcile(group: AutoScalingGroup, { clock }: ReconcileContext): Promise<Outcome<AutoScalingGroupStatus>> {
  const observedGeneration = group.metadata.generation ?? 0;
  const message = 'Auto Scaling groups are recorded, but not reconciled yet: no instances are launched or terminated.';
  const claim = { type: AutoScalingGroupConditions.reconciled, status: 'False', reason: 'NotImplemented', message, observedGeneration } as const;
  return { status: { replicas: 0, observedGeneration, conditions: setCondition(group.status?.conditions, claim, clock) } };
}

/** Reports on Auto Scaling groups, until there is a controller for them. */
export function autoScalingGroupController(): AnyController {
  return defineController({ name: 'auto-scaling-group', type: AutoScalingGroup, watches: [], permissions: [], concurrency: 2, reconcile });
}
