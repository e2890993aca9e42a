import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { ec2IdFrom, isEc2Id } from '../ec2-id.ts';
import { importSources } from './import-source.ts';
import { ApiRequest, Conditions, Tags } from '../shared.ts';

/** Condition types of an ImportTask. */
export const ImportTaskConditions = {
  /** The disk image is in a Snapshot. */
  completed: 'Completed',
} as const;

const Image = z
  .object({
    name: z.string().min(3).max(128).optional().describe('Name of the AMI; by default the id of the task.'),
    description: z.string().max(255).optional().describe('What the image is.'),
    architecture: z.enum(['x86_64', 'arm64']).default('x86_64').describe('Processor architecture.'),
    platform: z.enum(['windows']).optional().describe('windows for Windows images.'),
    bootMode: z.enum(['legacy-bios', 'uefi', 'uefi-preferred']).default('legacy-bios').describe('Firmware.'),
    tags: Tags.optional(),
  })
  .describe('Image to make of the snapshot. Without it the snapshot is all.');

const ImportTaskSpec = z.object({
  source: z
    .object(importSources)
    .describe('Where the disk image comes from: exactly one.')
    .meta({
      'x-kubernetes-validations': [
        { rule: '[has(self.http), has(self.s3), has(self.registry), has(self.upload)].exists_one(x, x)', message: 'set exactly one of http, s3, registry and upload' },
        { rule: 'self == oldSelf', message: 'the source cannot be changed; make a new ImportTask' },
      ],
    }),
  volumeSize: z.int().min(1).max(65536).default(20).describe('Size in GiB of the volume that the disk image is written to: at least the virtual size of the disk.'),
  storageClassName: z.string().min(1).max(253).optional().describe('StorageClass of that volume; by default that of the configuration.'),
  description: z.string().max(255).optional().describe('What is imported; also that of the snapshot.'),
  image: Image.optional(),
  imageId: z.string().max(253).optional().describe('Ami that the import is for, by the name of the resource; set for those that an Ami makes.'),
  cancelled: z
    .boolean()
    .default(false)
    .describe('Ends an import that is not completed; cannot be taken back.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self || !oldSelf', message: 'a cancelled import stays so; make a new ImportTask' }] }),
  tags: Tags.optional(),
  request: ApiRequest.optional().describe('The API call that made it, so that a repetition is known.'),
});
export type ImportTaskSpec = z.infer<typeof ImportTaskSpec>;

const ImportTaskStatus = z.object({
  taskId: z.string().optional().describe('EC2 id: import-ami-... or import-snap-...'),
  state: z.enum(['active', 'completed', 'failed', 'cancelled']).optional().describe('How far it is; the API calls the last two deleted.'),
  progress: z.int().min(0).max(100).optional().describe('Per cent.'),
  statusMessage: z.string().optional().describe('What it is doing, or why it failed.'),
  dataVolumeName: z.string().optional().describe("CDI's DataVolume that does the import, while it does."),
  snapshotId: z.string().optional().describe('EC2 id of the snapshot.'),
  imageId: z.string().optional().describe('EC2 id of the image, once there is one.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type ImportTaskStatus = z.infer<typeof ImportTaskStatus>;
export type ImportTask = CustomResource<ImportTaskSpec, ImportTaskStatus>;

/** EC2 id of a task: its name if that is one, else derived from its uid. What is to become an image has another prefix than a mere snapshot. */
export function importTaskIdOf({ metadata: { name, uid }, spec }: Pick<ImportTask, 'metadata' | 'spec'>): string {
  if (isEc2Id('import-ami', name) || isEc2Id('import-snap', name)) return name;
  return ec2IdFrom(isForImage({ spec }) ? 'import-ami' : 'import-snap', uid ?? name);
}

/** Whether an image is to be made. */
export function isForImage({ spec }: Pick<ImportTask, 'spec'>): boolean {
  return spec.image !== undefined || spec.imageId !== undefined;
}

/** ImportTask: brings a disk image into a Snapshot, and on demand makes an Ami of it. */
export const ImportTaskDefinition = defineCustomResource({
  kind: 'ImportTask',
  plural: 'importtasks',
  shortNames: ['import'],
  namespaced: true,
  description: "Brings a disk image into a Snapshot by CDI's DataVolume, and on demand makes an Ami of it.",
  spec: ImportTaskSpec,
  status: ImportTaskStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.taskId' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Progress', type: 'integer', path: '.status.progress' },
    { name: 'Snapshot', type: 'string', path: '.status.snapshotId' },
    { name: 'Image', type: 'string', path: '.status.imageId' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Message', type: 'string', path: '.status.statusMessage', priority: 1 },
  ],
  specRules: [
    { rule: 'self.volumeSize == oldSelf.volumeSize', message: 'volumeSize cannot be changed; make a new ImportTask', fieldPath: '.volumeSize' },
    { rule: '!(has(self.image) && has(self.imageId))', message: 'set image or imageId, not both', fieldPath: '.image' },
    ...['storageClassName', 'image', 'imageId'].map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field}) && (!has(self.${field}) || self.${field} == oldSelf.${field})`,
      message: `${field} cannot be changed; make a new ImportTask`,
      fieldPath: `.${field}`,
    })),
  ],
});
