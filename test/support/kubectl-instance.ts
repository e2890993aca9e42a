import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { isNotFound, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { InstanceSpec, InstanceStatus } from '../../operator/api/compute/instance.ts';

/** An Instance as the API server gives it. */
export interface LiveInstance extends AnyObject {
  spec: InstanceSpec;
  status?: InstanceStatus;
}

/** What a user does with kubectl to the Instances of one namespace, and what there is to see. */
export class KubectlInstances {
  readonly #plane: ControlPlane;
  readonly #namespace: string;

  constructor(plane: ControlPlane, namespace: string) {
    this.#plane = plane;
    this.#namespace = namespace;
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
    return orUndefined(this.#plane.client.get<LiveInstance>(this.#path(name)));
  }

  /** Waits until the instance shows a state. */
  async shows(name: string, state: string, timeoutSeconds = 60): Promise<LiveInstance> {
    return eventually(`${name} is ${state}`, timeoutSeconds, async () => {
      const instance = await this.get(name);
      if (instance?.status?.state === state) return instance;
      throw new Error(JSON.stringify(instance?.status));
    });
  }

  /** Waits until a condition has a status and reason, such as `False Unschedulable`; answers with its message. */
  async claims(name: string, type: string, want: string, timeoutSeconds = 60): Promise<string> {
    return eventually(`${name} has ${type} ${want}`, timeoutSeconds, async () => {
      const conditions = (await this.get(name))?.status?.conditions ?? [];
      const condition = conditions.find((candidate) => candidate.type === type);
      if (`${condition?.status ?? ''} ${condition?.reason ?? ''}` === want) return condition?.message;
      throw new Error(JSON.stringify(condition));
    });
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
    return orUndefined(this.#plane.client.get(`/apis/kubevirt.io/v1/namespaces/${this.#namespace}/${plural}/${id}`));
  }

  /** Reasons of the events about an instance, each once. */
  async events(name: string): Promise<string[]> {
    const query = `fieldSelector=involvedObject.kind%3DInstance,involvedObject.name%3D${name}`;
    const { items } = await this.#plane.client.get<{ items: { reason: string }[] }>(`/api/v1/namespaces/${this.#namespace}/events?${query}`);
    return [...new Set(items.map(({ reason }) => reason))];
  }

  /** Writes every state down that the instance shows from now on, each change once, until stopped. */
  recordStates(name: string): { states: string[]; stop(): Promise<void> } {
    const states: string[] = [];
    let isOver = false;
    const watch = this.#plane.client.watch<LiveInstance>(`${this.#path()}?fieldSelector=metadata.name%3D${name}`);
    const recording = (async (): Promise<void> => {
      for await (const { object } of watch) {
        if (isOver) return;
        const state = object.status?.state;
        if (state !== undefined && states.at(-1) !== state) states.push(state);
      }
    })().catch(() => undefined);
    return {
      states,
      stop: async () => {
        isOver = true;
        // The stream ends with its next event.
        await this.#plane.client.patch(this.#path(name), 'merge', { metadata: { annotations: { recorded: 'true' } } }).catch(() => undefined);
        await Promise.race([recording, new Promise((resolve) => setTimeout(resolve, 1000))]);
      },
    };
  }
}

async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  return found.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
}
