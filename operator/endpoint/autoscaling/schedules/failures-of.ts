import type { FailedScheduledUpdateGroupActionRequest } from '@aws-sdk/client-auto-scaling';
import { eachBounded } from '../../../kubernetes/bounded.ts';
import { AwsError } from '../../errors.ts';
import { validationError } from '../../model-constraints.ts';

const BATCH_LIMIT = 50;

/** Does something for each item of a batch and gives what was refused; failures of our own are thrown. @throws AwsError ValidationError - for more than 50 */
export async function failuresOf<T>(items: readonly T[], nameOf: (item: T) => string | undefined, act: (item: T) => Promise<void>): Promise<FailedScheduledUpdateGroupActionRequest[]> {
  if (items.length === 0 || items.length > BATCH_LIMIT) throw validationError(`A batch must have 1 to ${String(BATCH_LIMIT)} actions.`);
  const results = await eachBounded(items, 4, act);
  return results.flatMap((result, index) => {
    if (!result || !('error' in result)) return [];
    const { error } = result;
    if (!(error instanceof AwsError) || error.status >= 500) throw error;
    return [{ ScheduledActionName: nameOf(items[index] as T), ErrorCode: error.code, ErrorMessage: error.message }];
  });
}
