import { createHash } from 'node:crypto';
import { pullFailure, type Condition, type Container, type ContainerStatus, type Pod } from './pod.ts';

/** Status of a pod, as a kubelet would patch it; conditions merge by type. */
export interface PodStatus {
  phase: string;
  conditions: Condition[];
  containerStatuses: ContainerStatus[];
  initContainerStatuses: ContainerStatus[];
  [field: string]: unknown;
}

/** Everything runs: init containers are through, side-cars and containers are up. Ready also wants the readiness gates. */
export function runningStatus(pod: Pod, addresses: { podAddress: string; hostAddress: string }, now: string): PodStatus {
  return {
    phase: 'Running',
    startTime: now,
    hostIP: addresses.hostAddress,
    hostIPs: [{ ip: addresses.hostAddress }],
    podIP: addresses.podAddress,
    podIPs: [{ ip: addresses.podAddress }],
    conditions: [
      { type: 'PodReadyToStartContainers', status: 'True', lastTransitionTime: now },
      { type: 'Initialized', status: 'True', lastTransitionTime: now },
      { type: 'ContainersReady', status: 'True', lastTransitionTime: now },
      readyCondition(pod, now),
    ],
    initContainerStatuses: (pod.spec.initContainers ?? []).map((container) =>
      container.restartPolicy === 'Always' ? running(container, now) : terminated(container, 0, now),
    ),
    containerStatuses: pod.spec.containers.map((container) => running(container, now)),
  };
}

/** The Ready condition of a pod whose containers run: True once all its readiness gates are. */
export function readyCondition(pod: Pod, now: string): Condition {
  const isTrue = (type: string): boolean => (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === 'True');
  const missing = (pod.spec.readinessGates ?? []).map((gate) => gate.conditionType).filter((type) => !isTrue(type));
  if (missing.length === 0) return { type: 'Ready', status: 'True', reason: '', message: '', lastTransitionTime: now };
  return {
    type: 'Ready',
    status: 'False',
    reason: 'ReadinessGatesNotReady',
    message: missing.map((type) => `corresponding condition of pod readiness gate "${type}" does not exist or is not True.`).join(' '),
    lastTransitionTime: now,
  };
}

/** Nothing can start: a volume is missing, or the network. */
export function creatingStatus(pod: Pod, hostAddress: string, now: string): PodStatus {
  const waiting = (container: Container, reason: string): ContainerStatus => stopped(container, { waiting: { reason } });
  const inits = pod.spec.initContainers ?? [];
  return {
    ...pendingStatus(hostAddress, now, inits.length === 0),
    initContainerStatuses: inits.map((container) => waiting(container, 'PodInitializing')),
    containerStatuses: pod.spec.containers.map((container) => waiting(container, inits.length > 0 ? 'PodInitializing' : 'ContainerCreating')),
  };
}

/** An image cannot be pulled. Init containers come first and one by one, so what follows the first bad one waits. */
export function pullFailureStatus(pod: Pod, hostAddress: string, reason: 'ErrImagePull' | 'ImagePullBackOff', now: string): PodStatus {
  const inits = pod.spec.initContainers ?? [];
  const firstBad = inits.findIndex((container) => pullFailure(container.image) !== undefined);
  return {
    ...pendingStatus(hostAddress, now, firstBad < 0),
    initContainerStatuses: inits.map((container, index) => {
      if (index === firstBad) return unpulled(container, reason);
      if (firstBad >= 0 && index > firstBad) return stopped(container, { waiting: { reason: 'PodInitializing' } });
      return container.restartPolicy === 'Always' ? running(container, now) : terminated(container, 0, now);
    }),
    containerStatuses: pod.spec.containers.map((container) => {
      if (firstBad >= 0) return stopped(container, { waiting: { reason: 'PodInitializing' } });
      return pullFailure(container.image) === undefined ? running(container, now) : unpulled(container, reason);
    }),
  };
}

/** All containers have ended with the exit code. */
export function finishedStatus(pod: Pod, exitCode: number, now: string): PodStatus {
  const reason = exitCode === 0 ? 'PodCompleted' : 'PodFailed';
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    conditions: ['Ready', 'ContainersReady'].map((type) => ({ type, status: 'False', reason, lastTransitionTime: now })),
    initContainerStatuses: (pod.spec.initContainers ?? []).map((container) => terminated(container, 0, now)),
    containerStatuses: pod.spec.containers.map((container) => terminated(container, exitCode, now)),
  };
}

function pendingStatus(hostAddress: string, now: string, isInitialized: boolean): Pick<PodStatus, 'phase' | 'conditions'> & Record<string, unknown> {
  const notReady = { status: 'False', reason: 'ContainersNotReady', message: 'containers are not ready', lastTransitionTime: now };
  return {
    phase: 'Pending',
    startTime: now,
    hostIP: hostAddress,
    hostIPs: [{ ip: hostAddress }],
    conditions: [
      { type: 'Initialized', status: isInitialized ? 'True' : 'False', lastTransitionTime: now },
      { type: 'ContainersReady', ...notReady },
      { type: 'Ready', ...notReady },
    ],
  };
}

function running(container: Container, now: string): ContainerStatus {
  return { ...stopped(container, { running: { startedAt: now } }), imageID: imageIdOf(container), ready: true, started: true };
}

/** The image with a digest, which KubeVirt wants of a machine that moves: the target must run the very same image. */
function imageIdOf({ image }: Container): string {
  const [name = ''] = image.split('@');
  return `${name.replace(/:[^/:]*$/, '')}@sha256:${createHash('sha256').update(image).digest('hex')}`;
}

function terminated(container: Container, exitCode: number, now: string): ContainerStatus {
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  return { ...stopped(container, { terminated: { exitCode, reason, startedAt: now, finishedAt: now } }), imageID: imageIdOf(container), ready: exitCode === 0 };
}

function unpulled(container: Container, reason: 'ErrImagePull' | 'ImagePullBackOff'): ContainerStatus {
  const failure = pullFailure(container.image) ?? '';
  const message = reason === 'ErrImagePull' ? failure : `Back-off pulling image "${container.image}": ErrImagePull: ${failure}`;
  return stopped(container, { waiting: { reason, message } });
}

function stopped(container: Container, state: ContainerStatus['state']): ContainerStatus {
  return { name: container.name, image: container.image, imageID: '', ready: false, started: false, restartCount: 0, state };
}
