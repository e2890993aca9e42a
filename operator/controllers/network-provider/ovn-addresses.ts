import { INSTANCE_ID_LABEL } from '../../api/compute/instance.ts';
import { ElasticIpConditions } from '../../api/network/elastic-ip.ts';
import { isAlreadyExists, isNotFound } from '../../kubernetes/errors.ts';
import { KubeOvnSubnet, KubeOvnVpc, OvnEip, OvnFip } from '../../kubernetes/kube-ovn.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { ElasticIp } from '../../kubernetes/resources.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import { isTrue } from '../../runtime/conditions.ts';
import { ifServed, watching, type ReconcileContext } from '../../runtime/reconcile.ts';
import { instancesByMachine, instancesWithPublicAddress } from '../instance/indexes.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { labelsOf, namespaceOf } from './kube-ovn-labels.ts';
import { forwardingClaimFor, lead } from './ovn-forwarding.ts';
import type { Destination, HeldAddress, Holder, PublicAddresses } from './public-addresses.ts';

type Access = Pick<ReconcileContext, 'read' | 'live' | 'write'>;

/**
 * Addresses of a subnet outside, by Kube-OVN: an OvnEip holds each, an OvnFip leads it to a machine. Both are the cluster's, so that no owner reference
 * to us can be on them.
 */
export function ovnAddresses(externalSubnet: string | undefined): PublicAddresses {
  return {
    elasticIpWatches: elasticIpWatches(externalSubnet),
    instanceWatches,
    goesWithOwner: false,
    hold: (holder, destination, access) => hold(holder, destination, access, externalSubnet),
    release,
  };
}

/** All of an account: they are few, and one may wait for what another has. */
const elasticIpsOf = ({ metadata }: OvnEip | OvnFip | KubeOvnVpc, read: Read): ObjectKey[] => {
  const namespace = namespaceOf(metadata);
  return namespace === undefined ? [] : keysOf(read.list(ElasticIp, namespace));
};

function elasticIpWatches(externalSubnet: string | undefined): PublicAddresses['elasticIpWatches'] {
  return [
    // Of older versions of Kube-OVN a cluster may lack these kinds.
    ifServed(watching(OvnEip, elasticIpsOf)),
    ifServed(watching(OvnFip, elasticIpsOf)),
    // An address leads nowhere until the router has its port outside.
    watching(KubeOvnVpc, elasticIpsOf),
    watching(KubeOvnSubnet, ({ metadata }, read) =>
      metadata.name === externalSubnet ? keysOf(read.list(ElasticIp).filter(({ status }) => !isTrue(status?.conditions, ElasticIpConditions.allocated))) : [],
    ),
  ];
}

const instanceOf = (id: string | undefined, { metadata }: OvnEip | OvnFip, read: Read): ObjectKey[] =>
  id === undefined ? [] : keysOf(read.byIndex(instancesByMachine, id)).filter(({ namespace }) => namespace === namespaceOf(metadata));

const instanceWatches: PublicAddresses['instanceWatches'] = [
  ifServed(watching(OvnEip, (eip, read) => instanceOf(eip.metadata.labels?.[INSTANCE_ID_LABEL], eip, read))),
  // Its own, or that of an elastic IP which is to go first.
  ifServed(watching(OvnFip, (fip, read) => instanceOf(fip.spec.ipName?.split('.')[0], fip, read))),
  watching(KubeOvnVpc, ({ metadata }, read) => keysOf(read.byIndex(instancesWithPublicAddress, namespaceOf(metadata) ?? ''))),
  // Only looked up.
  watching(KubeOvnSubnet, () => []),
];

function keysOf(objects: readonly { metadata: { namespace?: string; name: string } }[]): ObjectKey[] {
  return objects.map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }));
}

/** Whether what is there of that name is of the same holder: ids that somebody chose for himself may be in several namespaces. */
function isOf({ namespace, labels }: Pick<Holder, 'namespace' | 'labels'>, { metadata }: OvnEip | OvnFip): boolean {
  return namespaceOf(metadata) === (namespace ?? '') && Object.entries(labels).every(([name, value]) => metadata.labels?.[name] === value);
}

