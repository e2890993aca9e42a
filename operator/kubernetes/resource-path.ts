import { ApiError } from './errors.ts';
import type { ObjectKey } from './read.ts';
import { groupOf, type ResourceKind } from './resource-type.ts';

/** Query parameters; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

function queryString(query: Query): string {
  const fields = Object.entries(query).filter(([, value]) => value !== undefined);
  return fields.length === 0 ? '' : `?${fields.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')}`;
}

/**
 * A name as one segment of a path. Names come from users: one that is empty or has a meaning in paths would reach another object, or all of them.
 * @throws ApiError NotFound - no object can have such a name
 */
function segment(type: ResourceKind, name: string): string {
  if (name !== '' && name !== '.' && name !== '..' && !/[/%]/.test(name)) return encodeURIComponent(name);
  throw new ApiError({ code: 404, reason: 'NotFound', message: `${type.plural} "${name}" not found`, details: { name, group: groupOf(type), kind: type.plural } });
}

function root(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Path of a collection, in one namespace if given; across all without. @throws ApiError NotFound - for a namespace that cannot be */
export function collectionPath(type: ResourceKind, namespace: string | undefined, query: Query = {}): string {
  const scope = namespace === undefined || !type.namespaced ? '' : `/namespaces/${segment(type, namespace)}`;
  return `${root(type.apiVersion)}${scope}/${type.plural}${queryString(query)}`;
}

/** Path of an object or of one of its subresources. @throws ApiError NotFound - for a name that cannot be */
export function objectPath(type: ResourceKind, key: ObjectKey, query: Query = {}, subresource?: string): string {
  if (type.namespaced && key.namespace === undefined) throw new Error(`${type.kind} ${key.name}: a namespace is needed`);
  return `${collectionPath(type, key.namespace)}/${segment(type, key.name)}${subresource === undefined ? '' : `/${subresource}`}${queryString(query)}`;
}

/** Path of a subresource that KubeVirt's own API server serves. */
export function kubevirtSubresourcePath(type: ResourceKind, key: ObjectKey, subresource: string): string {
  return objectPath({ ...type, apiVersion: 'subresources.kubevirt.io/v1' }, key, {}, subresource);
}
