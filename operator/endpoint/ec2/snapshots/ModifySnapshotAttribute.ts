import type { ModifySnapshotAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeSnapshot } from './change-snapshot.ts';
import { requireOwnSnapshot } from './find-snapshot.ts';
import { permissionChangeFrom } from './volume-permissions.ts';

/** EC2's own. */
const ACCOUNTS_LIMIT = 1000;

/**
 * Shares a snapshot with accounts or everybody, or no more.
 * @throws AwsError InvalidSnapshot.NotFound, InvalidParameterValue, InvalidParameterCombination, MissingParameter, OperationNotPermitted
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifySnapshotAttribute.html
 */
export async function modifySnapshotAttribute(input: ModifySnapshotAttributeRequest, context: OperationContext): Promise<void> {
  const snapshot = requireOwnSnapshot(input.SnapshotId, context);
  if (input.Attribute !== undefined && input.Attribute !== 'createVolumePermission') {
    throw invalidParameterValue('attribute', String(input.Attribute), 'Only createVolumePermission can be modified.');
  }
  const { add, remove } = permissionChangeFrom(input);
  if (snapshot.status?.encrypted === true && add.everybody) throw new AwsError('OperationNotPermitted', 'Encrypted snapshots cannot be shared with everybody.');
  await changeSnapshot(
    snapshot,
    ({ spec }) => {
      const kept = (spec.createVolumePermissionAccountIds ?? []).filter((id) => !remove.accountIds.includes(id));
      const accountIds = [...new Set([...kept, ...add.accountIds])];
      if (accountIds.length > ACCOUNTS_LIMIT) throw new AwsError('InvalidParameterValue', `A snapshot can be shared with ${ACCOUNTS_LIMIT} accounts at most.`);
      return { public: (spec.public && !remove.everybody) || add.everybody, createVolumePermissionAccountIds: accountIds.length > 0 ? accountIds : null };
    },
    context.write,
  );
}
