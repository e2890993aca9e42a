import { isNotFound, KubernetesError, type KubernetesClient } from '../kubernetes-client.ts';
import { ADDRESS_ANNOTATION, SWITCH_ANNOTATION } from '../kube-ovn/annotations.ts';
import { AddressPool } from './address-pool.ts';
import { Mirror, keyOf } from './mirror.ts';
import type { NodeKeeper } from './node-keeper.ts';
import { isFinished, machineOf, podPath, pullFailure, type Pod } from './pod.ts';
import { creatingStatus, finishedStatus, pullFailureStatus, readyCondition, runningStatus, type PodStatus } from './pod-status.ts';
import { recordPodEvent } from './pod-event.ts';
import { nodeAddress } from './simulated-node.ts';
import { timestamp } from './timestamp.ts';
import { WorkQueue } from './work-queue.ts';

const BACK_OFF_AFTER_MILLISECONDS = 2_000;
const VOLUME_RETRY_MILLISECONDS = 1_000;
const STOP_MILLISECONDS = 100;

/** Tells whether the guest of a launcher pod still needs the pod to live, although it is being deleted. */
export type HoldsPod = (pod: Pod) => boolean;

/** Does to the pods of the simulated nodes what their kubelets would. */
export class PodKeeper {
  readonly #client: KubernetesClient;
  readonly #nodes: NodeKeeper;
  readonly #holdsPod: HoldsPod;
  readonly #onChange: (pod: Pod) => void;
  readonly #mirror: Mirror<Pod>;
  readonly #queue: WorkQueue;
  readonly #pools = new Map<string, AddressPool>();
  /** Address and node by pod uid; a replacement may have the same name. */
  readonly #addresses = new Map<string, { pool: AddressPool; address: string }>();
  readonly #uids = new Map<string, string>();
  readonly #keysByMachine = new Map<string, Set<string>>();
  readonly #deletionSeenAt = new Map<string, number>();
  readonly #pullFailedAt = new Map<string, number>();

