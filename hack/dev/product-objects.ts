import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import type { AnyObject } from '../control-plane/kubernetes-client.ts';

/** Namespace of the operator itself. */
export const OPERATOR_NAMESPACE = 'kube-ec2';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Our custom resource definitions. */
export function productDefinitions(): AnyObject[] {
  return objectsOfFolder('crds');
}

/** What the Helm chart installs beside the definitions and the workloads: roles, policies, instance types, and their bindings to the operator's ServiceAccount. */
export function productObjects(): AnyObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: OPERATOR_NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'kube-ec2', namespace: OPERATOR_NAMESPACE } },
    ...objectsOfFolder(join('charts', 'kube-ec2', 'files')),
    ...['kube-ec2-controllers', 'kube-ec2-endpoint'].map((role) => bindingOf(role)),
    bindingOf('kube-ec2-leader-election', OPERATOR_NAMESPACE),
  ];
}

/** An Account and images to try things with. Some stand in the account's namespace, which the operator makes. */
export function sampleObjects(): AnyObject[] {
  return objectsOfFolder(join('hack', 'dev', 'samples'));
}

function objectsOfFolder(folder: string): AnyObject[] {
  const path = join(repository, folder);
  return readdirSync(path)
    .filter((file) => file.endsWith('.yaml'))
    .sort()
    .flatMap((file) => parseAllDocuments(readFileSync(join(path, file), 'utf8')))
    .flatMap((document) => (document.toJS() as AnyObject | null) ?? []);
}

function bindingOf(role: string, namespace?: string): AnyObject {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name: role, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'ServiceAccount', name: 'kube-ec2', namespace: OPERATOR_NAMESPACE }],
  };
}
