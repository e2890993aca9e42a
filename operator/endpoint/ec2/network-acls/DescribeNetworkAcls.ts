import type { DescribeNetworkAclsRequest, DescribeNetworkAclsResult, NetworkAcl as SdkNetworkAcl, NetworkAclAssociation, NetworkAclEntry } from '@aws-sdk/client-ec2';
import { NetworkAcl } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { networkAclsById, withinNamespace } from '../indexes.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { isDefaultAcl, sdkNetworkAclFrom } from './sdk-network-acl.ts';

interface Described {
  acl: NetworkAcl;
  sdk: SdkNetworkAcl;
}

const ofEntries = (value: (entry: NetworkAclEntry) => string | undefined) => ({ sdk }: Described) => (sdk.Entries ?? []).map(value);
const ofAssociations = (value: (association: NetworkAclAssociation) => string | undefined) => ({ sdk }: Described) => (sdk.Associations ?? []).map(value);
const none = (): string[] => [];

const filterTable: FilterTable<Described> = {
  'association.association-id': ofAssociations(({ NetworkAclAssociationId }) => NetworkAclAssociationId),
  'association.network-acl-id': ofAssociations(({ NetworkAclId }) => NetworkAclId),
  'association.subnet-id': ofAssociations(({ SubnetId }) => SubnetId),
  default: ({ sdk }) => [String(sdk.IsDefault)],
  'entry.cidr': ofEntries(({ CidrBlock }) => CidrBlock),
  'entry.egress': ofEntries(({ Egress }) => String(Egress)),
  'entry.icmp.code': none,
  'entry.icmp.type': none,
  'entry.ipv6-cidr': none,
  'entry.port-range.from': none,
  'entry.port-range.to': none,
  'entry.protocol': ofEntries(({ Protocol }) => Protocol),
  'entry.rule-action': ofEntries(({ RuleAction }) => RuleAction),
  'entry.rule-number': ofEntries(({ RuleNumber }) => String(RuleNumber)),
  'network-acl-id': ({ sdk }) => [sdk.NetworkAclId],
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  'vpc-id': ({ sdk }) => [sdk.VpcId],
};

/**
 * Lists network ACLs: the default one of each VPC.
 * @throws AwsError InvalidNetworkAclId.Malformed, InvalidNetworkAclID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkAcls.html
 */
export async function describeNetworkAcls(input: DescribeNetworkAclsRequest, context: ReadOnlyContext): Promise<DescribeNetworkAclsResult> {
  forbidPagesWithIds('networkAclIdSet', input.NetworkAclIds, input);
  const { read, caller } = context;
  const matches = predicateFrom(input.Filters, filterTable, ({ acl }: Described) => acl.spec.tags);
  const shown = (acl: NetworkAcl | undefined): NetworkAcl | undefined => (acl && isDefaultAcl(acl, context) ? acl : undefined);
  const named = input.NetworkAclIds?.length
    ? requireEach(IdKinds.networkAcl, input.NetworkAclIds, (id) => shown(read.byIndex(networkAclsById, withinNamespace(caller.namespace, id))[0]))
    : read.list(NetworkAcl, caller.namespace).filter((acl) => shown(acl));
  const described = named.map((acl) => ({ acl, sdk: sdkNetworkAclFrom(acl, context) })).filter(matches);
  const keyOf = ({ acl, sdk }: Described): string => `${acl.metadata.creationTimestamp ?? ''}/${sdk.NetworkAclId ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeNetworkAcls', context), keyOf);
  return { NetworkAcls: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
