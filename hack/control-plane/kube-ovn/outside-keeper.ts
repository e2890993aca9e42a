import { isConflict, isNotFound, type AnyObject, type KubernetesClient } from '../kubernetes-client.ts';
import { keyOf, Mirror } from '../node-agent/mirror.ts';
import { WorkQueue } from '../node-agent/work-queue.ts';
import { freeAddress } from './addresses.ts';
import { KUBE_OVN_API_VERSION, KUBE_OVN_FINALIZER, KUBE_OVN_ROOT } from './definitions.ts';

interface WayOut {
  enableExternal?: boolean;
  extraExternalSubnets?: string[];
}
type Vpc = AnyObject & { spec: WayOut & { staticRoutes?: Record<string, string>[] }; status?: WayOut };
type Subnet = AnyObject & { spec: { vpc?: string; cidrBlock: string; vlan?: string; excludeIps?: string[] }; status?: { v4availableIPs?: number } };
type Address = AnyObject & { spec: { subnet: string; v4IpAddress: string } };
type Eip = AnyObject & { spec: { externalSubnet: string; v4Ip?: string; type?: string }; status?: { v4Ip?: string; ready?: boolean } };
type Rule = AnyObject & { spec: { ovnEip: string; vpcSubnet?: string }; status?: { ready?: boolean } };
type Fip = AnyObject & { spec: { ovnEip: string; ipName?: string }; status?: { ready?: boolean } };

/** On what leads an address somewhere: that address, by which Kube-OVN finds out whether it is in use. */
const ADDRESS_LABEL = 'ovn.kubernetes.io/eip_v4_ip';

/**
 * The part of kube-ovn-controller that deals with the network outside: routers that ask for it get a port, and an address, in external subnets; OvnEips get
 * addresses of them, OvnFips lead these to addresses within, OvnSnatRules let subnets out by them. Like the real one it does nothing about changes of what
 * it has made, and an OvnEip stays for as long as anything uses it.
 * @see https://github.com/kubeovn/kube-ovn/blob/master/pkg/controller/ovn_eip.go
 * @see https://github.com/kubeovn/kube-ovn/blob/master/pkg/controller/ovn_fip.go
 * @see https://github.com/kubeovn/kube-ovn/blob/master/pkg/controller/ovn_snat.go
 */
export class OutsideKeeper {
  readonly #client: KubernetesClient;
  readonly #vpcs: Mirror<Vpc>;
  readonly #subnets: Mirror<Subnet>;
  readonly #addresses: Mirror<Address>;
  readonly #eips: Mirror<Eip>;
  readonly #fips: Mirror<Fip>;
  readonly #rules: Mirror<Rule>;
  readonly #listed = Promise.withResolvers<undefined>();

