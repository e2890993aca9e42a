import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { DiskSource } from '../compute/disk-source.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a Snapshot. */
export const SnapshotConditions = {
  /** The content is kept, and volumes can be made of it. */
  completed: 'Completed',
  /** False while an image is made of it: it cannot be deleted then. */
  unused: 'Unused',
} as const;

/** Keeps a Snapshot until its CSI objects are gone. */
export const SNAPSHOT_FINALIZER = 'kube-ec2.io/snapshot';
/** On everything that belongs to a snapshot: CSI VolumeSnapshots and their contents, claims of a copy under way. */
export const SNAPSHOT_ID_LABEL = 'kube-ec2.io/snapshot-id';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new Snapshot` }],
});

const SnapshotSpec = z.object({
  volumeId: Reference.optional().describe('Volume to take the snapshot of, by name or id (vol-...).').meta(immutable('volumeId')),
  sourceSnapshotId: Reference.optional().describe('Snapshot to copy: the name or id (snap-...) of one of this namespace, or the id of one shared with this account.').meta(immutable('sourceSnapshotId')),
  source: DiskSource.optional(),
  set: z
    .object({
      name: z.string().min(1).max(63).describe('The same for all snapshots of the set.'),
      size: z.int().min(1).max(40).describe('How many snapshots belong to it.'),
    })
    .optional()
    .describe('Snapshots of one instance that are taken at one moment: the guest stays frozen until all are cut.')
    .meta(immutable('set')),
  description: z.string().max(255).optional().describe('What it is.'),
  public: z.boolean().default(false).describe('Whether all accounts may make volumes of it.'),
  createVolumePermissionAccountIds: z
    .array(z.string().regex(/^[0-9]{12}$/, 'an account id has 12 digits').max(12))
    .max(1000)
    .optional()
    .meta({ 'x-kubernetes-list-type': 'set' })
    .describe('Accounts that may make volumes of it.'),
  tags: Tags.optional(),
});
export type SnapshotSpec = z.infer<typeof SnapshotSpec>;

const SnapshotStatus = z.object({
  snapshotId: z.string().optional().describe('EC2 id, snap-...'),
  state: z.enum(['pending', 'completed', 'error']).optional().describe('EC2 state.'),
  stateMessage: z.string().optional().describe('Why it is not completed.'),
  progress: z.int().min(0).max(100).optional().describe('Per cent.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  volumeId: z.string().optional().describe('EC2 id of the volume that it was taken of.'),
  volumeSize: z.int().optional().describe('Size in GiB that a volume made of it has at least.'),
  encrypted: z.boolean().optional().describe('Whether the volume was encrypted.'),
  volumeMode: z.enum(['Block', 'Filesystem']).optional().describe('Mode of the volume that it was taken of; volumes made of it have the same.'),
  startTime: z.iso.datetime().optional().describe('When the content was cut.'),
  completionTime: z.iso.datetime().optional().describe('When it was completed.'),
  consistency: z.enum(['crash', 'filesystem']).optional().describe('filesystem: the guest agent held the file systems still while it was cut.'),
  frozenAt: z.iso.datetime().optional().describe('Since when the guest is held still for it.'),
  volumeSnapshotName: z.string().optional().describe('CSI VolumeSnapshot that holds the content.'),
  volumeSnapshotContentName: z.string().optional().describe('Its VolumeSnapshotContent.'),
  imageIds: z.array(z.string()).optional().describe('Images that are made of it; it cannot be deleted while there are any.'),
  conditions: Conditions.optional(),
});
export type SnapshotStatus = z.infer<typeof SnapshotStatus>;
export type Snapshot = CustomResource<SnapshotSpec, SnapshotStatus>;

/** Snapshot: the content of a volume at one moment, backed by a CSI VolumeSnapshot that is named by the snapshot's id. */
export const SnapshotDefinition = defineCustomResource({
  kind: 'Snapshot',
  plural: 'snapshots',
  shortNames: ['snap'],
  namespaced: true,
  description: 'The content of a volume at one moment, backed by a CSI VolumeSnapshot. Volumes and images are made of it.',
  spec: SnapshotSpec,
  status: SnapshotStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.snapshotId' },
    { name: 'State', type: 'string', path: '.status.state' },
    { name: 'Progress', type: 'integer', path: '.status.progress' },
    { name: 'Size', type: 'integer', path: '.status.volumeSize' },
    { name: 'Volume', type: 'string', path: '.status.volumeId' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
    { name: 'Description', type: 'string', path: '.spec.description', priority: 1 },
  ],
  specRules: [
    {
      rule: '[has(self.volumeId), has(self.sourceSnapshotId), has(self.source)].exists_one(x, x)',
      message: 'set exactly one of volumeId, sourceSnapshotId and source',
    },
    ...['volumeId', 'sourceSnapshotId', 'source', 'set'].map((field) => ({
      rule: `has(self.${field}) == has(oldSelf.${field})`,
      message: `${field} cannot be added or removed; make a new Snapshot`,
      fieldPath: `.${field}`,
    })),
  ],
});
