import { setTimeout as delay } from 'node:timers/promises';
import type { AnyObject, KubernetesClient } from '../../hack/control-plane/kubernetes-client.ts';

const namespaced = [
  ...['instances', 'amis', 'keypairs', 'securitygroups', 'launchtemplates', 'autoscalinggroups'].map((plural) => ['kube-ec2.io/v1alpha1', plural] as const),
  ['kubevirt.io/v1', 'virtualmachines'],
  ['kubevirt.io/v1', 'virtualmachineinstances'],
  ['v1', 'secrets'],
  ['v1', 'persistentvolumeclaims'],
  ['v1', 'pods'],
  ['v1', 'services'],
] as const;

/** On a busy machine a second may pass in which nothing happens although something is still to. */
const QUIET_MILLISECONDS = 4000;

/** Everything of an account in the cluster: `<kind>/<name>` to the version of the object, so that two snapshots tell whether anything was changed in between. */
export async function snapshotOf(client: KubernetesClient, namespace: string): Promise<Record<string, string>> {
  const lists = await Promise.all(
    namespaced.map(async ([apiVersion, plural]) => {
      const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const { items } = await client.get<{ items: AnyObject[] }>(`${root}/namespaces/${namespace}/${plural}`);
      return items.map(({ metadata }) => [`${plural}/${metadata.name ?? ''}`, metadata.resourceVersion ?? ''] as const);
    }),
  );
  return Object.fromEntries(lists.flat());
}

/** A snapshot that stayed the same for some seconds: whatever was under way has ended. */
export async function quietSnapshotOf(client: KubernetesClient, namespace: string): Promise<Record<string, string>> {
  for (let before = await snapshotOf(client, namespace), attempt = 0; ; attempt += 1) {
    await delay(QUIET_MILLISECONDS);
    const after = await snapshotOf(client, namespace);
    if (JSON.stringify(after) === JSON.stringify(before)) return after;
    if (attempt > 30) throw new Error(`the namespace ${namespace} does not come to rest`);
    before = after;
  }
}

/** What was made, changed or removed between two snapshots, a line each. */
export function changesBetween(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => before[key] !== after[key]).map((key) => `${key}: ${before[key] ?? 'absent'} -> ${after[key] ?? 'absent'}`);
}
