import type { z } from 'zod';
import type { KubernetesObject, ObjectMeta } from '../../operator/api/shared.ts';
import { ApiError } from '../../operator/kubernetes/errors.ts';
import type { ResourceKind } from '../../operator/kubernetes/resource-type.ts';

/** An object as the fake keeps it. */
export interface Stored extends KubernetesObject {
  metadata: ObjectMeta;
  spec?: unknown;
  status?: unknown;
}

const KINDS_WITHOUT_STATUS = new Set([
  'VirtualMachineInstance',
  'VirtualMachineClusterInstancetype',
  'VirtualMachineClusterPreference',
  'Secret',
  'ConfigMap',
  'Event',
  'Lease',
  'ServiceAccount',
  'Role',
  'RoleBinding',
  'ClusterRole',
  'StorageClass',
  'NetworkPolicy',
]);

/** Whether the API server keeps the kind's status apart from the rest. */
export function hasStatusSubresource(type: ResourceKind): boolean {
  return !KINDS_WITHOUT_STATUS.has(type.kind);
}

/** Freezes a value and all that it holds; what a cache returns is shared. */
export function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) frozen(inner);
  return Object.freeze(value);
}

/** Defaults filled in, unknown fields pruned, and Invalid thrown, for kinds that carry their zod definition (see resourceTypeOf); others as they are. */
export function completed(type: ResourceKind & { definition?: { spec: z.ZodType } }, object: Stored): Stored {
  const moved = moveSecretStrings(type, object);
  if (type.definition === undefined) return structuredClone(moved);
  const parsed = type.definition.spec.safeParse(moved.spec ?? {});
  if (parsed.success) return structuredClone({ ...moved, spec: parsed.data });
  const causes = parsed.error.issues.map(({ path, message }) => ({ reason: 'FieldValueInvalid', field: ['spec', ...path].join('.'), message }));
  throw new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${type.kind} "${object.metadata.name ?? ''}" is invalid: ${causes.map(({ field, message }) => `${field}: ${message}`).join(', ')}`,
    details: { name: object.metadata.name ?? '', kind: type.kind, causes },
  });
}

/** The API server turns a Secret's write-only stringData into base64 data. */
function moveSecretStrings(type: ResourceKind, object: Stored): Stored {
  if (type.kind !== 'Secret' || !('stringData' in object)) return object;
  const { stringData, ...rest } = object as Stored & { stringData?: Record<string, string>; data?: Record<string, string> };
  const encoded = Object.entries(stringData ?? {}).map(([name, value]) => [name, Buffer.from(value).toString('base64')]);
  return { ...rest, data: { ...rest.data, ...(Object.fromEntries(encoded) as Record<string, string>) } } as Stored;
}

/** Server-side apply takes away what the last apply held and this one does not; fields of maps only. */
export function withoutOwned(live: unknown, before: unknown, next: unknown): unknown {
  if (!isFields(live) || !isFields(before)) return live;
  const kept: Record<string, unknown> = { ...live };
  for (const field of Object.keys(before)) {
    if (!(field in kept)) continue;
    if (isFields(next) && next[field] !== undefined) kept[field] = withoutOwned(kept[field], before[field], next[field]);
    else delete kept[field];
  }
  return kept;
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