async function hold(holder: Holder, destination: Destination | undefined, access: Access, externalSubnet: string | undefined): Promise<HeldAddress> {
  const eip = await ensureEip(holder, access, externalSubnet);
  if (isObjection(eip)) return { publicIp: undefined, objection: eip, forwarding: forwardingClaimFor(destination === undefined ? 'nowhere' : 'no-address') };
  const publicIp = eip.metadata.deletionTimestamp === undefined && eip.status?.ready === true ? eip.status.v4Ip || undefined : undefined;
  const forwarding = await lead(holder, publicIp === undefined ? undefined : destination, (fip) => isOf(holder, fip), access);
  if (publicIp !== undefined) return { publicIp, forwarding: forwardingClaimFor(forwarding, holder.name) };
  return { publicIp, objection: pendingFor(eip, access.read), forwarding: forwardingClaimFor(destination === undefined ? 'nowhere' : 'no-address') };
}

async function ensureEip(holder: Holder, { read, live, write }: Access, externalSubnet: string | undefined): Promise<OvnEip | Objection> {
  const { name, asked } = holder;
  if (externalSubnet === undefined) {
    return {
      reason: 'ExternalSubnetNotConfigured',
      message: 'there are no public addresses: an administrator names the Kube-OVN Subnet that they come from in KUBE_EC2_KUBE_OVN_EXTERNAL_SUBNET',
    };
  }
  const existing = read.get(OvnEip, { name });
  if (existing !== undefined) return isOf(holder, existing) ? existing : nameTaken(name);
  if (asked.pool !== undefined && asked.pool !== externalSubnet) {
    return { reason: 'PoolNotFound', message: `there is no pool ${asked.pool}: with Kube-OVN all addresses come from ${externalSubnet}` };
  }
  if (read.get(KubeOvnSubnet, { name: externalSubnet }) === undefined) {
    const message = `Kube-OVN has no Subnet ${externalSubnet}, which public addresses come from; an administrator makes it`;
    return { reason: 'ExternalSubnetNotFound', message };
  }
  try {
    return await write.create(OvnEip, ovnEipFor(holder, externalSubnet));
  } catch (error) {
    if (isNotFound(error)) return { reason: 'KindsAbsent', message: "Kube-OVN's kinds OvnEip and OvnFip are not in this cluster; its version is too old" };
    if (!isAlreadyExists(error)) throw error;
  }
  // The cache lags.
  const found = await live.fetch(OvnEip, { name });
  return found !== undefined && isOf(holder, found) ? found : nameTaken(name);
}

function ovnEipFor({ name, namespace, labels, asked }: Holder, externalSubnet: string): OvnEip {
  const { apiVersion, kind } = OvnEip;
  return {
    apiVersion,
    kind,
    metadata: { name, labels: { ...labelsOf(namespace), ...labels } },
    spec: { externalSubnet, type: 'nat', ...(asked.address !== undefined && { v4Ip: asked.address }) },
  };
}

function nameTaken(name: string): Objection {
  return { reason: 'NameTaken', message: `an OvnEip ${name} exists that was not made for this; remove it, or take another name` };
}

/** Kube-OVN writes no reason down, but it counts what is left. */
function pendingFor({ metadata, spec }: OvnEip, read: Read): Objection {
  if (read.get(KubeOvnSubnet, { name: spec.externalSubnet })?.status?.v4availableIPs === 0) {
    return { reason: 'NoFreeAddress', message: `Kube-OVN's Subnet ${spec.externalSubnet} has no free address` };
  }
  return { reason: 'AddressPending', message: `Kube-OVN has not given OvnEip ${metadata.name} an address; see the log of kube-ovn-controller` };
}

/** First what leads to a machine, then the address: Kube-OVN keeps that for as long as it is used. */
async function release(holder: Omit<Holder, 'asked'>, access: Access, isLast: boolean): Promise<void> {
  await removeOwn(OvnFip, holder, access, isLast);
  await removeOwn(OvnEip, holder, access, isLast);
}

async function removeOwn<T extends OvnEip | OvnFip>(
  type: ResourceType<T>,
  holder: Omit<Holder, 'asked'>,
  { read, live, write }: Access,
  isLast: boolean,
): Promise<void> {
  const key = { name: holder.name };
  const found = read.get(type, key) ?? (isLast ? await live.fetch(type, key) : undefined);
  if (found?.metadata.uid === undefined || found.metadata.deletionTimestamp !== undefined || !isOf(holder, found)) return;
  await write.remove(type, key, { uid: found.metadata.uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone already is what we want
  });
}

