import { isNotFound } from '../../kubernetes/errors.ts';
import { ElasticIp, Instance, Service } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import { watchingOwned, type ReconcileContext } from '../../runtime/reconcile.ts';
import { instanceIdOf } from '../instance/identity.ts';
import type { Objection } from '../instance/objection.ts';
import { holdService, isHeldFor } from '../elastic-ip/hold-service.ts';
import { PORTS_LIMIT, type OpenPorts } from '../elastic-ip/open-ports.ts';
import { publicPortsOf } from '../elastic-ip/public-ports.ts';
import { addressOf, type Route } from '../elastic-ip/service.ts';
import type { ElasticIpSettings } from '../elastic-ip/settings.ts';
import { notAssociated, type Destination, type HeldAddress, type Holder, type PublicAddresses } from './public-addresses.ts';

/** Addresses of the cluster's load balancer: a Service of type LoadBalancer holds each, and goes with its owner. */
export function serviceAddresses(settings: ElasticIpSettings): PublicAddresses {
  return {
    elasticIpWatches: [watchingOwned(Service, ElasticIp)],
    instanceWatches: [watchingOwned(Service, Instance)],
    goesWithOwner: true,
    hold: (holder, destination, access) => hold(holder, destination, access, settings),
    release,
  };
}

type Access = Pick<ReconcileContext, 'read' | 'live' | 'write'>;

async function hold(holder: Holder, destination: Destination | undefined, access: Access, settings: ElasticIpSettings): Promise<HeldAddress> {
  const openPorts = destination && publicPortsOf(destination, holder.namespace, access.read);
  const service = await holdService(holder, routeFor(destination, openPorts), settings, access);
  const publicIp = service && addressOf(service);
  const objection = publicIp === undefined ? objectionTo(holder, service) : undefined;
  return {
    publicIp,
    ...(objection && { objection }),
    forwarding: openPorts === undefined ? notAssociated : forwardingOf(openPorts),
    ...(openPorts && { openPorts: openPorts.ports.map(({ protocol, port }) => `${protocol.toLowerCase()}/${port}`) }),
  };
}

function routeFor(destination: Destination | undefined, openPorts: OpenPorts | undefined): Route | undefined {
  if (destination?.instance === undefined || openPorts === undefined || openPorts.ports.length === 0) return undefined;
  return { instanceId: instanceIdOf(destination.instance), ports: openPorts.ports };
}

function objectionTo({ name, owner }: Holder, service: Service | undefined): Objection {
  if (service === undefined) return { reason: 'ServiceRefused', message: `a Service ${name} exists that is not of this ${owner.kind}; remove it` };
  if ((service.status?.loadBalancer?.ingress ?? []).length > 0) {
    return { reason: 'NoIpv4Address', message: `the load balancer has given Service ${name} a name or an IPv6 address, but no IPv4 address` };
  }
  const message = `no load balancer has given Service ${name} an address; the cluster needs one such as MetalLB with a free address: kubectl describe service ${name}`;
  return { reason: 'AddressPending', message };
}

function forwardingOf({ ports, leftOut }: OpenPorts): Omit<ConditionClaim, 'type'> {
  if (leftOut.length > 0) {
    const list = leftOut.slice(0, 20).join('; ');
    const rest = ports.length === 0 ? 'No port is forwarded.' : 'All else that the security groups open is.';
    const message = `a Service forwards single tcp and udp ports, at most ${PORTS_LIMIT} in all; not forwarded: ${list}. ${rest}`;
    return { status: 'False', reason: 'RulesNotExpressible', message };
  }
  if (ports.length === 0) return { status: 'True', reason: 'NothingOpen', message: 'The security groups let nothing in from outside, so nothing is forwarded.' };
  return { status: 'True', reason: 'Open', message: 'What the security groups let in from outside is forwarded.' };
}

async function release({ name, namespace, owner }: Omit<Holder, 'asked'>, { read, write }: Access): Promise<void> {
  const key = { namespace, name };
  const service = read.get(Service, key);
  if (service?.metadata?.uid === undefined || service.metadata.deletionTimestamp !== undefined || !isHeldFor(owner, service)) return;
  await write.remove(Service, key, { uid: service.metadata.uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}
