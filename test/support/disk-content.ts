import type { AnyObject, KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';

/** What the simulated disk of a claim holds: the same for a disk, its snapshots and what is made of them. */
export async function diskContentOf(client: KubernetesClient, namespace: string, claim: string): Promise<string> {
  const { spec } = await client.get<AnyObject & { spec: { volumeName: string } }>(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${claim}`);
  const volume = await client.get<AnyObject & { spec: { csi: { volumeAttributes: { content: string } } } }>(`/api/v1/persistentvolumes/${spec.volumeName}`);
  return volume.spec.csi.volumeAttributes.content;
}
