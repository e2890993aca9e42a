import { createHmac, timingSafeEqual } from 'node:crypto';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { accountOf } from './indexes.ts';

/** What a caller says about pages. */
export interface PageRequest {
  MaxResults?: number | undefined;
  NextToken?: string | undefined;
}

/** Bounds of MaxResults as the operation's reference has them; `fallback` is the size of a page when MaxResults is absent (without: no paging). */
export interface PageBounds {
  minimum: number;
  maximum: number;
  fallback?: number;
}

/** Whose tokens these are: a token is good for this operation of this account only. Made by `pageScopeOf`. */
export interface PageScope {
  operation: string;
  secret: string;
}

/** One page; `NextToken` is absent on the last one. */
export interface Page<T> {
  items: T[];
  NextToken?: string;
}

const MAC_BYTES = 16;

/**
 * Cuts one page out of `items`. A token holds the sort key of the last item that was shown, so pages neither repeat nor leave out what existed
 * all the time, while objects come and go; it needs no memory, so any replica can go on, also after a restart. `keyOf` must be unique per item and
 * must not change during the item's life (creation time and id, say). The token is authenticated, so a made-up one is refused.
 * @throws AwsError InvalidParameterValue - MaxResults out of bounds
 * @throws AwsError InvalidNextToken - a token that this operation did not give this account
 */
export function pageOf<T>(items: Iterable<T>, request: PageRequest, bounds: PageBounds, scope: PageScope, keyOf: (item: T) => string): Page<T> {
  const limit = limitOf(request.MaxResults, bounds);
  const after = request.NextToken ? keyFrom(request.NextToken, scope) : undefined;
  const keyed: { key: string; item: T }[] = [];
  for (const item of items) {
    const key = keyOf(item);
    if (after === undefined || key > after) keyed.push({ key, item });
  }
  keyed.sort((left, right) => (left.key < right.key ? -1 : Number(left.key > right.key)));
  const page = keyed.slice(0, limit);
  const last = page.at(-1);
  const isLast = last === undefined || page.length === keyed.length;
  return { items: page.map(({ item }) => item), ...(isLast ? {} : { NextToken: tokenFrom(last.key, scope) }) };
}

/**
 * Refuses pages together with ids, as EC2 does: the answer to named objects is never cut.
 * @throws AwsError InvalidParameterCombination
 */
export function forbidPagesWithIds(idsName: string, ids: readonly unknown[] | undefined, { MaxResults, NextToken }: PageRequest): void {
  if (!ids || ids.length === 0) return;
  const paging = MaxResults !== undefined ? 'maxResults' : NextToken ? 'nextToken' : undefined;
  if (paging) {
    throw new AwsError('InvalidParameterCombination', `The parameter ${idsName} cannot be used with the parameter ${paging}`);
  }
}

/**
 * The scope of an operation's tokens for this caller. The key is the uid of the caller's Account: random, the same for every replica and after
 * every restart, and never shown by the API. Whoever may read Accounts with kubectl could make tokens, and would gain nothing: a token only says
 * where a page begins, and what a page shows is looked up and authorised anew. A Secret just for this was rejected as one more thing to run.
 */
export function pageScopeOf(operation: string, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): PageScope {
  const uid = accountOf(read, caller.accountId)?.metadata.uid ?? caller.namespace;
  return { operation, secret: `${caller.accountId}/${uid}` };
}

function limitOf(maxResults: number | undefined, { minimum, maximum, fallback }: PageBounds): number {
  if (maxResults === undefined) return fallback ?? Number.POSITIVE_INFINITY;
  if (Number.isInteger(maxResults) && maxResults >= minimum && maxResults <= maximum) return maxResults;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ( ${maxResults} ) for parameter maxResults is invalid. Expecting a value between ${minimum} and ${maximum}.`,
  );
}

function tokenFrom(key: string, scope: PageScope): string {
  return Buffer.concat([macOf(key, scope), Buffer.from(key)]).toString('base64url');
}

function keyFrom(token: string, scope: PageScope): string {
  const bytes = Buffer.from(token, 'base64url');
  const key = bytes.subarray(MAC_BYTES).toString();
  // Comparing the text too refuses the other spellings that a lenient base64 decoder accepts.
  const isGenuine = bytes.length > MAC_BYTES && bytes.toString('base64url') === token && timingSafeEqual(bytes.subarray(0, MAC_BYTES), macOf(key, scope));
  if (!isGenuine) throw new AwsError('InvalidNextToken', 'The specified NextToken is not valid.');
  return key;
}

function macOf(key: string, { operation, secret }: PageScope): Buffer {
  // JSON keeps operation and key apart, whatever characters they hold.
  return createHmac('sha256', secret).update(JSON.stringify([operation, key])).digest().subarray(0, MAC_BYTES);
}
