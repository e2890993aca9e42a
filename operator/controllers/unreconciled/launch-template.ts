import { ec2IdOf } from '../../api/ec2-id.ts';
import { LaunchTemplateConditions, type LaunchTemplateStatus } from '../../api/launch-template.ts';
import { LaunchTemplate } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import { defineController, type AnyController, type Outcome, type ReconcileContext } from '../../runtime/reconcile.ts';

/** Gives a template its id and latest version, and says plainly that nothing is launched from it yet. */
export async function reconcile(template: LaunchTemplate, { clock }: ReconcileContext): Promise<Outcome<LaunchTemplateStatus>> {
  const observedGeneration = template.metadata.generation ?? 0;
  const message = 'Templates are recorded, but instances cannot be launched from them yet.';
  const claim = { type: LaunchTemplateConditions.reconciled, status: 'False', reason: 'NotImplemented', message, observedGeneration } as const;
  const latest = Math.max(template.status?.latestVersionNumber ?? 0, ...template.spec.versions.map(({ versionNumber }) => versionNumber));
  return {
    status: {
      launchTemplateId: ec2IdOf('lt', template),
      latestVersionNumber: latest,
      observedGeneration,
      conditions: setCondition(template.status?.conditions, claim, clock),
    },
  };
}

/** Numbers launch templates, until something is launched from them. */
export function launchTemplateController(): AnyController {
  return defineController({ name: 'launch-template', type: LaunchTemplate, watches: [], permissions: [], concurrency: 2, reconcile });
}
