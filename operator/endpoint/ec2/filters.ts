import type { Filter } from '@aws-sdk/client-ec2';
import type { Tag } from '../../api/shared.ts';
import { AwsError, missingParameter } from '../errors.ts';
import { literalOf, wildcardMatcher, type Matcher } from './wildcard.ts';

/** EC2's limit for the values of all filters of one request together. */
const FILTER_VALUES_LIMIT = 200;

/** The values of an object that a filter compares with; none where the object has no such property. Numbers and booleans in EC2's spelling. */
export type FilterValues<T> = (object: T) => readonly (string | undefined)[];

/** What an operation can be filtered by: wire name (and each of its alias spellings) -> the values it looks at. */
export type FilterTable<T> = Readonly<Record<string, FilterValues<T>>>;

/**
 * Turns EC2 filters into one predicate: names are ANDed, the values of one name ORed, values may hold wildcards. With `tagsOf` the filters
 * `tag:<key>`, `tag-key` and `tag-value` work too.
 * @throws AwsError InvalidParameterValue - for a filter name that the table does not have
 * @throws AwsError MissingParameter - for a filter without a name or without values
 * @throws AwsError FilterLimitExceeded - for more than 200 values
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Filter.html
 */
export function predicateFrom<T>(
  filters: readonly Filter[] | undefined,
  table: FilterTable<T>,
  tagsOf?: (object: T) => readonly Tag[] | undefined,
): (object: T) => boolean {
  if (filters === undefined || filters.length === 0) return () => true;
  requireFewValues(filters);
  const conditions = filters.map(({ Name, Values }, position) => {
    if (!Name) throw missingParameter(`Filter.${position + 1}.Name`);
    if (!Values || Values.length === 0) throw missingParameter(`Filter.${position + 1}.Value`);
    const valuesOf = valuesFor(Name, table, tagsOf);
    const matches = anyOf(Values);
    const condition = (object: T): boolean => valuesOf(object).some((value) => value !== undefined && matches(value));
    return { condition, isOfTags: isOfTags(Name) };
  });
  const tagsFirst = conditions.toSorted((left, right) => Number(right.isOfTags) - Number(left.isOfTags));
  return (object) => tagsFirst.every(({ condition }) => condition(object));
}

/**
 * The same where an object must be shown for the table to look at. Tags are known without: only what the filters by tag leave is shown, and nothing if there
 * are no other filters.
 * @throws AwsError - as `predicateFrom`
 */
export function predicateByView<T, View>(
  filters: readonly Filter[] | undefined,
  table: FilterTable<View>,
  tagsOf: (object: T) => readonly Tag[] | undefined,
  viewOf: (object: T) => View,
): (object: T) => boolean {
  let latest: { object: T; view: View } | undefined;
  const view = (object: T): View => {
    if (latest?.object !== object) latest = { object, view: viewOf(object) };
    return latest.view;
  };
  const throughView = Object.entries(table).map(([name, valuesOf]): [string, FilterValues<T>] => [name, (object) => valuesOf(view(object))]);
  return predicateFrom(filters, Object.fromEntries(throughView), tagsOf);
}

function isOfTags(name: string): boolean {
  return name.startsWith('tag:') || name === 'tag-key' || name === 'tag-value';
}

/** The values that the first filter of this name asks for literally, to answer from an index; undefined if it has wildcards or is not there. */
export function literalFilterValues(filters: readonly Filter[] | undefined, name: string): string[] | undefined {
  const values = filters?.find((filter) => filter.Name === name)?.Values;
  if (!values || values.length === 0) return undefined;
  const literals = values.map(literalOf);
  return literals.every((literal) => literal !== undefined) ? literals : undefined;
}

function requireFewValues(filters: readonly Filter[]): void {
  const count = filters.reduce((sum, filter) => sum + (filter.Values?.length ?? 0), 0);
  if (count > FILTER_VALUES_LIMIT) {
    throw new AwsError('FilterLimitExceeded', `The maximum number of filter values specified on a single call is ${FILTER_VALUES_LIMIT}.`);
  }
}

function valuesFor<T>(name: string, table: FilterTable<T>, tagsOf: ((object: T) => readonly Tag[] | undefined) | undefined): FilterValues<T> {
  // hasOwn, so that `constructor` and `__proto__` are just unknown names.
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (known) return known;
  if (tagsOf && name.startsWith('tag:') && name.length > 'tag:'.length) {
    const key = name.slice('tag:'.length);
    return (object) => [tagsOf(object)?.find((tag) => tag.key === key)?.value];
  }
  if (tagsOf && name === 'tag-key') return (object) => (tagsOf(object) ?? []).map((tag) => tag.key);
  if (tagsOf && name === 'tag-value') return (object) => (tagsOf(object) ?? []).map((tag) => tag.value);
  throw new AwsError('InvalidParameterValue', `The filter '${name}' is invalid`);
}

function anyOf(patterns: readonly string[]): Matcher {
  const literals = new Set<string>();
  const matchers: Matcher[] = [];
  for (const pattern of patterns) {
    const literal = literalOf(pattern);
    if (literal === undefined) matchers.push(wildcardMatcher(pattern));
    else literals.add(literal);
  }
  return (text) => literals.has(text) || matchers.some((matches) => matches(text));
}
