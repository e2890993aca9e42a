import { ec2IdOf } from '../../api/ec2-id.ts';
import { associationIdOf } from '../../api/compute/instance.ts';
import { instanceProfileKeyFrom, instanceProfileNameOf } from '../../api/identity/instance-profile.ts';
import { importTaskIdOf } from '../../api/compute/import-task.ts';
import { launchTemplateNameOf } from '../../api/compute/launch-template.ts';
import { ownInterfaceIdOf } from '../../api/network/network-interface.ts';
import { directions, ruleIdsOf } from '../../api/network/security-group-rule.ts';
import { securityGroupNameOf } from '../../api/network/security-group.ts';
import { placementGroupNameOf } from '../../api/compute/placement-group.ts';
import type { KubernetesObject } from '../../api/shared.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import {
  Account,
  Ami,
  DhcpOptions,
  ElasticIp,
  ImportTask,
  Instance,
  InstanceProfile,
  InternetGateway,
  KeyPair,
  LaunchTemplate,
  ManagedPrefixList,
  NatGateway,
  NetworkAcl,
  NetworkInterface,
  PlacementGroup,
  RouteTable,
  SecurityGroup,
  Snapshot,
  Subnet,
  Volume,
  Vpc,
} from '../../kubernetes/resources.ts';

/** Value that an index keeps a namespaced object under: ids and names are looked up within one account only. */
export function withinNamespace(namespace: string | undefined, value: string): string {
  return `${namespace ?? ''}/${value}`;
}

function inOwnNamespace(object: KubernetesObject, value: string): string[] {
  return [withinNamespace(object.metadata?.namespace, value)];
}

/** Instances by namespace and EC2 id. */
export const instancesById = defineIndex(Instance, 'ec2-id', (instance) => inOwnNamespace(instance, ec2IdOf('i', instance)));

/** Instances by namespace and reservation, for those made through the API. */
export const instancesByReservation = defineIndex(Instance, 'reservation-id', (instance) =>
  instance.spec.launch ? inOwnNamespace(instance, instance.spec.launch.reservationId) : [],
);

/** Instance profiles by namespace and name in IAM, in lower case. */
export const instanceProfilesByName = defineIndex(InstanceProfile, 'profile-name', (profile) =>
  inOwnNamespace(profile, instanceProfileKeyFrom(instanceProfileNameOf(profile))),
);

/** Instances by namespace and the id of the association with their instance profile. */
export const instancesByAssociation = defineIndex(Instance, 'profile-association', (instance) => {
  const id = associationIdOf(instance);
  return id === undefined ? [] : inOwnNamespace(instance, id);
});

/** AMIs by EC2 id, of all namespaces: images are shared between accounts. */
export const amisById = defineIndex(Ami, 'ec2-id', (ami) => [ec2IdOf('ami', ami)]);

/** Import tasks by namespace and EC2 id. */
export const importTasksById = defineIndex(ImportTask, 'ec2-id', (task) => inOwnNamespace(task, importTaskIdOf(task)));

/** Key pairs by namespace and EC2 name. */
export const keyPairsByName = defineIndex(KeyPair, 'key-name', (keyPair) =>
  inOwnNamespace(keyPair, keyPair.spec.keyName ?? keyPair.metadata.name),
);

/** Key pairs by namespace and EC2 id. */
export const keyPairsById = defineIndex(KeyPair, 'ec2-id', (keyPair) => inOwnNamespace(keyPair, ec2IdOf('key', keyPair)));

/** Security groups by namespace and EC2 id. */
export const securityGroupsById = defineIndex(SecurityGroup, 'ec2-id', (group) => inOwnNamespace(group, ec2IdOf('sg', group)));

/** Security groups by the groups that their rules name, by name or id, of all namespaces: accounts name each other's groups. */
export const securityGroupsByReferenced = defineIndex(SecurityGroup, 'referenced-group', ({ spec }) => [
  ...new Set([...spec.ingress, ...spec.egress].flatMap(({ referencedGroup }) => referencedGroup?.groupId ?? [])),
]);

