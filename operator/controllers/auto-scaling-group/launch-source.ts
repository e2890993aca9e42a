import type { LaunchSource, LaunchTemplateReference } from '../../api/auto-scaling/auto-scaling-launch.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { instanceDraftFrom, type InstanceDraft } from '../../api/compute/instance-of-template.ts';
import { launchConfigurationNameOf } from '../../api/auto-scaling/launch-configuration.ts';
import { mergedLaunchTemplateData, type LaunchTemplateData } from '../../api/compute/launch-template-data.ts';
import { launchTemplateNameOf, launchTemplateVersionOf } from '../../api/compute/launch-template.ts';
import type { Member } from '../../api/auto-scaling/auto-scaling-member.ts';
import type { Membership } from '../../api/auto-scaling/auto-scaling-membership.ts';
import type { Read } from '../../kubernetes/read.ts';
import { LaunchConfiguration, LaunchTemplate, SecurityGroup } from '../../kubernetes/resources.ts';
import { metadataDefaultsOf } from '../account-settings.ts';
import { byAge } from '../by-age.ts';
import { isObjection, type Objection } from '../instance/objection.ts';

/** One way to launch, everything about it found. */
export interface Candidate {
  draft: InstanceDraft;
  /** What the membership says about where the instance came from. */
  origin: Pick<Membership, 'launchTemplateId' | 'launchTemplateName' | 'launchTemplateVersion' | 'launchConfigurationName' | 'weightedCapacity'>;
}

/** The ways in which a group may launch, in their order; or why it cannot. */
export function candidatesFor(source: LaunchSource, namespace: string | undefined, read: Read): Candidate[] | Objection {
  const { launchTemplate, mixedInstancesPolicy, launchConfigurationName } = source;
  if (launchConfigurationName !== undefined) return fromConfiguration(launchConfigurationName, namespace, read);
  const reference = mixedInstancesPolicy?.launchTemplate ?? launchTemplate;
  if (reference === undefined) return { reason: 'NothingToLaunch', message: 'the group names no launch template' };
  const overrides = mixedInstancesPolicy?.overrides ?? [];
  const candidates: Candidate[] = [];
  for (const { launchTemplate: own, instanceType, imageId, weightedCapacity } of overrides.length > 0 ? overrides : [{ launchTemplate: undefined, instanceType: undefined, imageId: undefined, weightedCapacity: undefined }]) {
    const changes = { ...(instanceType !== undefined && { instanceType }), ...(imageId !== undefined && { imageId }) };
    const candidate = fromTemplate(own ?? reference, changes, namespace, read);
    if (isObjection(candidate)) return candidate;
    candidates.push({ ...candidate, origin: { ...candidate.origin, ...(weightedCapacity !== undefined && { weightedCapacity }) } });
  }
  return candidates;
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

function fromTemplate({ launchTemplate, version: reference }: LaunchTemplateReference, changes: LaunchTemplateData, namespace: string | undefined, read: Read): Candidate | Objection {
  const template = templateOf(launchTemplate, namespace, read);
  if (template === undefined) return { reason: 'LaunchTemplateNotFound', message: `launch template ${launchTemplate} does not exist in this namespace` };
  const version = launchTemplateVersionOf(template, reference);
  if (version === undefined) return { reason: 'LaunchTemplateVersionNotFound', message: `launch template ${launchTemplate} has no version ${reference}` };
  const draft = draftFrom(mergedLaunchTemplateData(version.launchTemplateData, changes), `version ${String(version.versionNumber)} of launch template ${launchTemplate}`, namespace, read);
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

function fromConfiguration(name: string, namespace: string | undefined, read: Read): Candidate[] | Objection {
  const configuration = configurationOf(name, namespace, read);
  if (configuration === undefined) return { reason: 'LaunchConfigurationNotFound', message: `launch configuration ${name} does not exist in this namespace` };
  const draft = draftFrom(configuration.spec.launchTemplateData, `launch configuration ${name}`, namespace, read);
  return isObjection(draft) ? draft : [{ draft, origin: { launchConfigurationName: name } }];
}

function draftFrom(data: LaunchTemplateData, what: string, namespace: string | undefined, read: Read): InstanceDraft | Objection {
  const draft = instanceDraftFrom(data, metadataDefaultsOf(namespace, read));
  if ('problem' in draft) return { reason: 'TemplateUnsupported', message: `${what} cannot be launched: ${draft.problem}` };
  const ids: string[] = [];
  for (const name of draft.securityGroupNames) {
    const group = read.list(SecurityGroup, namespace).filter((other) => (other.spec.groupName ?? other.metadata.name) === name).toSorted(byAge)[0];
    if (group === undefined) return { reason: 'SecurityGroupNotFound', message: `security group ${name}, which ${what} names, does not exist in this namespace` };
    ids.push(ec2IdOf('sg', group));
  }
  if (ids.length === 0) return draft;
  return { ...draft, spec: { ...draft.spec, securityGroupIds: [...new Set([...(draft.spec.securityGroupIds ?? []), ...ids])] } };
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
