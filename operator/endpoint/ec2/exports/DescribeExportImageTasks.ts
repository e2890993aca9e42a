import type { DescribeExportImageTasksRequest, DescribeExportImageTasksResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireNothing } from '../nothing-of-a-kind.ts';
import { imageExports } from './export-tasks.ts';

/**
 * Lists exports of images: none, as nobody can make one.
 * @throws AwsError InvalidExportTaskID.*, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeExportImageTasks.html
 */
export async function describeExportImageTasks(
  { ExportImageTaskIds, ...input }: DescribeExportImageTasksRequest,
  context: ReadOnlyContext,
): Promise<DescribeExportImageTasksResult> {
  requireNothing(imageExports, { ...input, ids: ExportImageTaskIds }, context);
  return { ExportImageTasks: [] };
}
