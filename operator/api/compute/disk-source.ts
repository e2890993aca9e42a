import { z } from 'zod';

/** What of Kubernetes' own kinds a Volume or Snapshot can be made from. */
export const DiskSource = z
  .object({
    persistentVolumeClaim: z
      .object({ claimName: z.string().min(1).max(253).describe('Name of the claim.') })
      .optional()
      .describe('PersistentVolumeClaim of this namespace.'),
    volumeSnapshot: z
      .object({ name: z.string().min(1).max(253).describe('Name of the VolumeSnapshot.') })
      .optional()
      .describe('CSI VolumeSnapshot of this namespace.'),
  })
  .describe("One of Kubernetes' own kinds to make it from; it is left as it is.")
  .meta({
    'x-kubernetes-validations': [
      { rule: 'has(self.persistentVolumeClaim) != has(self.volumeSnapshot)', message: 'set persistentVolumeClaim or volumeSnapshot, and not both' },
      { rule: 'self == oldSelf', message: 'source cannot be changed; make a new object' },
    ],
  });
