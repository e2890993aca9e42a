import { isConflict, isNotFound, type KubernetesClient } from '../kubernetes-client.ts';
import { guestOrder, isFinal, machinePath, type Machine } from './machine.ts';
import { agentConnected, endedStatus, hotplugStep, startedStatus, withConditions } from './machine-status.ts';
import { migrationBegun, migrationEnded, openMigration } from './migration.ts';
import { keyOf, Mirror } from './mirror.ts';
import type { NodeKeeper } from './node-keeper.ts';
import { machineOf, type Pod } from './pod.ts';
import type { PodKeeper } from './pod-keeper.ts';
import { timestamp } from './timestamp.ts';
import { WorkQueue } from './work-queue.ts';

/** How long a guest takes to shut down. */
const SHUTDOWN_MILLISECONDS = 300;
/** How long a live migration takes. */
const MIGRATION_MILLISECONDS = 300;
/** How long the guest agent is away in a reboot. */
const REBOOT_MILLISECONDS = 500;

/** Does to the machines of the simulated nodes what KubeVirt's handler and launcher would, with a guest that boots at once. */
export class MachineKeeper {
  readonly #client: KubernetesClient;
  readonly #nodes: NodeKeeper;
  readonly #mirror: Mirror<Machine>;
  readonly #queue: WorkQueue;
  readonly #deletionSeenAt = new Map<string, number>();
  readonly #rebooting = new Map<string, number>();
  #pods: PodKeeper | undefined;

