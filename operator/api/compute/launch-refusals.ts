import { Refusal } from '../refusal.ts';
import type { LaunchTemplateData } from './launch-template-data.ts';

type Structure = Readonly<Record<string, unknown>>;

/** A parameter that cannot be honoured: what is wrong with the launch, if it asks for such a thing. */
type Rule = (data: LaunchTemplateData) => Refusal | undefined;

const unsupported = (what: string): Refusal => new Refusal('UnsupportedOperation', `${what} not supported.`);
const combination = (message: string): Refusal => new Refusal('InvalidParameterCombination', message);
const isFilled = (value: unknown): boolean => (Array.isArray(value) || typeof value === 'string' ? value.length > 0 : value !== undefined);
const structureOf = (value: unknown): Structure => (typeof value === 'object' && value !== null ? (value as Structure) : {});
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Parameters that a launch honours, or that are judged below. Whatever else a template says is refused: nothing is dropped. */
const KNOWN = new Set([
  'imageId', 'instanceType', 'keyName', 'securityGroupIds', 'securityGroups', 'subnetId', 'placement', 'userData', 'userDataBase64', 'blockDeviceMappings',
  'networkInterfaces', 'instanceInitiatedShutdownBehavior', 'disableApiTermination', 'disableApiStop', 'iamInstanceProfile', 'ebsOptimized', 'monitoring',
  'creditSpecification', 'cpuOptions', 'metadataOptions', 'tagSpecifications',
  // Of a call, not of an instance.
  'minCount', 'maxCount', 'clientToken', 'dryRun',
]);
const KNOWN_OF_PLACEMENT = new Set([
  'availabilityZone', 'availabilityZoneId', 'groupName', 'groupId', 'hostId', 'hostResourceGroupArn', 'tenancy', 'affinity', 'partitionNumber', 'spreadDomain',
]);
const KNOWN_OF_INTERFACE = new Set([
  'deviceIndex', 'networkCardIndex', 'associatePublicIpAddress', 'deleteOnTermination', 'description', 'interfaceType', 'groups', 'networkInterfaceId',
  'subnetId',
]);
/** Values by which a parameter asks for what happens anyway. */
const IDLE_VALUES: readonly unknown[] = [undefined, null, '', false, 0, 'default', 'none', 'disabled', 'open', 'resource-name'];

/** In the order in which they are looked at. A default that is equal to what happens anyway is no request; an empty text is no value. */
const rules: readonly Rule[] = [
  (data) => networkInterfacesRefusal(data),
  ({ privateIpAddress }) => (isFilled(privateIpAddress) ? unsupported('Choosing the private IP address is') : undefined),
  ({ ipv6Addresses, ipv6AddressCount, enablePrimaryIpv6 }) =>
    isFilled(ipv6Addresses) || Number(ipv6AddressCount ?? 0) > 0 || enablePrimaryIpv6 === true ? unsupported('IPv6 addresses are') : undefined,
  ({ secondaryInterfaces }) => (isFilled(secondaryInterfaces) ? unsupported('Secondary interfaces are') : undefined),
  ({ instanceMarketOptions }) => {
    const { marketType, spotOptions } = structureOf(instanceMarketOptions);
    return isFilled(marketType) || spotOptions !== undefined ? unsupported(`The market type '${textOf(marketType) || 'spot'}' is`) : undefined;
  },
  ({ hibernationOptions }) => (structureOf(hibernationOptions)['configured'] === true ? unsupported('Hibernation is') : undefined),
  ({ enclaveOptions }) => (structureOf(enclaveOptions)['enabled'] === true ? unsupported('Enclaves are') : undefined),
  ({ elasticGpuSpecifications }) => (isFilled(elasticGpuSpecifications) ? unsupported('Elastic GPUs are') : undefined),
  ({ elasticInferenceAccelerators }) => (isFilled(elasticInferenceAccelerators) ? unsupported('Elastic inference accelerators are') : undefined),
  ({ licenseSpecifications }) => (isFilled(licenseSpecifications) ? unsupported('License configurations are') : undefined),
  ({ capacityReservationSpecification }) => {
    const { capacityReservationTarget, capacityReservationPreference } = structureOf(capacityReservationSpecification);
    const isAsked = capacityReservationTarget !== undefined || capacityReservationPreference === 'capacity-reservations-only';
    return isAsked ? unsupported('Capacity Reservations are') : undefined;
  },
  ({ kernelId, ramDiskId }) => (isFilled(kernelId) || isFilled(ramDiskId) ? unsupported('Kernel and RAM disk of your own are') : undefined),
  ({ maintenanceOptions }) => (structureOf(maintenanceOptions)['autoRecovery'] === 'disabled' ? unsupported('Disabling automatic recovery is') : undefined),
  ({ networkPerformanceOptions }) => {
    const weighting = structureOf(networkPerformanceOptions)['bandwidthWeighting'];
    return isFilled(weighting) && weighting !== 'default' ? unsupported('Bandwidth weighting is') : undefined;
  },
  ({ privateDnsNameOptions }) => {
    const { hostnameType, enableResourceNameDnsARecord, enableResourceNameDnsAAAARecord } = structureOf(privateDnsNameOptions);
    return hostnameType === 'ip-name' || enableResourceNameDnsARecord === false || enableResourceNameDnsAAAARecord === true
      ? unsupported('Private DNS names other than the resource name with an A record are')
      : undefined;
  },
  ({ placement }) => placementRefusal(placement),
  ({ operator }) => (operator !== undefined ? unsupported('Managed instances are') : undefined),
  ({ additionalInfo }) => (isFilled(additionalInfo) ? unsupported('AdditionalInfo is') : undefined),
  ({ instanceRequirements }) =>
    instanceRequirements !== undefined
      ? combination('A launch template that has InstanceRequirements cannot be used here. Specify an instance type in the launch template.')
      : undefined,
  (data) => {
    const name = strangeMember(data, JUDGED) ?? strangeMember(data.placement ?? {}, KNOWN_OF_PLACEMENT);
    return name === undefined ? undefined : unsupported(`${name} is`);
  },
];

