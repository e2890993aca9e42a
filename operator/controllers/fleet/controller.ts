import { FleetConditions, type FleetStatus } from '../../api/compute/fleet.ts';
import { Fleet } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import { defineController, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';

/** Says plainly that the resource is a record: whoever makes one with kubectl is told that nothing will be launched. */
export async function reconcile(fleet: Fleet, { clock }: ReconcileContext): Promise<Outcome<FleetStatus>> {
  const observedGeneration = fleet.metadata.generation ?? 0;
  const message = 'A record of what CreateFleet has launched. The resource launches nothing itself; it goes with the last of the instances.';
  const claim = { type: FleetConditions.recorded, status: 'True', reason: 'Recorded', message, observedGeneration } as const;
  return { status: { observedGeneration, conditions: setCondition(fleet.status?.conditions, claim, clock) } };
}

/** Reports on records of fleets. The garbage collector removes them, for their instances own them. */
export function fleetController(): AnyController {
  return defineController({ name: 'fleet', type: Fleet, watches: [], permissions: [], concurrency: 1, reconcile });
}
