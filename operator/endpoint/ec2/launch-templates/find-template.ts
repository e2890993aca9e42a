import { ec2IdOf } from '../../../api/ec2-id.ts';
import { launchTemplateVersionOf, type LaunchTemplateVersion } from '../../../api/compute/launch-template.ts';
import type { LaunchTemplate } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { launchTemplatesById, launchTemplatesByName, withinNamespace } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** How requests name a template: by one of the two. */
export interface TemplateName {
  LaunchTemplateId?: string | undefined;
  LaunchTemplateName?: string | undefined;
}

/**
 * The template that a request names.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidLaunchTemplateId.Malformed, InvalidLaunchTemplateId.NotFound,
 *   InvalidLaunchTemplateName.NotFoundException
 */
export function requireTemplate({ LaunchTemplateId, LaunchTemplateName }: TemplateName, context: Lookup): LaunchTemplate {
  if (LaunchTemplateId && LaunchTemplateName) {
    throw new AwsError('InvalidParameterCombination', 'The parameter LaunchTemplateId cannot be used with the parameter LaunchTemplateName');
  }
  if (LaunchTemplateId) return requireOne(IdKinds.launchTemplate, LaunchTemplateId, (id) => templateOfId(id, context));
  if (!LaunchTemplateName) throw new AwsError('MissingParameter', "Either 'LaunchTemplateId' or 'LaunchTemplateName' must be specified.");
  const template = templateOfName(LaunchTemplateName, context);
  if (template) return template;
  throw nameNotFound(LaunchTemplateName);
}

/** The template of an id. */
export function templateOfId(id: string, { read, caller }: Lookup): LaunchTemplate | undefined {
  return read.byIndex(launchTemplatesById, withinNamespace(caller.namespace, id))[0];
}

/** The template of a name: of those that were given the same one with kubectl the oldest, as its controller says. */
export function templateOfName(name: string, { read, caller }: Lookup): LaunchTemplate | undefined {
  const ageOf = ({ metadata }: LaunchTemplate): string => `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
  return read.byIndex(launchTemplatesByName, withinNamespace(caller.namespace, name)).toSorted((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1))[0];
}

/** EC2's answer to a name that no template has. */
export function nameNotFound(name: string): AwsError {
  return new AwsError('InvalidLaunchTemplateName.NotFoundException', `The specified launch template, with template name ${name}, does not exist.`);
}

/**
 * The version that a request names by its number, `$Latest` or `$Default`.
 * @throws AwsError InvalidParameterValue, InvalidLaunchTemplateId.VersionNotFound
 */
export function requireVersion(template: LaunchTemplate, reference: string): LaunchTemplateVersion {
  if (!isVersionReference(reference)) throw invalidVersion(reference);
  const version = launchTemplateVersionOf(template, reference);
  if (version) return version;
  throw new AwsError(
    'InvalidLaunchTemplateId.VersionNotFound',
    `Could not find the specified version ${reference} for the launch template with ID ${ec2IdOf('lt', template)}.`,
  );
}

/** A version's number. @throws AwsError InvalidParameterValue */
export function versionNumberFrom(text: string): number {
  if (!/^[0-9]{1,15}$/.test(text)) throw invalidVersion(text);
  return Number(text);
}

function isVersionReference(text: string): boolean {
  return text === '$Latest' || text === '$Default' || /^[0-9]{1,15}$/.test(text);
}

function invalidVersion(text: string): AwsError {
  return new AwsError('InvalidParameterValue', `Invalid launch template version '${text}': either '$Default', '$Latest', or a numeric version are allowed.`);
}
