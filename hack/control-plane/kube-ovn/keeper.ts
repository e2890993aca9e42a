import { isConflict, isNotFound, type AnyObject, type KubernetesClient } from '../kubernetes-client.ts';
import { keyOf, Mirror } from '../node-agent/mirror.ts';
import { machineOf, podPath, type Pod } from '../node-agent/pod.ts';
import { timestamp } from '../node-agent/timestamp.ts';
import { WorkQueue } from '../node-agent/work-queue.ts';
import { freeAddress } from './addresses.ts';
import { ADDRESS_ANNOTATION, ALLOCATED_ANNOTATION, MAC_ANNOTATION, SWITCH_ANNOTATION } from './annotations.ts';
import { KUBE_OVN_API_VERSION, KUBE_OVN_FINALIZER, KUBE_OVN_ROOT } from './definitions.ts';

type Vpc = AnyObject & { status?: { standby?: boolean } };
type Subnet = AnyObject & { spec: { vpc?: string; cidrBlock: string; excludeIps?: string[] }; status?: { v4usingIPs?: number } };
type Address = AnyObject & { spec: { podName: string; namespace: string; subnet: string; v4IpAddress: string } };

/**
 * Plays kube-ovn-controller: routers and switches become ready, a machine's pod gets an address of its switch, which the machine keeps until it is gone
 * (`keep-vm-ip`), and a switch goes when nothing has an address of it. All that it knows is in the API server.
 */
export class KubeOvnKeeper {
  readonly #client: KubernetesClient;
  readonly #vpcs: Mirror<Vpc>;
  readonly #subnets: Mirror<Subnet>;
  readonly #addresses: Mirror<Address>;
  readonly #machines: Mirror<AnyObject>;
  readonly #pods: Mirror<Pod>;
  readonly #listed = Promise.withResolvers<undefined>();

