import { ACCOUNT_ID_LABEL, INSTANCES_SERVICE, ROOT_SERVICE_ACCOUNT } from '../../api/identity/account.ts';
import { ec2IdFrom } from '../../api/ec2-id.ts';
import { DEFAULT_SECURITY_GROUP_NAME } from '../../api/network/security-group.ts';
import { DEFAULT_VPC_BLOCK, DEFAULT_VPC_NAME, VpcDefinition } from '../../api/network/vpc.ts';
import { SecurityGroup, Vpc, type Account, type Namespace, type RoleBinding, type Service, type ServiceAccount } from '../../kubernetes/resources.ts';

/** ClusterRole, shipped with the operator, of what an account's root may do in its namespace. */
export const ACCOUNT_ROOT_ROLE = 'kube-ec2-account-root';

/** The namespace that holds all of an account. Pure. */
export function namespaceNameOf({ spec, metadata }: Account): string {
  return spec.namespace ?? metadata.name;
}

function metadataOf(account: Account, name: string): { name: string; namespace: string; labels: Record<string, string> } {
  return { name, namespace: namespaceNameOf(account), labels: { [ACCOUNT_ID_LABEL]: account.spec.accountId } };
}

/** The account's namespace. Pure. */
export function namespaceFor(account: Account): Namespace {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespaceNameOf(account), labels: { [ACCOUNT_ID_LABEL]: account.spec.accountId } } };
}

/** Who the root access key acts as. It needs no token of its own: it is only impersonated. Pure. */
export function serviceAccountFor(account: Account): ServiceAccount {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadataOf(account, ROOT_SERVICE_ACCOUNT), automountServiceAccountToken: false };
}

/** What root may do, in the account's namespace only. Pure. */
export function roleBindingFor(account: Account): RoleBinding {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: metadataOf(account, ROOT_SERVICE_ACCOUNT),
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: ACCOUNT_ROOT_ROLE },
    subjects: [{ kind: 'ServiceAccount', name: ROOT_SERVICE_ACCOUNT, namespace: namespaceNameOf(account) }],
  };
}

/** Headless Service that gives machines their names; where they lead, the controller `instance-names` says. Pure. */
export function instancesServiceFor(account: Account): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(account, INSTANCES_SERVICE),
    spec: { clusterIP: 'None' },
  };
}

/**
 * The group of instances that name none: members reach each other, and everything outside.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html
 */
export function defaultSecurityGroupFor(account: Account): SecurityGroup {
  const groupId = ec2IdFrom('sg', `default/${account.metadata.uid ?? ''}`);
  return {
    apiVersion: SecurityGroup.apiVersion,
    kind: SecurityGroup.kind,
    metadata: metadataOf(account, groupId),
    spec: {
      groupName: DEFAULT_SECURITY_GROUP_NAME,
      description: 'default VPC security group',
      ingress: [{ ipProtocol: '-1', referencedGroup: { groupId, userId: account.spec.accountId } }],
      egress: [{ ipProtocol: '-1', cidrIpv4: '0.0.0.0/0' }],
    },
  };
}

/** The VPC of instances that name no subnet; its own controller gives it its subnets. Pure. */
export function defaultVpcFor(account: Account): Vpc {
  return {
    apiVersion: Vpc.apiVersion,
    kind: Vpc.kind,
    metadata: metadataOf(account, DEFAULT_VPC_NAME),
    spec: VpcDefinition.spec.parse({ cidrBlock: DEFAULT_VPC_BLOCK, isDefault: true, enableDnsHostnames: true }),
  };
}
