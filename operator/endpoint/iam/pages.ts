import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { pageOf, pageScopeOf } from '../ec2/pages.ts';

/** What a caller of a List operation says about pages. */
export interface MarkerRequest {
  Marker?: string | undefined;
  MaxItems?: number | undefined;
}

/** A page and what its answer says about the rest. */
export interface MarkerPage<T> {
  items: T[];
  position: { IsTruncated: boolean; Marker?: string };
}

/** Cuts a page in IAM's manner, 100 items unless MaxItems says less or more, in the order of `keyOf`. @throws AwsError ValidationError */
export function markerPageOf<T>(operation: string, items: Iterable<T>, { Marker, MaxItems }: MarkerRequest, context: Pick<ReadOnlyContext, 'read' | 'caller'>, keyOf: (item: T) => string): MarkerPage<T> {
  const bounds = { minimum: 1, maximum: 1000, fallback: 100 };
  try {
    const { items: page, NextToken } = pageOf(items, { MaxResults: MaxItems, NextToken: Marker }, bounds, pageScopeOf(operation, context), keyOf);
    return { items: page, position: NextToken === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: NextToken } };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError('ValidationError', error.code === 'InvalidNextToken' ? 'Invalid Marker' : 'maxItems must have a value between 1 and 1000', { cause: error });
  }
}
