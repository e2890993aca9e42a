import type { CancelExportTaskRequest } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { refuseIds } from '../nothing-of-a-kind.ts';
import { imageExports, instanceExports } from './export-tasks.ts';

/**
 * Cancels an export: there is none.
 * @throws AwsError InvalidExportTaskID.* - always
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelExportTask.html
 */
export async function cancelExportTask({ ExportTaskId = '' }: CancelExportTaskRequest, _context: OperationContext): Promise<object> {
  refuseIds(ExportTaskId.startsWith('export-i-') ? instanceExports : imageExports, [ExportTaskId]);
  return {};
}
