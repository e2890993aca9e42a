import { isEc2Id, type Ec2IdPrefix } from '../../api/ec2-id.ts';
import { AwsError } from '../errors.ts';

/** How EC2 speaks about the ids of one kind of resource. */
export interface IdKind {
  prefix: Ec2IdPrefix;
  malformedCode: string;
  notFoundCode: string;
  malformed(id: string): string;
  /** `ids` are those that do not exist: one or more. */
  notFound(ids: readonly string[]): string;
}

const doNotExist = (singular: string, plural: string) => (ids: readonly string[]) =>
  ids.length === 1 ? `The ${singular} '${ids[0]}' does not exist` : `The ${plural} '${ids.join(', ')}' do not exist`;

/** Codes and wordings per kind of id: clients decide by the codes, and some by the words. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html */
export const IdKinds = {
  instance: {
    prefix: 'i',
    malformedCode: 'InvalidInstanceID.Malformed',
    notFoundCode: 'InvalidInstanceID.NotFound',
    malformed: (id) => `Invalid id: "${id}"`,
    notFound: doNotExist('instance ID', 'instance IDs'),
  },
  image: {
    prefix: 'ami',
    malformedCode: 'InvalidAMIID.Malformed',
    notFoundCode: 'InvalidAMIID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "ami-...")`,
    notFound: (ids) => (ids.length === 1 ? `The image id '[${ids[0]}]' does not exist` : `The image ids '[${ids.join(', ')}]' do not exist`),
  },
  securityGroup: {
    prefix: 'sg',
    malformedCode: 'InvalidGroupId.Malformed',
    notFoundCode: 'InvalidGroup.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "sg-...")`,
    notFound: doNotExist('security group', 'security groups'),
  },
  keyPair: {
    prefix: 'key',
    malformedCode: 'InvalidParameterValue',
    notFoundCode: 'InvalidKeyPair.NotFound',
    malformed: (id) => `Value (${id}) for parameter KeyPairId is invalid. Expected: 'key-...'.`,
    notFound: doNotExist('key pair', 'key pairs'),
  },
  volume: {
    prefix: 'vol',
    malformedCode: 'InvalidParameterValue',
    notFoundCode: 'InvalidVolume.NotFound',
    malformed: (id) => `Value (${id}) for parameter volumeId is invalid. Expected: 'vol-...'.`,
    notFound: (ids) => (ids.length === 1 ? `The volume '${ids[0]}' does not exist.` : `The volumes '${ids.join(', ')}' do not exist.`),
  },
  // Of ids that are none EC2 says the same as of those that do not exist.
  elasticIp: {
    prefix: 'eipalloc',
    malformedCode: 'InvalidAllocationID.NotFound',
    notFoundCode: 'InvalidAllocationID.NotFound',
    malformed: (id) => `The allocation ID '${id}' does not exist`,
    notFound: doNotExist('allocation ID', 'allocation IDs'),
  },
  elasticIpAssociation: {
    prefix: 'eipassoc',
    malformedCode: 'InvalidAssociationID.NotFound',
    notFoundCode: 'InvalidAssociationID.NotFound',
    malformed: (id) => `The association ID '${id}' does not exist`,
    notFound: doNotExist('association ID', 'association IDs'),
  },
  networkInterface: {
    prefix: 'eni',
    malformedCode: 'InvalidNetworkInterfaceId.Malformed',
    notFoundCode: 'InvalidNetworkInterfaceID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "eni-...")`,
    notFound: doNotExist('networkInterface ID', 'networkInterface IDs'),
  },
  snapshot: {
    prefix: 'snap',
    malformedCode: 'InvalidSnapshotID.Malformed',
    notFoundCode: 'InvalidSnapshot.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "snap-...")`,
    notFound: (ids) => (ids.length === 1 ? `The snapshot '${ids[0]}' does not exist.` : `The snapshots '${ids.join(', ')}' do not exist.`),
  },
  importImageTask: {
    prefix: 'import-ami',
    malformedCode: 'InvalidConversionTaskId.Malformed',
    notFoundCode: 'InvalidConversionTaskId',
    malformed: (id) => `Invalid id: "${id}" (expecting "import-ami-...")`,
    notFound: doNotExist('import image task ID', 'import image task IDs'),
  },
  importSnapshotTask: {
    prefix: 'import-snap',
    malformedCode: 'InvalidConversionTaskId.Malformed',
    notFoundCode: 'InvalidConversionTaskId',
    malformed: (id) => `Invalid id: "${id}" (expecting "import-snap-...")`,
    notFound: doNotExist('import snapshot task ID', 'import snapshot task IDs'),
  },
  placementGroup: {
    prefix: 'pg',
    malformedCode: 'InvalidPlacementGroupId.Malformed',
    notFoundCode: 'InvalidPlacementGroup.Unknown',
    malformed: (id) => `Invalid id: "${id}" (expecting "pg-...")`,
    notFound: (ids) => (ids.length === 1 ? `The Placement Group '${ids[0]}' is unknown.` : `The Placement Groups '${ids.join(', ')}' are unknown.`),
  },
  prefixList: {
    prefix: 'pl',
    malformedCode: 'InvalidPrefixListID.Malformed',
    notFoundCode: 'InvalidPrefixListID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "pl-...")`,
    notFound: doNotExist('prefix list ID', 'prefix list IDs'),
  },
  securityGroupRule: {
    prefix: 'sgr',
    malformedCode: 'InvalidSecurityGroupRuleId.Malformed',
    notFoundCode: 'InvalidSecurityGroupRuleId.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "sgr-...")`,
    notFound: (ids) =>
      ids.length === 1 ? `The security group rule ID '${ids[0]}' does not exist` : `The security group rule IDs '${ids.join(', ')}' do not exist`,
  },
  launchTemplate: {
    prefix: 'lt',
    malformedCode: 'InvalidLaunchTemplateId.Malformed',
    notFoundCode: 'InvalidLaunchTemplateId.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "lt-...")`,
    notFound: (ids) => `The specified launch template, with template ID ${ids.join(', ')}, does not exist.`,
  },
  subnet: {
    prefix: 'subnet',
    malformedCode: 'InvalidSubnetID.Malformed',
    notFoundCode: 'InvalidSubnetID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "subnet-...")`,
    notFound: doNotExist('subnet ID', 'subnet IDs'),
  },
  vpc: {
    prefix: 'vpc',
    malformedCode: 'InvalidVpcID.Malformed',
    notFoundCode: 'InvalidVpcID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "vpc-...")`,
    notFound: doNotExist('vpc ID', 'vpc IDs'),
  },
  dhcpOptions: {
    prefix: 'dopt',
    malformedCode: 'InvalidDhcpOptionsId.Malformed',
    notFoundCode: 'InvalidDhcpOptionID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "dopt-...")`,
    notFound: doNotExist('dhcpOption ID', 'dhcpOption IDs'),
  },
  internetGateway: {
    prefix: 'igw',
    malformedCode: 'InvalidInternetGatewayId.Malformed',
    notFoundCode: 'InvalidInternetGatewayID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "igw-...")`,
    notFound: doNotExist('internetGateway ID', 'internetGateway IDs'),
  },
  natGateway: {
    prefix: 'nat',
    malformedCode: 'NatGatewayMalformed',
    notFoundCode: 'NatGatewayNotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "nat-...")`,
    notFound: (ids) => (ids.length === 1 ? `NAT gateway ${ids[0]} was not found` : `NAT gateways ${ids.join(', ')} were not found`),
  },
  networkAcl: {
    prefix: 'acl',
    malformedCode: 'InvalidNetworkAclId.Malformed',
    notFoundCode: 'InvalidNetworkAclID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "acl-...")`,
    notFound: doNotExist('networkAcl ID', 'networkAcl IDs'),
  },
  routeTable: {
    prefix: 'rtb',
    malformedCode: 'InvalidRouteTableId.Malformed',
    notFoundCode: 'InvalidRouteTableID.NotFound',
    malformed: (id) => `Invalid id: "${id}" (expecting "rtb-...")`,
    notFound: doNotExist('routeTable ID', 'routeTable IDs'),
  },
} satisfies Record<string, IdKind>;

