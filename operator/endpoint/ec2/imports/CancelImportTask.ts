import type { CancelImportTaskRequest, CancelImportTaskResult } from '@aws-sdk/client-ec2';
import { importTaskIdOf } from '../../../api/compute/import-task.ts';
import { ImportTask } from '../../../kubernetes/resources.ts';
import { AwsError, missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireImportTask } from './find-import-task.ts';
import { sdkTaskStateOf } from './sdk-import-task.ts';

/**
 * Ends an import that is under way; what was copied is removed.
 * @throws AwsError MissingParameter, InvalidConversionTaskId.Malformed, InvalidConversionTaskId, InvalidParameterValue (it is over)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CancelImportTask.html
 */
export async function cancelImportTask({ ImportTaskId }: CancelImportTaskRequest, context: OperationContext): Promise<CancelImportTaskResult> {
  if (!ImportTaskId) throw missingParameter('ImportTaskId');
  const task = requireImportTask(ImportTaskId, context);
  const before = sdkTaskStateOf(task);
  if (before !== 'active') throw new AwsError('InvalidParameterValue', `The task ${ImportTaskId} is ${before} and cannot be cancelled.`);
  const changed = await context.write.patch(ImportTask, { namespace: task.metadata.namespace, name: task.metadata.name }, { spec: { cancelled: true } });
  return { ImportTaskId: importTaskIdOf(changed), PreviousState: before, State: sdkTaskStateOf(changed) };
}
