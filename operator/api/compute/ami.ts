import { z } from 'zod';
import { BlockDeviceMappings } from './block-device-mapping.ts';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { importSources } from './import-source.ts';
import { ApiRequest, Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of an Ami. */
export const AmiConditions = {
  /** The source exists and instances can be launched. */
  available: 'Available',
} as const;

/** Code of the reason why an image is pending that will be available by itself; the API shows none then. */
export const PENDING_CODE = 'pending';

const ContainerDiskSource = z.object({
  image: z.string().min(1).max(1024).describe('Container image with one disk image under /disk.'),
  path: z.string().max(1024).optional().describe('Path of the disk in the container image, if not under /disk.'),
  imagePullSecret: z.string().max(253).optional().describe('Secret with registry credentials, in the namespace of the instance.'),
  imagePullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).optional().describe('When nodes pull the image.'),
});

const Source = z
  .object({
    containerDisk: ContainerDiskSource.optional().describe('Root disk from a container image: an instance-store root, lost when the machine ends.'),
    persistentVolumeClaim: z
      .object({ claimName: z.string().min(1).max(253).describe('Claim that holds the disk; each instance gets a clone.') })
      .optional()
      .describe('Root disk cloned from a PersistentVolumeClaim: an EBS-like root.'),
    volumeSnapshot: z
      .object({ name: z.string().min(1).max(253).describe('VolumeSnapshot to make root disks of.') })
      .optional()
      .describe('Root disk restored from a CSI VolumeSnapshot: an EBS-like root.'),
    snapshot: z
      .object({ snapshotId: Reference.describe('Snapshot of this namespace, by name or id (snap-...).') })
      .optional()
      .describe('Root disk made from a Snapshot: an EBS-like root.'),
    instance: z
      .object({
        instanceId: Reference.describe('Instance of this namespace, by name or id (i-...), running or stopped.'),
        noReboot: z
          .boolean()
          .default(false)
          .describe('Whether a running machine goes on undisturbed: the disks are then as after a power cut, unless a guest agent holds the file systems still. By default a machine without an agent is stopped, and started again once the disks are cut.'),
      })
      .optional()
      .describe('Snapshots of all volumes of an instance, as they are now: an EBS-like root.'),
    ...importSources,
  })
  .describe('Where the root disk comes from: exactly one.')
  .meta({
    'x-kubernetes-validations': [
      {
        rule: '[has(self.containerDisk), has(self.persistentVolumeClaim), has(self.volumeSnapshot), has(self.snapshot), has(self.instance), has(self.http), has(self.s3), has(self.registry), has(self.upload)].exists_one(x, x)',
        message: 'set exactly one of containerDisk, persistentVolumeClaim, volumeSnapshot, snapshot, instance, http, s3, registry and upload',
      },
      { rule: 'self == oldSelf', message: 'the source of an AMI cannot be changed; make a new Ami' },
    ],
  });

