import type { ModifyInstanceMaintenanceOptionsRequest, ModifyInstanceMaintenanceOptionsResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireLiving } from './require-living.ts';

/**
 * Confirms the defaults: a machine that fails is always started again, and moves when its node must be emptied. That cannot be switched off.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState, InvalidParameterCombination, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMaintenanceOptions.html
 */
export async function modifyInstanceMaintenanceOptions(
  { InstanceId, AutoRecovery, RebootMigration }: ModifyInstanceMaintenanceOptionsRequest,
  context: OperationContext,
): Promise<ModifyInstanceMaintenanceOptionsResult> {
  if (AutoRecovery === undefined && RebootMigration === undefined) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  const instance = requireLiving(InstanceId, context);
  if (AutoRecovery !== undefined && AutoRecovery !== 'default') throw new AwsError('UnsupportedOperation', 'Disabling automatic recovery is not supported.');
  if (RebootMigration !== undefined && RebootMigration !== 'default') throw new AwsError('UnsupportedOperation', 'Disabling reboot migration is not supported.');
  return { InstanceId: ec2IdOf('i', instance), AutoRecovery: 'default', ...(RebootMigration && { RebootMigration: 'default' }) };
}
