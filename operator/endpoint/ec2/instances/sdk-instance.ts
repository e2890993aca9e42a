import type {
  GroupIdentifier,
  Instance as SdkInstance,
  InstanceBlockDeviceMapping,
  InstanceNetworkInterface,
  Placement,
  PlatformValues,
  _InstanceType as InstanceTypeName,
} from '@aws-sdk/client-ec2';
import { ec2IdFrom, ec2IdOf, isEc2Id } from '../../../api/ec2-id.ts';
import { isSameDevice } from '../../../api/compute/image-devices.ts';
import type { Instance, InstanceStateName } from '../../../api/compute/instance.ts';
import { attachmentIdOf, ownInterfaceIdOf } from '../../../api/network/network-interface.ts';
import type { Tag } from '../../../api/shared.ts';
import type { SecurityGroup, Volume } from '../../../kubernetes/resources.ts';
import { publicAddressOf } from '../addresses/sdk-address.ts';
import { securityGroupNameOf } from '../../../api/network/security-group.ts';
import { shownProfileOf } from '../instance-profiles/sdk-association.ts';
import { instanceTypeFactsFrom } from '../../../kubernetes/instance-type-facts.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { attachmentTo } from '../volumes/shown-attachment.ts';
import { zoneIdOf } from '../zones/zone-id.ts';
import type { InstanceReferences } from './instance-references.ts';
import { sdkStateFrom, shownStateOf } from './shown-state.ts';

/** Facts that are the same for all instances of a request. */
export interface Surroundings {
  /** 12 digits. */
  ownerId: string;
  region: string;
}

// The model says `Windows`, EC2 itself and its reference say `windows`.
const WINDOWS = 'windows' as string as PlatformValues;

/** Tags as the API shows them: an instance made with kubectl is called by its resource's name unless it has a Name tag of its own. */
export function tagsOf({ metadata, spec }: Instance): readonly Tag[] {
  const tags = spec.tags ?? [];
  if (spec.launch || tags.some(({ key }) => key === 'Name')) return tags;
  return [...tags, { key: 'Name', value: metadata.name }];
}

/** The reservation: one per call of RunInstances, one for each instance made with kubectl. */
export function reservationIdOf({ metadata, spec }: Instance): string {
  return spec.launch?.reservationId ?? ec2IdFrom('r', metadata.uid ?? metadata.name);
}

/** Groups in the API's shape. */
export function groupIdentifiersFrom(groups: readonly SecurityGroup[]): GroupIdentifier[] {
  return groups.map((group) => ({ GroupId: ec2IdOf('sg', group), GroupName: securityGroupNameOf(group) }));
}

/**
 * An instance in the API's shape. Left out is what has no meaning here: billing, kernel and RAM disk. A public address has no name in a public DNS. `Hypervisor` is `xen` because
 * EC2 says so of its KVM-based machines too; `EnaSupport` is false because the card is virtio.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Instance.html
 */
