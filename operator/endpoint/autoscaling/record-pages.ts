import type { ReadOnlyContext } from '../operation.ts';
import { pageOf, pageScopeOf } from '../ec2/pages.ts';
import { requireWithin } from '../model-constraints.ts';

/** What a caller says about pages. */
export interface RecordsRequest {
  MaxRecords?: number | undefined;
  NextToken?: string | undefined;
}

/** Size of a page when nobody says. */
const FALLBACK = 50;

/**
 * Cuts one page out of records; see ec2/pages.ts.
 * @throws AwsError ValidationError - MaxRecords beyond its bounds
 * @throws AwsError InvalidNextToken
 */
export function recordsPage<T>(
  items: Iterable<T>,
  { MaxRecords, NextToken }: RecordsRequest,
  operation: string,
  context: Pick<ReadOnlyContext, 'read' | 'caller'>,
  keyOf: (item: T) => string,
  { maximum, fallback }: { maximum: number; fallback: number } = { maximum: 100, fallback: FALLBACK },
): { items: T[]; NextToken?: string } {
  requireWithin(MaxRecords, 'maxRecords', 1, maximum);
  const scope = pageScopeOf(`autoscaling:${operation}`, context);
  return pageOf(items, { MaxResults: MaxRecords ?? fallback, ...(NextToken && { NextToken }) }, { minimum: 1, maximum }, scope, keyOf);
}
