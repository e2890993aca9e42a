import type { CopyImageRequest } from '@aws-sdk/client-ec2';
import type { BlockDeviceMapping } from '../../../api/compute/block-device-mapping.ts';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import { imageMappingsOf } from '../../../api/compute/image-devices.ts';
import { SnapshotDefinition } from '../../../api/storage/snapshot.ts';
import { isAlreadyExists, isNotFound } from '../../../kubernetes/errors.ts';
import { Snapshot } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { snapshotsById } from '../indexes.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import type { VisibleImage } from './visible-images.ts';

/** The devices of a copy, and how its snapshots are removed again if the copy comes to nothing. */
export interface CopiedSnapshots {
  /** Undefined for an image without snapshots. */
  mappings: BlockDeviceMapping[] | undefined;
  takeBack(): Promise<void>;
}

/**
 * Copies the snapshots of an image into the caller's account, under names that follow from the copy's: a repeated call finds them.
 * @throws AwsError InvalidRequest - the snapshots of somebody else's image are not shared with the caller
 */
export async function copySnapshots(imageId: string, { ami, isOwn, imageId: sourceId }: VisibleImage, input: CopyImageRequest, context: OperationContext): Promise<CopiedSnapshots> {
  const { caller, write } = context;
  const tags = tagsFromSpecifications((input.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType !== 'image'), 'snapshot');
  const mappings = imageMappingsOf(ami);
  if (!mappings.some(({ ebs }) => ebs?.snapshotId !== undefined)) return { mappings: undefined, takeBack: async () => undefined };
  const made: string[] = [];
  const copied: BlockDeviceMapping[] = [];
  for (const mapping of mappings) {
    const reference = mapping.ebs?.snapshotId;
    if (reference === undefined) {
      copied.push(mapping);
      continue;
    }
    const source = requireReadable(reference, ami.metadata.namespace, isOwn, context);
    const name = ec2IdFrom('snap', `${imageId}/${mapping.deviceName}`);
    const description = `Copied for DestinationAmi ${imageId} from SourceAmi ${sourceId} for SourceSnapshot ${ec2IdOf('snap', source)}.`;
    const spec = SnapshotDefinition.spec.parse({ sourceSnapshotId: ec2IdOf('snap', source), description, ...(tags.length > 0 && { tags }) });
    const { apiVersion, kind } = SnapshotDefinition;
    await write.create(Snapshot, { apiVersion, kind, metadata: { name, namespace: caller.namespace }, spec }).then(
      () => made.push(name),
      (error: unknown) => {
        if (!isAlreadyExists(error)) throw error;
      },
    );
    copied.push({ ...mapping, ebs: { ...mapping.ebs, snapshotId: name } });
  }
  return { mappings: copied, takeBack: () => remove(made, context) };
}

function requireReadable(reference: string, namespace: string | undefined, isOwn: boolean, { read, caller }: OperationContext): Snapshot {
  const snapshot = read.get(Snapshot, { namespace, name: reference }) ?? read.byIndex(snapshotsById, reference).find(({ metadata }) => metadata.namespace === namespace);
  const isShared = snapshot && (isOwn || snapshot.spec.public || (snapshot.spec.createVolumePermissionAccountIds ?? []).includes(caller.accountId));
  if (snapshot && isShared) return snapshot;
  throw new AwsError('InvalidRequest', 'You do not have permission to access the storage of this ami');
}

async function remove(names: readonly string[], { caller, write, log }: OperationContext): Promise<void> {
  for (const name of names) {
    await write.remove(Snapshot, { namespace: caller.namespace, name }).catch((error: unknown) => {
      // The failure of the copy is what the caller hears of.
      if (!isNotFound(error)) log.error('a snapshot of a failed copy could not be removed', { snapshot: name, error: String(error) });
    });
  }
}
