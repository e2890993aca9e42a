import type { CreateDefaultVpcRequest, CreateDefaultVpcResult } from '@aws-sdk/client-ec2';
import { DEFAULT_VPC_BLOCK, DEFAULT_VPC_NAME, VpcDefinition } from '../../../api/network/vpc.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { Vpc } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { defaultVpcOf } from './find-vpc.ts';
import { sdkVpcFrom } from './sdk-vpc.ts';

/**
 * Makes the default VPC again after it was deleted. Its object has the one name that a default VPC has, so that of two calls at the same time one loses.
 * @throws AwsError DefaultVpcAlreadyExists
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateDefaultVpc.html
 */
export async function createDefaultVpc(_input: CreateDefaultVpcRequest, context: OperationContext): Promise<CreateDefaultVpcResult> {
  const { caller, read, write } = context;
  if (defaultVpcOf(read, caller.namespace)) throw alreadyExists();
  const created = await write
    .create(Vpc, {
      apiVersion: VpcDefinition.apiVersion,
      kind: VpcDefinition.kind,
      metadata: { name: DEFAULT_VPC_NAME, namespace: caller.namespace },
      spec: VpcDefinition.spec.parse({ cidrBlock: DEFAULT_VPC_BLOCK, isDefault: true, enableDnsHostnames: true }),
    })
    .catch((error: unknown) => {
      throw isAlreadyExists(error) ? alreadyExists(error) : error;
    });
  return { Vpc: sdkVpcFrom(created, context) };
}

function alreadyExists(cause?: unknown): AwsError {
  return new AwsError('DefaultVpcAlreadyExists', 'A Default VPC already exists for this account in this region.', { cause });
}
