import type { ResetSnapshotAttributeRequest } from '@aws-sdk/client-ec2';
import { invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeSnapshot } from './change-snapshot.ts';
import { requireOwnSnapshot } from './find-snapshot.ts';

/**
 * Shares a snapshot with nobody any more.
 * @throws AwsError InvalidSnapshot.NotFound, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ResetSnapshotAttribute.html
 */
export async function resetSnapshotAttribute({ Attribute, SnapshotId }: ResetSnapshotAttributeRequest, context: OperationContext): Promise<void> {
  const snapshot = requireOwnSnapshot(SnapshotId, context);
  if (Attribute !== 'createVolumePermission') throw invalidParameterValue('attribute', String(Attribute ?? ''), 'Only createVolumePermission can be reset.');
  await changeSnapshot(snapshot, () => ({ public: false, createVolumePermissionAccountIds: null }), context.write);
}
