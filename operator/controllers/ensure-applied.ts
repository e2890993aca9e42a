import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../api/shared.ts';
import { isFields, isSameJson } from '../kubernetes/merge-patch.ts';
import type { ResourceType } from '../kubernetes/resource-type.ts';
import type { ReconcileContext } from '../runtime/reconcile.ts';

/** On an object: digest of what was applied. It tells what its fields cannot: that a former version applied one that is not wanted any more. */
const APPLIED_DIGEST_ANNOTATION = 'kube-ec2.io/applied-digest';

/**
 * Applies an object unless the cache shows it with all that is wanted, whatever the API server and others have added. So a pass over what is in order
 * writes nothing, what somebody changed or removed is put right, and what another version of the operator wants otherwise is applied anew. The controller
 * must watch the kind. `wanted` is made the same way each time: the digest follows its text.
 */
export async function ensureApplied<T extends KubernetesObject>(type: ResourceType<T>, wanted: T, { read, write }: Pick<ReconcileContext, 'read' | 'write'>): Promise<void> {
  const { namespace, name = '', annotations } = wanted.metadata ?? {};
  const digest = createHash('sha256').update(JSON.stringify(wanted)).digest('hex').slice(0, 16);
  const marked = { ...wanted, metadata: { ...wanted.metadata, annotations: { ...annotations, [APPLIED_DIGEST_ANNOTATION]: digest } } };
  const existing = read.get(type, { namespace, name });
  if (existing !== undefined && shows(existing, marked)) return;
  await write.apply(type, marked);
}

/** Whether all that is wanted is there, whatever else there is; lists are compared whole. Of an empty one the API server keeps null, as in the rules of a Role, or nothing. */
function shows(existing: unknown, wanted: unknown): boolean {
  if (wanted === undefined) return true;
  if (Array.isArray(wanted)) return isSameJson(existing ?? [], wanted);
  if (!isFields(wanted)) return isSameJson(existing, wanted);
  return isFields(existing) && Object.entries(wanted).every(([field, value]) => shows(existing[field], value));
}