  constructor(client: KubernetesClient, onError: (key: string, error: unknown) => void) {
    this.#client = client;
    // One after another, so that no two get the same address.
    const queue = new WorkQueue(async (key) => this.#reconcile(key), onError, 1);
    this.#vpcs = new Mirror<Vpc>(client, `${KUBE_OVN_ROOT}/vpcs`, (key) => queue.add(`vpc:${key}`));
    this.#subnets = new Mirror<Subnet>(client, `${KUBE_OVN_ROOT}/subnets`, (key) => queue.add(`subnet:${key}`));
    this.#addresses = new Mirror<Address>(client, `${KUBE_OVN_ROOT}/ips`, () => undefined);
    this.#eips = new Mirror<Eip>(client, `${KUBE_OVN_ROOT}/ovn-eips`, (key, eip) => {
      if (eip) queue.add(`eip:${key}`);
      // How many are left has changed, of whichever subnet it was.
      for (const subnet of this.#subnets.values()) queue.add(`subnet:${keyOf(subnet)}`);
    });
    const lookAtDeleted = (): void => {
      for (const eip of this.#eips.values()) if (eip.metadata.deletionTimestamp !== undefined) queue.add(`eip:${keyOf(eip)}`);
    };
    this.#fips = new Mirror<Fip>(client, `${KUBE_OVN_ROOT}/ovn-fips`, (key, fip) => (fip ? queue.add(`fip:${key}`) : lookAtDeleted()));
    this.#rules = new Mirror<Rule>(client, `${KUBE_OVN_ROOT}/ovn-snat-rules`, (key, rule) => (rule ? queue.add(`rule:${key}`) : lookAtDeleted()));
  }

  async start(): Promise<void> {
    await Promise.all([this.#vpcs, this.#subnets, this.#addresses, this.#eips, this.#fips, this.#rules].map(async (mirror) => mirror.start()));
    this.#listed.resolve(undefined);
  }

  async #reconcile(key: string): Promise<void> {
    await this.#listed.promise;
    const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    try {
      if (kind === 'vpc') await this.#connect(name, this.#vpcs.get(name));
      if (kind === 'subnet') await this.#count(this.#subnets.get(name));
      if (kind === 'eip') await this.#keepEip(this.#eips.get(name));
      if (kind === 'fip') await this.#keepFip(this.#fips.get(name));
      if (kind === 'rule') await this.#keepRule(this.#rules.get(name));
    } catch (error) {
      if (!isNotFound(error)) throw error; // gone meanwhile
    }
  }

  /** A port for the router in each external subnet, with an address of it; they go when they are not asked for any more, or the router goes. */
  async #connect(name: string, vpc: Vpc | undefined): Promise<void> {
    const { enableExternal = false, extraExternalSubnets = [] } = vpc?.spec ?? {};
    const wanted = enableExternal ? extraExternalSubnets : [];
    const ports = [...this.#eips.values()].filter(({ metadata, spec }) => spec.type === 'lrp' && metadata.name === `${name}-${spec.externalSubnet}`);
    for (const { metadata, spec } of ports) if (!wanted.includes(spec.externalSubnet)) await this.#client.remove(`${KUBE_OVN_ROOT}/ovn-eips/${String(metadata.name)}`);
    if (!vpc || vpc.metadata.deletionTimestamp !== undefined) return;
    await this.#format(vpc);
    for (const externalSubnet of wanted) {
      const port = { apiVersion: KUBE_OVN_API_VERSION, kind: 'OvnEip', metadata: { name: `${name}-${externalSubnet}` }, spec: { externalSubnet, type: 'lrp' } };
      await this.#client.create(`${KUBE_OVN_ROOT}/ovn-eips`, port).catch((error: unknown) => {
        if (!isConflict(error)) throw error; // it is there
      });
    }
    const { status = {} } = vpc;
    if ((status.enableExternal ?? false) === enableExternal && (status.extraExternalSubnets ?? []).join() === wanted.join()) return;
    this.#vpcs.remember(await this.#client.patch<Vpc>(`${KUBE_OVN_ROOT}/vpcs/${name}/status`, 'merge', { status: { enableExternal, extraExternalSubnets: wanted } }));
  }

