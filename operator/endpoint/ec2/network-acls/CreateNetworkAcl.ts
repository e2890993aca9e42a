import type { CreateNetworkAclRequest } from '@aws-sdk/client-ec2';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';

/**
 * Refuses: NetworkPolicies can only let pass, so a list that also closes cannot be carried out.
 * @throws AwsError MissingParameter, InvalidVpcID.*, UnsupportedOperation - always, in the end
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkAcl.html
 */
export async function createNetworkAcl({ VpcId }: CreateNetworkAclRequest, context: OperationContext): Promise<never> {
  if (!VpcId) throw missingParameter('VpcId');
  requireVpc(VpcId, context);
  throw new AwsError('UnsupportedOperation', 'Network ACLs beside the default one of each VPC are not supported; use security groups.');
}
