import type { DescribeExportTasksRequest, DescribeExportTasksResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing } from '../nothing-of-a-kind.ts';
import { instanceExports } from './export-tasks.ts';

/**
 * Lists exports of instances: none, as nobody can make one.
 * @throws AwsError InvalidExportTaskID.*, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeExportTasks.html
 */
export async function describeExportTasks({ ExportTaskIds, Filters }: DescribeExportTasksRequest, context: ReadOnlyContext): Promise<DescribeExportTasksResult> {
  requireNothing(instanceExports, { Filters, ids: ExportTaskIds }, context);
  return { ExportTasks: [] };
}
