import type { CopySnapshotRequest, CopySnapshotResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { requireClassFor } from '../volumes/require-class.ts';
import { requireUsableSnapshot } from './find-snapshot.ts';
import { descriptionFrom, makeSnapshot } from './new-snapshot.ts';

/**
 * Copies a snapshot, own or shared, within the one region. The copy holds all of the content, so the source may go.
 * @throws AwsError InvalidSnapshot.NotFound, InvalidSnapshotID.Malformed, IncorrectState, InvalidParameterValue, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopySnapshot.html
 */
export async function copySnapshot(input: CopySnapshotRequest, context: OperationContext): Promise<CopySnapshotResult> {
  // Clients fill DestinationRegion and PresignedUrl in by themselves; the source is in the one region there is.
  for (const region of [input.SourceRegion, input.DestinationRegion]) {
    if (region && region !== context.region) throw invalidParameterValue('region', region, `There is only the region ${context.region}.`);
  }
  if (input.DestinationOutpostArn || input.DestinationAvailabilityZone) throw new AwsError('UnsupportedOperation', 'Outposts and Local Zones are not supported.');
  if (input.CompletionDurationMinutes !== undefined) throw new AwsError('UnsupportedOperation', 'A completion duration is not supported.');
  const source = requireUsableSnapshot(input.SourceSnapshotId ?? '', context);
  if (input.Encrypted && source.status?.encrypted !== true) throw new AwsError('UnsupportedOperation', 'A copy is encrypted only if its source is.');
  requireClassFor({ volumeType: 'gp2', encrypted: source.status?.encrypted ?? false, kmsKeyId: input.KmsKeyId }, context);
  const description = descriptionFrom(input.Description);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'snapshot');
  const made = await makeSnapshot({ sourceSnapshotId: ec2IdOf('snap', source), ...(description !== undefined && { description }) }, tags, context);
  return { SnapshotId: ec2IdOf('snap', made), Tags: sdkTagsFrom(tags) };
}
