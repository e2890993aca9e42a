import type { DescribeNatGatewaysRequest, DescribeNatGatewaysResult, NatGateway as SdkNatGateway } from '@aws-sdk/client-ec2';
import { NatGateway } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireNatGateway } from './find-nat-gateway.ts';
import { sdkNatGatewayFrom } from './sdk-nat-gateway.ts';

interface Described {
  natGateway: NatGateway;
  sdk: SdkNatGateway;
}

const filterTable: FilterTable<Described> = {
  'nat-gateway-id': ({ sdk }) => [sdk.NatGatewayId],
  state: ({ sdk }) => [sdk.State],
  'subnet-id': ({ sdk }) => [sdk.SubnetId],
  'vpc-id': ({ sdk }) => [sdk.VpcId],
};

/**
 * Lists NAT gateways, oldest first. One that was deleted is gone as soon as it is.
 * @throws AwsError NatGatewayNotFound, NatGatewayMalformed, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNatGateways.html
 */
export async function describeNatGateways(input: DescribeNatGatewaysRequest, context: ReadOnlyContext): Promise<DescribeNatGatewaysResult> {
  forbidPagesWithIds('natGatewayIdSet', input.NatGatewayIds, input);
  const matches = predicateFrom(input.Filter, filterTable, ({ natGateway }: Described) => natGateway.spec.tags);
  const named = input.NatGatewayIds?.length
    ? [...new Set(input.NatGatewayIds)].map((id) => requireNatGateway(id, context))
    : context.read.list(NatGateway, context.caller.namespace);
  const described = named.map((natGateway) => ({ natGateway, sdk: sdkNatGatewayFrom(natGateway, context) })).filter(matches);
  const keyOf = ({ natGateway, sdk }: Described): string => `${natGateway.metadata.creationTimestamp ?? ''}/${sdk.NatGatewayId ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeNatGateways', context), keyOf);
  return { NatGateways: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