const AmiSpec = z.object({
  name: z.string().min(3).max(128).regex(/^[A-Za-z0-9()[\] ./'@_-]+$/, "name may have letters, digits, spaces and ( ) [ ] . / - ' @ _").optional().describe('Name of the AMI, 3 to 128 characters. By default the name of the resource.'),
  description: z.string().max(255).optional().describe('What the image is.'),
  architecture: z.enum(['x86_64', 'arm64']).default('x86_64').describe('Processor architecture.'),
  platform: z.enum(['windows']).optional().describe('windows for Windows images.'),
  bootMode: z.enum(['legacy-bios', 'uefi', 'uefi-preferred']).default('legacy-bios').describe('Firmware.'),
  secureBoot: z.boolean().default(false).describe('Whether the firmware starts signed systems only. Needs bootMode uefi.'),
  tpmSupport: z.enum(['v2.0']).optional().describe('v2.0: machines have a TPM, whose content is lost when they stop. Needs bootMode uefi.'),
  enaSupport: z.boolean().default(false).describe("EC2's enhanced networking. Recorded: network cards are virtio all the same."),
  sriovNetSupport: z.enum(['simple']).optional().describe("EC2's older enhanced networking. Recorded."),
  userDataFormat: z
    .enum(['cloud-init', 'sysprep'])
    .default('cloud-init')
    .describe('What user data is given to: cloud-init (or cloudbase-init), or the answer file autounattend.xml of a generalized Windows image.'),
  rootDeviceName: z.string().regex(/^\/dev\/(sd|xvd)[a-z]{1,2}[0-9]{0,2}$/, 'rootDeviceName must look like /dev/xvda or /dev/sda1').max(16).default('/dev/xvda').describe('Device name of the root disk.'),
  rootVolumeSize: z.int().min(1).max(65536).default(8).describe('Size of an EBS-like root disk in GiB.'),
  source: Source,
  preference: z.string().max(253).optional().describe('VirtualMachineClusterPreference for machines of this image.'),
  guestAgent: z.boolean().default(false).describe('The image runs the QEMU guest agent: its loss then counts as a failed instance status check.'),
  blockDeviceMappings: BlockDeviceMappings.optional().describe('Further devices of machines of this image.'),
  public: z.boolean().default(false).describe('Whether all accounts may launch it.'),
  launchPermissionAccountIds: z
    .array(z.string().regex(/^[0-9]{12}$/, 'an account id has 12 digits').max(12))
    .max(1000)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Accounts that may launch it.'),
  deprecationTime: z.iso.datetime().optional().describe('When it becomes deprecated.'),
  disabled: z.boolean().default(false).describe('Taken out of use: nothing can be launched from it.'),
  parameterPaths: z
    .array(z.string().regex(/^\/[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+){0,14}$/, 'a parameter path looks like /aws/service/debian/12').max(1011))
    .max(16)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Names of Systems Manager parameters, such as /aws/service/debian/12/amd64/latest, that stand for the newest available image that carries them. Other accounts see those of accounts with an imageOwnerAlias only.'),
  snapshotTags: Tags.optional().describe('Tags of the snapshots that are taken of an instance.'),
  imdsSupport: z.enum(['v2.0']).optional().describe('v2.0: instances of the image need tokens for their metadata unless launch or account say otherwise, which is the default anyway.'),
  deregistrationProtection: z
    .enum(['disabled', 'enabled-without-cooldown', 'enabled-with-cooldown'])
    .default('disabled')
    .describe('Protection from being removed, by the API or kubectl. With cooldown the API protects it for 24 hours more once this is set to disabled through the API.'),
  deregistrationProtectedUntil: z.iso.datetime().optional().describe('End of the cooldown, until which the API does not deregister the image.'),
  sourceImage: z
    .object({ imageId: z.string().max(30).describe('EC2 id of the image.'), region: z.string().max(63).describe('Region that it was in.') })
    .optional()
    .describe('Image that it was copied from; told, never followed.'),
  request: ApiRequest.optional().describe('The API call that made it, so that a repetition is known.'),
  tags: Tags.optional(),
});
export type AmiSpec = z.infer<typeof AmiSpec>;

const AmiStatus = z.object({
  imageId: z.string().optional().describe('EC2 id, ami-...'),
  state: z.enum(['pending', 'available', 'invalid', 'deregistered', 'transient', 'failed', 'error', 'disabled']).optional().describe('EC2 state.'),
  stateReason: z.object({ code: z.string(), message: z.string() }).optional().describe('Why it is not available.'),
  progress: z.int().min(0).max(100).optional().describe('Per cent of an import or of the snapshots of an instance.'),
  importTask: z.string().optional().describe('ImportTask that brings the disk image in.'),
  blockDeviceMappings: BlockDeviceMappings.optional().describe('Devices that machines of the image get, root first, with the snapshots that they are made from.'),
  capture: z
    .object({
      phase: z.enum(['stopping', 'cutting', 'starting', 'done']).describe('stopping: the machine is stopped first; starting: the disks are cut, and it is started again.'),
      instanceId: z.string().describe('EC2 id of the instance.'),
      wasRunning: z.boolean().describe('Whether the machine is to run again.'),
    })
    .optional()
    .describe('How far the snapshots of the instance are.'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  rootDeviceType: z.enum(['ebs', 'instance-store']).optional(),
  observedGeneration: z.int().optional(),
  conditions: Conditions.optional(),
});
export type AmiStatus = z.infer<typeof AmiStatus>;
export type Ami = CustomResource<AmiSpec, AmiStatus>;

/** Ami: an image that instances boot. */
export const AmiDefinition = defineCustomResource({
  kind: 'Ami',
  plural: 'amis',
  shortNames: ['ami'],
  namespaced: true,
  description: 'An image that instances boot.',
  spec: AmiSpec,
  status: AmiStatus,
  specRules: [
    { rule: "!self.secureBoot || self.bootMode != 'legacy-bios'", message: 'secure boot needs bootMode uefi', fieldPath: '.secureBoot' },
    { rule: "!has(self.tpmSupport) || self.bootMode == 'uefi'", message: 'a TPM needs bootMode uefi', fieldPath: '.tpmSupport' },
  ],
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.imageId' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Root', type: 'string', path: '.status.rootDeviceType' },
    { name: 'Architecture', type: 'string', path: '.spec.architecture' },
    { name: 'Progress', type: 'integer', path: '.status.progress', priority: 1 },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Description', type: 'string', path: '.spec.description', priority: 1 },
  ],
});
