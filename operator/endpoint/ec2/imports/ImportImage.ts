import type { ImportImageRequest, ImportImageResult } from '@aws-sdk/client-ec2';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { imageDescriptionFrom } from '../images/image-names.ts';
import { requireOneOf } from '../images/RegisterImage.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { createTask } from './create-task.ts';
import { diskSourceFrom } from './disk-source.ts';
import { sdkImportImageTaskFrom } from './sdk-import-task.ts';

/**
 * Imports one disk and makes an image of it. The guest is taken as it is: nothing is converted in it, and its license is nobody's business here.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination, UnsupportedOperation, IdempotentParameterMismatch
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ImportImage.html
 */
export async function importImage(input: ImportImageRequest, context: OperationContext): Promise<ImportImageResult> {
  requireHonourable(input);
  const [disk, ...others] = input.DiskContainers ?? [];
  if (!disk) throw new AwsError('MissingParameter', 'The request must contain the parameter DiskContainer');
  if (others.length > 0) throw new AwsError('UnsupportedOperation', 'Images of more than one disk are not supported. Import the others as snapshots.');
  if (disk.SnapshotId) throw new AwsError('UnsupportedOperation', 'Use RegisterImage to make an image of a snapshot.');
  const tags = tagsFromSpecifications(input.TagSpecifications, 'import-image-task');
  const task = await createTask(
    'import-ami',
    {
      source: diskSourceFrom(disk, 'DiskContainer.1', context),
      ...(input.Description && imageDescriptionFrom(input.Description)),
      image: {
        ...imageDescriptionFrom(input.Description),
        architecture: input.Architecture ? requireOneOf('architecture', input.Architecture, ['x86_64', 'arm64'] as const) : 'x86_64',
        ...(input.Platform && requireOneOf('platform', input.Platform, ['Windows', 'Linux'] as const) === 'Windows' ? { platform: 'windows' as const } : {}),
        ...(input.BootMode && { bootMode: requireOneOf('bootMode', input.BootMode, ['legacy-bios', 'uefi', 'uefi-preferred'] as const) }),
      },
      ...(tags.length > 0 && { tags }),
    },
    input,
    context,
  );
  const { BootMode: _bootMode, ...result } = sdkImportImageTaskFrom(task);
  return result;
}

function requireHonourable(input: ImportImageRequest): void {
  const unsupported = (what: string): AwsError => new AwsError('UnsupportedOperation', `${what} not supported.`);
  if (input.Encrypted || input.KmsKeyId) throw unsupported('Encryption of imported disks is');
  if (input.LicenseSpecifications && input.LicenseSpecifications.length > 0) throw unsupported('License configurations are');
  if (input.LicenseType === 'AWS' || input.UsageOperation) throw unsupported('Licenses from AWS are');
}
