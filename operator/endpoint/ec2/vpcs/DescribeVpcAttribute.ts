import type { DescribeVpcAttributeRequest, DescribeVpcAttributeResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { invalidParameterValue, missingParameter } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireVpc } from './find-vpc.ts';

/**
 * Tells one attribute of a VPC.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidVpcID.Malformed, InvalidVpcID.NotFound
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcAttribute.html
 */
export async function describeVpcAttribute({ VpcId, Attribute }: DescribeVpcAttributeRequest, context: ReadOnlyContext): Promise<DescribeVpcAttributeResult> {
  if (!VpcId) throw missingParameter('VpcId');
  if (!Attribute) throw missingParameter('Attribute');
  const vpc = requireVpc(VpcId, context);
  const { enableDnsSupport, enableDnsHostnames, enableNetworkAddressUsageMetrics } = vpc.spec;
  const id = ec2IdOf('vpc', vpc);
  switch (Attribute) {
    case 'enableDnsSupport':
      return { VpcId: id, EnableDnsSupport: { Value: enableDnsSupport } };
    case 'enableDnsHostnames':
      return { VpcId: id, EnableDnsHostnames: { Value: enableDnsHostnames } };
    case 'enableNetworkAddressUsageMetrics':
      return { VpcId: id, EnableNetworkAddressUsageMetrics: { Value: enableNetworkAddressUsageMetrics } };
    default:
      throw invalidParameterValue('attribute', String(Attribute satisfies never), 'Valid values are: enableDnsSupport, enableDnsHostnames, enableNetworkAddressUsageMetrics.');
  }
}
