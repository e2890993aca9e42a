import { createHash } from 'node:crypto';
import type { CreateRouteTableRequest, CreateRouteTableResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { RouteTableDefinition } from '../../../api/network/route-table.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { RouteTable } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters } from '../client-token.ts';
import { IdKinds } from '../ids.ts';
import { newIdOf } from '../network-object.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { requireVpc } from '../vpcs/find-vpc.ts';
import { sdkRouteTableFrom } from './sdk-route-table.ts';

/** EC2's own, of a VPC. */
const TABLES_LIMIT = 200;

/**
 * Makes a route table. With a client token its id follows from that, so that a repeated call finds what the first one made.
 * @throws AwsError MissingParameter, InvalidVpcID.*, InvalidParameterValue, IdempotentParameterMismatch, RouteTableLimitExceeded
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html
 */
export async function createRouteTable(input: CreateRouteTableRequest, context: OperationContext): Promise<CreateRouteTableResult> {
  if (!input.VpcId) throw missingParameter('VpcId');
  const request = requestRecordFrom(input);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'route-table');
  const vpc = requireVpc(input.VpcId, context);
  const { caller, read, write } = context;
  const { namespace } = caller;
  const name = request ? idFrom(request.clientToken, caller.accountId) : newIdOf(IdKinds.routeTable);
  const earlier = read.get(RouteTable, { namespace, name });
  if (!earlier && read.list(RouteTable, namespace).filter(({ spec }) => spec.vpcId === ec2IdOf('vpc', vpc)).length >= TABLES_LIMIT) {
    throw new AwsError('RouteTableLimitExceeded', 'The maximum number of route tables has been reached.');
  }
  const { apiVersion, kind } = RouteTableDefinition;
  const spec = RouteTableDefinition.spec.parse({ vpcId: ec2IdOf('vpc', vpc), ...(request && { request }), ...(tags.length > 0 && { tags }) });
  const table = earlier ?? (await write.create(RouteTable, { apiVersion, kind, metadata: { name, namespace }, spec }).catch(async (error: unknown) => {
    if (!isAlreadyExists(error)) throw error;
    // Another call was faster; an empty patch changes nothing and answers with what it made.
    return write.patch(RouteTable, { namespace, name }, {});
  }));
  if (request) requireSameParameters(table.spec.request, request);
  return { RouteTable: sdkRouteTableFrom(table, context), ...(request && { ClientToken: request.clientToken }) };
}

function idFrom(clientToken: string, accountId: string): string {
  return `rtb-${createHash('sha256').update(JSON.stringify([accountId, clientToken])).digest('hex').slice(0, 17)}`;
}
