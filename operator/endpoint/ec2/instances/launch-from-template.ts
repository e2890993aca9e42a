import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { mergedLaunchTemplateData } from '../../../api/compute/launch-template-data.ts';
import type { Tag } from '../../../api/shared.ts';
import { LaunchTemplate } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds } from '../ids.ts';
import { requireTemplate, requireVersion } from '../launch-templates/find-template.ts';
import { launchParametersFrom, templateDataFromLaunch } from '../launch-templates/template-data.ts';

/** A launch with everything that its template says in it, and the tags by which EC2 tells where instances came from. */
export interface ResolvedLaunch {
  input: RunInstancesRequest;
  serviceTags: Tag[];
}

/**
 * Turns a launch from a template into one without: what the request says counts more than what the template says. The template is read from the API
 * server as the caller, who must be allowed to, and so that `$Latest` is the latest whichever replica made it.
 * @throws AwsError InvalidLaunchTemplateId.*, InvalidLaunchTemplateName.NotFoundException, InvalidParameterCombination
 * @throws ApiError - Forbidden: the caller may not read launch templates
 */
export async function resolvedLaunchFrom(input: RunInstancesRequest, context: Pick<OperationContext, 'read' | 'live' | 'caller'>): Promise<ResolvedLaunch> {
  const { LaunchTemplate: specification, MinCount, MaxCount, ClientToken, ...parameters } = input;
  if (!specification) return { input, serviceTags: [] };
  const cached = requireTemplate(specification, context);
  const id = ec2IdOf('lt', cached);
  const template = await context.live.fetch(LaunchTemplate, { namespace: cached.metadata.namespace, name: cached.metadata.name });
  if (template?.metadata.uid !== cached.metadata.uid || template === undefined) throw new AwsError(IdKinds.launchTemplate.notFoundCode, IdKinds.launchTemplate.notFound([id]));
  const { versionNumber, launchTemplateData } = requireVersion(template, specification.Version || '$Default');
  if (launchTemplateData['instanceRequirements'] !== undefined) {
    throw new AwsError('InvalidParameterCombination', 'A launch template that has InstanceRequirements cannot be used here. Specify an instance type in the launch template.');
  }
  const merged = launchParametersFrom(mergedLaunchTemplateData(launchTemplateData, templateDataFromLaunch(parameters)));
  return {
    input: { ...merged, MinCount, MaxCount, ...(ClientToken !== undefined && { ClientToken }) },
    serviceTags: [
      { key: 'aws:ec2launchtemplate:id', value: id },
      { key: 'aws:ec2launchtemplate:version', value: String(versionNumber) },
    ],
  };
}