export function sdkInstanceFrom(instance: Instance, references: InstanceReferences, surroundings: Surroundings): SdkInstance {
  const { spec, status } = instance;
  const state = shownStateOf(instance);
  const { ami } = references;
  // EC2 takes addresses, groups and disks away from a terminated instance.
  const isGone = state === 'terminated';
  const groups = isGone ? [] : groupIdentifiersFrom(references.groups);
  const privateDnsName = isGone ? '' : (status?.privateDnsName ?? '');
  const platform = status?.platform ?? ami?.spec.platform;
  const publicAddress = publicAddressOf(instance, references.elasticIp, surroundings.ownerId);
  const profile = shownProfileOf(instance, references.profile, surroundings.ownerId);
  return {
    InstanceId: ec2IdOf('i', instance),
    ImageId: imageIdOf(instance, references),
    State: sdkStateFrom(state),
    StateTransitionReason: transitionReasonOf(instance, state),
    ...(status?.stateReason && { StateReason: { Code: status.stateReason.code, Message: status.stateReason.message } }),
    InstanceType: (status?.instanceType ?? spec.instanceType) as InstanceTypeName,
    ...(spec.keyName !== undefined && { KeyName: spec.keyName }),
    AmiLaunchIndex: spec.launch?.launchIndex ?? 0,
    LaunchTime: new Date(launchTimeOf(instance)),
    Placement: placementFrom(instance, surroundings),
    Architecture: (status?.architecture ?? ami?.spec.architecture) as SdkInstance['Architecture'],
    ...(platform === 'windows' && { Platform: WINDOWS }),
    PlatformDetails: platform === 'windows' ? 'Windows' : 'Linux/UNIX',
    VirtualizationType: 'hvm',
    Hypervisor: 'xen',
    ...bootModesFrom(references),
    ...cpuOptionsFrom(references),
    EbsOptimized: spec.ebsOptimized,
    EnaSupport: false,
    SourceDestCheck: (references.networkInterface?.spec ?? spec).sourceDestCheck,
    PrivateDnsName: privateDnsName,
    PublicDnsName: '',
    ...(!isGone && status?.privateIpAddress !== undefined && { PrivateIpAddress: status.privateIpAddress }),
    ...(!isGone && publicAddress && { PublicIpAddress: publicAddress.PublicIp }),
    ...(!isGone && networkPlaceFrom(references)),
    NetworkInterfaces: isGone ? [] : [networkInterfaceFrom(instance, groups, references, surroundings)],
    SecurityGroups: groups,
    RootDeviceName: status?.rootDeviceName ?? ami?.spec.rootDeviceName,
    RootDeviceType: rootDeviceTypeOf(instance, references),
    BlockDeviceMappings: isGone ? [] : blockDeviceMappingsFrom(instance, references.volumes),
    ...(profile && { IamInstanceProfile: profile }),
    Monitoring: { State: spec.monitoring ? 'enabled' : 'disabled' },
    MetadataOptions: { State: 'applied', ...metadataOptionsFrom(instance) },
    PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true, EnableResourceNameDnsAAAARecord: false },
    MaintenanceOptions: { AutoRecovery: 'default' },
    HibernationOptions: { Configured: false },
    EnclaveOptions: { Enabled: false },
    ClientToken: spec.launch?.clientToken ?? '',
    ProductCodes: [],
    Tags: sdkTagsFrom(tagsOf(instance)),
  };
}

/** Root device type by what the controllers found, or by the image before they have looked. */
export function rootDeviceTypeOf({ status }: Instance, { ami }: Pick<InstanceReferences, 'ami'>): 'ebs' | 'instance-store' | undefined {
  if (status?.rootDeviceType !== undefined) return status.rootDeviceType;
  if (!ami) return undefined;
  return ami.spec.source.containerDisk ? 'instance-store' : 'ebs';
}

/** The volumes of an instance in the API's shape, root first. */
export function blockDeviceMappingsFrom(instance: Instance, volumes: readonly Volume[]): InstanceBlockDeviceMapping[] {
  const root = instance.status?.rootDeviceName ?? '';
  const rank = (device: string): string => `${isSameDevice(device, root) ? 0 : 1}${device}`;
  return volumes
    .flatMap((volume) => {
      const attachment = attachmentTo(instance, volume);
      return attachment === undefined ? [] : [{ volumeId: ec2IdOf('vol', volume), ...attachment }];
    })
    .sort((left, right) => (rank(left.device) < rank(right.device) ? -1 : 1))
    .map(({ volumeId, device, state, attachTime, deleteOnTermination }) => ({
      DeviceName: device,
      Ebs: { VolumeId: volumeId, Status: state === 'busy' ? 'detaching' : state, ...(attachTime !== undefined && { AttachTime: new Date(attachTime) }), DeleteOnTermination: deleteOnTermination },
    }));
}

/** Metadata options in the API's shape. */
export function metadataOptionsFrom({ spec: { metadataOptions } }: Instance): NonNullable<SdkInstance['MetadataOptions']> {
  return {
    HttpTokens: metadataOptions.httpTokens,
    HttpPutResponseHopLimit: metadataOptions.httpPutResponseHopLimit,
    HttpEndpoint: metadataOptions.httpEndpoint,
    HttpProtocolIpv6: metadataOptions.httpProtocolIpv6,
    InstanceMetadataTags: metadataOptions.instanceMetadataTags,
  };
}

/** When the instance was last started, RFC 3339. */
export function launchTimeOf({ metadata, status }: Instance): string {
  return status?.launchTime ?? metadata.creationTimestamp ?? new Date(0).toISOString();
}

function imageIdOf({ spec, status }: Instance, { ami }: InstanceReferences): string {
  return status?.imageId ?? (ami && !isEc2Id('ami', spec.imageId) ? ec2IdOf('ami', ami) : spec.imageId);
}

