import type { RequestLaunchTemplateData } from '@aws-sdk/client-ec2';
import { isEc2Id } from '../../../api/ec2-id.ts';
import { LaunchTemplateData } from '../../../api/compute/launch-template-data.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import { IdKinds } from '../ids.ts';
import { userDataFrom } from '../instances/user-data.ts';
import { requireFewTags, tagsFrom } from '../tag-rules.ts';
import { templateDataFrom } from './template-data.ts';

/** What a template can have tagged. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateTagSpecificationRequest.html */
const TAGGED_TYPES = new Set(['elastic-gpu', 'instance', 'network-interface', 'secondary-interface', 'spot-instances-request', 'volume']);

/**
 * The data of a request as a template keeps them, checked for form. What they name need not exist: EC2 looks at that when it launches.
 * @throws AwsError InvalidAMIID.Malformed, InvalidUserData.Malformed, InvalidParameterValue, InvalidParameterCombination, MissingParameter, TagLimitExceeded
 */
export function requestedData(data: RequestLaunchTemplateData): LaunchTemplateData {
  const { ImageId, InstanceType, InstanceRequirements, UserData, TagSpecifications } = data;
  if (ImageId && !isEc2Id('ami', ImageId) && !ImageId.startsWith('resolve:ssm:')) throw new AwsError(IdKinds.image.malformedCode, IdKinds.image.malformed(ImageId));
  if (InstanceType && InstanceRequirements) {
    throw new AwsError('InvalidParameterCombination', 'The parameter InstanceType cannot be used with the parameter InstanceRequirements');
  }
  userDataFrom(UserData);
  requireFittingTags(TagSpecifications);
  const wanted = templateDataFrom(data);
  const parsed = LaunchTemplateData.safeParse(wanted);
  if (parsed.success) return wanted;
  const [issue] = parsed.error.issues;
  throw new AwsError('InvalidParameterValue', `The value for parameter LaunchTemplateData.${issue?.path.join('.') ?? ''} is invalid. ${issue?.message ?? ''}`.trimEnd());
}

function requireFittingTags(specifications: RequestLaunchTemplateData['TagSpecifications']): void {
  const types = new Set<string>();
  for (const [position, { ResourceType, Tags }] of (specifications ?? []).entries()) {
    const path = `LaunchTemplateData.TagSpecification.${position + 1}`;
    if (!ResourceType) throw missingParameter(`${path}.ResourceType`);
    if (!TAGGED_TYPES.has(ResourceType)) throw new AwsError('InvalidParameterValue', `'${ResourceType}' is not a valid taggable resource type for this operation.`);
    if (types.has(ResourceType)) throw new AwsError('InvalidParameterValue', `Tag specification resource type '${ResourceType}' is specified more than once.`);
    types.add(ResourceType);
    requireFewTags(tagsFrom(Tags ?? [], `${path}.Tag`));
  }
}
