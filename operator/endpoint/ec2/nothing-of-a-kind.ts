import type { Filter } from '@aws-sdk/client-ec2';
import type { Tag } from '../../api/shared.ts';
import { AwsError } from '../errors.ts';
import type { ReadOnlyContext } from '../operation.ts';
import { predicateFrom } from './filters.ts';
import { pageOf, pageScopeOf, type PageBounds, type PageRequest } from './pages.ts';

/** A kind of EC2's that no account can have here, so that a list of it is truly empty. */
export interface AbsentKind {
  operation: string;
  /** Every filter of the operation's reference, beside tags. */
  filterNames: readonly string[];
  bounds: PageBounds;
  /** How ids of the kind begin, and the codes for those that do not and for those that do. Absent: nothing is looked up by id. */
  ids?: { prefix: string; malformedCode: string; notFoundCode: string; what: string };
}

interface AbsentRequest extends PageRequest {
  Filters?: Filter[] | undefined;
  ids?: readonly string[] | undefined;
}

/**
 * Checks a request for a list of things that do not exist, as strictly as if they did: a misspelt filter must not pass for "none found".
 * @throws AwsError InvalidParameterValue, InvalidNextToken, and the kind's own codes for any id
 */
export function requireNothing(kind: AbsentKind, { Filters, ids = [], ...pages }: AbsentRequest, context: Pick<ReadOnlyContext, 'read' | 'caller'>): void {
  const noTags = (): Tag[] => [];
  predicateFrom(Filters, Object.fromEntries(kind.filterNames.map((name) => [name, () => []])), noTags);
  refuseIds(kind, ids);
  pageOf([], pages, kind.bounds, pageScopeOf(kind.operation, context), String);
}

/** No id is that of something. @throws AwsError the kind's own codes */
export function refuseIds({ ids: kind }: Pick<AbsentKind, 'ids'>, ids: readonly string[]): void {
  const [first] = ids;
  if (!kind || first === undefined) return;
  const malformed = ids.find((id) => !id.startsWith(kind.prefix));
  if (malformed !== undefined) throw new AwsError(kind.malformedCode, `Invalid id: "${malformed}" (expecting "${kind.prefix}...")`);
  throw new AwsError(kind.notFoundCode, `The ${kind.what} ID '${first}' does not exist`);
}
