import type { ModifyVpcAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeNetworkObject } from '../network-object.ts';
import { requireVpc } from './find-vpc.ts';
import { vpcKind } from './vpc-kind.ts';

/**
 * Changes one attribute of a VPC. They are recorded: names of instances resolve within the cluster in any case.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidVpcID.Malformed, InvalidVpcID.NotFound
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyVpcAttribute.html
 */
export async function modifyVpcAttribute(input: ModifyVpcAttributeRequest, context: OperationContext): Promise<void> {
  if (!input.VpcId) throw missingParameter('VpcId');
  const vpc = requireVpc(input.VpcId, context);
  const asked = Object.entries({
    enableDnsSupport: input.EnableDnsSupport?.Value,
    enableDnsHostnames: input.EnableDnsHostnames?.Value,
    enableNetworkAddressUsageMetrics: input.EnableNetworkAddressUsageMetrics?.Value,
  }).filter(([, value]) => value !== undefined);
  const [first, ...others] = asked;
  if (!first) throw new AwsError('MissingParameter', 'The request must contain one attribute to modify');
  if (others.length > 0) throw new AwsError('InvalidParameterCombination', 'Only one attribute can be modified at a time');
  await changeNetworkObject(vpcKind, vpc, () => Object.fromEntries([first]), context.write);
}
