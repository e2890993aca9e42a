import { ec2IdOf } from '../../../api/ec2-id.ts';
import { ElasticIp } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { elasticIpsById, withinNamespace } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Addresses of the account; one that is not given yet, or is being given back, is none. */
export function addressesOf({ read, caller }: Lookup): ElasticIp[] {
  return read.list(ElasticIp, caller.namespace).filter(isAddress);
}

/** @throws AwsError InvalidAllocationID.NotFound */
export function requireAllocation(allocationId: string, { read, caller }: Lookup): ElasticIp {
  return requireOne(IdKinds.elasticIp, allocationId, (id) =>
    read.byIndex(elasticIpsById, withinNamespace(caller.namespace, id)).find(({ metadata }) => metadata.deletionTimestamp === undefined),
  );
}

/** @throws AwsError InvalidAddress.Malformed, InvalidAddress.NotFound */
export function requirePublicIp(publicIp: string, context: Lookup): ElasticIp {
  if (!/^(\d{1,3}\.){3}\d{1,3}$/.test(publicIp)) throw new AwsError('InvalidAddress.Malformed', `Invalid IPv4 address '${publicIp}'`);
  const found = addressesOf(context).find(({ status }) => status?.publicIp === publicIp);
  if (found) return found;
  throw new AwsError('InvalidAddress.NotFound', `Address '${publicIp}' not found.`);
}

/** The address that a request names by its id or by itself; undefined if it names none. @throws AwsError those of both, InvalidParameterCombination */
export function namedAddress({ AllocationId, PublicIp }: { AllocationId?: string | undefined; PublicIp?: string | undefined }, context: Lookup): ElasticIp | undefined {
  if (AllocationId && PublicIp) throw new AwsError('InvalidParameterCombination', 'You may specify public IP or allocation id, but not both in the same call');
  if (AllocationId) return requireAllocation(AllocationId, context);
  return PublicIp ? requirePublicIp(PublicIp, context) : undefined;
}

/** Whether there is an address, and nobody has released it. */
export function isAddress({ metadata, status }: ElasticIp): boolean {
  return status?.publicIp !== undefined && metadata.deletionTimestamp === undefined;
}

/** EC2's answer when an address went away meanwhile. */
export function allocationNotFound(elasticIp: ElasticIp, cause: unknown): AwsError {
  return new AwsError(IdKinds.elasticIp.notFoundCode, IdKinds.elasticIp.notFound([ec2IdOf('eipalloc', elasticIp)]), { cause });
}

/**
 * EC2's answer to who touches the address of a NAT gateway, which the gateway alone gives back.
 * @see https://github.com/hashicorp/terraform-provider-aws/issues/3572
 */
export function ofNatGateway(): AwsError {
  return new AwsError('AuthFailure', 'You do not have permission to access the specified resource.');
}
