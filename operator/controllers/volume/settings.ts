/** What an administrator decides about volumes; a part of the operator's configuration. */
export interface VolumeSettings {
  /** AWS region name; nodes that name no zone are in its zone a. */
  region: string;
  /** StorageClass of volumes whose type has none; by default that of the cluster. */
  storageClass: string | undefined;
}
