import { INSTANCE_ID_LABEL, InstanceConditions, type InstanceStateName } from '../../api/compute/instance.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { Instance } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import type { ElasticIpSettings } from '../elastic-ip/settings.ts';
import type { HeldAddress, Holder } from '../network-provider/public-addresses.ts';
import { publicAddressesFor } from '../network-provider/public-addresses-for.ts';
import { interfaceOfInstance } from '../network-interface/attached.ts';
import { instanceIdOf } from './identity.ts';
import { publicIpOf } from './public-ip.ts';

/** The public address of an instance, and what there is to say about it. */
export interface PublicAddress {
  publicIp: string | undefined;
  claim?: Omit<ConditionClaim, 'observedGeneration'>;
}

type Access = Pick<ReconcileContext, 'read' | 'live' | 'write'>;

function holderFor(instance: Instance): Holder {
  const instanceId = instanceIdOf(instance);
  return {
    name: `${instanceId}-public`,
    namespace: instance.metadata.namespace,
    owner: controllerReferenceTo(Instance, instance),
    labels: { [INSTANCE_ID_LABEL]: instanceId },
    asked: { address: undefined, pool: undefined },
  };
}

/**
 * Sees to the public address of an instance: that of its ElasticIp, else, if it asks for one, one that it has for as long as it runs. Like EC2, a stop
 * gives that one back, and an ElasticIp takes its place.
 */
export async function holdPublicAddress(instance: Instance, state: InstanceStateName, access: Access, settings: ElasticIpSettings): Promise<PublicAddress> {
  const addresses = publicAddressesFor(settings);
  const elastic = publicIpOf(instance, access.read);
  const isUp = state === 'pending' || state === 'running';
  if (elastic !== undefined || !isUp || instance.spec.networkInterface?.associatePublicIpAddress !== true) {
    await addresses.release(holderFor(instance), access, false);
    return { publicIp: elastic };
  }
  const held = await addresses.hold(holderFor(instance), { instance, networkInterface: interfaceOfInstance(instance, access.read) }, access);
  return { publicIp: held.publicIp, claim: { type: InstanceConditions.publicAddress, ...claimFrom(held) } };
}

function claimFrom({ publicIp, objection, forwarding }: HeldAddress): Omit<ConditionClaim, 'type' | 'observedGeneration'> {
  if (publicIp === undefined) return { status: 'False', ...(objection ?? { reason: 'AddressPending', message: 'no address has been given yet' }) };
  const rest = forwarding.status === 'True' ? '' : ` ${forwarding.message}`;
  return { status: 'True', reason: 'Assigned', message: `The address is ${publicIp}.${rest}` };
}

/** Gives the address back that an instance had while it ran, for good. */
export async function releasePublicAddress(instance: Instance, access: Access, settings: ElasticIpSettings): Promise<void> {
  await publicAddressesFor(settings).release(holderFor(instance), access, instance.spec.networkInterface?.associatePublicIpAddress === true);
}
