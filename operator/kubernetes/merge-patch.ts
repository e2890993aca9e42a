import type { Json } from './write.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Whether a JSON value is an object, neither a list nor null. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values are the same; a field that is undefined counts as absent, the order of fields does not count. */
export function isSameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, position) => isSameJson(item, right[position]));
  }
  if (!isFields(left) || !isFields(right)) return false;
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].every((field) => isSameJson(left[field], right[field]));
}

/**
 * The JSON merge patch that turns `from` into `to`: changed fields, and null for those that are gone; lists are replaced whole.
 * `undefined` if there is nothing to change.
 * @see https://www.rfc-editor.org/rfc/rfc7396
 */
export function mergePatchFrom(from: unknown, to: unknown): Json | undefined {
  if (isSameJson(from, to)) return undefined;
  if (!isFields(to)) return (to ?? null) as Json;
  // What replaces a list or a scalar is merged into an empty object, as the RFC has it.
  const before: Fields = isFields(from) ? from : {};
  const patch: { [field: string]: Json } = {};
  for (const field of Object.keys(before)) if (before[field] !== undefined && to[field] === undefined) patch[field] = null;
  for (const [field, value] of Object.entries(to)) {
    if (value === undefined) continue;
    const inner = mergePatchFrom(before[field], value);
    if (inner !== undefined) patch[field] = inner;
  }
  return patch;
}
