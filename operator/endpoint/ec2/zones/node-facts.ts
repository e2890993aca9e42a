import type { Node } from '../../../kubernetes/resources.ts';

// KubeVirt sets it on nodes whose virt-handler is alive, and every machine selects it.
const KUBEVIRT_SCHEDULABLE_LABEL = 'kubevirt.io/schedulable';

/** Whether the kubelet says that it can run pods. */
export function isReadyNode(node: Node): boolean {
  return (node.status?.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True');
}

/** Whether a new machine could be put there: ready, not cordoned, without taints that keep machines away, and seen to by KubeVirt. */
export function isUsableNode(node: Node): boolean {
  const isTainted = (node.spec?.taints ?? []).some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute');
  const isServedByKubevirt = node.metadata?.labels?.[KUBEVIRT_SCHEDULABLE_LABEL] === 'true';
  return isReadyNode(node) && node.spec?.unschedulable !== true && !isTainted && isServedByKubevirt;
}