/** Security groups by namespace and the ids of their rules. */
export const securityGroupsByRule = defineIndex(SecurityGroup, 'rule-id', (group) =>
  directions.flatMap((direction) => ruleIdsOf(group, direction).map((id) => withinNamespace(group.metadata.namespace, id))),
);

/** Security groups by namespace and the prefix lists that their rules name, by name or id. */
export const securityGroupsByPrefixList = defineIndex(SecurityGroup, 'prefix-list', ({ metadata, spec }) => [
  ...new Set([...spec.ingress, ...spec.egress].flatMap(({ prefixListId }) => (prefixListId === undefined ? [] : withinNamespace(metadata.namespace, prefixListId)))),
]);

/** Prefix lists by namespace and EC2 id. */
export const prefixListsById = defineIndex(ManagedPrefixList, 'ec2-id', (list) => inOwnNamespace(list, ec2IdOf('pl', list)));

/** Instances by namespace and their security groups by name or id: those that they have, and those that they ask for. */
export const instancesBySecurityGroup = defineIndex(Instance, 'security-group', ({ metadata, spec, status }) => [
  ...new Set([...(spec.securityGroupIds ?? []), ...(status?.securityGroupIds ?? [])].map((group) => withinNamespace(metadata.namespace, group))),
]);

/** Network interfaces by namespace and their security groups by name or id. */
export const networkInterfacesBySecurityGroup = defineIndex(NetworkInterface, 'security-group', ({ metadata, spec }) =>
  (spec.securityGroupIds ?? []).map((group) => withinNamespace(metadata.namespace, group)),
);

/** Security groups by namespace and EC2 name. */
export const securityGroupsByName = defineIndex(SecurityGroup, 'group-name', (group) => inOwnNamespace(group, securityGroupNameOf(group)));

/** Launch templates by namespace and EC2 id. */
export const launchTemplatesById = defineIndex(LaunchTemplate, 'ec2-id', (template) => inOwnNamespace(template, ec2IdOf('lt', template)));

/** Launch templates by namespace and EC2 name. */
export const launchTemplatesByName = defineIndex(LaunchTemplate, 'launch-template-name', (template) => inOwnNamespace(template, launchTemplateNameOf(template)));

/** Placement groups by namespace and EC2 id. */
export const placementGroupsById = defineIndex(PlacementGroup, 'ec2-id', (group) => inOwnNamespace(group, ec2IdOf('pg', group)));

/** Placement groups by namespace and EC2 name. */
export const placementGroupsByName = defineIndex(PlacementGroup, 'group-name', (group) => inOwnNamespace(group, placementGroupNameOf(group)));

/** Instances by namespace and the name of their placement group. */
export const instancesByPlacementGroup = defineIndex(Instance, 'placement-group', (instance) =>
  instance.spec.placement.groupName ? inOwnNamespace(instance, instance.spec.placement.groupName) : [],
);

/** Snapshots by EC2 id, of all namespaces: they are shared between accounts. */
export const snapshotsById = defineIndex(Snapshot, 'ec2-id', (snapshot) => [ec2IdOf('snap', snapshot)]);

/** Volumes by namespace and EC2 id. */
export const volumesById = defineIndex(Volume, 'ec2-id', (volume) => inOwnNamespace(volume, ec2IdOf('vol', volume)));

/** VPCs by namespace and EC2 id. */
export const vpcsById = defineIndex(Vpc, 'ec2-id', (vpc) => inOwnNamespace(vpc, ec2IdOf('vpc', vpc)));

/** Default VPCs by namespace. */
export const defaultVpcsByNamespace = defineIndex(Vpc, 'default', ({ metadata, spec }) => (spec.isDefault ? [metadata.namespace ?? ''] : []));

/** Sets of DHCP options by namespace and EC2 id. */
export const dhcpOptionsById = defineIndex(DhcpOptions, 'ec2-id', (options) => inOwnNamespace(options, ec2IdOf('dopt', options)));

