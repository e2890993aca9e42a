import type { DescribeLaunchTemplatesRequest, DescribeLaunchTemplatesResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { launchTemplateNameOf } from '../../../api/compute/launch-template.ts';
import { LaunchTemplate } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { templateOfId, templateOfName } from './find-template.ts';
import { sdkTemplateFrom } from './sdk-launch-template.ts';
import { timeSpellings } from './time-spellings.ts';

const filterTable: FilterTable<LaunchTemplate> = {
  'create-time': ({ metadata }) => timeSpellings(metadata.creationTimestamp),
  'launch-template-name': (template) => [launchTemplateNameOf(template)],
};

/**
 * Lists launch templates, oldest first.
 * @throws AwsError InvalidLaunchTemplateId.Malformed, InvalidLaunchTemplateId.NotFound, InvalidLaunchTemplateName.NotFoundException, InvalidParameterValue,
 *   InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeLaunchTemplates.html
 */
export async function describeLaunchTemplates(input: DescribeLaunchTemplatesRequest, context: ReadOnlyContext): Promise<DescribeLaunchTemplatesResult> {
  const matches = predicateFrom(input.Filters, filterTable, ({ spec }) => spec.tags);
  const scope = pageScopeOf('DescribeLaunchTemplates', context);
  const page = pageOf(namedBy(input, context).filter(matches), input, { minimum: 1, maximum: 200 }, scope, ageKeyOf);
  return { LaunchTemplates: page.items.map(sdkTemplateFrom), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function namedBy({ LaunchTemplateIds = [], LaunchTemplateNames = [] }: DescribeLaunchTemplatesRequest, context: ReadOnlyContext): readonly LaunchTemplate[] {
  if (LaunchTemplateIds.length === 0 && LaunchTemplateNames.length === 0) return context.read.list(LaunchTemplate, context.caller.namespace);
  const byId = requireEach(IdKinds.launchTemplate, LaunchTemplateIds, (id) => templateOfId(id, context));
  const byName = LaunchTemplateNames.map((name) => {
    const template = templateOfName(name, context);
    if (template) return template;
    throw new AwsError('InvalidLaunchTemplateName.NotFoundException', 'At least one of the launch templates specified in the request does not exist.');
  });
  return [...new Set([...byId, ...byName])];
}

/** By age, those of one second by id; unique and the same for as long as the template lives. */
export function ageKeyOf(template: LaunchTemplate): string {
  return `${template.metadata.creationTimestamp ?? ''}/${ec2IdOf('lt', template)}`;
}
