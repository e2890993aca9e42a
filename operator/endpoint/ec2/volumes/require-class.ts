import { storageClassFor } from '../../../kubernetes/storage-class-choice.ts';
import type { VolumeSpec } from '../../../api/storage/volume.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/**
 * Refuses encryption where no StorageClass says that it encrypts, and keys of the caller's choice anywhere: nothing that is asked for is dropped.
 * @throws AwsError UnsupportedOperation
 */
export function requireClassFor({ volumeType, encrypted, kmsKeyId }: Pick<VolumeSpec, 'volumeType' | 'encrypted'> & { kmsKeyId: string | undefined }, { read }: Pick<ReadOnlyContext, 'read'>): void {
  if (kmsKeyId) throw new AwsError('UnsupportedOperation', 'Encryption keys cannot be chosen: they are up to the StorageClass that encrypts.');
  if (!encrypted || storageClassFor({ volumeType, encrypted }, read, undefined) !== undefined) return;
  throw new AwsError('UnsupportedOperation', `Encryption is not supported: no StorageClass for the volume type ${volumeType} says that it encrypts (annotation kube-ec2.io/encrypted).`);
}
