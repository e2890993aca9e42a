import type { DescribeImportSnapshotTasksRequest, DescribeImportSnapshotTasksResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { importTasksOf } from './find-import-task.ts';
import { sdkImportSnapshotTaskFrom } from './sdk-import-task.ts';

/**
 * Lists the imports of snapshots.
 * @throws AwsError InvalidConversionTaskId.Malformed, InvalidConversionTaskId, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImportSnapshotTasks.html
 */
export async function describeImportSnapshotTasks(input: DescribeImportSnapshotTasksRequest, context: ReadOnlyContext): Promise<DescribeImportSnapshotTasksResult> {
  const { tasks, ...page } = importTasksOf('snapshot', input, context);
  return { ImportSnapshotTasks: tasks.map(sdkImportSnapshotTaskFrom), ...page };
}
