import type { DescribeImportImageTasksRequest, DescribeImportImageTasksResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { importTasksOf } from './find-import-task.ts';
import { sdkImportImageTaskFrom } from './sdk-import-task.ts';

/**
 * Lists the imports of images, those included that Amis made with kubectl ask for.
 * @throws AwsError InvalidConversionTaskId.Malformed, InvalidConversionTaskId, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImportImageTasks.html
 */
export async function describeImportImageTasks(input: DescribeImportImageTasksRequest, context: ReadOnlyContext): Promise<DescribeImportImageTasksResult> {
  const { tasks, ...page } = importTasksOf('image', input, context);
  return { ImportImageTasks: tasks.map(sdkImportImageTaskFrom), ...page };
}
