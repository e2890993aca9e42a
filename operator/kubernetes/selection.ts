import type { KubernetesObject } from '../api/shared.ts';
import type { Selection } from './cluster.ts';

/** One term of a label or field selector, in the forms `name=value`, `name==value`, `name!=value`, `name` and `!name`. */
const TERM = /^(!?)([\w./-]+)(?:(==?|!=)([\w./-]*))?$/;

/**
 * Whether a cache with that selection holds the object; `undefined` if the selector has a form that is not understood here (set-based terms).
 * The API server does the selecting: this only tells whether to wait for an object to show up.
 */
export function isSelected({ namespace, labelSelector = '', fieldSelector = '' }: Selection, object: KubernetesObject): boolean | undefined {
  if (namespace !== undefined && namespace !== object.metadata?.namespace) return false;
  const labels = matches(labelSelector, (name) => object.metadata?.labels?.[name]);
  const fields = matches(fieldSelector, (path) => fieldAt(object, path));
  return labels === undefined || fields === undefined ? undefined : labels && fields;
}

function matches(selector: string, valueOf: (name: string) => string | undefined): boolean | undefined {
  for (const term of selector.split(',').filter((text) => text !== '')) {
    const parts = TERM.exec(term.trim());
    if (parts === null) return undefined;
    const [, not, name = '', operator, wanted] = parts;
    const value = valueOf(name);
    const holds = operator === undefined ? value !== undefined : (value === wanted) === (operator !== '!=');
    if (holds === (not === '!')) return false;
  }
  return true;
}

function fieldAt(object: unknown, path: string): string | undefined {
  const value = path.split('.').reduce<unknown>((inner, field) => (inner as Record<string, unknown> | undefined)?.[field], object);
  return typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' ? String(value) : undefined;
}
