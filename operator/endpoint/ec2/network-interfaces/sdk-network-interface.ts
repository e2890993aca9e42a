import type { NetworkInterface as SdkNetworkInterface } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { macAddressFrom } from '../../../api/network/network-interface.ts';
import type { Tag } from '../../../api/shared.ts';
import type { Instance, NetworkInterface } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { associationsIn } from '../addresses/associations.ts';
import { interfaceAssociationFrom, publicAddressOf } from '../addresses/sdk-address.ts';
import { defaultGroupsOf, findGroup } from '../instances/instance-references.ts';
import { instanceViewer } from '../instances/instance-view.ts';
import { groupIdentifiersFrom } from '../instances/sdk-instance.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { findSubnet, vpcIdOfSubnet } from '../subnets/find-subnet.ts';
import { defaultVpcIdOf } from '../vpcs/find-vpc.ts';
import { zoneIdOf } from '../zones/zone-id.ts';
import type { FoundInterface } from './find-interface.ts';

/** An interface as the API shows it. */
export interface InterfaceView {
  found: FoundInterface;
  sdk: SdkNetworkInterface;
  tags: readonly Tag[];
  /** Unique and unchanging: creation time and id. */
  sortKey: string;
}

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller' | 'region'>;

/**
 * Shows network interfaces of the caller's account, one that an instance has just as DescribeInstances shows it. For the time of one request.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterface.html
 */
export function interfaceViewer(context: Lookup): (found: FoundInterface) => InterfaceView {
  const { caller, read, region } = context;
  const viewInstance = instanceViewer(context);
  const associations = associationsIn(caller.namespace, read);
  return (found) => {
    const { id, networkInterface, instance } = found;
    const tags = (networkInterface?.spec ?? instance?.spec.networkInterface)?.tags ?? [];
    const elasticIp = associations.atInterface(id);
    const association = instance ? publicAddressOf(instance, elasticIp, caller.accountId) : interfaceAssociationFrom(elasticIp, caller.accountId);
    const where = instance ? attachedFrom(instance, viewInstance, caller.accountId) : availableFrom(networkInterface, context);
    const zone = where.AvailabilityZone ?? '';
    return {
      found,
      tags,
      sortKey: `${(networkInterface ?? instance)?.metadata.creationTimestamp ?? ''}/${id}`,
      sdk: {
        ...where,
        NetworkInterfaceId: id,
        OwnerId: caller.accountId,
        InterfaceType: 'interface',
        Ipv6Addresses: [],
        RequesterManaged: false,
        Operator: { Managed: false },
        TagSet: sdkTagsFrom(tags),
        ...(zone !== '' && { AvailabilityZoneId: zoneIdOf(zone, region) }),
        ...(association && {
          Association: association,
          PrivateIpAddresses: where.PrivateIpAddresses?.map((address) => ({ ...address, Association: association })),
        }),
      },
    };
  };
}

function attachedFrom(instance: Instance, viewInstance: ReturnType<typeof instanceViewer>, ownerId: string): SdkNetworkInterface {
  const { sdk } = viewInstance(instance);
  const { Association: _association, Attachment, PrivateIpAddresses = [], InterfaceType: _type, ConnectionTrackingConfiguration: _tracking, ...card } = sdk.NetworkInterfaces?.[0] ?? {};
  return {
    ...card,
    Ipv6Addresses: [],
    Attachment: { ...Attachment, InstanceId: sdk.InstanceId, InstanceOwnerId: ownerId },
    AvailabilityZone: sdk.Placement?.AvailabilityZone,
    PrivateIpAddresses: PrivateIpAddresses.map(({ Primary, PrivateDnsName, PrivateIpAddress }) => ({ Primary, PrivateDnsName, PrivateIpAddress })),
  };
}

/** An interface without an instance has no private address yet: the pod network gives it when an instance runs. */
function availableFrom(networkInterface: NetworkInterface | undefined, { caller, read }: Lookup): SdkNetworkInterface {
  const { metadata, spec } = networkInterface ?? {};
  const subnet = spec?.subnetId === undefined ? undefined : findSubnet(spec.subnetId, caller.namespace, read);
  const vpcId = subnet ? vpcIdOfSubnet(subnet, read) : defaultVpcIdOf(read, caller.namespace);
  const references = spec?.securityGroupIds ?? [];
  const groups = references.length === 0 ? defaultGroupsOf(read, caller.namespace, vpcId) : references.flatMap((reference) => findGroup(reference, caller.namespace, read) ?? []);
  return {
    AvailabilityZone: subnet?.spec.availabilityZone ?? '',
    Description: spec?.description ?? '',
    Groups: groupIdentifiersFrom(groups),
    MacAddress: macAddressFrom(metadata?.uid ?? metadata?.name ?? ''),
    PrivateDnsName: '',
    PrivateIpAddresses: [],
    SourceDestCheck: spec?.sourceDestCheck,
    Status: 'available',
    ...(subnet && { SubnetId: ec2IdOf('subnet', subnet) }),
    ...(vpcId !== undefined && { VpcId: vpcId }),
  };
}
