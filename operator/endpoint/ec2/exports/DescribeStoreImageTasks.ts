import type { DescribeStoreImageTasksRequest, DescribeStoreImageTasksResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { findVisibleImage } from '../images/visible-images.ts';
import { requireNothing } from '../nothing-of-a-kind.ts';
import { forbidPagesWithIds } from '../pages.ts';
import { imageStores } from './export-tasks.ts';

/**
 * Lists images that were stored as objects: none, as nobody can store one.
 * @throws AwsError InvalidAMIID.*, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeStoreImageTasks.html
 */
export async function describeStoreImageTasks({ ImageIds = [], ...input }: DescribeStoreImageTasksRequest, context: ReadOnlyContext): Promise<DescribeStoreImageTasksResult> {
  forbidPagesWithIds('ImageIds', ImageIds, input);
  requireEach(IdKinds.image, ImageIds, (id) => findVisibleImage(context.read, context.caller, id));
  requireNothing(imageStores, input, context);
  return { StoreImageTaskResults: [] };
}
