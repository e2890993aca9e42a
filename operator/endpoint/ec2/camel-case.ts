/** The only times in what is kept in camelCase: from and until when a request is good. */
const TIMES = new Set(['validUntil', 'validFrom']);

/** A value of the API as resources keep it: names of members in camelCase, absent ones left out, times as text. */
export function camelCased(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(members.map(([name, inner]) => [name.charAt(0).toLowerCase() + name.slice(1), camelCased(inner)]));
}

/** The reverse of camelCased. */
export function pascalCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toUpperCase() + name.slice(1),
      TIMES.has(name) && typeof inner === 'string' ? new Date(inner) : pascalCased(inner),
    ]),
  );
}
