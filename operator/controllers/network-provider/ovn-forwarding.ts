import { isAlreadyExists, isNotFound } from '../../kubernetes/errors.ts';
import { KubeOvnVpc, OvnFip } from '../../kubernetes/kube-ovn.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import type { Instance } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { instanceIdOf } from '../instance/identity.ts';
import { vpcIdOfSubnet } from '../vpc/find-vpc.ts';
import { labelsOf } from './kube-ovn-labels.ts';
import { notAssociated, type Destination, type Holder } from './public-addresses.ts';

/** Where the traffic of an address goes, and why not to the instance. */
export type Forwarding =
  | 'nowhere'
  | 'no-address'
  | 'no-instance'
  | 'outward-only'
  | 'no-private-address'
  | 'gateway-not-attached'
  | 'router-not-connected'
  | 'name-taken'
  | 'changing'
  | 'pending'
  | 'open';

const fipsByMachine = defineIndex(OvnFip, 'controllers.machine', ({ spec }) => (spec.ipName === undefined ? [] : [spec.ipName]));

/** Kube-OVN's name for the address of a machine, which it keeps over the machine's runs. @see https://kubeovn.github.io/docs/stable/en/kubevirt/ */
function ipNameOf(instance: Instance): string {
  return `${instanceIdOf(instance)}.${instance.metadata.namespace ?? ''}`;
}

/**
 * Leads an address to its destination, by an OvnFip of the same name: one per address by construction. Kube-OVN does not follow changes of one, so that
 * it is removed, and made anew once it is gone; nor does it follow an address that comes later, so that it is made when the machine has one.
 */
export async function lead(
  holder: Holder,
  destination: Destination | undefined,
  isOwn: (fip: OvnFip) => boolean,
  { read, write }: Pick<ReconcileContext, 'read' | 'write'>,
): Promise<Forwarding> {
  const { name, namespace, labels } = holder;
  const existing = read.get(OvnFip, { name });
  if (existing !== undefined && !isOwn(existing)) return 'name-taken';
  const { instance } = destination ?? {};
  const router = destination && routerOf(destination, namespace, read);
  const obstacle = obstacleTo(destination, router);
  if (existing !== undefined) {
    if (existing.metadata.deletionTimestamp !== undefined) return obstacle ?? 'changing';
    if (obstacle === undefined && instance !== undefined && doesLeadTo(existing, instance)) return progressOf(existing, router);
    const { uid } = existing.metadata;
    await write.remove(OvnFip, { name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // gone already
    });
    return obstacle ?? 'changing';
  }
  if (obstacle !== undefined) return obstacle;
  if (instance?.status?.privateIpAddress === undefined) return 'no-private-address';
  const ipName = ipNameOf(instance);
  // A router must not have two of one private address; the other one is on its way out.
  if (read.byIndex(fipsByMachine, ipName).length > 0) return 'changing';
  const { apiVersion, kind } = OvnFip;
  const fip: OvnFip = { apiVersion, kind, metadata: { name, labels: { ...labelsOf(namespace), ...labels } }, spec: { ovnEip: name, ipName } };
  await write.create(OvnFip, fip).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error; // the cache lags
  });
  return 'pending';
}

/** Why an address cannot lead anywhere. */
function obstacleTo(destination: Destination | undefined, router: KubeOvnVpc | undefined): Forwarding | undefined {
  if (destination === undefined) return 'nowhere';
  if (destination.natGatewayId !== undefined) return 'outward-only';
  if (destination.instance === undefined) return 'no-instance';
  return router?.spec.enableExternal === true ? undefined : 'gateway-not-attached';
}

/** What is made leads to the instance as soon as Kube-OVN is through with it, and with the router's way out. */
function progressOf({ status }: OvnFip, router: KubeOvnVpc | undefined): Forwarding {
  if (router?.status?.enableExternal !== true) return 'router-not-connected';
  return status?.ready === true ? 'open' : 'pending';
}

function routerOf({ instance, networkInterface }: Destination, namespace: string | undefined, read: Read): KubeOvnVpc | undefined {
  const vpcId = vpcIdOfSubnet(networkInterface?.spec.subnetId ?? instance?.spec.subnetId, namespace, read);
  return vpcId === undefined ? undefined : read.get(KubeOvnVpc, { name: vpcId });
}

/** A machine that does not run keeps its address; what is known of it then is that of the last run. */
function doesLeadTo({ spec, status }: OvnFip, instance: Instance): boolean {
  const address = instance.status?.privateIpAddress;
  return spec.ipName === ipNameOf(instance) && (address === undefined || !status?.v4Ip || status.v4Ip === address);
}

const no = (reason: string, message: string): Omit<ConditionClaim, 'type'> => ({ status: 'False', reason, message });
const yes = (reason: string, message: string): Omit<ConditionClaim, 'type'> => ({ status: 'True', reason, message });
const LOG = 'see the log of kube-ovn-controller';

const claims: Readonly<Record<Forwarding, (name: string) => Omit<ConditionClaim, 'type'>>> = {
  nowhere: () => notAssociated,
  'no-address': () => no('NoAddress', 'There is no address that could lead to the instance; see the condition Allocated.'),
  'no-instance': () => no('NoInstance', 'No instance has the interface, so traffic to the address goes nowhere.'),
  'outward-only': () => yes('OutwardOnly', 'Subnets get out by the address through the NAT gateway; nothing is let in by it.'),
  'no-private-address': () => no('NoPrivateAddress', 'The address leads to the instance once that has run and has a private address.'),
  'gateway-not-attached': () =>
    no('GatewayNotAttached', 'No internet gateway is attached to the VPC, so the address leads nowhere; attach one, and route 0.0.0.0/0 to it.'),
  'router-not-connected': () => no('RouterNotConnected', `Kube-OVN has not connected the VPC's router with the network outside yet; ${LOG}.`),
  'name-taken': (name) => no('NameTaken', `an OvnFip ${name} exists that was not made for this; remove it`),
  changing: () => no('Changing', 'What the address, or the instance, had before is being taken away.'),
  pending: (name) => no('ForwardingPending', `Kube-OVN has not made OvnFip ${name} ready; ${LOG}.`),
  open: () =>
    yes('Open', 'All that the security groups let in reaches the instance, and what it sends leaves by the address, where its subnet has a route outside.'),
};

/** What the condition PortsOpen says. Pure. */
export function forwardingClaimFor(forwarding: Forwarding, name = ''): Omit<ConditionClaim, 'type'> {
  return claims[forwarding](name);
}
