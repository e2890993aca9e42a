import type { CreateInternetGatewayRequest, CreateInternetGatewayResult } from '@aws-sdk/client-ec2';
import { InternetGatewayDefinition } from '../../../api/network/internet-gateway.ts';
import { InternetGateway } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { IdKinds } from '../ids.ts';
import { newIdOf } from '../network-object.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { sdkGatewayFrom } from './sdk-gateway.ts';

/** As many as VPCs. */
const GATEWAYS_LIMIT = 100;

/**
 * Makes an internet gateway.
 * @throws AwsError InvalidParameterValue, InternetGatewayLimitExceeded
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateInternetGateway.html
 */
export async function createInternetGateway(input: CreateInternetGatewayRequest, context: OperationContext): Promise<CreateInternetGatewayResult> {
  const tags = tagsFromSpecifications(input.TagSpecifications, 'internet-gateway');
  const { caller, read, write } = context;
  if (read.list(InternetGateway, caller.namespace).length >= GATEWAYS_LIMIT) {
    throw new AwsError('InternetGatewayLimitExceeded', 'The maximum number of internet gateways has been reached.');
  }
  const { apiVersion, kind } = InternetGatewayDefinition;
  const spec = InternetGatewayDefinition.spec.parse(tags.length > 0 ? { tags } : {});
  const created = await write.create(InternetGateway, { apiVersion, kind, metadata: { name: newIdOf(IdKinds.internetGateway), namespace: caller.namespace }, spec });
  return { InternetGateway: sdkGatewayFrom(created, context) };
}
