import type { LaunchSource, LaunchTemplateReference } from '../../api/auto-scaling/auto-scaling-launch.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { LaunchDraft } from '../../api/compute/launch-draft.ts';
import { launchConfigurationNameOf } from '../../api/auto-scaling/launch-configuration.ts';
import { mergedLaunchTemplateData, type LaunchTemplateData } from '../../api/compute/launch-template-data.ts';
import { launchTemplateNameOf, launchTemplateVersionOf } from '../../api/compute/launch-template.ts';
import type { Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { Membership } from '../../api/auto-scaling/auto-scaling-membership.ts';
import type { Read } from '../../kubernetes/read.ts';
import { LaunchConfiguration, LaunchTemplate } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { groupDraftFrom, type LaunchPlace } from './launch-draft.ts';

/** One way to launch, everything about it found. */
export interface Candidate {
  draft: LaunchDraft;
  /** What the membership says about where the instance came from. */
  origin: Pick<Membership, 'launchTemplateId' | 'launchTemplateName' | 'launchTemplateVersion' | 'launchConfigurationName' | 'weightedCapacity'>;
}

/** The ways in which a group may launch, in their order, without those that cannot be; or why there is none. */
export function candidatesFor(source: LaunchSource, place: LaunchPlace): Candidate[] | Objection {
  const { launchTemplate, mixedInstancesPolicy, launchConfigurationName } = source;
  if (launchConfigurationName !== undefined) return fromConfiguration(launchConfigurationName, place);
  const reference = mixedInstancesPolicy?.launchTemplate ?? launchTemplate;
  if (reference === undefined) return { reason: 'NothingToLaunch', message: 'the group names no launch template' };
  const overrides = mixedInstancesPolicy?.overrides ?? [];
  const candidates: Candidate[] = [];
  const objections: Objection[] = [];
  for (const { launchTemplate: own, instanceType, imageId, weightedCapacity } of overrides.length > 0 ? overrides : [{ launchTemplate: undefined, instanceType: undefined, imageId: undefined, weightedCapacity: undefined }]) {
    const changes = { ...(instanceType !== undefined && { instanceType }), ...(imageId !== undefined && { imageId }) };
    const candidate = fromTemplate(own ?? reference, changes, place);
    if (isObjection(candidate)) objections.push(candidate);
    else candidates.push({ ...candidate, origin: { ...candidate.origin, ...(weightedCapacity !== undefined && { weightedCapacity }) } });
  }
  // One way that works is enough.
  return candidates.length === 0 && objections[0] !== undefined ? objections[0] : candidates;
}

/** The template that a reference names: by resource name, id, or EC2 name, of several with one name the oldest. */
export function templateOf(reference: string, namespace: string | undefined, read: Read): LaunchTemplate | undefined {
  return (
    read.get(LaunchTemplate, { namespace, name: reference }) ??
    read
      .list(LaunchTemplate, namespace)
      .filter((template) => ec2IdOf('lt', template) === reference || launchTemplateNameOf(template) === reference)
      .toSorted(byAge)[0]
  );
}

function fromTemplate({ launchTemplate, version: reference }: LaunchTemplateReference, changes: LaunchTemplateData, place: LaunchPlace): Candidate | Objection {
  const { namespace, read } = place;
  const template = templateOf(launchTemplate, namespace, read);
  if (template === undefined) return { reason: 'LaunchTemplateNotFound', message: `launch template ${launchTemplate} does not exist in this namespace` };
  const version = launchTemplateVersionOf(template, reference);
  if (version === undefined) return { reason: 'LaunchTemplateVersionNotFound', message: `launch template ${launchTemplate} has no version ${reference}` };
  const what = `version ${String(version.versionNumber)} of launch template ${launchTemplate}`;
  const draft = groupDraftFrom(mergedLaunchTemplateData(version.launchTemplateData, changes), what, place);
  if (isObjection(draft)) return draft;
  const origin = { launchTemplateId: ec2IdOf('lt', template), launchTemplateName: launchTemplateNameOf(template), launchTemplateVersion: String(version.versionNumber) };
  return { draft, origin };
}

/** The launch configuration of a name: of several the oldest. */
export function configurationOf(name: string, namespace: string | undefined, read: Read): LaunchConfiguration | undefined {
  return (
    read
      .list(LaunchConfiguration, namespace)
      .filter((configuration) => launchConfigurationNameOf(configuration) === name)
      .toSorted(byAge)[0] ?? read.get(LaunchConfiguration, { namespace, name })
  );
}

function fromConfiguration(name: string, place: LaunchPlace): Candidate[] | Objection {
  const configuration = configurationOf(name, place.namespace, place.read);
  if (configuration === undefined) return { reason: 'LaunchConfigurationNotFound', message: `launch configuration ${name} does not exist in this namespace` };
  const draft = groupDraftFrom(configuration.spec.launchTemplateData, `launch configuration ${name}`, place);
  return isObjection(draft) ? draft : [{ draft, origin: { launchConfigurationName: name } }];
}

/** Whether a member already is as one of the candidates would make it. */
export function matchesAny({ spec }: Member, candidates: readonly Candidate[]): boolean {
  const { launchTemplateId, launchTemplateVersion, launchConfigurationName } = spec.autoScaling;
  return candidates.some(
    ({ origin, draft }) =>
      origin.launchTemplateId === launchTemplateId &&
      origin.launchTemplateVersion === launchTemplateVersion &&
      origin.launchConfigurationName === launchConfigurationName &&
      draft.spec.instanceType === spec.instanceType &&
      draft.spec.imageId === spec.imageId,
  );
}
