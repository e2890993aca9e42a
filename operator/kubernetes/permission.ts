/** A Kubernetes permission that code declares; the ClusterRoles are generated from them. */
export interface Permission {
  /** API group, '' for core. */
  group: string;
  /** Plural, with subresource after a slash: `virtualmachineinstances/softreboot`. */
  resource: string;
  verbs: readonly ('get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'bind' | 'impersonate')[];
  /** Narrows the permission to objects of these names. */
  resourceNames?: readonly string[];
  /** Why it is needed, for the generated file's reader. */
  reason: string;
}
