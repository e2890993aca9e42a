import type { ImportSnapshotRequest, ImportSnapshotResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { imageDescriptionFrom } from '../images/image-names.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { createTask } from './create-task.ts';
import { diskSourceFrom } from './disk-source.ts';
import { sdkImportSnapshotTaskFrom } from './sdk-import-task.ts';

/**
 * Imports a disk into a snapshot.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination, UnsupportedOperation, IdempotentParameterMismatch
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportSnapshot.html
 */
export async function importSnapshot(input: ImportSnapshotRequest, context: OperationContext): Promise<ImportSnapshotResult> {
  if (input.Encrypted || input.KmsKeyId) throw new AwsError('UnsupportedOperation', 'Encryption of imported disks is not supported.');
  if (!input.DiskContainer) throw new AwsError('MissingParameter', 'The request must contain the parameter DiskContainer');
  const tags = tagsFromSpecifications(input.TagSpecifications, 'import-snapshot-task');
  const spec = {
    source: diskSourceFrom(input.DiskContainer, 'DiskContainer', context),
    ...imageDescriptionFrom(input.Description ?? input.DiskContainer.Description),
    ...(tags.length > 0 && { tags }),
  };
  return sdkImportSnapshotTaskFrom(await createTask('import-snap', spec, input, context));
}
