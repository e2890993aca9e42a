import { ACCESS_MODE_ANNOTATION, ENCRYPTED_ANNOTATION, VOLUME_MODE_ANNOTATION, VOLUME_TYPES_ANNOTATION, type VolumeSpec } from '../api/storage/volume.ts';
import type { Read } from './read.ts';
import { StorageClass } from './resources.ts';

const DEFAULT_ANNOTATION = 'storageclass.kubernetes.io/is-default-class';

/** What of a volume decides its StorageClass. */
export type ClassWish = Pick<VolumeSpec, 'volumeType' | 'encrypted' | 'storageClassName'>;

/** Whether a StorageClass says that it encrypts. */
export function isEncrypting({ metadata }: StorageClass): boolean {
  return metadata?.annotations?.[ENCRYPTED_ANNOTATION] === 'true';
}

function typesOf({ metadata }: StorageClass): string[] {
  return (metadata?.annotations?.[VOLUME_TYPES_ANNOTATION] ?? '').split(',').map((type) => type.trim()).filter(Boolean);
}

function isDefault({ metadata }: StorageClass): boolean {
  return metadata?.annotations?.[DEFAULT_ANNOTATION] === 'true';
}

/**
 * The StorageClass of a volume: the one that it names; else one that is for its type; else `fallback`, if there is one, or the cluster's default.
 * Whatever must be encrypted gets none that does not say that it encrypts. Endpoint and controllers both ask here, so that they agree.
 */
export function storageClassFor({ volumeType, encrypted, storageClassName }: ClassWish, read: Read, fallback: string | undefined): StorageClass | undefined {
  const fits = (candidate: StorageClass): boolean => !encrypted || isEncrypting(candidate);
  if (storageClassName !== undefined) return [read.get(StorageClass, { name: storageClassName })].find((named) => named !== undefined && fits(named));
  const byName = (one: StorageClass, other: StorageClass): number => ((one.metadata?.name ?? '') < (other.metadata?.name ?? '') ? -1 : 1);
  const candidates = read.list(StorageClass).filter(fits).toSorted(byName);
  // Encryption may cost something, so it is not given to what does not ask for it, if there is a choice.
  const plainFirst = [...candidates.filter((candidate) => isEncrypting(candidate) === encrypted), ...candidates.filter((candidate) => isEncrypting(candidate) !== encrypted)];
  const ofType = plainFirst.find((candidate) => typesOf(candidate).includes(volumeType));
  if (ofType !== undefined) return ofType;
  const general = candidates.find((candidate) => (fallback === undefined ? isDefault(candidate) : candidate.metadata?.name === fallback));
  return general ?? (encrypted ? candidates.find((candidate) => typesOf(candidate).length === 0) : undefined);
}

/** How the claims of a class use their volumes, as its annotations say. */
export function claimModesOf({ metadata }: StorageClass): { accessMode: string; volumeMode: string } {
  const annotations = metadata?.annotations ?? {};
  return { accessMode: annotations[ACCESS_MODE_ANNOTATION] ?? 'ReadWriteOnce', volumeMode: annotations[VOLUME_MODE_ANNOTATION] ?? 'Block' };
}