function transitionReasonOf({ status }: Instance, state: InstanceStateName): string {
  const isUsersDoing = status?.stateReason?.code === 'Client.UserInitiatedShutdown' && state !== 'running' && state !== 'pending';
  if (!isUsersDoing || status.stateTransitionTime === undefined) return '';
  return `User initiated (${new Date(status.stateTransitionTime).toISOString().slice(0, 19).replace('T', ' ')} GMT)`;
}

function placementFrom({ spec, status }: Instance, { region }: Surroundings): Placement {
  // Clients take it for granted that the zone is there: before a node is found for an instance without a wish it is empty.
  const zone = status?.availabilityZone ?? spec.placement.availabilityZone ?? '';
  return {
    AvailabilityZone: zone,
    ...(zone !== '' && { AvailabilityZoneId: zoneIdOf(zone, region) }),
    GroupName: spec.placement.groupName ?? '',
    ...(spec.placement.partitionNumber !== undefined && { PartitionNumber: spec.placement.partitionNumber }),
    Tenancy: 'default',
  };
}

function bootModesFrom({ ami }: InstanceReferences): Pick<SdkInstance, 'BootMode' | 'CurrentInstanceBootMode'> {
  if (!ami) return {};
  return { BootMode: ami.spec.bootMode, CurrentInstanceBootMode: ami.spec.bootMode === 'legacy-bios' ? 'legacy-bios' : 'uefi' };
}

function cpuOptionsFrom({ type }: InstanceReferences): Pick<SdkInstance, 'CpuOptions'> {
  const facts = type && instanceTypeFactsFrom(type);
  return facts ? { CpuOptions: { CoreCount: facts.vcpus / facts.threadsPerCore, ThreadsPerCore: facts.threadsPerCore } } : {};
}

function networkPlaceFrom({ place: { vpcId, subnetId } }: InstanceReferences): { VpcId?: string; SubnetId?: string } {
  return { ...(vpcId !== undefined && { VpcId: vpcId }), ...(subnetId !== undefined && { SubnetId: subnetId }) };
}

function networkInterfaceFrom(instance: Instance, groups: GroupIdentifier[], references: InstanceReferences, { ownerId }: Surroundings): InstanceNetworkInterface {
  const { metadata, spec, status } = instance;
  const { networkInterface } = references;
  const address = status?.privateIpAddress;
  const privateDnsName = status?.privateDnsName ?? '';
  const association = publicAssociationFrom(instance, references, ownerId);
  return {
    NetworkInterfaceId: networkInterface ? ec2IdOf('eni', networkInterface) : ownInterfaceIdOf(instance),
    ...(association && { Association: association }),
    Attachment: {
      AttachmentId: attachmentIdOf(instance),
      AttachTime: new Date(metadata.creationTimestamp ?? launchTimeOf(instance)),
      DeleteOnTermination: spec.networkInterface?.deleteOnTermination ?? networkInterface === undefined,
      DeviceIndex: 0,
      NetworkCardIndex: 0,
      Status: 'attached',
    },
    Description: (networkInterface?.spec ?? spec.networkInterface)?.description ?? '',
    Groups: groups,
    InterfaceType: 'interface',
    Ipv6Addresses: [],
    ...(status?.macAddress !== undefined && { MacAddress: status.macAddress }),
    OwnerId: ownerId,
    PrivateDnsName: privateDnsName,
    ...(address !== undefined && { PrivateIpAddress: address }),
    PrivateIpAddresses: address === undefined ? [] : [{ ...(association && { Association: association }), Primary: true, PrivateDnsName: privateDnsName, PrivateIpAddress: address }],
    SourceDestCheck: (networkInterface?.spec ?? spec).sourceDestCheck,
    Status: 'in-use',
    ...networkPlaceFrom(references),
  };
}

/** Present only with a public address: clients take its mere presence for one. */
function publicAssociationFrom(instance: Instance, { elasticIp }: InstanceReferences, ownerId: string): InstanceNetworkInterface['Association'] {
  const { IpOwnerId, PublicDnsName, PublicIp } = publicAddressOf(instance, elasticIp, ownerId) ?? {};
  return PublicIp === undefined ? undefined : { IpOwnerId, PublicDnsName, PublicIp };
}
