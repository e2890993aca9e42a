import type { AnyObject } from '../kubernetes-client.ts';
import { PODS_PER_NODE, SIMULATED_LABEL } from '../simulated-nodes.ts';

/** The part of a Node that the agent looks at. */
export interface NodeObject extends AnyObject {
  spec?: { podCIDR?: string };
  status?: { capacity?: Record<string, string>; conditions?: { type: string; status: string }[] };
}

/** On a node: `"true"` makes the agent silent about it, as if the machine had burnt down; removing it brings the node back. */
export const LOST_ANNOTATION = 'simulator.kube-ec2.io/lost';
/** KubeVirt's sign of life of a node; absent it never goes stale. */
export const HEARTBEAT_ANNOTATION = 'kubevirt.io/heartbeat';

/** Whether the agent plays this node. */
export function isSimulated(node: NodeObject): boolean {
  return node.metadata.labels?.[SIMULATED_LABEL] !== undefined;
}

/** Whether the node is to look lost. */
export function isLost(node: NodeObject): boolean {
  return node.metadata.annotations?.[LOST_ANNOTATION] === 'true';
}

/** Address of the node itself; `index` is its position in the pod network, which is unique. */
export function nodeAddress(node: NodeObject): string {
  const [, , third = '0'] = (node.spec?.podCIDR ?? '').split('.');
  return `10.0.${third}.1`;
}

/** Status as a healthy kubelet reports it. `now` is RFC 3339. */
export function nodeStatus(node: NodeObject, kubeletPort: number, now: string): object {
  const { annotations = {} } = node.metadata;
  const resources = {
    cpu: annotations['simulator.kube-ec2.io/cpu'] ?? '256',
    memory: annotations['simulator.kube-ec2.io/memory'] ?? '1Ti',
    pods: annotations['simulator.kube-ec2.io/pods'] ?? String(PODS_PER_NODE),
    'ephemeral-storage': '10Ti',
    'hugepages-2Mi': '0',
    'devices.kubevirt.io/kvm': '1k',
    'devices.kubevirt.io/tun': '1k',
    'devices.kubevirt.io/vhost-net': '1k',
  };
  const condition = (type: string, status: string, reason: string, message: string): object => ({
    type, status, reason, message, lastHeartbeatTime: now, lastTransitionTime: now,
  });
  return {
    capacity: resources,
    allocatable: resources,
    addresses: [
      { type: 'InternalIP', address: nodeAddress(node) },
      { type: 'Hostname', address: node.metadata.name },
      // Where the API server finds the kubelet: the agent.
      { type: 'ExternalDNS', address: 'localhost' },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    nodeInfo: {
      architecture: 'amd64',
      operatingSystem: 'linux',
      osImage: 'Simulated by kube-ec2',
      kubeletVersion: 'v1.37.2',
      kubeProxyVersion: '',
      kernelVersion: 'simulated',
      containerRuntimeVersion: 'simulated://1',
      bootID: node.metadata.uid,
      machineID: node.metadata.uid,
      systemUUID: node.metadata.uid,
    },
    conditions: [
      condition('Ready', 'True', 'KubeletReady', 'the simulated kubelet is ready'),
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'the simulated kubelet has sufficient memory'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'the simulated kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'the simulated kubelet has sufficient process ids'),
    ],
  };
}