  constructor(
    client: KubernetesClient,
    nodes: NodeKeeper,
    hooks: { holdsPod: HoldsPod; onChange: (pod: Pod) => void; onError: (key: string, error: unknown) => void },
  ) {
    this.#client = client;
    this.#nodes = nodes;
    this.#holdsPod = hooks.holdsPod;
    this.#onChange = hooks.onChange;
    this.#queue = new WorkQueue(async (key) => this.#reconcile(key), hooks.onError);
    this.#mirror = new Mirror<Pod>(client, '/api/v1/pods?fieldSelector=spec.nodeName!%3D', (key, pod) => {
      if (!pod || this.#uids.get(key) !== pod.metadata.uid) this.#forget(key);
      if (!pod) return;
      this.#uids.set(key, String(pod.metadata.uid));
      this.#index(key, pod);
      this.#queue.add(key);
      this.#onChange(pod);
    });
  }

  async start(): Promise<void> {
    await this.#mirror.start();
  }

  /** Looks at all pods of a node again, after it has come back. */
  resume(nodeName: string): void {
    for (const pod of this.#mirror.values()) if (pod.spec.nodeName === nodeName) this.#queue.add(keyOf(pod));
  }

  /** Looks at a pod again. */
  look(key: string): void {
    this.#queue.add(key);
  }

  get(key: string): Pod | undefined {
    return this.#mirror.get(key);
  }

  /** The pods that a VirtualMachineInstance controls. */
  podsOf(machineUid: string): Pod[] {
    return [...(this.#keysByMachine.get(machineUid) ?? [])].flatMap((key) => this.#mirror.get(key) ?? []);
  }

  /** Ends a pod's containers with the exit code. */
  async finish(pod: Pod, exitCode: number): Promise<void> {
    if (!isFinished(pod)) await this.#patchStatus(pod, finishedStatus(pod, exitCode, timestamp()));
  }

  async #reconcile(key: string): Promise<void> {
    const pod = this.#mirror.get(key);
    if (!pod || !this.#nodes.isUsable(pod.spec.nodeName)) return;
    if (pod.metadata.deletionTimestamp !== undefined) return this.#end(key, pod);
    if (isFinished(pod)) return;
    if (pod.status?.phase === 'Running') return this.#keepReady(pod);
    await this.#begin(key, pod);
  }

  async #begin(key: string, pod: Pod): Promise<void> {
    const hostAddress = this.#hostAddress(pod);
    const missing = await this.#missingVolume(pod);
    if (missing !== undefined) {
      await this.#wait(pod, 'ContainerCreating', creatingStatus(pod, hostAddress, timestamp()), { reason: 'FailedMount', message: missing });
      this.#queue.addAfter(key, VOLUME_RETRY_MILLISECONDS);
      return;
    }
    if ([...(pod.spec.initContainers ?? []), ...pod.spec.containers].some((container) => pullFailure(container.image) !== undefined)) {
      return this.#failPull(key, pod, hostAddress);
    }
    const podAddress = this.#addressFor(pod);
    if (podAddress === undefined) return; // the pod's next change brings us back
    await this.#patchStatus(pod, runningStatus(pod, { podAddress, hostAddress }, timestamp()));
  }

  /** First the error of the pull, two seconds later the pause before the next one, which fails as well. */
  async #failPull(key: string, pod: Pod, hostAddress: string): Promise<void> {
    const told = waitingReasons(pod);
    if (told.includes('ImagePullBackOff')) return;
    const uid = String(pod.metadata.uid);
    if (!told.includes('ErrImagePull')) {
      const status = pullFailureStatus(pod, hostAddress, 'ErrImagePull', timestamp());
      const message = [...status.initContainerStatuses, ...status.containerStatuses].find((each) => each.state.waiting?.message)?.state.waiting?.message;
      await this.#wait(pod, 'ErrImagePull', status, { reason: 'Failed', message: `Failed to pull image: ${message ?? ''}` });
    }
    const failedAt = this.#pullFailedAt.get(uid) ?? Date.now();
    this.#pullFailedAt.set(uid, failedAt);
    const left = failedAt + BACK_OFF_AFTER_MILLISECONDS - Date.now();
    if (left <= 0) return this.#patchStatus(pod, pullFailureStatus(pod, hostAddress, 'ImagePullBackOff', timestamp()));
    this.#queue.addAfter(key, left);
  }

  /** Reports that containers wait, with an event, unless that has been reported. */
  async #wait(pod: Pod, reason: string, status: PodStatus, event: { reason: string; message: string }): Promise<void> {
    const told = waitingReasons(pod);
    if (told.includes(reason) || (reason === 'ContainerCreating' && told.includes('PodInitializing'))) return;
    await this.#patchStatus(pod, status);
    await recordPodEvent(this.#client, pod, event);
  }

  async #keepReady(pod: Pod): Promise<void> {
    const wanted = readyCondition(pod, timestamp());
    const current = pod.status?.conditions?.find((condition) => condition.type === 'Ready');
    if (current?.status === wanted.status) return;
    await this.#patchStatus(pod, { conditions: [wanted] });
  }

  async #end(key: string, pod: Pod): Promise<void> {
    const uid = String(pod.metadata.uid);
    const seenAt = this.#deletionSeenAt.get(uid) ?? Date.now();
    this.#deletionSeenAt.set(uid, seenAt);
    const graceSeconds = Number(pod.metadata['deletionGracePeriodSeconds'] ?? 30);
    const isOver = Date.now() - seenAt >= Math.min(STOP_MILLISECONDS, graceSeconds * 1000);
    const isHeld = this.#holdsPod(pod) && Date.now() - seenAt < graceSeconds * 1000;
    if (!isFinished(pod) && (!isOver || isHeld)) {
      this.#queue.addAfter(key, STOP_MILLISECONDS);
      return;
    }
    await this.#client.remove(podPath(pod), { gracePeriodSeconds: 0, preconditions: { uid } }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // gone is what was wanted
    });
  }

  /** Message for the first volume whose Secret or ConfigMap does not exist: a kubelet waits for it. */
  async #missingVolume(pod: Pod): Promise<string | undefined> {
    const namespace = String(pod.metadata.namespace);
    for (const volume of pod.spec.volumes ?? []) {
      const [kind, name, optional] = volume.secret
        ? ['secret', volume.secret.secretName, volume.secret.optional]
        : ['configmap', volume.configMap?.name, volume.configMap?.optional];
      if (name === undefined || optional) continue;
      try {
        await this.#client.get(`/api/v1/namespaces/${namespace}/${kind}s/${name}`);
      } catch (error) {
        if (!isNotFound(error)) throw error;
        return `MountVolume.SetUp failed for volume "${volume.name}" : ${kind} "${name}" not found`;
      }
    }
    return undefined;
  }

  async #patchStatus(pod: Pod, status: Partial<PodStatus>): Promise<void> {
    const patch = { metadata: { uid: pod.metadata.uid }, status };
    try {
      this.#mirror.remember(await this.#client.patch<Pod>(`${podPath(pod)}/status`, 'strategic-merge', patch));
    } catch (error) {
      if (!isNotFound(error) && !(error instanceof KubernetesError && error.code === 409)) throw error; // gone, or another pod of that name
    }
  }

  #hostAddress(pod: Pod): string {
    const node = this.#nodes.get(String(pod.spec.nodeName));
    return node ? nodeAddress(node) : '';
  }

  /** Undefined as long as Kube-OVN has given none to a pod that is plugged into a switch of it. */
  #addressFor(pod: Pod): string | undefined {
    // virt-api dials the handler pod's address; all handlers are one server on loopback.
    if (pod.metadata.labels?.['kubevirt.io'] === 'virt-handler') return '127.0.0.1';
    if (pod.spec.hostNetwork) return this.#hostAddress(pod);
    const { annotations = {} } = pod.metadata;
    if (annotations[SWITCH_ANNOTATION] !== undefined) return annotations[ADDRESS_ANNOTATION];
    const uid = String(pod.metadata.uid);
    const known = this.#addresses.get(uid);
    if (known) return known.address;
    const pool = this.#poolOf(String(pod.spec.nodeName));
    const address = pool.take();
    this.#addresses.set(uid, { pool, address });
    return address;
  }

  /** The node's pool; the first look marks what its pods had before this agent started. */
  #poolOf(nodeName: string): AddressPool {
    const known = this.#pools.get(nodeName);
    if (known) return known;
    const pool = new AddressPool(this.#nodes.get(nodeName)?.spec?.podCIDR ?? '');
    this.#pools.set(nodeName, pool);
    for (const pod of this.#mirror.values()) {
      const address = pod.status?.podIP;
      if (pod.spec.nodeName !== nodeName || address === undefined) continue;
      pool.mark(address);
      this.#addresses.set(String(pod.metadata.uid), { pool, address });
    }
    return pool;
  }

  #index(key: string, pod: Pod): void {
    const machine = machineOf(pod);
    if (!machine) return;
    const keys = this.#keysByMachine.get(machine.uid) ?? new Set();
    this.#keysByMachine.set(machine.uid, keys.add(key));
  }

  #forget(key: string): void {
    const uid = this.#uids.get(key) ?? '';
    for (const [machine, keys] of this.#keysByMachine) {
      if (keys.delete(key) && keys.size === 0) this.#keysByMachine.delete(machine);
    }
    const held = this.#addresses.get(uid);
    held?.pool.release(held.address);
    this.#addresses.delete(uid);
    this.#uids.delete(key);
    this.#deletionSeenAt.delete(uid);
    this.#pullFailedAt.delete(uid);
  }
}

function waitingReasons(pod: Pod): string[] {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return statuses.flatMap((status) => status.state.waiting?.reason ?? []);
}
