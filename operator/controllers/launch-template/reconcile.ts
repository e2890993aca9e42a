import { ec2IdOf } from '../../api/ec2-id.ts';
import { highestVersionNumberOf, latestVersionOf, LaunchTemplateConditions, launchTemplateNameOf, type LaunchTemplateStatus } from '../../api/compute/launch-template.ts';
import type { Read } from '../../kubernetes/read.ts';
import { LaunchTemplate } from '../../kubernetes/resources.ts';
import { setCondition } from '../../runtime/conditions.ts';
import type { Outcome, ReconcileContext } from '../../runtime/reconcile.ts';
import { byAge } from '../by-age.ts';

/** Gives a template its id, remembers the highest version number, and says which of several templates with one name counts. */
export async function reconcile(template: LaunchTemplate, { read, clock }: ReconcileContext): Promise<Outcome<LaunchTemplateStatus>> {
  const observedGeneration = template.metadata.generation ?? 0;
  const launchTemplateName = launchTemplateNameOf(template);
  const first = namesakesOf(template, read).toSorted(byAge)[0];
  const isFirst = first === undefined || first.metadata.uid === template.metadata.uid;
  const verdict = isFirst
    ? ({ status: 'True', reason: 'Ready', message: 'Instances can be launched from the template.' } as const)
    : ({
        status: 'False',
        reason: 'DuplicateName',
        message: `LaunchTemplate ${first.metadata.name} is older and has the same name ${launchTemplateName}; use this one by its id, or give it another name`,
      } as const);
  const isNews = !isFirst && template.status?.conditions?.[0]?.reason !== verdict.reason;
  return {
    status: {
      launchTemplateId: ec2IdOf('lt', template),
      launchTemplateName,
      latestVersionNumber: latestVersionOf(template).versionNumber,
      highestVersionNumber: highestVersionNumberOf(template),
      observedGeneration,
      conditions: setCondition(template.status?.conditions, { type: LaunchTemplateConditions.ready, ...verdict, observedGeneration }, clock),
    },
    events: isNews ? [{ type: 'Warning', reason: verdict.reason, message: verdict.message }] : [],
  };
}

/** Templates of the namespace with the same name in EC2, this one included. */
export function namesakesOf(template: LaunchTemplate, read: Read): LaunchTemplate[] {
  const name = launchTemplateNameOf(template);
  return read.list(LaunchTemplate, template.metadata.namespace).filter((other) => launchTemplateNameOf(other) === name);
}
