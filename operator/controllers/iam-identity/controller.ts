import { API_GROUP } from '../../api/shared.ts';
import type { Permission } from '../../kubernetes/permission.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import { IamRole, IamUser, Namespace, Role, RoleBinding, ServiceAccount } from '../../kubernetes/resources.ts';
import { defineController, watching, watchingOwned, type AnyController, type WatchedResource } from '../../runtime/reconcile.ts';
import { ENDPOINT_ACCOUNT_ROLE, grantableKinds, grantableSecretVerbs, type EndpointServiceAccount, type Identity } from './parts.ts';
import { namesakesOf, reconcile } from './reconcile.ts';

/** Kubernetes lets nobody give away what he does not have. Nothing is gained by it: the controllers may bind the root role of accounts already. */
const permissions: readonly Permission[] = [
  { group: '', resource: 'serviceaccounts', verbs: ['create', 'patch'], reason: 'identity of users and roles' },
  { group: 'rbac.authorization.k8s.io', resource: 'roles', verbs: ['create', 'patch'], reason: 'rights of users and roles' },
  { group: 'rbac.authorization.k8s.io', resource: 'rolebindings', verbs: ['create', 'patch'], reason: 'rights of users and roles' },
  {
    group: 'rbac.authorization.k8s.io',
    resource: 'clusterroles',
    verbs: ['bind'],
    resourceNames: [ENDPOINT_ACCOUNT_ROLE],
    reason: 'lets the endpoint act as users and roles in the namespaces of accounts',
  },
  { group: '', resource: 'secrets', verbs: grantableSecretVerbs, reason: 'given to users and roles whose policies say so' },
  ...grantableKinds.map((resource): Permission => ({
    group: API_GROUP,
    resource,
    verbs: ['get', 'list', 'create', 'update', 'patch', 'delete'],
    reason: 'given to users and roles whose policies say so',
  })),
];

const keyOf = ({ metadata }: Identity): { namespace: string | undefined; name: string } => ({ namespace: metadata.namespace, name: metadata.name });

/** What is applied: whatever somebody changes or removes is put right. */
function partWatches<T extends Identity>(type: ResourceType<T>): WatchedResource[] {
  return [
    watchingOwned(ServiceAccount, type),
    watchingOwned(Role, type),
    watchingOwned(RoleBinding, type),
    // It is everybody's in its namespace.
    watching(RoleBinding, ({ metadata }, read) => (metadata?.name === ENDPOINT_ACCOUNT_ROLE ? read.list(type, metadata.namespace).map(keyOf) : [])),
  ];
}

/** Gives users their rights in Kubernetes. */
export function iamUserController(endpoint: EndpointServiceAccount): AnyController {
  return defineController({
    name: 'iam-user',
    type: IamUser,
    watches: [
      // When the older of two with one name goes, the other has it.
      watching(IamUser, (user, read) => namesakesOf(user, read).map(keyOf)),
      watching(Namespace, ({ metadata }, read) => read.list(IamUser, metadata?.name ?? '').map(keyOf)),
      ...partWatches(IamUser),
    ],
    permissions,
    concurrency: 2,
    reconcile: async (user, context) => reconcile(user, context, endpoint),
  });
}

/** Gives roles their rights in Kubernetes. */
export function iamRoleController(endpoint: EndpointServiceAccount): AnyController {
  return defineController({
    name: 'iam-role',
    type: IamRole,
    watches: [
      watching(IamRole, (role, read) => namesakesOf(role, read).map(keyOf)),
      watching(Namespace, ({ metadata }, read) => read.list(IamRole, metadata?.name ?? '').map(keyOf)),
      ...partWatches(IamRole),
    ],
    permissions,
    concurrency: 2,
    reconcile: async (role, context) => reconcile(role, context, endpoint),
  });
}
