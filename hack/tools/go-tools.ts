import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { buildGoTool } from './build-go-tool.ts';
import type { GoTool } from './go-tool.ts';

const KUBERNETES_VERSION = 'v1.37.2';
const strip = '-s -w';
// Without a version kubectl cannot parse the server's, and the components refuse to compare theirs.
const kubernetesVersion = ['gitVersion=' + KUBERNETES_VERSION, 'gitMajor=1', 'gitMinor=37']
  .map((setting) => `-X k8s.io/component-base/version.${setting}`)
  .join(' ');
const kubernetes = (name: string, estimateSeconds: number): GoTool => ({
  name,
  module: 'kubernetes',
  package: `k8s.io/kubernetes/cmd/${name}`,
  linkerFlags: `${strip} ${kubernetesVersion}`,
  estimateSeconds,
});

const csi = (name: string, path: string, estimateSeconds: number): GoTool => ({ name, module: 'csi', package: path, linkerFlags: strip, estimateSeconds });

/** All of them, in build order: the first three share most of their packages. */
export const goTools = {
  'kube-apiserver': kubernetes('kube-apiserver', 220),
  'kube-controller-manager': kubernetes('kube-controller-manager', 70),
  'kube-scheduler': kubernetes('kube-scheduler', 10),
  kubectl: kubernetes('kubectl', 60),
  etcd: { name: 'etcd', module: 'etcd', package: 'go.etcd.io/etcd/server/v3', linkerFlags: strip, estimateSeconds: 20 },
  'virt-api': { name: 'virt-api', module: 'kubevirt', package: 'kubevirt.io/kubevirt/cmd/virt-api', linkerFlags: strip, estimateSeconds: 95 },
  'virt-controller': {
    name: 'virt-controller', module: 'kubevirt', package: 'kubevirt.io/kubevirt/cmd/virt-controller', linkerFlags: strip, estimateSeconds: 20,
  },
  'kubevirt-manifests': { name: 'kubevirt-manifests', module: 'kubevirt', package: './manifests', linkerFlags: strip, estimateSeconds: 10 },
  'network-policies': { name: 'network-policies', module: 'network-policies', package: './evaluate', linkerFlags: strip, estimateSeconds: 60 },
  'csi-driver': csi('csi-driver', './driver', 10),
  'csi-provisioner': csi('csi-provisioner', 'github.com/kubernetes-csi/external-provisioner/v6/cmd/csi-provisioner', 60),
  'csi-resizer': csi('csi-resizer', 'github.com/kubernetes-csi/external-resizer/v2/cmd/csi-resizer', 10),
  'csi-snapshotter': csi('csi-snapshotter', 'github.com/kubernetes-csi/external-snapshotter/v8/cmd/csi-snapshotter', 10),
  'snapshot-controller': csi('snapshot-controller', 'github.com/kubernetes-csi/external-snapshotter/v8/cmd/snapshot-controller', 10),
  helm: { name: 'helm', module: 'helm', package: 'helm.sh/helm/v4/cmd/helm', linkerFlags: strip, estimateSeconds: 60 },
  // Without discovery in clouds, whose clients would be most of the build.
  prometheus: { name: 'prometheus', module: 'prometheus', package: 'github.com/prometheus/prometheus/cmd/prometheus', linkerFlags: strip, tags: 'remove_all_sd', estimateSeconds: 110 },
} as const satisfies Record<string, GoTool>;

/** Names of the tools. */
export type GoToolName = keyof typeof goTools;

/**
 * Path of a tool: that of `$KUBEBUILDER_ASSETS` for etcd and kube-apiserver if it is set, else the cached build, which is made if absent.
 * @throws Error - with the compiler's output if it cannot be built, or if Go is not installed
 */
export async function ensureGoTool(name: GoToolName, log: (line: string) => void): Promise<string> {
  return prebuilt(name) ?? (await buildGoTool(goTools[name], log));
}

/** Paths of several tools; what is missing is built one after another. */
export async function ensureGoTools<Name extends GoToolName>(names: readonly Name[], log: (line: string) => void): Promise<Record<Name, string>> {
  const paths: Partial<Record<Name, string>> = {};
  for (const name of names) paths[name] = await ensureGoTool(name, log);
  return paths as Record<Name, string>;
}

/** Looks a program up in PATH. */
export function findInPath(program: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

function prebuilt(name: GoToolName): string | undefined {
  const assets = process.env['KUBEBUILDER_ASSETS'];
  if (!assets || (name !== 'etcd' && name !== 'kube-apiserver')) return undefined;
  const path = join(assets, name);
  if (!existsSync(path)) throw new Error(`KUBEBUILDER_ASSETS is ${assets}, but there is no ${name} in it`);
  return path;
}
