import { randomUUID } from 'node:crypto';
import type { AllocateAddressRequest, AllocateAddressResult } from '@aws-sdk/client-ec2';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import { ELASTIC_IP_QUOTA, ElasticIpConditions, ElasticIpDefinition } from '../../../api/network/elastic-ip.ts';
import type { Tag } from '../../../api/shared.ts';
import { delay } from '../../../kubernetes/clock.ts';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { ElasticIp } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { accountOf } from '../indexes.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { inTurnOfAddresses } from './change-association.ts';
import { isAddress } from './find-address.ts';
import { DEFAULT_POOL } from './sdk-address.ts';

/** How long the cluster's load balancer, or Kube-OVN, has to give an address: short enough for the time-outs of all clients. */
const WAIT_MILLISECONDS = 10_000;
const POLL_MILLISECONDS = 50;
/** Reasons of the condition Allocated after which waiting would be in vain. */
const FINAL_REASONS: readonly string[] = [
  'OtherAddress',
  'NoIpv4Address',
  'ServiceRefused',
  'ExternalSubnetNotConfigured',
  'ExternalSubnetNotFound',
  'KindsAbsent',
  'NameTaken',
  'NoFreeAddress',
];

/**
 * Allocates an address, and answers when the load balancer of the cluster, or Kube-OVN, has given it. If it does not, nothing stays behind.
 * @throws AwsError AddressLimitExceeded, InsufficientAddressCapacity, InvalidAddress.NotFound, InvalidParameterValue, InvalidPublicIpv4PoolID.NotFound, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AllocateAddress.html
 */
export async function allocateAddress(input: AllocateAddressRequest, context: OperationContext): Promise<AllocateAddressResult> {
  requireHonourable(input, context.region);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'elastic-ip');
  const made = await inTurnOfAddresses(context, async () => {
    requireRoom(context);
    return context.write.create(ElasticIp, elasticIpFor(input.Address || undefined, tags, context.caller.namespace));
  });
  const { publicIp, obstacle } = await addressOf(made, context);
  if (publicIp === undefined) {
    await removeAgain(made, context);
    throw notGiven(input.Address, obstacle);
  }
  return { PublicIp: publicIp, AllocationId: ec2IdOf('eipalloc', made), PublicIpv4Pool: DEFAULT_POOL, NetworkBorderGroup: context.region, Domain: 'vpc' };
}

function requireHonourable(input: AllocateAddressRequest, region: string): void {
  const { Domain, Address, PublicIpv4Pool, NetworkBorderGroup, CustomerOwnedIpv4Pool, IpamPoolId } = input;
  if (Domain && Domain !== 'vpc') throw new AwsError('UnsupportedOperation', `Addresses of the domain '${Domain}' are not supported. Use vpc.`);
  if (PublicIpv4Pool && PublicIpv4Pool !== DEFAULT_POOL) throw new AwsError('InvalidPublicIpv4PoolID.NotFound', `The pool ID '${PublicIpv4Pool}' does not exist.`);
  if (NetworkBorderGroup && NetworkBorderGroup !== region) throw invalidParameterValue('NetworkBorderGroup', NetworkBorderGroup, `It must be ${region}.`);
  if (CustomerOwnedIpv4Pool) throw new AwsError('UnsupportedOperation', 'Customer-owned IP addresses are for Outposts only.');
  if (IpamPoolId) throw new AwsError('UnsupportedOperation', 'IPAM pools are not supported.');
  if (Address && !/^((25[0-5]|2[0-4]\d|1?\d?\d)(\.|$)){4}$/.test(Address)) throw new AwsError('InvalidAddress.Malformed', `Invalid IPv4 address '${Address}'`);
}

/** @throws AwsError AddressLimitExceeded */
function requireRoom({ read, caller, clock }: OperationContext): void {
  const limit = accountOf(read, caller.accountId)?.spec.quotas.elasticIps ?? ELASTIC_IP_QUOTA;
  // One that waits for longer than its call can have lived was left by a crash: nobody sees it, so it does not count.
  const isAwaited = ({ metadata }: ElasticIp): boolean =>
    metadata.deletionTimestamp === undefined && clock.now() - Date.parse(metadata.creationTimestamp ?? '') < 2 * WAIT_MILLISECONDS;
  if (read.list(ElasticIp, caller.namespace).filter((elasticIp) => isAddress(elasticIp) || isAwaited(elasticIp)).length < limit) return;
  throw new AwsError('AddressLimitExceeded', 'The maximum number of addresses has been reached.');
}

function elasticIpFor(address: string | undefined, tags: Tag[], namespace: string): ElasticIp {
  return {
    apiVersion: ElasticIpDefinition.apiVersion,
    kind: ElasticIpDefinition.kind,
    metadata: { name: ec2IdFrom('eipalloc', randomUUID()), namespace },
    spec: { ...(address !== undefined && { address }), ...(tags.length > 0 && { tags }) },
  };
}

/** The address, or what the condition Allocated says instead. */
async function addressOf({ metadata }: ElasticIp, { read, clock }: OperationContext): Promise<{ publicIp?: string; obstacle?: string | undefined }> {
  const end = clock.now() + WAIT_MILLISECONDS;
  for (;;) {
    const { status } = read.get(ElasticIp, { namespace: metadata.namespace, name: metadata.name }) ?? {};
    if (status?.publicIp !== undefined) return { publicIp: status.publicIp };
    const { reason = '', message } = status?.conditions?.find(({ type }) => type === ElasticIpConditions.allocated) ?? {};
    if (clock.now() >= end || FINAL_REASONS.includes(reason)) return { obstacle: message };
    await delay(clock, POLL_MILLISECONDS);
  }
}

async function removeAgain({ metadata }: ElasticIp, { write }: OperationContext): Promise<void> {
  const { namespace, name, uid } = metadata;
  await write.remove(ElasticIp, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // somebody else was faster
  });
}

function notGiven(address: string | undefined, obstacle = 'the controllers have not asked for one yet'): AwsError {
  if (address) return new AwsError('InvalidAddress.NotFound', `The address '${address}' is not to be had: ${obstacle}.`);
  const message = `There are not enough free addresses, or none was given in time: ${obstacle}.`;
  return new AwsError('InsufficientAddressCapacity', message, { status: 500 });
}
