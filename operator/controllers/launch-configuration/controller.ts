import { LaunchConfigurationConditions, launchConfigurationNameOf, type LaunchConfigurationStatus } from '../../api/auto-scaling/launch-configuration.ts';
import { LaunchConfiguration } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import { defineController, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';

/** Takes note of a launch configuration: groups read it when they launch. */
export async function reconcile(configuration: LaunchConfiguration, { clock }: ReconcileContext): Promise<Outcome<LaunchConfigurationStatus>> {
  const observedGeneration = configuration.metadata.generation ?? 0;
  const claim = { type: LaunchConfigurationConditions.reconciled, status: 'True', reason: 'Recorded', message: 'Auto Scaling groups can launch from it.', observedGeneration } as const;
  return {
    status: {
      launchConfigurationName: launchConfigurationNameOf(configuration),
      observedGeneration,
      conditions: setCondition(configuration.status?.conditions, claim, clock),
    },
  };
}

/** Takes note of launch configurations. */
export function launchConfigurationController(): AnyController {
  return defineController({ name: 'launch-configuration', type: LaunchConfiguration, watches: [], permissions: [], concurrency: 1, reconcile });
}