  /** Kube-OVN writes a router anew as Go writes it: every field of a route, and nothing that is empty. */
  async #format({ metadata, spec }: Vpc): Promise<void> {
    const { staticRoutes, enableExternal, extraExternalSubnets } = spec;
    const isEmptyWritten = enableExternal === false || extraExternalSubnets?.length === 0 || staticRoutes?.length === 0;
    const isFormatted = !isEmptyWritten && (staticRoutes ?? []).every((route) => 'ecmpMode' in route);
    if (isFormatted) return;
    const routes = (staticRoutes ?? []).map((route) => ({ ecmpMode: '', bfdId: '', ...route }));
    const formatted = {
      staticRoutes: routes.length === 0 ? null : routes,
      ...(enableExternal !== true && { enableExternal: null }),
      ...(extraExternalSubnets?.length === 0 && { extraExternalSubnets: null }),
    };
    this.#vpcs.remember(await this.#client.patch<Vpc>(`${KUBE_OVN_ROOT}/vpcs/${String(metadata.name)}`, 'merge', { spec: formatted }));
  }

  /** How many addresses of an external subnet are left. */
  async #count(subnet: Subnet | undefined): Promise<void> {
    if (subnet?.spec.vlan === undefined || subnet.metadata.deletionTimestamp !== undefined) return;
    const name = String(subnet.metadata.name);
    const taken = this.#takenOf(name);
    const inUse = taken.size;
    for (let address = freeAddress(subnet.spec, taken); address !== undefined; address = freeAddress(subnet.spec, taken)) taken.add(address);
    const left = taken.size - inUse;
    if (subnet.status?.v4availableIPs === left) return;
    this.#subnets.remember(await this.#client.patch<Subnet>(`${KUBE_OVN_ROOT}/subnets/${name}/status`, 'merge', { status: { v4availableIPs: left } }));
  }

  #takenOf(subnet: string): Set<string> {
    const outside = [...this.#eips.values()].filter(({ spec }) => spec.externalSubnet === subnet).map(({ spec }) => spec.v4Ip ?? '');
    const within = [...this.#addresses.values()].filter(({ spec }) => spec.subnet === subnet).map(({ spec }) => spec.v4IpAddress);
    return new Set([...outside, ...within]);
  }

  async #keepEip(eip: Eip | undefined): Promise<void> {
    if (!eip) return;
    const name = String(eip.metadata.name);
    const path = `${KUBE_OVN_ROOT}/ovn-eips/${name}`;
    if (eip.metadata.deletionTimestamp !== undefined) {
      const isUsed = [...this.#fips.values(), ...this.#rules.values()].some(({ metadata }) => metadata.labels?.[ADDRESS_LABEL] === eip.spec.v4Ip);
      if (!isUsed) await this.#letGo(path);
      return;
    }
    if (eip.status?.ready) return;
    const v4Ip = this.#choose(eip);
    const labels = { 'ovn.kubernetes.io/subnet': eip.spec.externalSubnet, [ADDRESS_LABEL]: v4Ip };
    const type = eip.spec.type ?? 'nat';
    this.#eips.remember(await this.#client.patch<Eip>(path, 'merge', { metadata: { labels, finalizers: [KUBE_OVN_FINALIZER] }, spec: { v4Ip, type } }));
    this.#eips.remember(await this.#client.patch<Eip>(`${path}/status`, 'merge', { status: { v4Ip, ready: true, type } }));
  }

  /** What is thrown is tried again, as the real one does; nothing of it is to be read in the OvnEip. */
  #choose({ metadata, spec }: Eip): string {
    const subnet = this.#subnets.get(spec.externalSubnet);
    if (!subnet) throw new Error(`there is no subnet ${spec.externalSubnet}`);
    const others = [...this.#eips.values()].filter((other) => other.metadata.uid !== metadata.uid && other.spec.externalSubnet === spec.externalSubnet);
    if (spec.v4Ip !== undefined) {
      if (others.some((other) => other.spec.v4Ip === spec.v4Ip)) throw new Error(`${spec.v4Ip} is in use`);
      return spec.v4Ip;
    }
    const address = freeAddress(subnet.spec, this.#takenOf(spec.externalSubnet));
    if (address === undefined) throw new Error(`all addresses of ${spec.externalSubnet} are in use`);
    return address;
  }

  async #keepFip(fip: Fip | undefined): Promise<void> {
    if (!fip) return;
    const name = String(fip.metadata.name);
    const path = `${KUBE_OVN_ROOT}/ovn-fips/${name}`;
    if (fip.metadata.deletionTimestamp !== undefined) return this.#letGo(path);
    if (fip.status?.ready) return;
    const v4Eip = this.#eips.get(fip.spec.ovnEip)?.status?.v4Ip;
    if (v4Eip === undefined) throw new Error(`OvnEip ${fip.spec.ovnEip} has no address`);
    const other = [...this.#fips.values()].find(({ metadata }) => metadata.name !== name && metadata.labels?.[ADDRESS_LABEL] === v4Eip);
    if (other) throw new Error(`${v4Eip} is used by OvnFip ${String(other.metadata.name)}`);
    const address = this.#addresses.get(fip.spec.ipName ?? '');
    if (!address) throw new Error(`there is no address ${fip.spec.ipName ?? ''}`);
    const vpc = this.#subnets.get(address.spec.subnet)?.spec.vpc;
    this.#fips.remember(await this.#client.patch<Fip>(path, 'merge', { metadata: { labels: { [ADDRESS_LABEL]: v4Eip }, finalizers: [KUBE_OVN_FINALIZER] } }));
    this.#fips.remember(await this.#client.patch<Fip>(`${path}/status`, 'merge', { status: { ready: true, vpc, v4Eip, v4Ip: address.spec.v4IpAddress } }));
  }

  async #keepRule(rule: Rule | undefined): Promise<void> {
    if (!rule) return;
    const path = `${KUBE_OVN_ROOT}/ovn-snat-rules/${String(rule.metadata.name)}`;
    if (rule.metadata.deletionTimestamp !== undefined) return this.#letGo(path);
    if (rule.status?.ready) return;
    const v4Eip = this.#eips.get(rule.spec.ovnEip)?.status?.v4Ip;
    if (v4Eip === undefined) throw new Error(`OvnEip ${rule.spec.ovnEip} has no address`);
    const subnet = this.#subnets.get(rule.spec.vpcSubnet ?? '');
    if (!subnet) throw new Error(`there is no subnet ${rule.spec.vpcSubnet ?? ''}`);
    const { vpc, cidrBlock: v4IpCidr } = subnet.spec;
    this.#rules.remember(await this.#client.patch<Rule>(path, 'merge', { metadata: { labels: { [ADDRESS_LABEL]: v4Eip }, finalizers: [KUBE_OVN_FINALIZER] } }));
    this.#rules.remember(await this.#client.patch<Rule>(`${path}/status`, 'merge', { status: { ready: true, vpc, v4Eip, v4IpCidr } }));
  }

  async #letGo(path: string): Promise<void> {
    await this.#client.patch(path, 'merge', { metadata: { finalizers: [] } });
  }
}
