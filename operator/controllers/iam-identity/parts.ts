import { ACCOUNT_ID_LABEL } from '../../api/identity/account.ts';
import { customResourceDefinitions } from '../../api/index.ts';
import { allowedActionsOf, iamServiceAccountName, type IamGrant } from '../../api/identity/iam-identity.ts';
import { API_GROUP } from '../../api/shared.ts';
import { IamRole, IamUser, type Role, type RoleBinding, type ServiceAccount } from '../../kubernetes/resources.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { currentGrantsOf } from './current-grants.ts';

/** A user or a role: to Kubernetes both are a ServiceAccount with rights. */
export type Identity = IamUser | IamRole;

/** ServiceAccount that the endpoint runs as. */
export interface EndpointServiceAccount {
  namespace: string;
  name: string;
}

/** ClusterRole, shipped with the operator, with which the endpoint acts as the ServiceAccounts of one namespace. */
export const ENDPOINT_ACCOUNT_ROLE = 'kube-ec2-endpoint-account';

const rbac = 'rbac.authorization.k8s.io';

/** Plurals of the kinds that policies can be about. */
export const grantableKinds: readonly string[] = customResourceDefinitions.filter(({ namespaced }) => namespaced).map(({ plural }) => plural);
/** What may be done with Secrets at most: user data of instances, access keys of users. */
export const grantableSecretVerbs = ['get', 'create', 'patch', 'delete'] as const;

/** The ServiceAccount of an identity. It needs no token: it is only impersonated. Pure. */
export function serviceAccountFor(identity: Identity, accountId: string): ServiceAccount {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadataOf(identity, accountId), automountServiceAccountToken: false };
}

/** The rights of an identity: the union of what its policies grant. Pure. */
export function roleFor(identity: Identity, accountId: string): Role {
  const verbs = new Map<string, Set<string>>();
  for (const grant of grantsOf(identity)) {
    const known = verbs.get(grant.resource) ?? new Set<string>();
    verbs.set(grant.resource, known);
    for (const verb of grant.verbs) known.add(verb);
  }
  const rules = [...verbs.keys()].sort().map((resource) => ({
    apiGroups: [resource === 'secrets' ? '' : API_GROUP],
    resources: [resource],
    verbs: [...(verbs.get(resource) ?? [])].sort(),
  }));
  return { apiVersion: `${rbac}/v1`, kind: 'Role', metadata: metadataOf(identity, accountId), rules };
}

/** Gives an identity its rights. Pure. */
export function roleBindingFor(identity: Identity, accountId: string): RoleBinding {
  const metadata = metadataOf(identity, accountId);
  const { name, namespace } = metadata;
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  };
}

/** Lets the endpoint act as users and roles in a namespace. It is nobody's: other identities of the namespace need it too. Pure. */
export function endpointBindingFor(namespace: string, accountId: string, endpoint: EndpointServiceAccount): RoleBinding {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name: ENDPOINT_ACCOUNT_ROLE, namespace, labels: { [ACCOUNT_ID_LABEL]: accountId } },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: ENDPOINT_ACCOUNT_ROLE },
    subjects: [{ kind: 'ServiceAccount', ...endpoint }],
  };
}

/** The first grant that no policy may have; undefined if all are in order. Pure. */
export function unknownGrantOf(identity: Identity): IamGrant | undefined {
  const secretVerbs: readonly string[] = grantableSecretVerbs;
  return grantsOf(identity).find(({ resource, verbs }) =>
    resource === 'secrets' ? verbs.some((verb) => !secretVerbs.includes(verb)) : !grantableKinds.includes(resource),
  );
}

/** How many action patterns its policies have. Pure. */
export function actionCountOf({ spec }: Identity): number {
  return allowedActionsOf(spec).length;
}

function grantsOf({ spec: { inlinePolicies, attachedPolicies } }: Identity): IamGrant[] {
  return [...inlinePolicies, ...attachedPolicies].flatMap(currentGrantsOf);
}

/** What is made for an identity. */
interface PartMetadata {
  name: string;
  namespace: string;
  /** The controllers' caches hold what has it. */
  labels: { [ACCOUNT_ID_LABEL]: string };
  ownerReferences: ReturnType<typeof controllerReferenceTo>[];
}

function metadataOf(identity: Identity, accountId: string): PartMetadata {
  const isUser = identity.kind === IamUser.kind;
  return {
    name: iamServiceAccountName(isUser ? 'IamUser' : 'IamRole', identity.metadata.name),
    namespace: identity.metadata.namespace ?? '',
    labels: { [ACCOUNT_ID_LABEL]: accountId },
    ownerReferences: [controllerReferenceTo(isUser ? IamUser : IamRole, identity)],
  };
}
