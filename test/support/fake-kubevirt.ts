import { VirtualMachine, VirtualMachineInstance } from '../../operator/kubernetes/resources.ts';
import type { ObjectKey } from '../../operator/kubernetes/read.ts';
import type { Clock } from '../../operator/kubernetes/clock.ts';
import type { FakeCluster } from './fake-cluster.ts';

type MachineStatus = NonNullable<VirtualMachine['status']>;
type RunStatus = NonNullable<VirtualMachineInstance['status']>;

/** What KubeVirt and a node would do to one machine in a FakeCluster, step by step, as seen on the real ones. */
export class FakeKubevirt {
  readonly #cluster: FakeCluster;
  readonly #key: ObjectKey;
  readonly #clock: Clock;
  #runs = 0;

  constructor(cluster: FakeCluster, key: ObjectKey, clock: Clock) {
    this.#cluster = cluster;
    this.#key = key;
    this.#clock = clock;
  }

  get vm(): VirtualMachine | undefined {
    return this.#cluster.get(VirtualMachine, this.#key);
  }

  get vmi(): VirtualMachineInstance | undefined {
    return this.#cluster.get(VirtualMachineInstance, this.#key);
  }

  /** Changes the machine's status. */
  machine(status: MachineStatus): void {
    const { vm } = this;
    if (vm === undefined) throw new Error(`no machine ${this.#key.name}`);
    const changed: VirtualMachine = { ...vm, status: { ...vm.status, ...status } };
    this.#cluster.add(changed);
  }

  /** The run of the machine in a phase. */
  run(status: RunStatus): void {
    const { vm } = this;
    const now = `${new Date(this.#clock.now()).toISOString().slice(0, 19)}Z`;
    const existing = this.vmi;
    if (existing === undefined) this.#runs += 1;
    this.#cluster.add({
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstance',
      metadata: existing?.metadata ?? {
        name: this.#key.name,
        ...(this.#key.namespace === undefined ? {} : { namespace: this.#key.namespace }),
        uid: `run-${String(this.#runs)}`,
        labels: { ...vm?.spec.template.metadata?.labels },
      },
      spec: existing?.spec ?? { domain: { devices: {} }, terminationGracePeriodSeconds: 120 },
      status: { ...existing?.status, phaseTransitionTimestamps: [{ phase: status.phase ?? '', phaseTransitionTimestamp: now }], ...status },
    } as VirtualMachineInstance);
  }

  /** The machine comes up on a node. */
  start(nodeName = 'node-1', address = '10.244.0.7'): void {
    this.run({ phase: 'Running', nodeName, interfaces: [{ name: 'default', ipAddress: address }] });
    this.machine({ printableStatus: 'Running', created: true, ready: true, runStrategy: this.vm?.spec.runStrategy ?? '', stateChangeRequests: [], conditions: [] });
  }

  /** The run goes, and the machine shows Stopped; with a request to start after a crash. */
  async end(stateChangeRequests: MachineStatus['stateChangeRequests'] = []): Promise<void> {
    if (this.vmi !== undefined) await this.#cluster.remove(VirtualMachineInstance, this.#key);
    this.machine({ printableStatus: 'Stopped', created: false, ready: false, runStrategy: this.vm?.spec.runStrategy ?? '', stateChangeRequests });
  }
}
