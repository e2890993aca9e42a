import { ec2IdOf } from '../../api/ec2-id.ts';
import type { ElasticIp, Service } from '../../kubernetes/resources.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import { addressOf } from './service.ts';

/** The address, and what the condition Allocated says about it. */
export interface Allocated {
  publicIp: string | undefined;
  claim: Omit<ConditionClaim, 'type'>;
}

/** What has become of the wish for an address. Pure. */
export function allocatedFrom(elasticIp: ElasticIp, service: Service | undefined): Allocated {
  const { spec, status } = elasticIp;
  const id = ec2IdOf('eipalloc', elasticIp);
  const refused = (reason: string, message: string, publicIp?: string): Allocated => ({ publicIp, claim: { status: 'False', reason, message } });
  if (service === undefined) return refused('ServiceRefused', `a Service ${id} exists that is not of this ElasticIp; remove it`, status?.publicIp);
  const address = addressOf(service);
  if (address !== undefined && spec.address !== undefined && address !== spec.address) {
    return refused('OtherAddress', `the load balancer gave ${address} instead of ${spec.address}; see elasticIps.annotations in the chart for how it is asked`);
  }
  if (address !== undefined) return { publicIp: address, claim: { status: 'True', reason: 'Allocated', message: `The address is ${address}.` } };
  if ((service.status?.loadBalancer?.ingress ?? []).length > 0) {
    return refused('NoIpv4Address', `the load balancer has given Service ${id} a name or an IPv6 address, but no IPv4 address`);
  }
  const hint = `no load balancer has given Service ${id} an address; the cluster needs one such as MetalLB with a free address: kubectl describe service ${id}`;
  // An address that was there is not forgotten: it is asked for again.
  return refused('AddressPending', status?.publicIp === undefined ? hint : `${hint}. The address was ${status.publicIp}.`, status?.publicIp);
}
