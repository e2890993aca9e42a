import { isConflict, isNotFound, type KubernetesClient } from '../kubernetes-client.ts';
import { CSI_DRIVER, CSI_TOPOLOGY_KEY } from '../storage-objects.ts';
import { Mirror } from './mirror.ts';
import { HEARTBEAT_ANNOTATION, isLost, isSimulated, nodeStatus, type NodeObject } from './simulated-node.ts';
import { timestamp } from './timestamp.ts';
import { WorkQueue } from './work-queue.ts';

const LEASE_SECONDS = 20;
const RENEW_MILLISECONDS = 5_000;
const STATUS_MILLISECONDS = 300_000;
/** KubeVirt calls a node unresponsive after five minutes. */
const STALE_HEARTBEAT_MILLISECONDS = 600_000;

/** Keeps the simulated nodes alive: status, leases, and their silence while they are lost. */
export class NodeKeeper {
  readonly #client: KubernetesClient;
  readonly #kubeletPort: number;
  readonly #onChange: (node: NodeObject) => void;
  readonly #mirror: Mirror<NodeObject>;
  readonly #queue: WorkQueue;
  readonly #reportedAt = new Map<string, number>();

  /** `onChange` is told when a node may have begun or ceased to run its pods. */
  constructor(client: KubernetesClient, kubeletPort: number, onChange: (node: NodeObject) => void, onError: (key: string, error: unknown) => void) {
    this.#client = client;
    this.#kubeletPort = kubeletPort;
    this.#onChange = onChange;
    this.#queue = new WorkQueue(async (name) => this.#reconcile(name), onError);
    const usableBefore = new Map<string, boolean>();
    this.#mirror = new Mirror<NodeObject>(client, '/api/v1/nodes', (name, node) => {
      this.#queue.add(name);
      const isUsable = node !== undefined && this.isUsable(name);
      if (node && isUsable !== usableBefore.get(name)) this.#onChange(node);
      usableBefore.set(name, isUsable);
    });
  }

  async start(): Promise<void> {
    await this.#mirror.start();
    setInterval(() => {
      for (const node of this.#mirror.values()) if (isSimulated(node) && !isLost(node)) void this.#renewLease(node).catch(() => undefined);
    }, RENEW_MILLISECONDS);
  }

  get(name: string): NodeObject | undefined {
    return this.#mirror.get(name);
  }

  /** Whether the node is ours, not lost, and has its part of the pod network. */
  isUsable(name: string | undefined): boolean {
    const node = name === undefined ? undefined : this.#mirror.get(name);
    return node !== undefined && isSimulated(node) && !isLost(node) && node.spec?.podCIDR !== undefined;
  }

  async #reconcile(name: string): Promise<void> {
    const node = this.#mirror.get(name);
    if (!node || !isSimulated(node)) {
      this.#reportedAt.delete(name);
      return;
    }
    if (isLost(node)) return this.#goSilent(name, node);
    await this.#wakeUp(name, node);
    if (node.spec?.podCIDR === undefined) return; // without its part of the pod network a node is not ready; the controller manager gives it
    const isReady = node.status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True');
    const age = Date.now() - (this.#reportedAt.get(name) ?? 0);
    if (isReady && age < STATUS_MILLISECONDS) return;
    await this.#renewLease(node);
    await this.#registerDriver(node);
    const status = nodeStatus(node, this.#kubeletPort, timestamp());
    this.#mirror.remember(await this.#client.patch<NodeObject>(`/api/v1/nodes/${name}/status`, 'strategic-merge', { status }));
    this.#reportedAt.set(name, Date.now());
    this.#queue.addAfter(name, STATUS_MILLISECONDS);
  }

  /** What a kubelet does when the node plugin of a CSI driver tells of itself. */
  async #registerDriver({ metadata }: NodeObject): Promise<void> {
    const { name, uid } = metadata;
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
    const spec = { drivers: [{ name: CSI_DRIVER, nodeID: name, topologyKeys: [CSI_TOPOLOGY_KEY] }] };
    const folder = '/apis/storage.k8s.io/v1/csinodes';
    await this.#client.create(folder, { metadata: { name, ownerReferences }, spec }).catch(async (error: unknown) => {
      if (!isConflict(error)) throw error;
      await this.#client.patch(`${folder}/${String(name)}`, 'merge', { metadata: { ownerReferences }, spec });
    });
  }

  /** The agent says nothing from now on; KubeVirt's heartbeat ages at once instead of in five minutes. */
  async #goSilent(name: string, node: NodeObject): Promise<void> {
    this.#reportedAt.delete(name);
    if (node.metadata.annotations?.[HEARTBEAT_ANNOTATION] !== undefined) return;
    const heartbeat = timestamp(Date.now() - STALE_HEARTBEAT_MILLISECONDS);
    await this.#client.patch(`/api/v1/nodes/${name}`, 'merge', { metadata: { annotations: { [HEARTBEAT_ANNOTATION]: heartbeat } } });
  }

  /** Undoes what silence has led to. */
  async #wakeUp(name: string, node: NodeObject): Promise<void> {
    if (node.metadata.annotations?.[HEARTBEAT_ANNOTATION] === undefined) return;
    const patch = { annotations: { [HEARTBEAT_ANNOTATION]: null }, labels: { 'kubevirt.io/schedulable': 'true' } };
    await this.#client.patch(`/api/v1/nodes/${name}`, 'merge', { metadata: patch });
  }

  async #renewLease(node: NodeObject): Promise<void> {
    const { name, uid } = node.metadata;
    const folder = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
    const spec = { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: new Date().toISOString().replace('Z', '000Z') };
    try {
      await this.#client.patch(`${folder}/${String(name)}`, 'merge', { spec });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid }];
      await this.#client.create(folder, { metadata: { name, ownerReferences }, spec });
    }
  }
}
