import type { InstanceNetworkInterfaceSpecification, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';

/** A parameter that cannot be honoured: what is wrong with the request, if it asks for such a thing. */
type Refusal = (input: RunInstancesRequest) => AwsError | undefined;

const unsupported = (what: string): AwsError => new AwsError('UnsupportedOperation', `${what} not supported.`);
const combination = (message: string): AwsError => new AwsError('InvalidParameterCombination', message);
const isFilled = (value: string | readonly unknown[] | undefined): boolean => value !== undefined && value.length > 0;

/** In the order in which they are looked at. A default that is equal to what happens anyway is no request; an empty text is no value. */
const refusals: readonly Refusal[] = [
  (input) => networkInterfacesRefusal(input),
  ({ PrivateIpAddress }) => (isFilled(PrivateIpAddress) ? unsupported('Choosing the private IP address is') : undefined),
  ({ Ipv6Addresses, Ipv6AddressCount, EnablePrimaryIpv6 }) =>
    isFilled(Ipv6Addresses) || (Ipv6AddressCount ?? 0) > 0 || EnablePrimaryIpv6 ? unsupported('IPv6 addresses are') : undefined,
  ({ SecondaryInterfaces }) => (isFilled(SecondaryInterfaces) ? unsupported('Secondary interfaces are') : undefined),
  ({ InstanceMarketOptions }) =>
    InstanceMarketOptions?.MarketType || InstanceMarketOptions?.SpotOptions
      ? unsupported(`The market type '${InstanceMarketOptions.MarketType ?? 'spot'}' is`)
      : undefined,
  ({ HibernationOptions }) => (HibernationOptions?.Configured ? unsupported('Hibernation is') : undefined),
  ({ EnclaveOptions }) => (EnclaveOptions?.Enabled ? unsupported('Enclaves are') : undefined),
  ({ ElasticGpuSpecification }) => (isFilled(ElasticGpuSpecification) ? unsupported('Elastic GPUs are') : undefined),
  ({ ElasticInferenceAccelerators }) => (isFilled(ElasticInferenceAccelerators) ? unsupported('Elastic inference accelerators are') : undefined),
  ({ LicenseSpecifications }) => (isFilled(LicenseSpecifications) ? unsupported('License configurations are') : undefined),
  ({ CapacityReservationSpecification: reservation }) =>
    reservation?.CapacityReservationTarget || reservation?.CapacityReservationPreference === 'capacity-reservations-only'
      ? unsupported('Capacity Reservations are')
      : undefined,
  ({ KernelId, RamdiskId }) => (isFilled(KernelId) || isFilled(RamdiskId) ? unsupported('Kernel and RAM disk of your own are') : undefined),
  ({ MaintenanceOptions }) => (MaintenanceOptions?.AutoRecovery === 'disabled' ? unsupported('Disabling automatic recovery is') : undefined),
  ({ NetworkPerformanceOptions: options }) =>
    options?.BandwidthWeighting && options.BandwidthWeighting !== 'default' ? unsupported('Bandwidth weighting is') : undefined,
  ({ PrivateDnsNameOptions: options }) =>
    options?.HostnameType === 'ip-name' || options?.EnableResourceNameDnsARecord === false || options?.EnableResourceNameDnsAAAARecord
      ? unsupported('Private DNS names other than the resource name with an A record are')
      : undefined,
  ({ Placement }) => placementRefusal(Placement),
  ({ Operator }) => (Operator ? unsupported('Managed instances are') : undefined),
  ({ AdditionalInfo }) => (isFilled(AdditionalInfo) ? unsupported('AdditionalInfo is') : undefined),
];

/**
 * Refuses a launch that asks for what cannot be given here: nothing that is asked for is dropped silently.
 * @throws AwsError UnsupportedOperation, Unsupported, InvalidParameterCombination, Invalid*.NotFound
 */
export function requireHonourable(input: RunInstancesRequest): void {
  for (const refusal of refusals) {
    const error = refusal(input);
    if (error) throw error;
  }
}

/** The security groups of the one network interface that a launch may describe. */
export function interfaceGroupsOf({ NetworkInterfaces }: RunInstancesRequest): string[] | undefined {
  return NetworkInterfaces?.[0]?.Groups?.filter(isFilled);
}

function networkInterfacesRefusal({ NetworkInterfaces, SecurityGroupIds, SecurityGroups, SubnetId }: RunInstancesRequest): AwsError | undefined {
  const [first, ...others] = NetworkInterfaces ?? [];
  if (!first) return undefined;
  if (isFilled(SecurityGroupIds) || isFilled(SecurityGroups)) {
    return combination('Network interfaces and an instance-level security groups may not be specified on the same request');
  }
  if (isFilled(SubnetId)) return combination('Network interfaces and an instance-level subnet ID may not be specified on the same request');
  if (others.length > 0) return unsupported('More than one network interface is');
  return interfaceRefusal(first);
}

function interfaceRefusal(card: InstanceNetworkInterfaceSpecification): AwsError | undefined {
  if ((card.DeviceIndex ?? 0) !== 0 || (card.NetworkCardIndex ?? 0) !== 0) return unsupported('A network interface other than that with device index 0 is');
  if (card.DeleteOnTermination === false && !isFilled(card.NetworkInterfaceId)) return unsupported('Keeping the network interface after termination is');
  if (isFilled(card.InterfaceType) && card.InterfaceType !== 'interface') return unsupported(`The interface type '${card.InterfaceType}' is`);
  const { DeviceIndex, NetworkCardIndex, AssociatePublicIpAddress, DeleteOnTermination, Description, InterfaceType, Groups, NetworkInterfaceId, SubnetId, ...rest } = card;
  const [extra] = Object.entries(rest).filter(([, value]) => isAsked(value));
  return extra ? unsupported(`NetworkInterface.${extra[0]} is`) : undefined;
}

function isAsked(value: unknown): boolean {
  if (Array.isArray(value) || typeof value === 'string') return value.length > 0;
  return value !== undefined && value !== false && value !== 0;
}

function placementRefusal(placement: RunInstancesRequest['Placement']): AwsError | undefined {
  if (!placement) return undefined;
  const { GroupName, GroupId, HostId, HostResourceGroupArn, Tenancy, Affinity, PartitionNumber, SpreadDomain } = placement;
  if (isFilled(HostId)) return new AwsError('InvalidHostID.NotFound', `The host ID '${HostId}' does not exist`);
  const isSpecial = (isFilled(Tenancy) && Tenancy !== 'default') || (isFilled(Affinity) && Affinity !== 'default');
  if (isSpecial || isFilled(HostResourceGroupArn)) {
    return new AwsError('Unsupported', 'The requested configuration is currently not supported. Only shared tenancy is available.');
  }
  if (PartitionNumber !== undefined && !isFilled(GroupName) && !isFilled(GroupId)) {
    return combination('The partition number can be given only with a placement group.');
  }
  if (isFilled(SpreadDomain)) return unsupported('The spread domain is');
  return undefined;
}
