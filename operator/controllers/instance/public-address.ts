import { INSTANCE_ID_LABEL, InstanceConditions, type InstanceStateName } from '../../api/compute/instance.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import type { Read } from '../../kubernetes/read.ts';
import { Instance, Service } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import { holdService, isHeldFor } from '../elastic-ip/hold-service.ts';
import { publicPortsOf } from '../elastic-ip/public-ports.ts';
import { addressOf, type Holder } from '../elastic-ip/service.ts';
import { interfaceOfInstance } from '../network-interface/attached.ts';
import { instanceIdOf } from './identity.ts';
import { publicIpOf } from './public-ip.ts';
import type { InstanceSettings } from './settings.ts';

/** The public address of an instance, and what there is to say about it. */
export interface PublicAddress {
  publicIp: string | undefined;
  claim?: Omit<ConditionClaim, 'observedGeneration'>;
}

function serviceNameOf(instance: Instance): string {
  return `${instanceIdOf(instance)}-public`;
}

/**
 * Sees to the public address of an instance: that of its ElasticIp, else, if it asks for one, one that it has for as long as it runs, held by a Service
 * of its own. Like EC2, a stop gives that one back, and an ElasticIp takes its place.
 */
export async function holdPublicAddress(instance: Instance, state: InstanceStateName, access: { read: Read; write: Write }, settings: InstanceSettings): Promise<PublicAddress> {
  const { read } = access;
  const type = InstanceConditions.publicAddress;
  const elastic = publicIpOf(instance, read);
  const isUp = state === 'pending' || state === 'running';
  if (elastic !== undefined || !isUp || instance.spec.networkInterface?.associatePublicIpAddress !== true) {
    await releasePublicAddress(instance, access);
    return { publicIp: elastic };
  }
  const { namespace } = instance.metadata;
  const name = serviceNameOf(instance);
  const instanceId = instanceIdOf(instance);
  const { ports, leftOut } = publicPortsOf({ instance, networkInterface: interfaceOfInstance(instance, read) }, namespace, read);
  const holder: Holder = {
    name,
    owner: controllerReferenceTo(Instance, instance),
    labels: { [INSTANCE_ID_LABEL]: instanceId },
    asked: { address: undefined, pool: undefined },
  };
  const service = await holdService(holder, namespace, ports.length === 0 ? undefined : { instanceId, ports }, settings, access);
  const publicIp = service && addressOf(service);
  if (service === undefined) return { publicIp, claim: { type, status: 'False', reason: 'ServiceRefused', message: `a Service ${name} exists that is not of this Instance; remove it` } };
  if (publicIp === undefined) {
    return { publicIp, claim: { type, status: 'False', reason: 'AddressPending', message: `no load balancer has given Service ${name} an address: kubectl describe service ${name}` } };
  }
  const rest = leftOut.length === 0 ? '' : ` A Service cannot forward: ${leftOut.slice(0, 20).join('; ')}.`;
  return { publicIp, claim: { type, status: 'True', reason: 'Assigned', message: `The address is ${publicIp}.${rest}` } };
}

/** Gives the address back that an instance had while it ran. */
export async function releasePublicAddress(instance: Instance, { read, write }: { read: Read; write: Write }): Promise<void> {
  const key = { namespace: instance.metadata.namespace, name: serviceNameOf(instance) };
  const service = read.get(Service, key);
  const { uid = '' } = instance.metadata;
  if (service?.metadata?.uid === undefined || service.metadata.deletionTimestamp !== undefined || !isHeldFor({ uid }, service)) return;
  await write.remove(Service, key, { uid: service.metadata.uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}
