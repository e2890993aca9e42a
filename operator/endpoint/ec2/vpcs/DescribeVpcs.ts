import type { DescribeVpcsRequest, DescribeVpcsResult, Vpc as SdkVpc } from '@aws-sdk/client-ec2';
import { Vpc } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { vpcsById, withinNamespace } from '../indexes.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { sdkVpcFrom } from './sdk-vpc.ts';

/** A VPC and what the API shows of it. */
interface Described {
  vpc: Vpc;
  sdk: SdkVpc;
}

type Values = (described: Described) => (string | undefined)[];

const dhcpOptionsId: Values = ({ sdk }) => [sdk.DhcpOptionsId];
const isDefault: Values = ({ sdk }) => [String(sdk.IsDefault)];
const cidr: Values = ({ sdk }) => [sdk.CidrBlock];
const vpcId: Values = ({ sdk }) => [sdk.VpcId];
const none: Values = () => [];

/** Filters with the spellings that clients use. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html */
const filterTable: FilterTable<Described> = {
  cidr,
  'cidr-block': cidr,
  cidrBlock: cidr,
  'cidr-block-association.association-id': ({ sdk }) => (sdk.CidrBlockAssociationSet ?? []).map(({ AssociationId }) => AssociationId),
  'cidr-block-association.cidr-block': ({ sdk }) => (sdk.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => CidrBlock),
  'cidr-block-association.state': ({ sdk }) => (sdk.CidrBlockAssociationSet ?? []).map(({ CidrBlockState }) => CidrBlockState?.State),
  'dhcp-options-id': dhcpOptionsId,
  dhcpOptionsId,
  'ipv6-cidr-block-association.association-id': none,
  'ipv6-cidr-block-association.ipv6-cidr-block': none,
  'ipv6-cidr-block-association.ipv6-pool': none,
  'ipv6-cidr-block-association.state': none,
  'is-default': isDefault,
  isDefault,
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  state: ({ sdk }) => [sdk.State],
  'vpc-id': vpcId,
  vpcId,
};

/**
 * Lists VPCs, oldest first.
 * @throws AwsError InvalidVpcID.Malformed, InvalidVpcID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVpcs.html
 */
export async function describeVpcs(input: DescribeVpcsRequest, context: ReadOnlyContext): Promise<DescribeVpcsResult> {
  forbidPagesWithIds('vpcSet', input.VpcIds, input);
  const matches = predicateFrom(input.Filters, filterTable, ({ vpc }: Described) => vpc.spec.tags);
  const described = named(input.VpcIds, context).map((vpc) => ({ vpc, sdk: sdkVpcFrom(vpc, context) }));
  const scope = pageScopeOf('DescribeVpcs', context);
  const page = pageOf(described.filter(matches), input, { minimum: 5, maximum: 1000 }, scope, ({ vpc, sdk }) => `${vpc.metadata.creationTimestamp ?? ''}/${sdk.VpcId ?? ''}`);
  return { Vpcs: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function named(ids: readonly string[] | undefined, { read, caller }: ReadOnlyContext): readonly Vpc[] {
  if (!ids || ids.length === 0) return read.list(Vpc, caller.namespace);
  return requireEach(IdKinds.vpc, ids, (id) => read.byIndex(vpcsById, withinNamespace(caller.namespace, id))[0]);
}
