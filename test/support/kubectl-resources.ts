import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from './cloud.ts';

/** What a user does with kubectl to the resources of an account, and what there is to see. */
export interface KubectlResources<Status> {
  get: (plural: string, name: string) => Promise<(AnyObject & { status?: Status }) | undefined>;
  /** Waits until kubectl, and then the endpoint too, shows a state; answers with the status. @throws Error - with the last status, if it does not come in time */
  shows: (plural: string, name: string, state: string) => Promise<Partial<Status>>;
  apply: (kind: string, name: string, spec: object) => Promise<unknown>;
}

/** Such hands for the account that a test has at the time: each try has another. */
export function kubectlResources<Status extends { state?: string }>(
  place: () => { cloud: Cloud; tenant: TenantClients },
  patienceSeconds: number,
): KubectlResources<Status> {
  type Live = AnyObject & { status?: Status };
  const namespace = (): string => place().tenant.account.namespace;
  const get = async (plural: string, name: string): Promise<Live | undefined> =>
    place().cloud.controlPlane.client.find<Live>(`/apis/kube-ec2.io/v1alpha1/namespaces/${namespace()}/${plural}/${name}`);
  return {
    get,
    shows: async (plural, name, state) => {
      const shown = await eventually(`${plural} ${name} is ${state}`, patienceSeconds, async () => {
        const found = await get(plural, name);
        if (found?.status?.state === state) return found;
        throw new Error(JSON.stringify(found?.status));
      });
      await place().cloud.operator.hasSeen(shown);
      return shown.status ?? {};
    },
    apply: async (kind, name, spec) => place().cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind, metadata: { name, namespace: namespace() }, spec }]),
  };
}
