import { setTimeout as delay } from 'node:timers/promises';
import type { AnyObject, KubernetesClient } from './kubernetes-client.ts';

const POLL_MILLISECONDS = 100;

/**
 * Repeats `attempt` until it returns something else than `undefined` or `false`.
 * @throws Error - after `timeoutSeconds`, with what was waited for and the last error
 */
export async function eventually<T>(what: string, timeoutSeconds: number, attempt: () => Promise<T | undefined | false>): Promise<T> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  for (;;) {
    let failure: Error | undefined;
    try {
      const result = await attempt();
      if (result !== undefined && result !== false) return result;
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not after ${String(timeoutSeconds)} s${failure === undefined ? '' : `: ${failure.message}`}`, { cause: failure });
    }
    await delay(POLL_MILLISECONDS);
  }
}

/** Waits until the API server answers and has finished its own preparations (roles, priority classes, discovery). */
export async function waitForApiServer(client: KubernetesClient): Promise<void> {
  await eventually('the API server is ready', 120, async () => (await client.getText('/readyz')) === 'ok');
}

/** Waits until the nodes have told that they are ready and have their part of the pod network. */
export async function waitForNodes(client: KubernetesClient, names: readonly string[]): Promise<void> {
  await eventually('the simulated nodes are ready', 120, async () => {
    const { items } = await client.get<{ items: AnyObject[] }>('/api/v1/nodes');
    const ready = items.filter(isUsable).map((node) => node.metadata.name);
    return names.every((name) => ready.includes(name));
  });
}

/**
 * Waits until the webhooks and the subresources answer, virt-controller leads since this start, and every node has its handler: a machine
 * can be created then.
 */
export async function waitForKubevirt(client: KubernetesClient, startedAt: Date, nodes: number): Promise<void> {
  await Promise.all([
    eventually('KubeVirt admits a virtual machine', 120, async () =>
      client.create('/apis/kubevirt.io/v1/namespaces/default/virtualmachines?dryRun=All', smallestMachine),
    ),
    eventually("KubeVirt's subresources are served", 120, async () => client.get('/apis/subresources.kubevirt.io/v1')),
    eventually('virt-controller leads', 120, async () => {
      const lease = await client.get<{ spec: { renewTime?: string } }>('/apis/coordination.k8s.io/v1/namespaces/kubevirt/leases/virt-controller');
      return new Date(lease.spec.renewTime ?? 0) >= startedAt;
    }),
    eventually('every node has its handler', 120, async () => {
      const { items } = await client.get<{ items: { status?: { phase?: string } }[] }>(
        '/api/v1/namespaces/kubevirt/pods?labelSelector=kubevirt.io%3Dvirt-handler',
      );
      return items.filter((pod) => pod.status?.phase === 'Running').length >= nodes;
    }),
  ]);
}

const smallestMachine = {
  apiVersion: 'kubevirt.io/v1',
  kind: 'VirtualMachine',
  metadata: { name: 'readiness-check', namespace: 'default' },
  spec: {
    runStrategy: 'Halted',
    template: { spec: { domain: { devices: {}, memory: { guest: '64Mi' } } } },
  },
};

function isUsable(node: AnyObject): boolean {
  const { conditions = [] } = (node['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
  const { podCIDR, taints = [] } = (node['spec'] ?? {}) as { podCIDR?: string; taints?: { key: string }[] };
  const isReady = conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True');
  return isReady && podCIDR !== undefined && !taints.some((taint) => taint.key === 'node.kubernetes.io/not-ready');
}
