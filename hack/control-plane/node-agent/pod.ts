import type { AnyObject } from '../kubernetes-client.ts';

/** A container as a pod's spec has it. */
export interface Container {
  name: string;
  image: string;
  restartPolicy?: string;
}

/** A condition of a pod or a machine. */
export interface Condition {
  type: string;
  status: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
  [field: string]: unknown;
}

/** The part of a Pod that the agent looks at. */
export interface Pod extends AnyObject {
  spec: {
    nodeName?: string;
    hostNetwork?: boolean;
    containers: Container[];
    initContainers?: Container[];
    readinessGates?: { conditionType: string }[];
    volumes?: {
      name: string;
      secret?: { secretName?: string; optional?: boolean };
      configMap?: { name?: string; optional?: boolean };
    }[];
  };
  status?: {
    phase?: string;
    podIP?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
  };
}

/** What the agent writes about one container. */
export interface ContainerStatus {
  name: string;
  image: string;
  imageID: string;
  ready: boolean;
  started: boolean;
  restartCount: number;
  state: {
    waiting?: { reason: string; message?: string };
    running?: { startedAt: string };
    terminated?: { exitCode: number; reason: string; startedAt: string; finishedAt: string };
  };
}

/** Path of a pod, below the API server's root. */
export function podPath(pod: Pod): string {
  return `/api/v1/namespaces/${String(pod.metadata.namespace)}/pods/${String(pod.metadata.name)}`;
}

/** The VirtualMachineInstance that controls the pod, if one does. */
export function machineOf(pod: Pod): { key: string; uid: string } | undefined {
  const owners = (pod.metadata['ownerReferences'] ?? []) as { kind: string; name: string; uid: string; controller?: boolean }[];
  const owner = owners.find((reference) => reference.controller && reference.kind === 'VirtualMachineInstance');
  return owner && { key: `${String(pod.metadata.namespace)}/${owner.name}`, uid: owner.uid };
}

/** Whether all its containers have ended for good. */
export function isFinished(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** Why an image cannot be pulled, `undefined` if it can: this registry of ours has every image but those that are named for it. */
export function pullFailure(image: string): string | undefined {
  const registry = image.split('/')[0] ?? '';
  if (image.startsWith('unreachable.invalid/')) {
    return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": dial tcp: lookup ${registry}: no such host`;
  }
  if (/:missing$/.test(image)) {
    return `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;
  }
  return undefined;
}
