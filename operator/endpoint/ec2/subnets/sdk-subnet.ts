import type { Subnet as SdkSubnet } from '@aws-sdk/client-ec2';
import { blockFrom } from '../../../api/network/cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Instance, type Subnet } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { zoneIdOf } from '../zones/zone-id.ts';
import { networkPlaceLookup, vpcIdOfSubnet } from './find-subnet.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller' | 'region'>;

/** Addresses of each subnet that EC2 keeps for itself: the first four and the last. */
const RESERVED_ADDRESSES = 5;

/** Shows subnets of the caller's account in the API's shape; for the time of one request. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Subnet.html */
export function subnetViewer(context: Lookup): (subnet: Subnet) => SdkSubnet {
  const { read, caller, region } = context;
  // Counted only if a subnet is shown, and then once.
  let used: Map<string, number> | undefined;
  return (subnet) => {
    used ??= usedAddresses(context);
    const { spec, status } = subnet;
    const subnetId = ec2IdOf('subnet', subnet);
    const size = blockFrom(spec.cidrBlock)?.size ?? 0;
    return {
      SubnetId: subnetId,
      SubnetArn: `arn:aws:ec2:${region}:${caller.accountId}:subnet/${subnetId}`,
      VpcId: vpcIdOfSubnet(subnet, read),
      OwnerId: caller.accountId,
      State: status?.state ?? 'pending',
      AvailabilityZone: spec.availabilityZone,
      AvailabilityZoneId: zoneIdOf(spec.availabilityZone, region),
      CidrBlock: spec.cidrBlock,
      AvailableIpAddressCount: Math.max(0, size - RESERVED_ADDRESSES - (used.get(subnetId) ?? 0)),
      DefaultForAz: spec.defaultForAz,
      MapPublicIpOnLaunch: spec.mapPublicIpOnLaunch,
      MapCustomerOwnedIpOnLaunch: false,
      AssignIpv6AddressOnCreation: false,
      EnableDns64: false,
      Ipv6Native: false,
      Ipv6CidrBlockAssociationSet: [],
      PrivateDnsNameOptionsOnLaunch: {
        HostnameType: spec.privateDnsHostnameTypeOnLaunch,
        EnableResourceNameDnsARecord: spec.enableResourceNameDnsARecordOnLaunch,
        EnableResourceNameDnsAAAARecord: false,
      },
      Tags: sdkTagsFrom(spec.tags),
    };
  };
}

function usedAddresses({ read, caller }: Lookup): Map<string, number> {
  const placeOf = networkPlaceLookup(read);
  const counts = new Map<string, number>();
  for (const instance of read.list(Instance, caller.namespace)) {
    if (shownStateOf(instance) === 'terminated') continue;
    const { subnetId } = placeOf(instance);
    if (subnetId !== undefined) counts.set(subnetId, (counts.get(subnetId) ?? 0) + 1);
  }
  return counts;
}
