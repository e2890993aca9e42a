import type { DescribeInternetGatewaysRequest, DescribeInternetGatewaysResult, InternetGateway as SdkInternetGateway } from '@aws-sdk/client-ec2';
import { InternetGateway } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireGateway } from './find-gateway.ts';
import { sdkGatewayFrom } from './sdk-gateway.ts';

interface Described {
  gateway: InternetGateway;
  sdk: SdkInternetGateway;
}

const filterTable: FilterTable<Described> = {
  'attachment.state': ({ sdk }) => (sdk.Attachments ?? []).map(({ State }) => State),
  'attachment.vpc-id': ({ sdk }) => (sdk.Attachments ?? []).map(({ VpcId }) => VpcId),
  'internet-gateway-id': ({ sdk }) => [sdk.InternetGatewayId],
  'owner-id': ({ sdk }) => [sdk.OwnerId],
};

/**
 * Lists internet gateways, oldest first.
 * @throws AwsError InvalidInternetGatewayId.Malformed, InvalidInternetGatewayID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInternetGateways.html
 */
export async function describeInternetGateways(input: DescribeInternetGatewaysRequest, context: ReadOnlyContext): Promise<DescribeInternetGatewaysResult> {
  forbidPagesWithIds('internetGatewayIdSet', input.InternetGatewayIds, input);
  const matches = predicateFrom(input.Filters, filterTable, ({ gateway }: Described) => gateway.spec.tags);
  const named = input.InternetGatewayIds?.length
    ? [...new Set(input.InternetGatewayIds)].map((id) => requireGateway(id, context))
    : context.read.list(InternetGateway, context.caller.namespace);
  const described = named.map((gateway) => ({ gateway, sdk: sdkGatewayFrom(gateway, context) })).filter(matches);
  const keyOf = ({ gateway, sdk }: Described): string => `${gateway.metadata.creationTimestamp ?? ''}/${sdk.InternetGatewayId ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeInternetGateways', context), keyOf);
  return { InternetGateways: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