  /** `client` has to be KubeVirt's handler: virt-api undoes status changes of others. */
  constructor(client: KubernetesClient, nodes: NodeKeeper, onError: (key: string, error: unknown) => void) {
    this.#client = client;
    this.#nodes = nodes;
    this.#queue = new WorkQueue(async (key) => this.#reconcile(key), onError);
    this.#mirror = new Mirror<Machine>(client, '/apis/kubevirt.io/v1/virtualmachineinstances', (key, machine) => {
      if (machine) this.#queue.add(key);
    });
  }

  async start(pods: PodKeeper): Promise<void> {
    this.#pods = pods;
    await this.#mirror.start();
  }

  get(key: string): Machine | undefined {
    return this.#mirror.get(key);
  }

  /** Whether the node of the machine answers. */
  isReachable(machine: Machine): boolean {
    return this.#nodes.isUsable(machine.status?.nodeName);
  }

  /** Looks at all machines of a node again, after it has come back. */
  resume(nodeName: string): void {
    for (const machine of this.#mirror.values()) if (machine.status?.nodeName === nodeName) this.#queue.add(keyOf(machine));
  }

  /** Looks at the machine of a pod again. */
  onPod(pod: Pod): void {
    const owner = machineOf(pod);
    if (owner) this.#queue.add(owner.key);
  }

  /** A launcher pod that is being deleted lives until its guest has shut down. */
  holdsPod(pod: Pod): boolean {
    const owner = machineOf(pod);
    const machine = owner && this.#mirror.get(owner.key);
    return machine?.metadata.uid === owner?.uid && machine?.metadata.deletionTimestamp !== undefined && !isFinal(machine) && this.isReachable(machine);
  }

  /** The guest restarts: its agent is away for a moment. */
  async reboot(machine: Machine): Promise<void> {
    const uid = String(machine.metadata.uid);
    this.#rebooting.set(uid, Date.now());
    this.#queue.add(keyOf(machine));
  }

  /** Changes a machine from its latest version, again if it changed meanwhile. `patchOf` returns a merge patch. */
  async change(key: string, patchOf: (machine: Machine) => Record<string, unknown>): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const machine = attempt === 0 ? this.#mirror.get(key) : await this.#read(key);
      if (!machine) return;
      try {
        return await this.#patch(machine, patchOf(machine));
      } catch (error) {
        if (!isConflict(error) || attempt >= 8) throw error;
      }
    }
  }

  async #reconcile(key: string): Promise<void> {
    const machine = this.#mirror.get(key);
    if (!machine || isFinal(machine) || !this.isReachable(machine)) return;
    try {
      await this.#advance(key, machine);
    } catch (error) {
      if (isNotFound(error)) return; // gone meanwhile
      if (!isConflict(error)) throw error;
      await this.#read(key); // its next version comes by the watch, perhaps later than a retry: look at it now
      this.#queue.add(key);
    }
  }

  async #advance(key: string, machine: Machine): Promise<void> {
    const phase = machine.status?.phase;
    if (phase !== 'Scheduled' && phase !== 'Running') return;
    if (machine.metadata.deletionTimestamp !== undefined) return this.#shutDown(key, machine);
    if (phase === 'Scheduled') return this.#boot(machine);
    const order = guestOrder(machine);
    if (order === 'poweroff') return this.#end(machine, 'Succeeded');
    if (order === 'crash') return this.#end(machine, 'Failed');
    if (openMigration(machine)) return this.#migrate(key, machine);
    await this.#runAgent(key, machine);
    const volumeStatus = hotplugStep(machine);
    if (volumeStatus) await this.#patch(machine, { status: { volumeStatus } });
  }

  async #boot(machine: Machine): Promise<void> {
    const pod = this.#launcherOf(machine);
    const address = pod?.status?.podIP;
    if (!pod || address === undefined || pod.metadata.deletionTimestamp !== undefined) return; // the pod's next change brings us back
    await this.#patch(machine, { status: startedStatus(machine, address, timestamp()) });
  }

  async #shutDown(key: string, machine: Machine): Promise<void> {
    const uid = String(machine.metadata.uid);
    const seenAt = this.#deletionSeenAt.get(uid) ?? Date.now();
    this.#deletionSeenAt.set(uid, seenAt);
    const left = seenAt + SHUTDOWN_MILLISECONDS - Date.now();
    if (left > 0) {
      this.#queue.addAfter(key, left);
      return;
    }
    await this.#patch(machine, { status: endedStatus(machine, 'Succeeded', timestamp()) });
    this.#deletionSeenAt.delete(uid);
    const pod = this.#launcherOf(machine);
    if (pod) this.#pods?.look(keyOf(pod));
  }

  async #end(machine: Machine, phase: 'Succeeded' | 'Failed'): Promise<void> {
    await this.#patch(machine, { status: endedStatus(machine, phase, timestamp()) });
    const pod = this.#launcherOf(machine);
    if (pod) await this.#pods?.finish(pod, phase === 'Succeeded' ? 0 : 1);
  }

  /** Moves the guest to the target node, and ends its pod on the source node. */
  async #migrate(key: string, machine: Machine): Promise<void> {
    const state = openMigration(machine);
    if (!state) return;
    if (state.startTimestamp === undefined) {
      await this.#patch(machine, migrationBegun(state, timestamp()));
      this.#queue.addAfter(key, MIGRATION_MILLISECONDS);
      return;
    }
    const left = Date.parse(state.startTimestamp) + MIGRATION_MILLISECONDS - Date.now();
    if (left > 0) {
      this.#queue.addAfter(key, left);
      return;
    }
    const source = this.#launcherOf(machine);
    const target = (this.#pods?.podsOf(String(machine.metadata.uid)) ?? []).find((pod) => pod.metadata.name === state.targetPod);
    const address = target?.status?.podIP;
    if (address === undefined) return; // the pod's next change brings us back
    await this.#patch(machine, migrationEnded(machine, state, address, timestamp()));
    if (source) await this.#pods?.finish(source, 0);
  }

  /** Takes the guest agent's condition away at the begin of a reboot and gives it back at its end. */
  async #runAgent(key: string, machine: Machine): Promise<void> {
    const uid = String(machine.metadata.uid);
    const startedAt = this.#rebooting.get(uid);
    const isConnected = machine.status?.conditions?.some((condition) => condition.type === 'AgentConnected');
    const left = (startedAt ?? 0) + REBOOT_MILLISECONDS - Date.now();
    if (left > 0 || guestOrder(machine) === 'no-agent') {
      if (left > 0) this.#queue.addAfter(key, left);
      const conditions = (machine.status?.conditions ?? []).filter((condition) => condition.type !== 'AgentConnected');
      if (isConnected) await this.#patch(machine, { status: { conditions } });
      return;
    }
    if (!isConnected) await this.#patch(machine, { status: { conditions: withConditions(machine, [agentConnected(timestamp())]) } });
    this.#rebooting.delete(uid);
  }

  #launcherOf(machine: Machine): Pod | undefined {
    const pods = this.#pods?.podsOf(String(machine.metadata.uid)) ?? [];
    return pods.find((pod) => pod.spec.nodeName === machine.status?.nodeName);
  }

  /** The latest version; asked for as a list, because KubeVirt's handler may list and watch machines but not get one. */
  async #read(key: string): Promise<Machine | undefined> {
    const [namespace, name] = key.split('/');
    const path = `/apis/kubevirt.io/v1/namespaces/${String(namespace)}/virtualmachineinstances?fieldSelector=metadata.name%3D${String(name)}`;
    const { items } = await this.#client.get<{ items: Machine[] }>(path);
    const [machine] = items;
    if (machine) this.#mirror.remember(machine);
    return machine;
  }

  /** Merge patch of the version that was looked at: lists are replaced as a whole, so a lost race must not be won. */
  async #patch(machine: Machine, patch: Record<string, unknown>): Promise<void> {
    const { uid, resourceVersion } = machine.metadata;
    const metadata = { ...(patch['metadata'] as object | undefined), uid, resourceVersion };
    this.#mirror.remember(await this.#client.patch<Machine>(machinePath(machine), 'merge', { ...patch, metadata }));
  }
}
