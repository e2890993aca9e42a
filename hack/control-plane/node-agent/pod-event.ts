import type { KubernetesClient } from '../kubernetes-client.ts';
import type { Pod } from './pod.ts';
import { timestamp } from './timestamp.ts';

/** Records a warning about a pod, as a kubelet does. */
export async function recordPodEvent(client: KubernetesClient, pod: Pod, event: { reason: string; message: string }): Promise<void> {
  const { name, namespace, uid } = pod.metadata;
  const now = timestamp();
  await client.create(`/api/v1/namespaces/${String(namespace)}/events`, {
    metadata: { generateName: `${String(name)}.`, namespace },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace, uid },
    type: 'Warning',
    ...event,
    source: { component: 'kubelet', host: pod.spec.nodeName },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
  });
}
