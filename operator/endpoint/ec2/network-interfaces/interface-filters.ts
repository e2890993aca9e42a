import type { NetworkInterfaceAssociation, NetworkInterfaceAttachment } from '@aws-sdk/client-ec2';
import type { FilterTable } from '../filters.ts';
import type { InterfaceView } from './sdk-network-interface.ts';

type Values = readonly (string | undefined)[];

const text = (value: string | undefined): Values => [value === '' ? undefined : value];
const flag = (value: boolean | undefined): Values => [value === undefined ? undefined : String(value)];
const number = (value: number | undefined): Values => [value === undefined ? undefined : String(value)];
const none = (): Values => [];

const ofAttachment = (value: (attachment: NetworkInterfaceAttachment) => Values) => ({ sdk }: InterfaceView) => (sdk.Attachment ? value(sdk.Attachment) : []);
const ofAssociation = (value: (association: NetworkInterfaceAssociation) => Values) => ({ sdk }: InterfaceView) => (sdk.Association ? value(sdk.Association) : []);

/**
 * Every filter of DescribeNetworkInterfaces. Those of things that interfaces do not have here (IPv6, requesters) are known and match nothing.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
 */
export const interfaceFilters: FilterTable<InterfaceView> = {
  'addresses.association.owner-id': ofAssociation(({ IpOwnerId }) => [IpOwnerId]),
  'addresses.association.public-ip': ofAssociation(({ PublicIp }) => [PublicIp]),
  'addresses.primary': ({ sdk }) => (sdk.PrivateIpAddresses ?? []).flatMap(({ Primary }) => flag(Primary)),
  'addresses.private-ip-address': ({ sdk }) => (sdk.PrivateIpAddresses ?? []).map(({ PrivateIpAddress }) => PrivateIpAddress),
  'association.allocation-id': ofAssociation(({ AllocationId }) => [AllocationId]),
  'association.association-id': ofAssociation(({ AssociationId }) => [AssociationId]),
  'association.ip-owner-id': ofAssociation(({ IpOwnerId }) => [IpOwnerId]),
  'association.public-dns-name': ofAssociation(({ PublicDnsName }) => text(PublicDnsName)),
  'association.public-ip': ofAssociation(({ PublicIp }) => [PublicIp]),
  'attachment.attach-time': ofAttachment(({ AttachTime }) => [AttachTime?.toISOString()]),
  'attachment.attachment-id': ofAttachment(({ AttachmentId }) => [AttachmentId]),
  'attachment.delete-on-termination': ofAttachment(({ DeleteOnTermination }) => flag(DeleteOnTermination)),
  'attachment.device-index': ofAttachment(({ DeviceIndex }) => number(DeviceIndex)),
  'attachment.instance-id': ofAttachment(({ InstanceId }) => [InstanceId]),
  'attachment.instance-owner-id': ofAttachment(({ InstanceOwnerId }) => [InstanceOwnerId]),
  'attachment.nat-gateway-id': none,
  'attachment.network-card-index': ofAttachment(({ NetworkCardIndex }) => number(NetworkCardIndex)),
  'attachment.status': ofAttachment(({ Status }) => [Status]),
  'availability-zone': ({ sdk }) => text(sdk.AvailabilityZone),
  'availability-zone-id': ({ sdk }) => [sdk.AvailabilityZoneId],
  description: ({ sdk }) => text(sdk.Description),
  'group-id': ({ sdk }) => (sdk.Groups ?? []).map(({ GroupId }) => GroupId),
  'group-name': ({ sdk }) => (sdk.Groups ?? []).map(({ GroupName }) => GroupName),
  'interface-type': ({ sdk }) => [sdk.InterfaceType],
  'ipv6-addresses.ipv6-address': none,
  'mac-address': ({ sdk }) => [sdk.MacAddress],
  'network-interface-id': ({ sdk }) => [sdk.NetworkInterfaceId],
  'operator.managed': ({ sdk }) => flag(sdk.Operator?.Managed),
  'operator.principal': none,
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  'private-dns-name': ({ sdk }) => text(sdk.PrivateDnsName),
  'private-ip-address': ({ sdk }) => [sdk.PrivateIpAddress],
  'requester-id': none,
  'requester-managed': ({ sdk }) => flag(sdk.RequesterManaged),
  'source-dest-check': ({ sdk }) => flag(sdk.SourceDestCheck),
  status: ({ sdk }) => [sdk.Status],
  'subnet-id': ({ sdk }) => [sdk.SubnetId],
  'vpc-id': ({ sdk }) => [sdk.VpcId],
};