/** Parameters that have a rule of their own above, by which they ask for nothing when it lets them through. */
const JUDGED = new Set([
  ...KNOWN, 'privateIpAddress', 'ipv6Addresses', 'ipv6AddressCount', 'enablePrimaryIpv6', 'secondaryInterfaces', 'instanceMarketOptions', 'hibernationOptions',
  'enclaveOptions', 'elasticGpuSpecifications', 'elasticInferenceAccelerators', 'licenseSpecifications', 'capacityReservationSpecification', 'kernelId', 'ramDiskId',
  'maintenanceOptions', 'networkPerformanceOptions', 'privateDnsNameOptions', 'operator', 'additionalInfo', 'instanceRequirements',
]);

/**
 * Refuses a launch that asks for what cannot be given here: nothing that is asked for is dropped silently. Pure.
 * @throws Refusal UnsupportedOperation, Unsupported, InvalidParameterCombination, Invalid*.NotFound
 */
export function requireHonourable(data: LaunchTemplateData): void {
  for (const rule of rules) {
    const refusal = rule(data);
    if (refusal) throw refusal;
  }
}

/** The network interfaces that a launch describes; at most one is honoured. */
export function interfacesOf(data: LaunchTemplateData): Structure[] {
  return (data['networkInterfaces'] as Structure[] | undefined) ?? [];
}

function strangeMember(value: object, known: ReadonlySet<string>): string | undefined {
  return Object.entries(value).find(([name, inner]) => !known.has(name) && !isIdle(inner))?.[0];
}

/** Whether a value asks for nothing, or for what happens anyway. */
function isIdle(value: unknown): boolean {
  if (IDLE_VALUES.includes(value)) return true;
  if (Array.isArray(value)) return value.every(isIdle);
  return typeof value === 'object' && value !== null && Object.values(value).every(isIdle);
}

function networkInterfacesRefusal(data: LaunchTemplateData): Refusal | undefined {
  const [first, ...others] = interfacesOf(data);
  if (!first) return undefined;
  if (isFilled(data.securityGroupIds) || isFilled(data.securityGroups)) {
    return combination('Network interfaces and an instance-level security groups may not be specified on the same request');
  }
  if (isFilled(data['subnetId'])) return combination('Network interfaces and an instance-level subnet ID may not be specified on the same request');
  if (others.length > 0) return unsupported('More than one network interface is');
  return interfaceRefusal(first);
}

function interfaceRefusal(card: Structure): Refusal | undefined {
  const isFirst = Number(card['deviceIndex'] ?? 0) === 0 && Number(card['networkCardIndex'] ?? 0) === 0;
  if (!isFirst) return unsupported('A network interface other than that with device index 0 is');
  if (card['deleteOnTermination'] === false && !isFilled(card['networkInterfaceId'])) return unsupported('Keeping the network interface after termination is');
  const type = textOf(card['interfaceType']);
  if (type !== '' && type !== 'interface') return unsupported(`The interface type '${type}' is`);
  const extra = strangeMember(card, KNOWN_OF_INTERFACE);
  return extra === undefined ? undefined : unsupported(`NetworkInterface.${extra.charAt(0).toUpperCase()}${extra.slice(1)} is`);
}

function placementRefusal(placement: LaunchTemplateData['placement']): Refusal | undefined {
  if (!placement) return undefined;
  const { groupName, groupId, hostId, hostResourceGroupArn, tenancy, affinity, partitionNumber, spreadDomain } = placement;
  if (isFilled(hostId)) return new Refusal('InvalidHostID.NotFound', `The host ID '${textOf(hostId)}' does not exist`);
  const isSpecial = (isFilled(tenancy) && tenancy !== 'default') || (isFilled(affinity) && affinity !== 'default');
  if (isSpecial || isFilled(hostResourceGroupArn)) {
    return new Refusal('Unsupported', 'The requested configuration is currently not supported. Only shared tenancy is available.');
  }
  if (partitionNumber !== undefined && !isFilled(groupName) && !isFilled(groupId)) {
    return combination('The partition number can be given only with a placement group.');
  }
  return isFilled(spreadDomain) ? unsupported('The spread domain is') : undefined;
}
