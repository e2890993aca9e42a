import type { Read } from '../../kubernetes/read.ts';
import { DaemonSet, Node } from '../../kubernetes/resources.ts';
import type { SecurityGroupSettings } from './settings.ts';

/** What is known about the network of the cluster. */
export interface Enforcement {
  /** Name of what enforces, or does not; for people. */
  mechanism: string;
  /** Undefined if nobody can tell. */
  isEnforced: boolean | undefined;
  /** Whether address blocks of a policy are compared with the addresses of pods. */
  doBlocksMatchPods: boolean;
}

/** DaemonSets that network plugins are known by: name -> plugin, and whether it enforces NetworkPolicies (undefined: that depends on its version or settings). */
const plugins: Readonly<Record<string, { mechanism: string; isEnforced: boolean | undefined }>> = {
  'calico-node': { mechanism: 'Calico', isEnforced: true },
  canal: { mechanism: 'Calico (Canal)', isEnforced: true },
  'rke2-canal': { mechanism: 'Calico (Canal)', isEnforced: true },
  cilium: { mechanism: 'Cilium', isEnforced: true },
  anetd: { mechanism: 'Cilium (GKE Dataplane V2)', isEnforced: true },
  'antrea-agent': { mechanism: 'Antrea', isEnforced: true },
  'kube-ovn-cni': { mechanism: 'Kube-OVN', isEnforced: true },
  'ovnkube-node': { mechanism: 'OVN-Kubernetes', isEnforced: true },
  'kube-router': { mechanism: 'kube-router', isEnforced: true },
  'weave-net': { mechanism: 'Weave Net', isEnforced: true },
  'azure-npm': { mechanism: 'Azure NPM', isEnforced: true },
  'kube-network-policies': { mechanism: 'kube-network-policies', isEnforced: true },
  kindnet: { mechanism: 'kindnet', isEnforced: undefined },
  'aws-node': { mechanism: 'Amazon VPC CNI', isEnforced: undefined },
  'kube-flannel-ds': { mechanism: 'flannel', isEnforced: false },
  'kube-flannel': { mechanism: 'flannel', isEnforced: false },
};

/** Whether a DaemonSet says something about the network: only then it is worth to look again. */
export function isNetworkPlugin(name: string | undefined): boolean {
  return name !== undefined && Object.hasOwn(plugins, name);
}

/**
 * Whether the cluster's network enforces NetworkPolicies, as far as one can see from within: by the setting, else by the DaemonSets of known plugins
 * (one that enforces counts, whatever stands beside it), else by K3s, whose controller for them is part of its own process.
 */
export function enforcementFrom(read: Read, { networkPolicy }: Pick<SecurityGroupSettings, 'networkPolicy'>): Enforcement {
  const found = foundIn(read);
  const doBlocksMatchPods = !found.mechanism.startsWith('Cilium');
  if (networkPolicy === 'auto') return { ...found, doBlocksMatchPods };
  return { mechanism: "the cluster's network (by KUBE_EC2_NETWORK_POLICY)", isEnforced: networkPolicy === 'enforced', doBlocksMatchPods };
}

function foundIn(read: Read): Omit<Enforcement, 'doBlocksMatchPods'> {
  const names = new Set(read.list(DaemonSet).map(({ metadata }) => metadata?.name ?? ''));
  const known = Object.entries(plugins).filter(([name]) => names.has(name));
  const [first] = [...known.filter(([, { isEnforced }]) => isEnforced), ...known];
  if (first) return first[1];
  const isK3s = read.list(Node).some(({ status }) => status?.nodeInfo?.kubeletVersion.includes('+k3s'));
  return isK3s ? { mechanism: 'K3s', isEnforced: true } : { mechanism: 'no network plugin that is known', isEnforced: undefined };
}
