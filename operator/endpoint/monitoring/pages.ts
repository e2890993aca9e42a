import { pageOf, pageScopeOf, type Page } from '../ec2/pages.ts';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';

/** What a caller of CloudWatch says about pages. */
export interface RecordsRequest {
  MaxRecords?: number | undefined;
  NextToken?: string | undefined;
}

/** Cuts a page in the order of `keyOf`. @throws AwsError ValidationError, InvalidNextToken */
export function recordsPageOf<T>(operation: string, items: Iterable<T>, { MaxRecords, NextToken }: RecordsRequest, maximum: number, context: Pick<ReadOnlyContext, 'read' | 'caller'>, keyOf: (item: T) => string): Page<T> {
  try {
    return pageOf(items, { MaxResults: MaxRecords, NextToken }, { minimum: 1, maximum, fallback: Math.min(maximum, 500) }, pageScopeOf(operation, context), keyOf);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code === 'InvalidNextToken') throw error;
    throw new AwsError('ValidationError', `1 validation error detected: Value '${String(MaxRecords)}' at 'maxRecords' failed to satisfy constraint: Member must have value between 1 and ${String(maximum)}`, { cause: error });
  }
}
