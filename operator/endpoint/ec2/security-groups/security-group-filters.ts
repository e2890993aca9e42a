import type { IpPermission, SecurityGroup as SdkGroup } from '@aws-sdk/client-ec2';
import type { Direction } from '../../../api/network/security-group-rule.ts';
import { securityGroupNameOf } from '../../../api/network/security-group.ts';
import type { Read } from '../../../kubernetes/read.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { FilterTable, FilterValues } from '../filters.ts';
import { referencedGroupOf } from './rule-references.ts';

/** A group with its shape in the API. */
export interface DescribedGroup {
  group: SecurityGroup;
  sdk: SdkGroup;
  read: Read;
}

const number = (value: number | undefined): string | undefined => value?.toString();

/** Filters about permissions; their names follow a prefix. */
const permissionFilters: FilterTable<IpPermission> = {
  cidr: ({ IpRanges = [] }) => IpRanges.map(({ CidrIp }) => CidrIp),
  'from-port': ({ FromPort }) => [number(FromPort)],
  'group-id': ({ UserIdGroupPairs = [] }) => UserIdGroupPairs.map(({ GroupId }) => GroupId),
  'ipv6-cidr': ({ Ipv6Ranges = [] }) => Ipv6Ranges.map(({ CidrIpv6 }) => CidrIpv6),
  'prefix-list-id': ({ PrefixListIds = [] }) => PrefixListIds.map(({ PrefixListId }) => PrefixListId),
  protocol: ({ IpProtocol }) => [IpProtocol],
  'to-port': ({ ToPort }) => [number(ToPort)],
  'user-id': ({ UserIdGroupPairs = [] }) => UserIdGroupPairs.map(({ UserId }) => UserId),
};

function about(prefix: string, permissionsOf: (sdk: SdkGroup) => readonly IpPermission[]): [string, FilterValues<DescribedGroup>][] {
  return Object.entries(permissionFilters).map(([name, valuesOf]) => [`${prefix}${name}`, ({ sdk }) => permissionsOf(sdk).flatMap(valuesOf)]);
}

/** Names of the groups that rules are about, of one direction. */
function referencedNames({ group, read }: DescribedGroup, direction: Direction): string[] {
  return group.spec[direction].flatMap(({ referencedGroup }) => {
    const referenced = referencedGroup && referencedGroupOf(referencedGroup, group, read);
    return referenced ? [securityGroupNameOf(referenced)] : [];
  });
}

/** What groups can be filtered by. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSecurityGroups.html */
export const securityGroupFilters: FilterTable<DescribedGroup> = {
  description: ({ sdk }) => [sdk.Description],
  'group-id': ({ sdk }) => [sdk.GroupId],
  'group-name': ({ sdk }) => [sdk.GroupName],
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  'vpc-id': ({ sdk }) => [sdk.VpcId],
  ...Object.fromEntries(about('ip-permission.', ({ IpPermissions = [] }) => IpPermissions)),
  ...Object.fromEntries(about('egress.ip-permission.', ({ IpPermissionsEgress = [] }) => IpPermissionsEgress)),
  'ip-permission.group-name': (described) => referencedNames(described, 'ingress'),
  'egress.ip-permission.group-name': (described) => referencedNames(described, 'egress'),
};
