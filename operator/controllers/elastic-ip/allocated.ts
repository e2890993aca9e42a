import type { ElasticIp } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import type { HeldAddress } from '../network-provider/public-addresses.ts';

/** The address, and what the condition Allocated says about it. */
export interface Allocated {
  publicIp: string | undefined;
  claim: Omit<ConditionClaim, 'type'>;
}

/** What has become of the wish for an address. Pure. */
export function allocatedFrom({ spec, status }: ElasticIp, { publicIp, objection }: HeldAddress): Allocated {
  if (publicIp !== undefined && spec.address !== undefined && publicIp !== spec.address) {
    const message = `the load balancer gave ${publicIp} instead of ${spec.address}; see elasticIps.annotations in the chart for how it is asked`;
    return { publicIp: undefined, claim: { status: 'False', reason: 'OtherAddress', message } };
  }
  if (publicIp !== undefined) return { publicIp, claim: { status: 'True', reason: 'Allocated', message: `The address is ${publicIp}.` } };
  const { reason, message } = objection ?? { reason: 'AddressPending', message: 'no address has been given yet' };
  // An address that was there is not forgotten: it is asked for again.
  const former = status?.publicIp;
  return { publicIp: former, claim: { status: 'False', reason, message: former === undefined ? message : `${message}. The address was ${former}.` } };
}
