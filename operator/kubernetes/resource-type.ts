import type { KubernetesObject } from '../api/shared.ts';

declare const objectType: unique symbol;

/** How the API server calls a kind. */
export interface ResourceKind {
  /** `v1`, `kubevirt.io/v1`, `kube-ec2.io/v1alpha1` ... */
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

/**
 * Names a kind of object to the cluster and carries its TypeScript type. Custom resources' definitions of `api/` are turned into one by
 * `resourceTypeOf`; Kubernetes' and KubeVirt's own stand in `resources.ts`.
 */
export interface ResourceType<T extends KubernetesObject> extends ResourceKind {
  /** Never set: only carries the type. */
  readonly [objectType]?: (object: T) => T;
}

/** API group of a type: the part of apiVersion before the slash, '' for the core group. */
export function groupOf(type: { readonly apiVersion: string }): string {
  const slash = type.apiVersion.indexOf('/');
  return slash < 0 ? '' : type.apiVersion.slice(0, slash);
}