  constructor(client: KubernetesClient, onError: (key: string, error: unknown) => void) {
    this.#client = client;
    // One after another, so that no two get the same address.
    const queue = new WorkQueue(async (key) => this.#reconcile(key), onError, 1);
    const mirror = <T extends AnyObject>(kind: string, path: string): Mirror<T> => new Mirror<T>(client, path, (key) => queue.add(`${kind}:${key}`));
    this.#vpcs = mirror('vpc', `${KUBE_OVN_ROOT}/vpcs`);
    this.#subnets = mirror('subnet', `${KUBE_OVN_ROOT}/subnets`);
    this.#addresses = new Mirror<Address>(client, `${KUBE_OVN_ROOT}/ips`, (key, address) => {
      if (address) queue.add(`address:${key}`);
      // How many are in use has changed, of whichever subnet it was.
      for (const subnet of this.#subnets.values()) queue.add(`subnet:${keyOf(subnet)}`);
    });
    this.#machines = new Mirror(client, '/apis/kubevirt.io/v1/virtualmachines', (key, machine) => {
      if (!machine) queue.add(`address:${addressName(key)}`);
    });
    this.#pods = mirror('pod', '/api/v1/pods');
  }

  async start(): Promise<void> {
    await Promise.all([this.#vpcs, this.#subnets, this.#addresses, this.#machines, this.#pods].map(async (mirror) => mirror.start()));
    this.#listed.resolve(undefined);
  }

  async #reconcile(key: string): Promise<void> {
    await this.#listed.promise;
    const [kind, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    try {
      if (kind === 'vpc') await this.#keepVpc(this.#vpcs.get(name));
      if (kind === 'subnet') await this.#keepSubnet(this.#subnets.get(name));
      if (kind === 'address') await this.#keepAddress(this.#addresses.get(name));
      if (kind === 'pod') await this.#plugIn(this.#pods.get(name));
    } catch (error) {
      if (!isNotFound(error)) throw error; // gone meanwhile
    }
  }

  async #keepVpc(vpc: Vpc | undefined): Promise<void> {
    if (!vpc || vpc.metadata.deletionTimestamp !== undefined || vpc.status?.standby) return;
    const name = String(vpc.metadata.name);
    this.#vpcs.remember(await this.#client.patch<Vpc>(`${KUBE_OVN_ROOT}/vpcs/${name}/status`, 'merge', { status: { standby: true, default: false, router: name } }));
  }

  async #keepSubnet(subnet: Subnet | undefined): Promise<void> {
    if (!subnet) return;
    const name = String(subnet.metadata.name);
    const path = `${KUBE_OVN_ROOT}/subnets/${name}`;
    const inUse = this.#addressesOf(name).length;
    const held = (subnet.metadata['finalizers'] ?? []) as string[];
    if (subnet.metadata.deletionTimestamp !== undefined) {
      if (inUse === 0 && held.includes(KUBE_OVN_FINALIZER)) await this.#client.patch(path, 'merge', { metadata: { finalizers: held.filter((each) => each !== KUBE_OVN_FINALIZER) } });
      return;
    }
    if (!held.includes(KUBE_OVN_FINALIZER)) {
      const metadata = { finalizers: [...held, KUBE_OVN_FINALIZER] };
      await this.#client.patch(path, 'merge', { metadata, spec: { provider: 'ovn', gatewayType: 'distributed' } });
    }
    if (subnet.status?.v4usingIPs === inUse) return;
    const conditions = ['Validated', 'Ready'].map((type) => ({ type, status: 'True', reason: 'ResetLogicalSwitchAclSuccess', lastTransitionTime: timestamp() }));
    await this.#client.patch(`${path}/status`, 'merge', { status: { v4usingIPs: inUse, conditions } });
  }

  /** An address is free again when its machine is gone. The mirror of machines may lag behind that of addresses: the API server knows. */
  async #keepAddress(address: Address | undefined): Promise<void> {
    if (!address) return;
    const { namespace, podName } = address.spec;
    if (this.#machines.get(`${namespace}/${podName}`) || (await this.#isMachine(namespace, podName))) return;
    await this.#client.remove(`${KUBE_OVN_ROOT}/ips/${String(address.metadata.name)}`);
  }

  async #isMachine(namespace: string, name: string): Promise<boolean> {
    return this.#client.get(`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachines/${name}`).then(
      () => true,
      (error: unknown) => {
        if (isNotFound(error)) return false;
        throw error;
      },
    );
  }

  async #plugIn(pod: Pod | undefined): Promise<void> {
    const { annotations = {}, deletionTimestamp } = pod?.metadata ?? {};
    const subnet = this.#subnets.get(annotations[SWITCH_ANNOTATION] ?? '');
    const machine = pod && machineOf(pod);
    if (!pod || !machine || deletionTimestamp !== undefined || annotations[ALLOCATED_ANNOTATION] !== undefined) return;
    if (annotations[SWITCH_ANNOTATION] === undefined) return;
    if (!subnet) throw new Error(`there is no switch ${annotations[SWITCH_ANNOTATION]}`); // tried again
    const address = this.#addresses.get(addressName(machine.key)) ?? (await this.#allocate(machine.key, subnet, annotations[MAC_ANNOTATION]));
    const given = { [ADDRESS_ANNOTATION]: address.spec.v4IpAddress, [ALLOCATED_ANNOTATION]: 'true' };
    this.#pods.remember(await this.#client.patch<Pod>(podPath(pod), 'merge', { metadata: { annotations: given } }));
  }

  async #allocate(machineKey: string, subnet: Subnet, macAddress: string | undefined): Promise<Address> {
    const [namespace, podName] = machineKey.split('/');
    const name = String(subnet.metadata.name);
    const v4IpAddress = freeAddress(subnet.spec, new Set(this.#addressesOf(name).map(({ spec }) => spec.v4IpAddress)));
    if (v4IpAddress === undefined) throw new Error(`all addresses of ${name} are in use`); // tried again
    const spec = { podName, namespace, subnet: name, podType: 'VirtualMachine', v4IpAddress, ...(macAddress !== undefined && { macAddress }) };
    const address = { apiVersion: KUBE_OVN_API_VERSION, kind: 'IP', metadata: { name: addressName(machineKey) }, spec };
    const made = await this.#client.create<Address>(`${KUBE_OVN_ROOT}/ips`, address).catch(async (error: unknown) => {
      if (!isConflict(error)) throw error;
      return this.#client.get<Address>(`${KUBE_OVN_ROOT}/ips/${addressName(machineKey)}`);
    });
    this.#addresses.remember(made);
    return made;
  }

  #addressesOf(subnet: string): Address[] {
    return [...this.#addresses.values()].filter(({ spec }) => spec.subnet === subnet);
  }
}

/** Kube-OVN's own form. */
function addressName(machineKey: string): string {
  const [namespace = '', name = ''] = machineKey.split('/');
  return `${name}.${namespace}`;
}
