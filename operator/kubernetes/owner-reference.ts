import type { KubernetesObject, OwnerReference } from '../api/shared.ts';
import type { ResourceKind } from './resource-type.ts';

/**
 * The reference by which an object belongs to its controller: when the owner goes, the garbage collector removes it.
 * @throws Error - if the owner was never read from the API server (it has no uid)
 */
export function controllerReferenceTo(type: ResourceKind, owner: KubernetesObject): OwnerReference {
  const { name, uid } = owner.metadata ?? {};
  if (name === undefined || uid === undefined) throw new Error(`${type.kind} ${name ?? ''} cannot own anything: it has no uid`);
  return { apiVersion: type.apiVersion, kind: type.kind, name, uid, controller: true, blockOwnerDeletion: true };
}