/** Internet gateways by namespace and EC2 id. */
export const internetGatewaysById = defineIndex(InternetGateway, 'ec2-id', (gateway) => inOwnNamespace(gateway, ec2IdOf('igw', gateway)));

/** NAT gateways by namespace and EC2 id. */
export const natGatewaysById = defineIndex(NatGateway, 'ec2-id', (natGateway) => inOwnNamespace(natGateway, ec2IdOf('nat', natGateway)));

/** Network ACLs by namespace and EC2 id. */
export const networkAclsById = defineIndex(NetworkAcl, 'ec2-id', (acl) => inOwnNamespace(acl, ec2IdOf('acl', acl)));

/** Route tables by namespace and EC2 id. */
export const routeTablesById = defineIndex(RouteTable, 'ec2-id', (table) => inOwnNamespace(table, ec2IdOf('rtb', table)));

/** Subnets by namespace and EC2 id. */
export const subnetsById = defineIndex(Subnet, 'ec2-id', (subnet) => inOwnNamespace(subnet, ec2IdOf('subnet', subnet)));

/** Subnets by namespace and the name or id of their VPC, as the spec has it. */
export const subnetsByVpc = defineIndex(Subnet, 'vpc', (subnet) => inOwnNamespace(subnet, subnet.spec.vpcId));

/** Instances by namespace and the name or id of their subnet, as the spec has it. */
export const instancesBySubnet = defineIndex(Instance, 'subnet', (instance) =>
  instance.spec.subnetId === undefined ? [] : inOwnNamespace(instance, instance.spec.subnetId),
);

/** Volumes by namespace and the instance, by whatever reference, that they are attached to, or are to be. */
const volumesByAttachment = defineIndex(Volume, 'attachment', (volume) =>
  [...new Set([volume.spec.attachment?.instanceId, volume.status?.attachment?.instanceId])].flatMap((reference) =>
    reference === undefined ? [] : inOwnNamespace(volume, reference),
  ),
);

/** Volumes that an instance has, is to have, or is losing. */
export function volumesAround(instance: Instance, read: Read): Volume[] {
  const { namespace, name } = instance.metadata;
  const found = [...new Set([name, ec2IdOf('i', instance)])].flatMap((reference) => read.byIndex(volumesByAttachment, withinNamespace(namespace, reference)));
  return [...new Set(found)];
}

/** Accounts by their 12 digits. */
export const accountsById = defineIndex(Account, 'account-id', (account) => [account.spec.accountId]);

/** Accounts by the namespace that holds all of theirs. */
export const accountsByNamespace = defineIndex(Account, 'namespace', (account) => [account.spec.namespace ?? account.metadata.name]);

/** The account of this id; undefined after it was deleted while its namespace lives on. */
export function accountOf(read: Read, accountId: string): Account | undefined {
  return read.byIndex(accountsById, accountId)[0];
}

/** Elastic IPs by namespace and EC2 id. */
export const elasticIpsById = defineIndex(ElasticIp, 'ec2-id', (elasticIp) => inOwnNamespace(elasticIp, ec2IdOf('eipalloc', elasticIp)));

/** Network interfaces that were made before their instance, by namespace and EC2 id. */
export const networkInterfacesById = defineIndex(NetworkInterface, 'ec2-id', (networkInterface) => inOwnNamespace(networkInterface, ec2IdOf('eni', networkInterface)));

/** Instances by namespace and the EC2 id of the network interface that they are born with. */
export const instancesByOwnInterface = defineIndex(Instance, 'own-interface', (instance) =>
  instance.spec.networkInterface?.networkInterfaceId === undefined ? inOwnNamespace(instance, ownInterfaceIdOf(instance)) : [],
);

/** Instances by namespace and the name or id of the network interface in their spec. */
export const instancesByInterface = defineIndex(Instance, 'interface', (instance) =>
  instance.spec.networkInterface?.networkInterfaceId === undefined ? [] : inOwnNamespace(instance, instance.spec.networkInterface.networkInterfaceId),
);
