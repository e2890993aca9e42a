import { INSTANCES_SERVICE, ROOT_SERVICE_ACCOUNT } from '../../api/identity/account.ts';
import { SESSION_KEY_SECRET } from '../../api/identity/iam-identity.ts';
import { DEFAULT_SECURITY_GROUP_NAME } from '../../api/network/security-group.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Account, Instance, Namespace, RoleBinding, SecurityGroup, Service, ServiceAccount, Vpc } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { ROOT_ACCESS_KEY_SECRET } from './ensure-access-key.ts';
import { ACCOUNT_ROOT_ROLE, namespaceNameOf } from './parts.ts';
import { reconcile } from './reconcile.ts';

function ofNamespace(read: Read, namespace: string | undefined): { name: string }[] {
  return read
    .list(Account)
    .filter((account) => namespaceNameOf(account) === namespace)
    .map(({ metadata }) => ({ name: metadata.name }));
}

/** Sets accounts up. */
export function accountController(): AnyController {
  return defineController({
    name: 'account',
    type: Account,
    watches: [
      // When an account goes, one that had to stand back may be set up.
      watching(Account, (account, read) =>
        read
          .list(Account)
          .filter((other) => other.spec.accountId === account.spec.accountId || namespaceNameOf(other) === namespaceNameOf(account))
          .map(({ metadata }) => ({ name: metadata.name })),
      ),
      watching(Namespace, ({ metadata }, read) => ofNamespace(read, metadata?.name)),
      watching(SecurityGroup, ({ metadata, spec }, read) => (spec.groupName === DEFAULT_SECURITY_GROUP_NAME ? ofNamespace(read, metadata.namespace) : [])),
      watching(Vpc, ({ metadata, spec }, read) => (spec.isDefault ? ofNamespace(read, metadata.namespace) : [])),
      // What is applied: whatever somebody changes or removes is put right.
      watching(ServiceAccount, ({ metadata }, read) => (metadata?.name === ROOT_SERVICE_ACCOUNT ? ofNamespace(read, metadata.namespace) : [])),
      watching(RoleBinding, ({ metadata }, read) => (metadata?.name === ROOT_SERVICE_ACCOUNT ? ofNamespace(read, metadata.namespace) : [])),
      watching(Service, ({ metadata }, read) => (metadata?.name === INSTANCES_SERVICE ? ofNamespace(read, metadata.namespace) : [])),
      // Only counted, when an account is deleted.
      watching(Instance, () => []),
    ],
    permissions: [
      { group: 'kube-ec2.io', resource: 'accounts', verbs: ['patch'], reason: 'finalizer' },
      { group: 'kube-ec2.io', resource: 'securitygroups', verbs: ['create'], reason: 'default group of an account' },
      { group: 'kube-ec2.io', resource: 'vpcs', verbs: ['create'], reason: 'default VPC of an account' },
      { group: '', resource: 'namespaces', verbs: ['create'], reason: 'namespace of an account' },
      { group: '', resource: 'serviceaccounts', verbs: ['create', 'patch'], reason: 'identity of root' },
      { group: '', resource: 'services', verbs: ['create', 'patch'], reason: 'names of machines' },
      { group: '', resource: 'secrets', verbs: ['create'], reason: 'keys of an account' },
      { group: '', resource: 'secrets', verbs: ['get'], resourceNames: [ROOT_ACCESS_KEY_SECRET, SESSION_KEY_SECRET], reason: 'whether an account has its keys: Secrets are in no cache' },
      { group: 'rbac.authorization.k8s.io', resource: 'rolebindings', verbs: ['create', 'patch'], reason: 'rights of root' },
      { group: 'rbac.authorization.k8s.io', resource: 'clusterroles', verbs: ['bind'], resourceNames: [ACCOUNT_ROOT_ROLE], reason: 'rights of root' },
    ],
    concurrency: 2,
    reconcile,
  });
}
