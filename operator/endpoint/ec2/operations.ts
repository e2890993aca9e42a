import {
  AccountSettings,
  Ami,
  DhcpOptions,
  ElasticIp,
  Fleet,
  ImportTask,
  Instance,
  InternetGateway,
  NatGateway,
  KeyPair,
  LaunchTemplate,
  ManagedPrefixList,
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
import type { OperationTable } from '../operation.ts';
import { describeAccountAttributes } from './account-attributes/DescribeAccountAttributes.ts';
import { getInstanceMetadataDefaults } from './account-settings/GetInstanceMetadataDefaults.ts';
import { modifyInstanceMetadataDefaults } from './account-settings/ModifyInstanceMetadataDefaults.ts';
import { allocateAddress } from './addresses/AllocateAddress.ts';
import { associateAddress } from './addresses/AssociateAddress.ts';
import { describeAddresses } from './addresses/DescribeAddresses.ts';
import { describeAddressesAttribute } from './addresses/DescribeAddressesAttribute.ts';
import { describePublicIpv4Pools } from './addresses/DescribePublicIpv4Pools.ts';
import { disassociateAddress } from './addresses/DisassociateAddress.ts';
import { modifyAddressAttribute } from './addresses/ModifyAddressAttribute.ts';
import { releaseAddress } from './addresses/ReleaseAddress.ts';
import { resetAddressAttribute } from './addresses/ResetAddressAttribute.ts';
import { copyImage } from './images/CopyImage.ts';
import { createImage } from './images/CreateImage.ts';
import { deregisterImage } from './images/DeregisterImage.ts';
import { describeImageAttribute } from './images/DescribeImageAttribute.ts';
import { cancelExportTask } from './exports/CancelExportTask.ts';
import { describeExportImageTasks } from './exports/DescribeExportImageTasks.ts';
import { describeExportTasks } from './exports/DescribeExportTasks.ts';
import { describeStoreImageTasks } from './exports/DescribeStoreImageTasks.ts';
import { createFleet } from './fleets/CreateFleet.ts';
import { deleteFleets } from './fleets/DeleteFleets.ts';
import { describeFleetInstances } from './fleets/DescribeFleetInstances.ts';
import { describeFleets } from './fleets/DescribeFleets.ts';
import { describeImages } from './images/DescribeImages.ts';
import { disableImage } from './images/DisableImage.ts';
import { disableImageDeprecation } from './images/DisableImageDeprecation.ts';
import { disableImageDeregistrationProtection } from './images/DisableImageDeregistrationProtection.ts';
import { enableImage } from './images/EnableImage.ts';
import { enableImageDeprecation } from './images/EnableImageDeprecation.ts';
import { enableImageDeregistrationProtection } from './images/EnableImageDeregistrationProtection.ts';
import { modifyImageAttribute } from './images/ModifyImageAttribute.ts';
import { registerImage } from './images/RegisterImage.ts';
import { resetImageAttribute } from './images/ResetImageAttribute.ts';
import { cancelImportTask } from './imports/CancelImportTask.ts';
import { describeImportImageTasks } from './imports/DescribeImportImageTasks.ts';
import { describeImportSnapshotTasks } from './imports/DescribeImportSnapshotTasks.ts';
import { importImage } from './imports/ImportImage.ts';
import { importSnapshot } from './imports/ImportSnapshot.ts';
import { associateIamInstanceProfile } from './instance-profiles/AssociateIamInstanceProfile.ts';
import { describeIamInstanceProfileAssociations } from './instance-profiles/DescribeIamInstanceProfileAssociations.ts';
import { disassociateIamInstanceProfile } from './instance-profiles/DisassociateIamInstanceProfile.ts';
import { replaceIamInstanceProfileAssociation } from './instance-profiles/ReplaceIamInstanceProfileAssociation.ts';
import { describeInstanceTypeOfferings } from './instance-types/DescribeInstanceTypeOfferings.ts';
import { describeInstanceTypes } from './instance-types/DescribeInstanceTypes.ts';
import { getInstanceTypesFromInstanceRequirements } from './instance-types/GetInstanceTypesFromInstanceRequirements.ts';
import { describeInstanceAttribute } from './instances/DescribeInstanceAttribute.ts';
import { describeInstanceCreditSpecifications } from './instances/DescribeInstanceCreditSpecifications.ts';
import { describeInstanceStatus } from './instances/DescribeInstanceStatus.ts';
import { describeInstances } from './instances/DescribeInstances.ts';
import { getConsoleOutput } from './instances/GetConsoleOutput.ts';
import { getConsoleScreenshot } from './instances/GetConsoleScreenshot.ts';
import { getPasswordData } from './instances/GetPasswordData.ts';
import { modifyInstanceAttribute } from './instances/ModifyInstanceAttribute.ts';
import { modifyInstanceCpuOptions } from './instances/ModifyInstanceCpuOptions.ts';
import { modifyInstanceCreditSpecification } from './instances/ModifyInstanceCreditSpecification.ts';
import { modifyInstanceMaintenanceOptions } from './instances/ModifyInstanceMaintenanceOptions.ts';
import { modifyInstanceMetadataOptions } from './instances/ModifyInstanceMetadataOptions.ts';
import { modifyInstancePlacement } from './instances/ModifyInstancePlacement.ts';
import { modifyPrivateDnsNameOptions } from './instances/ModifyPrivateDnsNameOptions.ts';
import { monitorInstances } from './instances/MonitorInstances.ts';
import { rebootInstances } from './instances/RebootInstances.ts';
import { resetInstanceAttribute } from './instances/ResetInstanceAttribute.ts';
import { runInstances } from './instances/RunInstances.ts';
import { startInstances } from './instances/StartInstances.ts';
import { stopInstances } from './instances/StopInstances.ts';
import { terminateInstances } from './instances/TerminateInstances.ts';
import { unmonitorInstances } from './instances/UnmonitorInstances.ts';
import { createKeyPair } from './key-pairs/CreateKeyPair.ts';
import { deleteKeyPair } from './key-pairs/DeleteKeyPair.ts';
import { describeKeyPairs } from './key-pairs/DescribeKeyPairs.ts';
import { importKeyPair } from './key-pairs/ImportKeyPair.ts';
import { createLaunchTemplate } from './launch-templates/CreateLaunchTemplate.ts';
import { createLaunchTemplateVersion } from './launch-templates/CreateLaunchTemplateVersion.ts';
import { deleteLaunchTemplate } from './launch-templates/DeleteLaunchTemplate.ts';
import { deleteLaunchTemplateVersions } from './launch-templates/DeleteLaunchTemplateVersions.ts';
import { describeLaunchTemplateVersions } from './launch-templates/DescribeLaunchTemplateVersions.ts';
import { describeLaunchTemplates } from './launch-templates/DescribeLaunchTemplates.ts';
import { getLaunchTemplateData } from './launch-templates/GetLaunchTemplateData.ts';
import { modifyLaunchTemplate } from './launch-templates/ModifyLaunchTemplate.ts';
import { createPlacementGroup } from './placement-groups/CreatePlacementGroup.ts';
import { deletePlacementGroup } from './placement-groups/DeletePlacementGroup.ts';
import { describePlacementGroups } from './placement-groups/DescribePlacementGroups.ts';
import { describeSubnets } from './subnets/DescribeSubnets.ts';
import { authorizeSecurityGroupEgress } from './security-groups/AuthorizeSecurityGroupEgress.ts';
import { authorizeSecurityGroupIngress } from './security-groups/AuthorizeSecurityGroupIngress.ts';
import { createSecurityGroup } from './security-groups/CreateSecurityGroup.ts';
import { deleteSecurityGroup } from './security-groups/DeleteSecurityGroup.ts';
import { describeSecurityGroupReferences } from './security-groups/DescribeSecurityGroupReferences.ts';
import { describeSecurityGroupRules } from './security-groups/DescribeSecurityGroupRules.ts';
import { describeSecurityGroups } from './security-groups/DescribeSecurityGroups.ts';
import { describeStaleSecurityGroups } from './security-groups/DescribeStaleSecurityGroups.ts';
import { getSecurityGroupsForVpc } from './security-groups/GetSecurityGroupsForVpc.ts';
import { modifySecurityGroupRules } from './security-groups/ModifySecurityGroupRules.ts';
import { revokeSecurityGroupEgress } from './security-groups/RevokeSecurityGroupEgress.ts';
import { revokeSecurityGroupIngress } from './security-groups/RevokeSecurityGroupIngress.ts';
import { updateSecurityGroupRuleDescriptionsEgress } from './security-groups/UpdateSecurityGroupRuleDescriptionsEgress.ts';
import { updateSecurityGroupRuleDescriptionsIngress } from './security-groups/UpdateSecurityGroupRuleDescriptionsIngress.ts';
import { cancelSpotInstanceRequests } from './spot/CancelSpotInstanceRequests.ts';
import { describeCapacityReservations } from './capacity-reservations/DescribeCapacityReservations.ts';
import { describeSpotInstanceRequests } from './spot/DescribeSpotInstanceRequests.ts';
import { describeSpotPriceHistory } from './spot/DescribeSpotPriceHistory.ts';
import { getInstanceUefiData } from './instances/GetInstanceUefiData.ts';
import { assignPrivateIpAddresses } from './network-interfaces/AssignPrivateIpAddresses.ts';
import { attachNetworkInterface } from './network-interfaces/AttachNetworkInterface.ts';
import { createNetworkInterface } from './network-interfaces/CreateNetworkInterface.ts';
import { deleteNetworkInterface } from './network-interfaces/DeleteNetworkInterface.ts';
import { describeNetworkInterfaceAttribute } from './network-interfaces/DescribeNetworkInterfaceAttribute.ts';
import { describeNetworkInterfaces } from './network-interfaces/DescribeNetworkInterfaces.ts';
import { detachNetworkInterface } from './network-interfaces/DetachNetworkInterface.ts';
import { modifyNetworkInterfaceAttribute } from './network-interfaces/ModifyNetworkInterfaceAttribute.ts';
import { resetNetworkInterfaceAttribute } from './network-interfaces/ResetNetworkInterfaceAttribute.ts';
import { unassignPrivateIpAddresses } from './network-interfaces/UnassignPrivateIpAddresses.ts';
import { requestSpotInstances } from './spot/RequestSpotInstances.ts';
import { createManagedPrefixList } from './prefix-lists/CreateManagedPrefixList.ts';
import { deleteManagedPrefixList } from './prefix-lists/DeleteManagedPrefixList.ts';
import { describeManagedPrefixLists } from './prefix-lists/DescribeManagedPrefixLists.ts';
import { getManagedPrefixListAssociations } from './prefix-lists/GetManagedPrefixListAssociations.ts';
import { getManagedPrefixListEntries } from './prefix-lists/GetManagedPrefixListEntries.ts';
import { modifyManagedPrefixList } from './prefix-lists/ModifyManagedPrefixList.ts';
import { copySnapshot } from './snapshots/CopySnapshot.ts';
import { createSnapshot } from './snapshots/CreateSnapshot.ts';
import { createSnapshots } from './snapshots/CreateSnapshots.ts';
import { deleteSnapshot } from './snapshots/DeleteSnapshot.ts';
import { describeSnapshotAttribute } from './snapshots/DescribeSnapshotAttribute.ts';
import { describeSnapshots } from './snapshots/DescribeSnapshots.ts';
import { modifySnapshotAttribute } from './snapshots/ModifySnapshotAttribute.ts';
import { resetSnapshotAttribute } from './snapshots/ResetSnapshotAttribute.ts';
import { createTags } from './tags/CreateTags.ts';
import { deleteTags } from './tags/DeleteTags.ts';
import { describeTags } from './tags/DescribeTags.ts';
import { associateDhcpOptions } from './dhcp-options/AssociateDhcpOptions.ts';
import { createDhcpOptions } from './dhcp-options/CreateDhcpOptions.ts';
import { deleteDhcpOptions } from './dhcp-options/DeleteDhcpOptions.ts';
import { describeDhcpOptions } from './dhcp-options/DescribeDhcpOptions.ts';
import { createVpc } from './vpcs/CreateVpc.ts';
import { createDefaultVpc } from './vpcs/CreateDefaultVpc.ts';
import { deleteVpc } from './vpcs/DeleteVpc.ts';
import { describeVpcAttribute } from './vpcs/DescribeVpcAttribute.ts';
import { modifyVpcAttribute } from './vpcs/ModifyVpcAttribute.ts';
import { associateVpcCidrBlock } from './vpcs/AssociateVpcCidrBlock.ts';
import { disassociateVpcCidrBlock } from './vpcs/DisassociateVpcCidrBlock.ts';
import { createSubnet } from './subnets/CreateSubnet.ts';
import { createDefaultSubnet } from './subnets/CreateDefaultSubnet.ts';
import { deleteSubnet } from './subnets/DeleteSubnet.ts';
import { modifySubnetAttribute } from './subnets/ModifySubnetAttribute.ts';
import { createInternetGateway } from './internet-gateways/CreateInternetGateway.ts';
import { attachInternetGateway } from './internet-gateways/AttachInternetGateway.ts';
import { detachInternetGateway } from './internet-gateways/DetachInternetGateway.ts';
import { deleteInternetGateway } from './internet-gateways/DeleteInternetGateway.ts';
import { describeInternetGateways } from './internet-gateways/DescribeInternetGateways.ts';
import { createRouteTable } from './route-tables/CreateRouteTable.ts';
import { deleteRouteTable } from './route-tables/DeleteRouteTable.ts';
import { describeRouteTables } from './route-tables/DescribeRouteTables.ts';
import { createRoute } from './route-tables/CreateRoute.ts';
import { replaceRoute } from './route-tables/ReplaceRoute.ts';
import { deleteRoute } from './route-tables/DeleteRoute.ts';
import { associateRouteTable } from './route-tables/AssociateRouteTable.ts';
import { disassociateRouteTable } from './route-tables/DisassociateRouteTable.ts';
import { replaceRouteTableAssociation } from './route-tables/ReplaceRouteTableAssociation.ts';
import { describeNetworkAcls } from './network-acls/DescribeNetworkAcls.ts';
import { createNetworkAcl } from './network-acls/CreateNetworkAcl.ts';
import { describeNatGateways } from './nat-gateways/DescribeNatGateways.ts';
import { createNatGateway } from './nat-gateways/CreateNatGateway.ts';
import { deleteNatGateway } from './nat-gateways/DeleteNatGateway.ts';
import { describeVpcEndpoints } from './vpc-endpoints/DescribeVpcEndpoints.ts';
import { createVpcEndpoint } from './vpc-endpoints/CreateVpcEndpoint.ts';
import { describeEgressOnlyInternetGateways } from './egress-only-internet-gateways/DescribeEgressOnlyInternetGateways.ts';
import { createEgressOnlyInternetGateway } from './egress-only-internet-gateways/CreateEgressOnlyInternetGateway.ts';
import { describeVpcPeeringConnections } from './vpc-peering/DescribeVpcPeeringConnections.ts';
import { describeVpcs } from './vpcs/DescribeVpcs.ts';
import { attachVolume } from './volumes/AttachVolume.ts';
import { createVolume } from './volumes/CreateVolume.ts';
import { deleteVolume } from './volumes/DeleteVolume.ts';
import { describeVolumeAttribute } from './volumes/DescribeVolumeAttribute.ts';
import { describeVolumeStatus } from './volumes/DescribeVolumeStatus.ts';
import { describeVolumes } from './volumes/DescribeVolumes.ts';
import { describeVolumesModifications } from './volumes/DescribeVolumesModifications.ts';
import { detachVolume } from './volumes/DetachVolume.ts';
import { enableVolumeIO } from './volumes/EnableVolumeIO.ts';
import { modifyVolume } from './volumes/ModifyVolume.ts';
import { modifyVolumeAttribute } from './volumes/ModifyVolumeAttribute.ts';
import { describeAvailabilityZones } from './zones/DescribeAvailabilityZones.ts';
import { describeRegions } from './zones/DescribeRegions.ts';

/** Kinds whose tags DescribeTags lists: a caller who may not see all of them would get a list that looks whole and is not. */
const taggable = [
  Ami,
  DhcpOptions,
  ElasticIp,
  ImportTask,
  Instance,
  InternetGateway,
  NatGateway,
  KeyPair,
  LaunchTemplate,
  ManagedPrefixList,
  NetworkAcl,
  NetworkInterface,
  PlacementGroup,
  RouteTable,
  SecurityGroup,
  Snapshot,
  Subnet,
  Volume,
  Vpc,
];

/**
 * Every EC2 action that is implemented: wire name -> function and what the caller must be allowed to do. Sorted by name. What everybody may know
 * (zones, instance types, the own account's limits) needs no permission. Which kinds a call of CreateTags or DeleteTags is about only its ids
 * tell: there the API server itself judges the caller's patch.
 */
export const ec2Operations = {
  AllocateAddress: { run: allocateAddress, access: [{ verb: 'create', resource: ElasticIp }] },
  AssignPrivateIpAddresses: { run: assignPrivateIpAddresses, access: [{ verb: 'patch', resource: NetworkInterface }] },
  AssociateAddress: { run: associateAddress, access: [{ verb: 'patch', resource: ElasticIp }] },
  AssociateDhcpOptions: { run: associateDhcpOptions, access: [{ verb: 'patch', resource: Vpc }] },
  AssociateIamInstanceProfile: { run: associateIamInstanceProfile, access: [{ verb: 'patch', resource: Instance }] },
  AssociateRouteTable: { run: associateRouteTable, access: [{ verb: 'patch', resource: Subnet }] },
  AssociateVpcCidrBlock: { run: associateVpcCidrBlock, access: [{ verb: 'patch', resource: Vpc }] },
  AttachInternetGateway: { run: attachInternetGateway, access: [{ verb: 'patch', resource: InternetGateway }] },
  AttachNetworkInterface: { run: attachNetworkInterface, access: [{ verb: 'patch', resource: NetworkInterface }, { verb: 'patch', resource: Instance }] },
  AttachVolume: { run: attachVolume, access: [{ verb: 'patch', resource: Volume }] },
  AuthorizeSecurityGroupEgress: { run: authorizeSecurityGroupEgress, access: [{ verb: 'patch', resource: SecurityGroup }] },
  AuthorizeSecurityGroupIngress: { run: authorizeSecurityGroupIngress, access: [{ verb: 'patch', resource: SecurityGroup }] },
  CancelExportTask: { run: cancelExportTask, access: [] },
  CancelImportTask: { run: cancelImportTask, access: [{ verb: 'patch', resource: ImportTask }] },
  CancelSpotInstanceRequests: { run: cancelSpotInstanceRequests, access: [] },
  CopyImage: { run: copyImage, access: [{ verb: 'create', resource: Ami }] },
  CopySnapshot: { run: copySnapshot, access: [{ verb: 'create', resource: Snapshot }] },
  CreateDefaultSubnet: { run: createDefaultSubnet, access: [{ verb: 'create', resource: Subnet }] },
  CreateDefaultVpc: { run: createDefaultVpc, access: [{ verb: 'create', resource: Vpc }] },
  CreateDhcpOptions: { run: createDhcpOptions, access: [{ verb: 'create', resource: DhcpOptions }] },
  CreateEgressOnlyInternetGateway: { run: createEgressOnlyInternetGateway, access: [{ verb: 'create', resource: Vpc }] },
  CreateFleet: { run: createFleet, access: [{ verb: 'create', resource: Instance }, { verb: 'create', resource: Fleet }] },
  CreateImage: { run: createImage, access: [{ verb: 'create', resource: Ami }, { verb: 'create', resource: Snapshot }] },
  CreateInternetGateway: { run: createInternetGateway, access: [{ verb: 'create', resource: InternetGateway }] },
  CreateKeyPair: { run: createKeyPair, access: [{ verb: 'create', resource: KeyPair }] },
  CreateLaunchTemplate: { run: createLaunchTemplate, access: [{ verb: 'create', resource: LaunchTemplate }] },
  CreateLaunchTemplateVersion: { run: createLaunchTemplateVersion, access: [{ verb: 'patch', resource: LaunchTemplate }] },
  CreateManagedPrefixList: { run: createManagedPrefixList, access: [{ verb: 'create', resource: ManagedPrefixList }] },
  CreateNatGateway: { run: createNatGateway, access: [{ verb: 'create', resource: NatGateway }] },
  CreateNetworkAcl: { run: createNetworkAcl, access: [{ verb: 'create', resource: NetworkAcl }] },
  CreateNetworkInterface: { run: createNetworkInterface, access: [{ verb: 'create', resource: NetworkInterface }] },
  CreatePlacementGroup: { run: createPlacementGroup, access: [{ verb: 'create', resource: PlacementGroup }] },
  CreateRoute: { run: createRoute, access: [{ verb: 'patch', resource: RouteTable }] },
  CreateRouteTable: { run: createRouteTable, access: [{ verb: 'create', resource: RouteTable }] },
  CreateSecurityGroup: { run: createSecurityGroup, access: [{ verb: 'create', resource: SecurityGroup }] },
  CreateSnapshot: { run: createSnapshot, access: [{ verb: 'create', resource: Snapshot }] },
  CreateSnapshots: { run: createSnapshots, access: [{ verb: 'create', resource: Snapshot }] },
  CreateSubnet: { run: createSubnet, access: [{ verb: 'create', resource: Subnet }] },
  CreateTags: { run: createTags, access: [] },
  CreateVolume: { run: createVolume, access: [{ verb: 'create', resource: Volume }] },
  CreateVpc: { run: createVpc, access: [{ verb: 'create', resource: Vpc }] },
  CreateVpcEndpoint: { run: createVpcEndpoint, access: [{ verb: 'create', resource: Vpc }] },
  DeleteDhcpOptions: { run: deleteDhcpOptions, access: [{ verb: 'delete', resource: DhcpOptions }] },
  DeleteFleets: { run: deleteFleets, access: [{ verb: 'patch', resource: Fleet }, { verb: 'patch', resource: Instance }] },
  DeleteInternetGateway: { run: deleteInternetGateway, access: [{ verb: 'delete', resource: InternetGateway }] },
  DeleteKeyPair: { run: deleteKeyPair, access: [{ verb: 'delete', resource: KeyPair }] },
  DeleteLaunchTemplate: { run: deleteLaunchTemplate, access: [{ verb: 'delete', resource: LaunchTemplate }] },
  DeleteLaunchTemplateVersions: { run: deleteLaunchTemplateVersions, access: [{ verb: 'patch', resource: LaunchTemplate }] },
  DeleteManagedPrefixList: { run: deleteManagedPrefixList, access: [{ verb: 'delete', resource: ManagedPrefixList }] },
  DeleteNatGateway: { run: deleteNatGateway, access: [{ verb: 'delete', resource: NatGateway }] },
  DeleteNetworkInterface: { run: deleteNetworkInterface, access: [{ verb: 'delete', resource: NetworkInterface }] },
  DeletePlacementGroup: { run: deletePlacementGroup, access: [{ verb: 'delete', resource: PlacementGroup }] },
  DeleteRoute: { run: deleteRoute, access: [{ verb: 'patch', resource: RouteTable }] },
  DeleteRouteTable: { run: deleteRouteTable, access: [{ verb: 'delete', resource: RouteTable }] },
  DeleteSecurityGroup: { run: deleteSecurityGroup, access: [{ verb: 'delete', resource: SecurityGroup }] },
  DeleteSnapshot: { run: deleteSnapshot, access: [{ verb: 'delete', resource: Snapshot }] },
  DeleteSubnet: { run: deleteSubnet, access: [{ verb: 'delete', resource: Subnet }] },
  DeleteTags: { run: deleteTags, access: [] },
  DeleteVolume: { run: deleteVolume, access: [{ verb: 'delete', resource: Volume }] },
  DeleteVpc: { run: deleteVpc, access: [{ verb: 'delete', resource: Vpc }] },
  DeregisterImage: { run: deregisterImage, access: [{ verb: 'delete', resource: Ami }] },
  DescribeAccountAttributes: { run: describeAccountAttributes, access: [] },
  DescribeAddresses: { run: describeAddresses, access: [{ verb: 'list', resource: ElasticIp }] },
  DescribeAddressesAttribute: { run: describeAddressesAttribute, access: [{ verb: 'list', resource: ElasticIp }] },
  DescribeAvailabilityZones: { run: describeAvailabilityZones, access: [] },
  DescribeCapacityReservations: { run: describeCapacityReservations, access: [] },
  DescribeDhcpOptions: { run: describeDhcpOptions, access: [{ verb: 'list', resource: DhcpOptions }] },
  DescribeEgressOnlyInternetGateways: { run: describeEgressOnlyInternetGateways, access: [{ verb: 'list', resource: Vpc }] },
  DescribeExportImageTasks: { run: describeExportImageTasks, access: [] },
  DescribeExportTasks: { run: describeExportTasks, access: [] },
  DescribeFleetInstances: { run: describeFleetInstances, access: [{ verb: 'list', resource: Fleet }] },
  DescribeFleets: { run: describeFleets, access: [{ verb: 'list', resource: Fleet }] },
  DescribeIamInstanceProfileAssociations: { run: describeIamInstanceProfileAssociations, access: [{ verb: 'list', resource: Instance }] },
  DescribeImageAttribute: { run: describeImageAttribute, access: [{ verb: 'get', resource: Ami }] },
  DescribeImages: { run: describeImages, access: [{ verb: 'list', resource: Ami }] },
  DescribeImportImageTasks: { run: describeImportImageTasks, access: [{ verb: 'list', resource: ImportTask }] },
  DescribeImportSnapshotTasks: { run: describeImportSnapshotTasks, access: [{ verb: 'list', resource: ImportTask }] },
  DescribeInstanceAttribute: { run: describeInstanceAttribute, access: [{ verb: 'get', resource: Instance }] },
  DescribeInstanceCreditSpecifications: { run: describeInstanceCreditSpecifications, access: [{ verb: 'list', resource: Instance }] },
  DescribeInstanceStatus: { run: describeInstanceStatus, access: [{ verb: 'list', resource: Instance }] },
  DescribeInstanceTypeOfferings: { run: describeInstanceTypeOfferings, access: [] },
  DescribeInstanceTypes: { run: describeInstanceTypes, access: [] },
  DescribeInstances: { run: describeInstances, access: [{ verb: 'list', resource: Instance }] },
  DescribeInternetGateways: { run: describeInternetGateways, access: [{ verb: 'list', resource: InternetGateway }] },
  DescribeKeyPairs: { run: describeKeyPairs, access: [{ verb: 'list', resource: KeyPair }] },
  DescribeLaunchTemplateVersions: { run: describeLaunchTemplateVersions, access: [{ verb: 'list', resource: LaunchTemplate }] },
  DescribeLaunchTemplates: { run: describeLaunchTemplates, access: [{ verb: 'list', resource: LaunchTemplate }] },
  DescribeManagedPrefixLists: { run: describeManagedPrefixLists, access: [{ verb: 'list', resource: ManagedPrefixList }] },
  DescribeNatGateways: { run: describeNatGateways, access: [{ verb: 'list', resource: NatGateway }] },
  DescribeNetworkAcls: { run: describeNetworkAcls, access: [{ verb: 'list', resource: NetworkAcl }] },
  DescribeNetworkInterfaceAttribute: { run: describeNetworkInterfaceAttribute, access: [{ verb: 'list', resource: NetworkInterface }, { verb: 'list', resource: Instance }] },
  DescribeNetworkInterfaces: { run: describeNetworkInterfaces, access: [{ verb: 'list', resource: NetworkInterface }, { verb: 'list', resource: Instance }] },
  DescribePlacementGroups: { run: describePlacementGroups, access: [{ verb: 'list', resource: PlacementGroup }] },
  DescribePublicIpv4Pools: { run: describePublicIpv4Pools, access: [] },
  DescribeRegions: { run: describeRegions, access: [] },
  DescribeRouteTables: { run: describeRouteTables, access: [{ verb: 'list', resource: RouteTable }] },
  DescribeSecurityGroupReferences: { run: describeSecurityGroupReferences, access: [{ verb: 'list', resource: SecurityGroup }] },
  DescribeSecurityGroupRules: { run: describeSecurityGroupRules, access: [{ verb: 'list', resource: SecurityGroup }] },
  DescribeSecurityGroups: { run: describeSecurityGroups, access: [{ verb: 'list', resource: SecurityGroup }] },
  DescribeSnapshotAttribute: { run: describeSnapshotAttribute, access: [{ verb: 'get', resource: Snapshot }] },
  DescribeSnapshots: { run: describeSnapshots, access: [{ verb: 'list', resource: Snapshot }] },
  DescribeSpotInstanceRequests: { run: describeSpotInstanceRequests, access: [] },
  DescribeSpotPriceHistory: { run: describeSpotPriceHistory, access: [] },
  DescribeStaleSecurityGroups: { run: describeStaleSecurityGroups, access: [{ verb: 'list', resource: SecurityGroup }] },
  DescribeStoreImageTasks: { run: describeStoreImageTasks, access: [] },
  DescribeSubnets: { run: describeSubnets, access: [{ verb: 'list', resource: Subnet }] },
  DescribeTags: { run: describeTags, access: taggable.map((resource) => ({ verb: 'list' as const, resource })) },
  DescribeVolumeAttribute: { run: describeVolumeAttribute, access: [{ verb: 'get', resource: Volume }] },
  DescribeVolumeStatus: { run: describeVolumeStatus, access: [{ verb: 'list', resource: Volume }] },
  DescribeVolumes: { run: describeVolumes, access: [{ verb: 'list', resource: Volume }] },
  DescribeVolumesModifications: { run: describeVolumesModifications, access: [{ verb: 'list', resource: Volume }] },
  DescribeVpcAttribute: { run: describeVpcAttribute, access: [{ verb: 'get', resource: Vpc }] },
  DescribeVpcEndpoints: { run: describeVpcEndpoints, access: [{ verb: 'list', resource: Vpc }] },
  DescribeVpcPeeringConnections: { run: describeVpcPeeringConnections, access: [{ verb: 'list', resource: Vpc }] },
  DescribeVpcs: { run: describeVpcs, access: [{ verb: 'list', resource: Vpc }] },
  DetachInternetGateway: { run: detachInternetGateway, access: [{ verb: 'patch', resource: InternetGateway }] },
  DetachNetworkInterface: { run: detachNetworkInterface, access: [{ verb: 'patch', resource: NetworkInterface }, { verb: 'patch', resource: Instance }] },
  DetachVolume: { run: detachVolume, access: [{ verb: 'patch', resource: Volume }] },
  DisableImage: { run: disableImage, access: [{ verb: 'patch', resource: Ami }] },
  DisableImageDeprecation: { run: disableImageDeprecation, access: [{ verb: 'patch', resource: Ami }] },
  DisableImageDeregistrationProtection: { run: disableImageDeregistrationProtection, access: [{ verb: 'patch', resource: Ami }] },
  DisassociateAddress: { run: disassociateAddress, access: [{ verb: 'patch', resource: ElasticIp }] },
  DisassociateIamInstanceProfile: { run: disassociateIamInstanceProfile, access: [{ verb: 'patch', resource: Instance }] },
  DisassociateRouteTable: { run: disassociateRouteTable, access: [{ verb: 'patch', resource: Subnet }] },
  DisassociateVpcCidrBlock: { run: disassociateVpcCidrBlock, access: [{ verb: 'patch', resource: Vpc }] },
  EnableImage: { run: enableImage, access: [{ verb: 'patch', resource: Ami }] },
  EnableImageDeprecation: { run: enableImageDeprecation, access: [{ verb: 'patch', resource: Ami }] },
  EnableImageDeregistrationProtection: { run: enableImageDeregistrationProtection, access: [{ verb: 'patch', resource: Ami }] },
  EnableVolumeIO: { run: enableVolumeIO, access: [{ verb: 'patch', resource: Volume }] },
  // Pods and their logs are read as the caller, whom the API server judges; policies cannot grant them.
  GetConsoleOutput: { run: getConsoleOutput, access: [{ verb: 'get', resource: Instance }] },
  // So is the screen.
  GetConsoleScreenshot: { run: getConsoleScreenshot, access: [{ verb: 'get', resource: Instance }] },
  GetInstanceMetadataDefaults: { run: getInstanceMetadataDefaults, access: [{ verb: 'get', resource: AccountSettings }] },
  GetInstanceTypesFromInstanceRequirements: { run: getInstanceTypesFromInstanceRequirements, access: [] },
  GetInstanceUefiData: { run: getInstanceUefiData, access: [{ verb: 'get', resource: Instance }] },
  GetLaunchTemplateData: { run: getLaunchTemplateData, access: [{ verb: 'get', resource: Instance }] },
  GetManagedPrefixListAssociations: { run: getManagedPrefixListAssociations, access: [{ verb: 'list', resource: ManagedPrefixList }] },
  GetManagedPrefixListEntries: { run: getManagedPrefixListEntries, access: [{ verb: 'get', resource: ManagedPrefixList }] },
  GetPasswordData: { run: getPasswordData, access: [{ verb: 'get', resource: Instance }] },
  GetSecurityGroupsForVpc: { run: getSecurityGroupsForVpc, access: [{ verb: 'list', resource: SecurityGroup }] },
  ImportImage: { run: importImage, access: [{ verb: 'create', resource: ImportTask }] },
  ImportKeyPair: { run: importKeyPair, access: [{ verb: 'create', resource: KeyPair }] },
  ImportSnapshot: { run: importSnapshot, access: [{ verb: 'create', resource: ImportTask }] },
  ModifyAddressAttribute: { run: modifyAddressAttribute, access: [{ verb: 'patch', resource: ElasticIp }] },
  ModifyImageAttribute: { run: modifyImageAttribute, access: [{ verb: 'patch', resource: Ami }] },
  ModifyInstanceAttribute: { run: modifyInstanceAttribute, access: [{ verb: 'patch', resource: Instance }] },
  ModifyInstanceCpuOptions: { run: modifyInstanceCpuOptions, access: [{ verb: 'patch', resource: Instance }] },
  ModifyInstanceCreditSpecification: { run: modifyInstanceCreditSpecification, access: [{ verb: 'patch', resource: Instance }] },
  ModifyInstanceMaintenanceOptions: { run: modifyInstanceMaintenanceOptions, access: [{ verb: 'patch', resource: Instance }] },
  ModifyInstanceMetadataDefaults: { run: modifyInstanceMetadataDefaults, access: [{ verb: 'create', resource: AccountSettings }, { verb: 'patch', resource: AccountSettings }] },
  ModifyInstanceMetadataOptions: { run: modifyInstanceMetadataOptions, access: [{ verb: 'patch', resource: Instance }] },
  ModifyInstancePlacement: { run: modifyInstancePlacement, access: [{ verb: 'patch', resource: Instance }] },
  ModifyLaunchTemplate: { run: modifyLaunchTemplate, access: [{ verb: 'patch', resource: LaunchTemplate }] },
  ModifyManagedPrefixList: { run: modifyManagedPrefixList, access: [{ verb: 'patch', resource: ManagedPrefixList }] },
  ModifyNetworkInterfaceAttribute: { run: modifyNetworkInterfaceAttribute, access: [{ verb: 'patch', resource: NetworkInterface }, { verb: 'patch', resource: Instance }] },
  ModifyPrivateDnsNameOptions: { run: modifyPrivateDnsNameOptions, access: [{ verb: 'patch', resource: Instance }] },
  ModifySecurityGroupRules: { run: modifySecurityGroupRules, access: [{ verb: 'patch', resource: SecurityGroup }] },
  ModifySnapshotAttribute: { run: modifySnapshotAttribute, access: [{ verb: 'patch', resource: Snapshot }] },
  ModifySubnetAttribute: { run: modifySubnetAttribute, access: [{ verb: 'patch', resource: Subnet }] },
  ModifyVolume: { run: modifyVolume, access: [{ verb: 'patch', resource: Volume }] },
  ModifyVolumeAttribute: { run: modifyVolumeAttribute, access: [{ verb: 'patch', resource: Volume }] },
  ModifyVpcAttribute: { run: modifyVpcAttribute, access: [{ verb: 'patch', resource: Vpc }] },
  MonitorInstances: { run: monitorInstances, access: [{ verb: 'patch', resource: Instance }] },
  RebootInstances: { run: rebootInstances, access: [{ verb: 'patch', resource: Instance }] },
  RegisterImage: { run: registerImage, access: [{ verb: 'create', resource: Ami }] },
  ReleaseAddress: { run: releaseAddress, access: [{ verb: 'delete', resource: ElasticIp }] },
  ReplaceIamInstanceProfileAssociation: { run: replaceIamInstanceProfileAssociation, access: [{ verb: 'patch', resource: Instance }] },
  ReplaceRoute: { run: replaceRoute, access: [{ verb: 'patch', resource: RouteTable }] },
  ReplaceRouteTableAssociation: { run: replaceRouteTableAssociation, access: [{ verb: 'patch', resource: Subnet }, { verb: 'patch', resource: Vpc }] },
  RequestSpotInstances: { run: requestSpotInstances, access: [{ verb: 'create', resource: Instance }] },
  ResetAddressAttribute: { run: resetAddressAttribute, access: [{ verb: 'patch', resource: ElasticIp }] },
  ResetImageAttribute: { run: resetImageAttribute, access: [{ verb: 'patch', resource: Ami }] },
  ResetInstanceAttribute: { run: resetInstanceAttribute, access: [{ verb: 'patch', resource: Instance }] },
  ResetNetworkInterfaceAttribute: { run: resetNetworkInterfaceAttribute, access: [{ verb: 'patch', resource: NetworkInterface }, { verb: 'patch', resource: Instance }] },
  ResetSnapshotAttribute: { run: resetSnapshotAttribute, access: [{ verb: 'patch', resource: Snapshot }] },
  RevokeSecurityGroupEgress: { run: revokeSecurityGroupEgress, access: [{ verb: 'patch', resource: SecurityGroup }] },
  RevokeSecurityGroupIngress: { run: revokeSecurityGroupIngress, access: [{ verb: 'patch', resource: SecurityGroup }] },
  RunInstances: { run: runInstances, access: [{ verb: 'create', resource: Instance }] },
  StartInstances: { run: startInstances, access: [{ verb: 'patch', resource: Instance }] },
  StopInstances: { run: stopInstances, access: [{ verb: 'patch', resource: Instance }] },
  TerminateInstances: { run: terminateInstances, access: [{ verb: 'patch', resource: Instance }] },
  UnassignPrivateIpAddresses: { run: unassignPrivateIpAddresses, access: [{ verb: 'patch', resource: NetworkInterface }] },
  UnmonitorInstances: { run: unmonitorInstances, access: [{ verb: 'patch', resource: Instance }] },
  UpdateSecurityGroupRuleDescriptionsEgress: { run: updateSecurityGroupRuleDescriptionsEgress, access: [{ verb: 'patch', resource: SecurityGroup }] },
  UpdateSecurityGroupRuleDescriptionsIngress: { run: updateSecurityGroupRuleDescriptionsIngress, access: [{ verb: 'patch', resource: SecurityGroup }] },
} satisfies OperationTable;
