import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { InstanceSpec, InstanceStatus } from '../../operator/api/compute/instance.ts';
import type { OperatorProcess } from './operator.ts';

/** An Instance as the API server gives it. */
export interface LiveInstance extends AnyObject {
  spec: InstanceSpec;
  status?: InstanceStatus;
}

/** A recorder that has missed something would wait for ever. */
const RECORDER_MILLISECONDS = 60_000;

/**
 * What a user does with kubectl to the Instances of one namespace, and what there is to see. With an operator what `shows` and `claims` have waited for is
 * what its endpoint shows, too.
 */
export class KubectlInstances {
  readonly #plane: ControlPlane;
  readonly #namespace: string;
  readonly #operator: OperatorProcess | undefined;

  constructor(plane: ControlPlane, namespace: string, operator?: OperatorProcess) {
    this.#plane = plane;
    this.#namespace = namespace;
    this.#operator = operator;
  }

  #path(name = ''): string {
    return `/apis/kube-ec2.io/v1alpha1/namespaces/${this.#namespace}/instances${name === '' ? '' : `/${name}`}`;
  }

  async apply(name: string, spec: Partial<InstanceSpec>): Promise<void> {
    await this.#plane.applier.apply([
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Instance', metadata: { name, namespace: this.#namespace }, spec: { instanceType: 't3.micro', ...spec } },
    ]);
  }

  async change(name: string, spec: Partial<InstanceSpec>): Promise<void> {
    await this.#plane.client.patch(this.#path(name), 'merge', { spec });
  }

  async remove(name: string): Promise<void> {
    await this.#plane.client.remove(this.#path(name));
  }

  /** Undefined once it is gone. */
  async get(name: string): Promise<LiveInstance | undefined> {
    return this.#plane.client.find<LiveInstance>(this.#path(name));
  }

  /** Waits until the instance shows a state. */
  async shows(name: string, state: string, timeoutSeconds = 120): Promise<LiveInstance> {
    const shown = await eventually(`${name} is ${state}`, timeoutSeconds, async () => {
      const instance = await this.get(name);
      if (instance?.status?.state === state) return instance;
      throw new Error(JSON.stringify(instance?.status));
    });
    await this.#operator?.hasSeen(shown);
    return shown;
  }

  /** Waits until a condition has a status and reason, such as `False Unschedulable`; answers with its message. */
  async claims(name: string, type: string, want: string, timeoutSeconds = 120): Promise<string> {
    const { instance, message } = await eventually(`${name} has ${type} ${want}`, timeoutSeconds, async () => {
      const found = await this.get(name);
      const condition = found?.status?.conditions?.find((candidate) => candidate.type === type);
      if (found !== undefined && `${condition?.status ?? ''} ${condition?.reason ?? ''}` === want) return { instance: found, message: condition?.message ?? '' };
      throw new Error(JSON.stringify(condition));
    });
    await this.#operator?.hasSeen(instance);
    return message;
  }

  /** What the guest of a running instance does. */
  async guest(name: string, act: 'poweroff' | 'crash' | 'ignore-softreboot'): Promise<void> {
    const id = (await this.get(name))?.status?.instanceId ?? '';
    const path = `/apis/kubevirt.io/v1/namespaces/${this.#namespace}/virtualmachineinstances/${id}`;
    await this.#plane.client.patch(path, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/guest': act } } });
  }

  async machine(name: string): Promise<AnyObject | undefined> {
    return this.#machineObject('virtualmachines', name);
  }

  async run(name: string): Promise<AnyObject | undefined> {
    return this.#machineObject('virtualmachineinstances', name);
  }

  async #machineObject(plural: string, name: string): Promise<AnyObject | undefined> {
    const id = (await this.get(name))?.status?.instanceId ?? '';
    return this.#plane.client.find(`/apis/kubevirt.io/v1/namespaces/${this.#namespace}/${plural}/${id}`);
  }

  /** Waits until there are events of these reasons about an instance: they are written beside what they tell of. */
  async tells(name: string, ...reasons: string[]): Promise<void> {
    await eventually(`events of ${name} tell ${reasons.join()}`, 60, async () => {
      const told = await this.events(name);
      if (reasons.every((reason) => told.includes(reason))) return true;
      throw new Error(`they tell ${told.join()}`);
    });
  }

  /** Reasons of the events about an instance until now, each once. */
  async events(name: string): Promise<string[]> {
    const query = `fieldSelector=involvedObject.kind%3DInstance,involvedObject.name%3D${name}`;
    const { items } = await this.#plane.client.get<{ items: { reason: string }[] }>(`/api/v1/namespaces/${this.#namespace}/events?${query}`);
    return [...new Set(items.map(({ reason }) => reason))];
  }

  /** Writes down the state that the instance shows, and every one that it comes to, each change once, until stopped. */
  async recordStates(name: string): Promise<{ states: string[]; stop(): Promise<void> }> {
    const current = await this.#plane.client.get<LiveInstance>(this.#path(name));
    const states = current.status?.state === undefined ? [] : [String(current.status.state)];
    const end = randomUUID();
    // From a version on nothing is missed, whenever the watch begins.
    const watch = this.#plane.client.watch<LiveInstance>(`${this.#path()}?fieldSelector=metadata.name%3D${name}&resourceVersion=${current.metadata.resourceVersion ?? ''}`);
    const recording = (async (): Promise<boolean> => {
      for await (const { object } of watch) {
        const state = object.status?.state;
        if (state !== undefined && states.at(-1) !== state) states.push(state);
        if (object.metadata.annotations?.['recorded'] === end) return true;
      }
      return false;
    })();
    // A failure is told by `stop`.
    recording.catch(() => undefined);
    return {
      states,
      stop: async () => {
        await this.#plane.client.patch(this.#path(name), 'merge', { metadata: { annotations: { recorded: end } } });
        const late = new AbortController();
        const isWhole = await Promise.race([recording, delay(RECORDER_MILLISECONDS, false, { signal: late.signal, ref: false })]);
        late.abort();
        if (!isWhole) throw new Error(`the states of ${name} were not recorded to the end: ${states.join()}`);
      },
    };
  }
}
