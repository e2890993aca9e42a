import { TargetGroupConditions, targetGroupNameOf, type HealthCheck, type TargetGroup, type TargetGroupStatus } from '../../api/network/target-group.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { checkHealth as checkAddress, type CheckResult } from './check-health.ts';
import type { HealthMemory } from './health-memory.ts';
import { registeredTargetsOf, type RegisteredTarget } from './registered-targets.ts';
import { ensureService, serviceNameOf, slicesFor } from './service.ts';
import { targetKeyOf, targetStatesOf } from './target-states.ts';

/** Checks an address; another one in tests. */
export type Check = (address: string, port: number, check: HealthCheck) => Promise<CheckResult>;

/** Checks targets when it is time, and keeps the Service's endpoints those that are healthy. Writes only what changes. */
export async function reconcile(targetGroup: TargetGroup, context: ReconcileContext, memory: HealthMemory, check: Check = checkAddress): Promise<Outcome<TargetGroupStatus> | undefined> {
  const { read, clock } = context;
  const { metadata, spec, status = {} } = targetGroup;
  const uid = metadata.uid ?? '';
  if (metadata.deletionTimestamp !== undefined) {
    memory.forget(uid);
    return undefined;
  }
  const targets = registeredTargetsOf(targetGroup, read);
  const isChecked = spec.healthCheck.enabled && targets.length > 0;
  if (isChecked && memory.secondsUntilDue(uid, spec.healthCheck.intervalSeconds, clock.now()) === 0) await checkAll(targetGroup, targets, memory, check, clock.now());
  const states = targetStatesOf(targetGroup, targets, memory);
  await ensureService(targetGroup, slicesFor(targetGroup, targets, states), context).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // a slice that somebody else removed
  });
  const observedGeneration = metadata.generation ?? 0;
  const healthy = states.filter(({ state }) => state === 'healthy').length;
  const verdict =
    healthy > 0 || states.length === 0
      ? ({ status: 'True', reason: states.length === 0 ? 'NoTargets' : 'Served', message: `Service ${serviceNameOf(targetGroup)} leads to the healthy targets.` } as const)
      : ({ status: 'False', reason: 'NoHealthyTargets', message: 'No target is healthy; kubectl get shows why in status.targets' } as const);
  return {
    status: {
      ...status,
      targetGroupName: targetGroupNameOf(targetGroup),
      serviceName: serviceNameOf(targetGroup),
      targets: states,
      healthy,
      observedGeneration,
      conditions: setCondition(status.conditions, { type: TargetGroupConditions.served, ...verdict, observedGeneration }, clock),
    },
    ...(isChecked && { requeueAfterSeconds: Math.max(1, Math.ceil(memory.secondsUntilDue(uid, spec.healthCheck.intervalSeconds, clock.now()))) }),
  };
}

async function checkAll({ metadata, spec }: TargetGroup, targets: readonly RegisteredTarget[], memory: HealthMemory, check: Check, now: number): Promise<void> {
  const { healthCheck } = spec;
  const reachable = targets.filter((target): target is RegisteredTarget & { address: string } => target.address !== undefined);
  const results = await Promise.all(
    reachable.map(async (target) => {
      const port = healthCheck.port === 'traffic-port' ? target.port : Number(healthCheck.port);
      return [targetKeyOf(target), await check(target.address, port, healthCheck)] as const;
    }),
  );
  memory.record(metadata.uid ?? '', new Map(results), now);
}
