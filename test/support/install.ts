import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { OPERATOR_USER } from '../../hack/control-plane/identities.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';

/** Namespace of the operator itself. */
export const OPERATOR_NAMESPACE = 'kube-ec2';

const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));
const clusterRoles = ['kube-ec2-controllers', 'kube-ec2-endpoint'];

/** Installs what the operator needs: its kinds, instance types, roles, admission policies; it has the generated roles and no more. Gives the path of the operator's kubeconfig. */
export async function install(controlPlane: ControlPlane): Promise<string> {
  const { applier, dataDirectory } = controlPlane;
  const record = (name: string): string => join(dataDirectory, 'applied', name);
  const definitions = readdirSync(join(repositoryFolder, 'crds')).flatMap((file) => objectsIn(`crds/${file}`));
  await applier.applyOnce(record('crds'), definitions);
  const files = ['instance-types', 'permissions', 'admission-policies'].map((name) => `charts/kube-ec2/files/${name}.yaml`);
  const rest = files.filter((file) => existsSync(join(repositoryFolder, file))).flatMap(objectsIn);
  await applier.applyOnce(record('product'), [...rest, ...bindings()]);
  return controlPlane.kubeconfigFor(OPERATOR_USER);
}

function objectsIn(file: string): AnyObject[] {
  return parseAllDocuments(readFileSync(join(repositoryFolder, file), 'utf8'))
    .map((document) => document.toJS() as AnyObject | null)
    .filter((object) => object !== null);
}

function bindings(): AnyObject[] {
  const apiVersion = 'rbac.authorization.k8s.io/v1';
  const subjects = [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: OPERATOR_USER }];
  const roleRef = (name: string): object => ({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name });
  const leaderElection = 'kube-ec2-leader-election';
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OPERATOR_NAMESPACE } },
    { apiVersion, kind: 'RoleBinding', metadata: { name: leaderElection, namespace: OPERATOR_NAMESPACE }, roleRef: roleRef(leaderElection), subjects },
    ...clusterRoles.map((name) => ({ apiVersion, kind: 'ClusterRoleBinding', metadata: { name: `test-${name}` }, roleRef: roleRef(name), subjects })),
  ];
}
