import type { DescribeSubnetsRequest, DescribeSubnetsResult, Subnet as SdkSubnet } from '@aws-sdk/client-ec2';
import { Subnet } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { subnetsById, withinNamespace } from '../indexes.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { subnetViewer } from './sdk-subnet.ts';

/** A subnet and what the API shows of it. */
interface Described {
  subnet: Subnet;
  sdk: SdkSubnet;
}

type Values = (described: Described) => (string | undefined)[];

const availabilityZone: Values = ({ sdk }) => [sdk.AvailabilityZone];
const availabilityZoneId: Values = ({ sdk }) => [sdk.AvailabilityZoneId];
const cidr: Values = ({ sdk }) => [sdk.CidrBlock];
const defaultForAz: Values = ({ sdk }) => [String(sdk.DefaultForAz)];
const subnetId: Values = ({ sdk }) => [sdk.SubnetId];
const vpcId: Values = ({ sdk }) => [sdk.VpcId];
const none: Values = () => [];

/** Filters with the spellings that clients use. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html */
const filterTable: FilterTable<Described> = {
  'availability-zone': availabilityZone,
  'availability-zone-id': availabilityZoneId,
  availabilityZone,
  availabilityZoneId,
  'available-ip-address-count': ({ sdk }) => [String(sdk.AvailableIpAddressCount)],
  cidr,
  'cidr-block': cidr,
  cidrBlock: cidr,
  'customer-owned-ipv4-pool': none,
  'default-for-az': defaultForAz,
  defaultForAz,
  'enable-dns64': ({ sdk }) => [String(sdk.EnableDns64)],
  'enable-lni-at-device-index': none,
  'ipv6-cidr-block-association.association-id': none,
  'ipv6-cidr-block-association.ipv6-cidr-block': none,
  'ipv6-cidr-block-association.state': none,
  'ipv6-native': ({ sdk }) => [String(sdk.Ipv6Native)],
  'map-customer-owned-ip-on-launch': ({ sdk }) => [String(sdk.MapCustomerOwnedIpOnLaunch)],
  'map-public-ip-on-launch': ({ sdk }) => [String(sdk.MapPublicIpOnLaunch)],
  'outpost-arn': none,
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  'private-dns-name-options-on-launch.enable-resource-name-dns-a-record': ({ sdk }) => [String(sdk.PrivateDnsNameOptionsOnLaunch?.EnableResourceNameDnsARecord)],
  'private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record': ({ sdk }) => [String(sdk.PrivateDnsNameOptionsOnLaunch?.EnableResourceNameDnsAAAARecord)],
  'private-dns-name-options-on-launch.hostname-type': ({ sdk }) => [sdk.PrivateDnsNameOptionsOnLaunch?.HostnameType],
  state: ({ sdk }) => [sdk.State],
  'subnet-arn': ({ sdk }) => [sdk.SubnetArn],
  'subnet-id': subnetId,
  subnetId,
  'vpc-id': vpcId,
  vpcId,
};

/**
 * Lists subnets, oldest first.
 * @throws AwsError InvalidSubnetID.Malformed, InvalidSubnetID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSubnets.html
 */
export async function describeSubnets(input: DescribeSubnetsRequest, context: ReadOnlyContext): Promise<DescribeSubnetsResult> {
  forbidPagesWithIds('subnetSet', input.SubnetIds, input);
  const matches = predicateFrom(input.Filters, filterTable, ({ subnet }: Described) => subnet.spec.tags);
  const show = subnetViewer(context);
  const described = named(input.SubnetIds, context).map((subnet) => ({ subnet, sdk: show(subnet) }));
  const scope = pageScopeOf('DescribeSubnets', context);
  const keyOf = ({ subnet, sdk }: Described): string => `${subnet.metadata.creationTimestamp ?? ''}/${sdk.SubnetId ?? ''}`;
  const page = pageOf(described.filter(matches), input, { minimum: 5, maximum: 1000 }, scope, keyOf);
  return { Subnets: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function named(ids: readonly string[] | undefined, { read, caller }: ReadOnlyContext): readonly Subnet[] {
  if (!ids || ids.length === 0) return read.list(Subnet, caller.namespace);
  return requireEach(IdKinds.subnet, ids, (id) => read.byIndex(subnetsById, withinNamespace(caller.namespace, id))[0]);
}
