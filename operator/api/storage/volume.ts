import { z } from 'zod';
import { VOLUME_TYPES } from '../compute/block-device-mapping.ts';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { DiskSource } from '../compute/disk-source.ts';
import { ApiRequest, Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a Volume. */
export const VolumeConditions = {
  /** The claim is bound: there is a disk. */
  available: 'Available',
  /** The disk is where spec.attachment says. */
  attached: 'Attached',
  /** The disk is as large as the spec says. */
  modified: 'Modified',
} as const;

/** Keeps a Volume until it is detached and its claim is gone. */
export const VOLUME_FINALIZER = 'kube-ec2.io/volume';
/** On everything that belongs to a volume: claim, source snapshot. */
export const VOLUME_ID_LABEL = 'kube-ec2.io/volume-id';

/** On a StorageClass: EC2 volume types that it is for, separated by commas. */
export const VOLUME_TYPES_ANNOTATION = 'kube-ec2.io/volume-types';
/** On a StorageClass, `true`: what it stores is encrypted. */
export const ENCRYPTED_ANNOTATION = 'kube-ec2.io/encrypted';
/** On a StorageClass: access mode of its claims, by default ReadWriteOnce; ReadWriteMany lets machines migrate live. */
export const ACCESS_MODE_ANNOTATION = 'kube-ec2.io/access-mode';
/** On a StorageClass: volume mode of its claims, by default Block. A blank Filesystem volume cannot be attached to a running machine. */
export const VOLUME_MODE_ANNOTATION = 'kube-ec2.io/volume-mode';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new Volume` }],
});

/** Device name of a volume at an instance. */
export const DeviceName = z
  .string()
  .regex(/^(\/dev\/)?(sd|xvd)[a-z]{1,2}[0-9]{0,2}$/, 'device must look like /dev/sdf or /dev/xvdba')
  .max(16)
  .describe('Device name at the instance, such as /dev/sdf. The guest finds the disk by its serial, the volume id without dash.');

const Attachment = z
  .object({
    instanceId: Reference.describe('Instance, by name or id (i-...), of this namespace and zone.'),
    device: DeviceName,
    deleteOnTermination: z.boolean().default(false).describe('Whether the volume goes with the instance.'),
  })
  .describe('Where the volume is to be attached. Remove it to detach.');

const VolumeSpec = z.object({
  size: z.int().min(1).max(65536).optional().describe('Size in GiB; can grow. By default that of the snapshot or source.'),
  volumeType: z.enum(VOLUME_TYPES).default('gp2').describe('EC2 volume type: decides the StorageClass.'),
  iops: z.int().min(100).max(256000).optional().describe('Provisioned IOPS; recorded, enforced only where the StorageClass does.'),
  throughput: z.int().min(125).max(2000).optional().describe('Throughput in MiB/s; recorded, enforced only where the StorageClass does.'),
  encrypted: z.boolean().default(false).describe('Whether it must be encrypted: only a StorageClass that says so is taken then.').meta(immutable('encrypted')),
  availabilityZone: z.string().min(1).max(63).optional().describe('Zone. By default that of the instance that it is attached to.').meta(immutable('availabilityZone')),
  snapshotId: Reference.optional().describe('Snapshot to make it from: the name or id (snap-...) of one of this namespace, or the id of one shared with this account.').meta(immutable('snapshotId')),
  source: DiskSource.optional(),
  storageClassName: z.string().min(1).max(253).optional().describe('StorageClass; by default chosen by volumeType and encrypted.').meta(immutable('storageClassName')),
  attachment: Attachment.optional(),
  autoEnableIO: z.boolean().default(false).describe("EC2's autoEnableIO attribute. Recorded: I/O is never disabled here."),
  tags: Tags.optional(),
  request: ApiRequest.optional().describe('The API call that made it, so that a repetition is known.'),
});
export type VolumeSpec = z.infer<typeof VolumeSpec>;

const Performance = z.object({ size: z.int().optional(), volumeType: z.enum(VOLUME_TYPES).optional(), iops: z.int().optional(), throughput: z.int().optional() });

const VolumeStatus = z.object({
  volumeId: z.string().optional().describe('EC2 id, vol-...'),
  state: z.enum(['creating', 'available', 'in-use', 'deleting', 'error']).optional().describe('EC2 state.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  size: z.int().optional().describe('Size in GiB that the disk has.'),
  availabilityZone: z.string().optional().describe('Zone of the disk.'),
  storageClassName: z.string().optional().describe('StorageClass of the claim.'),
  encrypted: z.boolean().optional().describe('Whether the StorageClass says that it encrypts.'),
  snapshotId: z.string().optional().describe('EC2 id of the snapshot that it was made from.'),
  attachment: z
    .object({
      instanceId: z.string().describe('EC2 id of the instance.'),
      device: z.string(),
      state: z.enum(['attaching', 'attached', 'detaching', 'busy']),
      attachTime: z.iso.datetime(),
      deleteOnTermination: z.boolean(),
    })
    .optional()
    .describe('Where it is attached.'),
  modification: z
    .object({
      state: z.enum(['modifying', 'optimizing', 'completed', 'failed']),
      original: Performance,
      target: Performance,
      progress: z.int().min(0).max(100),
      startTime: z.iso.datetime(),
      endTime: z.iso.datetime().optional(),
      statusMessage: z.string().optional(),
    })
    .optional()
    .describe('The last change of size, type, iops or throughput.'),
  applied: Performance.optional().describe('What of the spec was last carried out.'),
  conditions: Conditions.optional(),
});
export type VolumeStatus = z.infer<typeof VolumeStatus>;
export type Volume = CustomResource<VolumeSpec, VolumeStatus>;

/** Volume: a disk as EBS has it, backed by a PersistentVolumeClaim that is named by the volume's id. */
export const VolumeDefinition = defineCustomResource({
  kind: 'Volume',
  plural: 'volumes',
  shortNames: ['vol'],
  namespaced: true,
  description: 'A disk as EBS has it, backed by a PersistentVolumeClaim. It is attached to an instance by spec.attachment, also while the instance runs.',
  spec: VolumeSpec,
  status: VolumeStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.volumeId' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Size', type: 'integer', path: '.status.size' },
    { name: 'Type', type: 'string', path: '.spec.volumeType' },
    { name: 'Zone', type: 'string', path: '.status.availabilityZone' },
    { name: 'Instance', type: 'string', path: '.status.attachment.instanceId' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Device', type: 'string', path: '.status.attachment.device', priority: 1 },
    { name: 'Class', type: 'string', path: '.status.storageClassName', priority: 1 },
  ],
  specRules: [
    { rule: 'has(self.size) || has(self.snapshotId) || has(self.source)', message: 'set size, snapshotId or source', fieldPath: '.size', reason: 'FieldValueRequired' },
    { rule: '!(has(self.snapshotId) && has(self.source))', message: 'set snapshotId or source, not both', fieldPath: '.source' },
    { rule: '!has(oldSelf.size) || (has(self.size) && self.size >= oldSelf.size)', message: 'a volume cannot shrink', fieldPath: '.size' },
    { rule: "!has(self.throughput) || self.volumeType == 'gp3'", message: 'throughput is for the volume type gp3', fieldPath: '.throughput' },
    { rule: "!has(self.iops) || self.volumeType in ['gp3', 'io1', 'io2']", message: 'iops is for the volume types gp3, io1 and io2', fieldPath: '.iops' },
    { rule: "has(self.iops) || !(self.volumeType in ['io1', 'io2'])", message: 'the volume types io1 and io2 need iops', fieldPath: '.iops', reason: 'FieldValueRequired' },
    {
      rule: '!has(self.attachment) || !has(oldSelf.attachment) || (self.attachment.instanceId == oldSelf.attachment.instanceId && self.attachment.device == oldSelf.attachment.device)',
      message: 'detach the volume first: remove spec.attachment, and wait until status.attachment is gone',
      fieldPath: '.attachment',
    },
    ...['availabilityZone', 'snapshotId', 'source', 'storageClassName'].map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field})`,
      message: `${field} cannot be added or removed; make a new Volume`,
      fieldPath: `.${field}`,
    })),
  ],
});
