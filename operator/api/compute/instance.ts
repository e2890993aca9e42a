import { z } from 'zod';
import { Membership } from '../auto-scaling/auto-scaling-membership.ts';
import { BlockDeviceMappings } from './block-device-mapping.ts';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { ec2IdFrom } from '../ec2-id.ts';
import { InstanceProfileReference, instanceProfileKeyFrom } from '../identity/instance-profile.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** EC2's limit for user data before base64, in bytes. */
export const USER_DATA_LIMIT_BYTES = 16384;

/** Instance states in EC2's order of life, with the codes of the API. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceState.html */
export const INSTANCE_STATE_CODES = {
  pending: 0,
  running: 16,
  'shutting-down': 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
} as const;
export type InstanceStateName = keyof typeof INSTANCE_STATE_CODES;

/** Condition types of an Instance. */
export const InstanceConditions = {
  /** Everything that the spec refers to was found and fits. */
  launchable: 'Launchable',
  /** A node was found for the machine. */
  placed: 'Placed',
  /** The machine runs. */
  ready: 'Ready',
  /** The last change of powerState could be carried out. */
  powerStateReached: 'PowerStateReached',
  /** EC2's system status check. */
  systemStatusOk: 'SystemStatusOk',
  /** EC2's instance status check. */
  instanceStatusOk: 'InstanceStatusOk',
  /** The load balancer has given the public address that was asked for; there only if one was. */
  publicAddress: 'PublicAddress',
  /** The machine is as the spec says; False where a change waits for a stop. */
  upToDate: 'UpToDate',
} as const;

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new Instance` }],
});

/** Where an instance runs. */
export const Placement = z
  .object({
    availabilityZone: z.string().min(1).max(63).optional().describe("Zone, a value of the nodes' label topology.kubernetes.io/zone; nodes without it are in <region>a. Without it any zone is taken."),
    groupName: z.string().max(255).optional().describe('Placement group. Can be changed while stopped.'),
    partitionNumber: z.int().min(1).max(7).optional().describe('Partition of a partition placement group. Can be changed while stopped.'),
    tenancy: z.enum(['default', 'dedicated', 'host']).default('default').describe('Only default is honoured.'),
  })
  .describe('Where the instance runs.');

/** EC2's metadata options. */
export const MetadataOptions = z
  .object({
    httpTokens: z.enum(['optional', 'required']).default('required').describe('Whether metadata requests need a session token.'),
    httpEndpoint: z.enum(['enabled', 'disabled']).default('enabled').describe('Whether the metadata service answers.'),
    httpPutResponseHopLimit: z.int().min(1).max(64).default(2).describe('Hop limit of the token answer.'),
    httpProtocolIpv6: z.enum(['enabled', 'disabled']).default('disabled').describe('Whether the IPv6 address answers.'),
    instanceMetadataTags: z.enum(['enabled', 'disabled']).default('disabled').describe('Whether tags are shown in the metadata.'),
  })
  .describe('Options of the instance metadata service. Recorded; the metadata service itself is not served yet.');

/** Name of an instance type. */
export const InstanceType = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/, 'instanceType must look like t3.micro: the name of a VirtualMachineClusterInstancetype')
  .max(63)
  .describe('Instance type such as t3.micro: the name of a VirtualMachineClusterInstancetype. Can be changed while stopped.');

/** User data as text. The limit is one of bytes, which only CEL can count. */
export const UserData = z
  .string()
  .max(USER_DATA_LIMIT_BYTES)
  .describe(
    'User data as plain text, up to 16 KB (cloud-init). Everyone who may read the object can read it: use userDataSecretRef for secrets. Can be changed while stopped.',
  )
  .meta({ 'x-kubernetes-validations': [{ rule: `bytes(self).size() <= ${USER_DATA_LIMIT_BYTES}`, message: 'userData may have 16384 bytes (16 KB) at most' }] });

const SecretKeyReference = z.object({
  name: z.string().min(1).max(253).describe('Secret in the same namespace.'),
  key: z.string().min(1).max(253).default('userdata').describe('Key in the Secret.'),
});

/** Where an instance made through the API came from; written once by the endpoint. */
const Launch = z
  .object({
    reservationId: z.string().regex(/^r-[0-9a-f]{17}$/, 'reservationId must be r- and 17 hexadecimal digits').max(19).describe('Reservation: all instances of one RunInstances call share it.'),
    launchIndex: z.int().min(0).default(0).describe('Position within the reservation.'),
    clientToken: z.string().max(64).optional().describe('Idempotency token of the call.'),
    parametersHash: z.string().max(64).optional().describe('Digest of the parameters of the call, to refuse the same token with others.'),
    requesterId: z.string().max(128).optional().describe('Account or service that launched it.'),
  })
  .describe('Origin of an instance made through the API.')
  .meta(immutable('launch'));

/** The primary network interface of an instance: its own, which comes and goes with it, or one that was made before. */
const InstanceNetworkInterface = z
  .object({
    networkInterfaceId: Reference.optional().describe('NetworkInterface to launch with, by name or id (eni-...): the instance takes over its MAC address, security groups and description.'),
    associatePublicIpAddress: z
      .boolean()
      .optional()
      .describe('Whether the load balancer of the cluster gives the instance a public address while it runs, a new one at each start. An ElasticIp takes its place.'),
    deleteOnTermination: z.boolean().optional().describe('Whether a NetworkInterface that was launched with is deleted when the instance terminates; by default it stays. An own interface always goes.'),
    description: z.string().max(255).optional().describe('What the own interface is for.'),
    tags: Tags.optional().describe('EC2 tags of the own interface.'),
  })
  .describe('The primary network interface.')
  .meta({
    'x-kubernetes-validations': [
      {
        rule: '!has(self.networkInterfaceId) || (!has(self.description) && !has(self.tags))',
        message: 'description and tags of a NetworkInterface are its own; set them there',
      },
      { rule: '!has(self.deleteOnTermination) || self.deleteOnTermination || has(self.networkInterfaceId)', message: 'the own interface of an instance goes with it; launch with a NetworkInterface to keep it', fieldPath: '.deleteOnTermination' },
      {
        rule: "has(self.networkInterfaceId) == has(oldSelf.networkInterfaceId) && (!has(self.networkInterfaceId) || self.networkInterfaceId == oldSelf.networkInterfaceId)",
        message: 'networkInterfaceId cannot be changed; make a new Instance',
        fieldPath: '.networkInterfaceId',
      },
    ],
  });

const InstanceSpec = z.object({
  imageId: Reference.describe('AMI to boot: the name or id (ami-...) of an Ami of this namespace, or the id of one shared with this account.').meta(immutable('imageId')),
  instanceType: InstanceType,
  keyName: z.string().min(1).max(255).optional().describe('Key pair whose public key the guest gets.').meta(immutable('keyName')),
  securityGroupIds: z.array(Reference).max(16).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Security groups, by name or id (sg-...). Without any: the default group of the account.'),
  networkInterface: InstanceNetworkInterface.optional(),
  subnetId: Reference.optional().describe('Subnet, by name or id (subnet-...): decides VPC and zone. Without: the default subnet of the zone.').meta(immutable('subnetId')),
  placement: Placement.prefault({}),
  hostname: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'hostname must be one DNS label: lower-case letters, digits and dashes, up to 63')
    .max(63)
    .optional()
    .describe('Host name of the guest, one DNS label. By default the instance id.')
    .meta(immutable('hostname')),
  userData: UserData.optional(),
  userDataSecretRef: SecretKeyReference.optional().describe('Secret that holds the user data, up to 16 KB, text or binary.'),
  blockDeviceMappings: BlockDeviceMappings.optional().describe("Changes to the AMI's devices.").meta(immutable('blockDeviceMappings')),
  powerState: z.enum(['running', 'stopped', 'terminated']).default('running').describe('What the machine should be. terminated is final.'),
  forceStopRequestedAt: z.iso.datetime().optional().describe('Set to the current time, with powerState stopped, to stop without waiting for the guest.'),
  rebootRequestedAt: z.iso.datetime().optional().describe('Set to the current time to reboot the guest once.'),
  instanceInitiatedShutdownBehavior: z.enum(['stop', 'terminate']).default('stop').describe('What a power-off from within the guest does.'),
  disableApiTermination: z.boolean().default(false).describe('Termination protection: neither the API nor kubectl can terminate or delete the instance.'),
  disableApiStop: z.boolean().default(false).describe('Stop protection: neither the API nor kubectl can stop the instance.'),
  monitoring: z.boolean().default(false).describe('Detailed monitoring. Recorded.'),
  ebsOptimized: z.boolean().default(false).describe('Recorded.'),
  sourceDestCheck: z.boolean().default(true).describe('Recorded.'),
  creditSpecification: z.enum(['standard', 'unlimited']).optional().describe('CPU credits of burstable types. Recorded; no credits are taken.'),
  metadataOptions: MetadataOptions.prefault({}),
  iamInstanceProfile: InstanceProfileReference.optional().describe('Instance profile, by its name in IAM or its ARN. Recorded and shown; the guest gets no credentials yet, as there is no metadata service.'),
  tags: Tags.optional(),
  volumeTags: Tags.optional().describe('EC2 tags of the volumes that are made at the launch; later changes have no effect.'),
  autoScaling: Membership.optional().describe('Membership in an Auto Scaling group, which launches, replaces and ends the instance.'),
  launch: Launch.optional(),
});
export type InstanceSpec = z.infer<typeof InstanceSpec>;

const InstanceStatus = z.object({
  instanceId: z.string().optional().describe('EC2 id, i-...'),
  state: z.enum(['pending', 'running', 'shutting-down', 'terminated', 'stopping', 'stopped']).optional().describe('EC2 state.'),
  stateReason: z.object({ code: z.string(), message: z.string() }).optional().describe("EC2's reason of the last transition."),
  stateTransitionTime: z.iso.datetime().optional().describe('When the state last changed.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  imageId: z.string().optional().describe('EC2 id of the AMI, once resolved.'),
  architecture: z.string().optional().describe('x86_64 or arm64.'),
  platform: z.string().optional().describe('windows, or absent.'),
  instanceType: z.string().optional().describe('Type that the machine has.'),
  keyPairId: z.string().optional().describe('Key pair, once resolved; its public key stays with the instance when the KeyPair is deleted.'),
  securityGroupIds: z.array(z.string()).optional().describe('EC2 ids of the security groups, once resolved.'),
  launchTime: z.iso.datetime().optional().describe('When the instance was last started.'),
  availabilityZone: z.string().optional().describe('Zone of the node, kept while stopped.'),
  nodeName: z.string().optional().describe('Node the machine runs on.'),
  privateIpAddress: z.string().optional().describe('Address on the pod network; a new one at each start.'),
  publicIpAddress: z.string().optional().describe('Address of the ElasticIp that the instance has, or the one that it has while it runs.'),
  privateDnsName: z.string().optional().describe('Name that resolves to the address within the cluster.'),
  macAddress: z.string().optional().describe('MAC address of the primary interface.'),
  rootDeviceName: z.string().optional().describe('Device name of the root disk.'),
  rootDeviceType: z.enum(['ebs', 'instance-store']).optional().describe('instance-store: the root disk is lost when the machine ends, so it cannot be stopped.'),
  iamInstanceProfile: z
    .object({
      name: z.string().describe('Name in IAM.'),
      arn: z.string(),
      id: z.string().describe('Unique id in IAM, AIPA...'),
      associatedAt: z.iso.datetime().describe('Since when the instance has it.'),
    })
    .optional()
    .describe('Instance profile, once resolved; stays when the InstanceProfile is deleted.'),
  hasBooted: z.boolean().optional().describe('Whether the machine has run since it was last started.'),
  virtualMachineUid: z.string().optional().describe('uid of the VirtualMachine, to tell a lost one from one never made.'),
  startedFromStopped: z.boolean().optional().describe('Whether the present start followed a stop: given up, it leads back to stopped, a launch to terminated.'),
  pendingSince: z.iso.datetime().optional().describe('Since when a start is being tried; decides when to give up.'),
  reboot: z
    .object({
      requestedAt: z.iso.datetime().describe('The request that was last carried out.'),
      phase: z.enum(['SoftRebootSent', 'Rebooted', 'ResetSent', 'Failed']).describe('How far it came.'),
      sentAt: z.iso.datetime().optional().describe('When the guest was asked.'),
      agentConnected: z.boolean().optional().describe('Whether the guest agent was there then: only its going away shows that the guest reboots.'),
    })
    .optional()
    .describe('The last reboot.'),
  conditions: Conditions.optional(),
});
export type InstanceStatus = z.infer<typeof InstanceStatus>;
export type Instance = CustomResource<InstanceSpec, InstanceStatus>;

/** Keeps an Instance until its machine, Secrets and claims are gone. */
export const INSTANCE_FINALIZER = 'kube-ec2.io/machine';
/** On everything that belongs to an instance: VirtualMachine, VirtualMachineInstance, pod, Secrets, claims. */
export const INSTANCE_ID_LABEL = 'kube-ec2.io/instance-id';

/** Instance: a virtual machine as EC2 has it. */
export const InstanceDefinition = defineCustomResource({
  kind: 'Instance',
  plural: 'instances',
  shortNames: ['inst'],
  namespaced: true,
  description: 'A virtual machine as EC2 has it: boots an AMI on a node of the cluster through KubeVirt.',
  spec: InstanceSpec,
  status: InstanceStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.instanceId' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Type', type: 'string', path: '.spec.instanceType' },
    { name: 'Zone', type: 'string', path: '.status.availabilityZone' },
    { name: 'Private-IP', type: 'string', path: '.status.privateIpAddress' },
    { name: 'Public-IP', type: 'string', path: '.status.publicIpAddress' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'AMI', type: 'string', path: '.spec.imageId', priority: 1 },
    { name: 'Node', type: 'string', path: '.status.nodeName', priority: 1 },
    { name: 'Group', type: 'string', path: '.spec.autoScaling.groupName', priority: 1 },
    { name: 'Reason', type: 'string', path: '.status.stateReason.message', priority: 1 },
  ],
  specRules: [
    { rule: '!(has(self.userData) && has(self.userDataSecretRef))', message: 'set userData or userDataSecretRef, not both', fieldPath: '.userData' },
    {
      rule: "!has(oldSelf.powerState) || oldSelf.powerState != 'terminated' || self.powerState == 'terminated'",
      message: 'a terminated instance cannot be started again; make a new Instance',
      fieldPath: '.powerState',
    },
    {
      rule: '!has(oldSelf.launch) || has(self.launch)',
      message: 'launch cannot be removed',
      fieldPath: '.launch',
    },
    {
      rule: '!has(self.networkInterface) || !has(self.networkInterface.networkInterfaceId) || !has(self.securityGroupIds)',
      message: 'security groups of a NetworkInterface are its own; set them there',
      fieldPath: '.securityGroupIds',
    },
    {
      rule: 'has(self.networkInterface) == has(oldSelf.networkInterface) || (has(self.networkInterface) ? !has(self.networkInterface.networkInterfaceId) : !has(oldSelf.networkInterface.networkInterfaceId))',
      message: 'networkInterfaceId cannot be added or removed; make a new Instance',
      fieldPath: '.networkInterface',
    },
    // A rule at an optional field is asked only while it is there before and after; coming and going is judged here.
    ...['keyName', 'subnetId', 'hostname', 'blockDeviceMappings'].map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field})`,
      message: `${field} cannot be added or removed; make a new Instance`,
      fieldPath: `.${field}`,
    })),
  ],
  // On the whole object, because a power-off from within the guest is allowed by EC2 in spite of either protection: the operator first says in the
  // status that the machine is on its way down, then records in the spec what has become of it.
  objectRules: [
    {
      rule: `!(oldSelf.spec.disableApiTermination && oldSelf.spec.powerState != 'terminated' && self.spec.powerState == 'terminated') || (has(oldSelf.status) && has(oldSelf.status.state) && oldSelf.status.state in ['shutting-down', 'terminated'])`,
      message: 'the instance is protected from termination; set disableApiTermination to false first',
      fieldPath: '.spec.powerState',
      reason: 'FieldValueForbidden',
    },
    {
      rule: `!(oldSelf.spec.disableApiStop && oldSelf.spec.powerState == 'running' && self.spec.powerState == 'stopped') || (has(oldSelf.status) && has(oldSelf.status.state) && oldSelf.status.state in ['stopping', 'stopped', 'shutting-down', 'terminated'])`,
      message: 'the instance is protected from being stopped; set disableApiStop to false first',
      fieldPath: '.spec.powerState',
      reason: 'FieldValueForbidden',
    },
  ],
});

/** Id of what ties an instance to its instance profile; undefined without one. An instance that gets a profile back that it had has the former id again. Pure. */
export function associationIdOf({ metadata, spec }: Instance): string | undefined {
  if (spec.iamInstanceProfile === undefined) return undefined;
  return ec2IdFrom('iip-assoc', `${metadata.uid ?? metadata.name}/${instanceProfileKeyFrom(spec.iamInstanceProfile)}`);
}