/**
 * The ids of a request, each once and in the order of the request.
 * @throws AwsError the kind's Malformed code - for the first text that is no id
 */
export function wellFormedIds(kind: IdKind, ids: readonly string[] | undefined): string[] {
  const distinct = [...new Set(ids ?? [])];
  for (const id of distinct) {
    if (!isEc2Id(kind.prefix, id)) throw new AwsError(kind.malformedCode, kind.malformed(id));
  }
  return distinct;
}

/**
 * The objects that a request names, each once and in the order of the request.
 * @throws AwsError the kind's Malformed or NotFound code; NotFound names all ids that were not found
 */
export function requireEach<T>(kind: IdKind, ids: readonly string[] | undefined, find: (id: string) => T | undefined): T[] {
  const found: T[] = [];
  const absent: string[] = [];
  for (const id of wellFormedIds(kind, ids)) {
    const object = find(id);
    if (object === undefined) absent.push(id);
    else found.push(object);
  }
  if (absent.length > 0) throw new AwsError(kind.notFoundCode, kind.notFound(absent));
  return found;
}

/** The one object that a request names. @throws AwsError the kind's Malformed or NotFound code */
export function requireOne<T>(kind: IdKind, id: string, find: (id: string) => T | undefined): T {
  const [object] = requireEach(kind, [id], find);
  return object as T;
}
