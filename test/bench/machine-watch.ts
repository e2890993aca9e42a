import { setTimeout as delay } from 'node:timers/promises';
import type { KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';

interface Machine {
  metadata: { name: string; resourceVersion: string };
  status?: { printableStatus?: string; ready?: boolean };
}

/** Counts the VirtualMachines of a namespace that run, from a watch: no polling that would cost one side of a comparison more than the other. */
export class MachineWatch {
  readonly #running = new Set<string>();
  readonly #path: string;
  #stopped = false;

  constructor(client: KubernetesClient, namespace: string) {
    this.#path = `/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines`;
    void this.#follow(client);
  }

  /** Resolves once `count` machines run. @throws Error - after `timeoutSeconds` */
  async running(count: number, timeoutSeconds: number): Promise<void> {
    const deadline = Date.now() + timeoutSeconds * 1000;
    while (this.#running.size < count) {
      if (Date.now() > deadline) throw new Error(`${String(this.#running.size)} of ${String(count)} machines run after ${String(timeoutSeconds)} s`);
      await delay(10);
    }
  }

  stop(): void {
    this.#stopped = true;
  }

  async #follow(client: KubernetesClient): Promise<void> {
    while (!this.#stopped) {
      try {
        // Without a resourceVersion the watch begins with what is there.
        for await (const { type, object } of client.watch<Machine>(`${this.#path}?timeoutSeconds=600`)) {
          if (this.#stopped) return;
          const isRunning = type !== 'DELETED' && object.status?.printableStatus === 'Running' && object.status.ready === true;
          if (isRunning) this.#running.add(object.metadata.name);
          else this.#running.delete(object.metadata.name);
        }
      } catch {
        await delay(100);
      }
    }
  }
}
