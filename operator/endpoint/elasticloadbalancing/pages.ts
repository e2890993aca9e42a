import { pageOf, pageScopeOf } from '../ec2/pages.ts';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { validationError, wholeWithin } from '../model-constraints.ts';

const PAGE_LIMIT = 400;

/** Cuts a page in Elastic Load Balancing's manner. @throws AwsError ValidationError */
export function markerPageOf<T>(operation: string, items: Iterable<T>, { Marker, PageSize = PAGE_LIMIT }: { Marker?: string | undefined; PageSize?: number | undefined }, context: Pick<ReadOnlyContext, 'read' | 'caller'>, keyOf: (item: T) => string): { items: T[]; NextMarker?: string } {
  const request = { MaxResults: wholeWithin(PageSize, 'Page size', 1, PAGE_LIMIT), NextToken: Marker };
  try {
    const page = pageOf(items, request, { minimum: 1, maximum: PAGE_LIMIT }, pageScopeOf(operation, context), keyOf);
    return { items: page.items, ...(page.NextToken !== undefined && { NextMarker: page.NextToken }) };
  } catch (error) {
    if (error instanceof AwsError && error.code === 'InvalidNextToken') throw validationError('Invalid marker');
    throw error;
  }
}
