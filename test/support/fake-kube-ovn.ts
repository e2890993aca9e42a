import { KubeOvnVpc, OvnEip, OvnFip, OvnSnatRule } from '../../operator/kubernetes/kube-ovn.ts';
import type { ResourceType } from '../../operator/kubernetes/resource-type.ts';
import type { FakeCluster } from './fake-cluster.ts';

const FINALIZER = 'kubeovn.io/kube-ovn-controller';

/**
 * What kube-ovn-controller does with the kinds of public addresses, in one call: routers get their way out, addresses are given from a small block, are
 * led where they are to lead, let subnets out, and are let go of when nothing uses them.
 */
export class FakeKubeOvn {
  readonly #cluster: FakeCluster;
  /** Addresses that machines have, by Kube-OVN's name for them. */
  readonly machines = new Map<string, string>();
  /** Free addresses outside. */
  readonly free = ['203.0.113.11', '203.0.113.12', '203.0.113.13'];

  constructor(cluster: FakeCluster) {
    this.#cluster = cluster;
  }

  async play(): Promise<void> {
    for (const { metadata, spec } of this.#cluster.list(KubeOvnVpc)) {
      const { enableExternal = false, extraExternalSubnets = [] } = spec;
      await this.#cluster.patchStatus(KubeOvnVpc, { name: metadata.name }, { status: { standby: true, enableExternal, extraExternalSubnets } });
    }
    for (const fip of this.#cluster.list(OvnFip)) await this.#playFip(fip);
    for (const rule of this.#cluster.list(OvnSnatRule)) await this.#playRule(rule);
    for (const eip of this.#cluster.list(OvnEip)) await this.#playEip(eip);
  }

  async #playEip(eip: OvnEip): Promise<void> {
    const { name, deletionTimestamp } = eip.metadata;
    if (deletionTimestamp !== undefined) {
      if ([...this.#cluster.list(OvnFip), ...this.#cluster.list(OvnSnatRule)].some(({ spec }) => spec.ovnEip === name)) return;
      if (eip.status?.v4Ip !== undefined) this.free.push(eip.status.v4Ip);
      return this.#hold(OvnEip, name, []);
    }
    if (eip.status?.ready) return;
    const wanted = eip.spec.v4Ip ?? this.free[0];
    const position = wanted === undefined ? -1 : this.free.indexOf(wanted);
    if (wanted === undefined || position < 0) return;
    this.free.splice(position, 1);
    await this.#hold(OvnEip, name, [FINALIZER]);
    await this.#cluster.patch(OvnEip, { name }, { spec: { v4Ip: wanted } });
    await this.#cluster.patchStatus(OvnEip, { name }, { status: { v4Ip: wanted, ready: true } });
  }

  async #playFip(fip: OvnFip): Promise<void> {
    const { name, deletionTimestamp } = fip.metadata;
    if (deletionTimestamp !== undefined) return this.#hold(OvnFip, name, []);
    const v4Ip = this.machines.get(fip.spec.ipName ?? '');
    // It does nothing about changes of what it has done once.
    if (fip.status?.ready || v4Ip === undefined) return;
    await this.#hold(OvnFip, name, [FINALIZER]);
    await this.#cluster.patchStatus(OvnFip, { name }, { status: { v4Ip, ready: true } });
  }

  async #playRule({ metadata, spec, status }: OvnSnatRule): Promise<void> {
    const { name, deletionTimestamp } = metadata;
    if (deletionTimestamp !== undefined) return this.#hold(OvnSnatRule, name, []);
    if (status?.ready || this.#cluster.get(OvnEip, { name: spec.ovnEip })?.status?.ready !== true) return;
    await this.#hold(OvnSnatRule, name, [FINALIZER]);
    await this.#cluster.patchStatus(OvnSnatRule, { name }, { status: { ready: true } });
  }

  async #hold<T extends OvnEip | OvnFip | OvnSnatRule>(type: ResourceType<T>, name: string, finalizers: string[]): Promise<void> {
    await this.#cluster.patch(type, { name }, { metadata: { finalizers } });
  }
}
