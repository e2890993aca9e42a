import type { Address, DescribeAddressesRequest, DescribeAddressesResult } from '@aws-sdk/client-ec2';
import type { ElasticIp } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { elasticIpsById, withinNamespace } from '../indexes.ts';
import { associationsIn } from './associations.ts';
import { addressesOf, isAddress, requirePublicIp } from './find-address.ts';
import { sdkAddressFrom } from './sdk-address.ts';

interface DescribedAddress {
  elasticIp: ElasticIp;
  sdk: Address;
}

const filterTable: FilterTable<DescribedAddress> = {
  'allocation-id': ({ sdk }) => [sdk.AllocationId],
  'association-id': ({ sdk }) => [sdk.AssociationId],
  // boto3's collections vpc_addresses and classic_addresses ask by it.
  domain: ({ sdk }) => [sdk.Domain],
  'instance-id': ({ sdk }) => [sdk.InstanceId],
  'network-border-group': ({ sdk }) => [sdk.NetworkBorderGroup],
  'network-interface-id': ({ sdk }) => [sdk.NetworkInterfaceId],
  'network-interface-owner-id': ({ sdk }) => [sdk.NetworkInterfaceOwnerId],
  'private-ip-address': ({ sdk }) => [sdk.PrivateIpAddress],
  'public-ip': ({ sdk }) => [sdk.PublicIp],
};

/**
 * Lists addresses, the oldest first. An ElasticIp that no load balancer has given an address is not shown.
 * @throws AwsError InvalidAllocationID.NotFound, InvalidAddress.Malformed, InvalidAddress.NotFound, InvalidParameterValue, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddresses.html
 */
export async function describeAddresses(input: DescribeAddressesRequest, context: ReadOnlyContext): Promise<DescribeAddressesResult> {
  const matches = predicateFrom(input.Filters, filterTable, ({ elasticIp }: DescribedAddress) => elasticIp.spec.tags);
  const associations = associationsIn(context.caller.namespace, context.read);
  const described = namedBy(input, context).map((elasticIp) => ({ elasticIp, sdk: sdkAddressFrom(elasticIp, associations.of(elasticIp), context) }));
  const ageOf = ({ elasticIp: { metadata } }: DescribedAddress): string => `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
  const shown = described.filter(matches).sort((left, right) => (ageOf(left) < ageOf(right) ? -1 : 1));
  return { Addresses: shown.map(({ sdk }) => sdk) };
}

function namedBy({ AllocationIds = [], PublicIps = [] }: DescribeAddressesRequest, context: ReadOnlyContext): readonly ElasticIp[] {
  const { read, caller } = context;
  if (AllocationIds.length > 0 && PublicIps.length > 0) {
    throw new AwsError('InvalidParameterCombination', 'You may specify public IPs or allocation ids, but not both in the same call');
  }
  if (PublicIps.length > 0) return [...new Set(PublicIps)].map((publicIp) => requirePublicIp(publicIp, context));
  if (AllocationIds.length === 0) return addressesOf(context);
  return requireEach(IdKinds.elasticIp, AllocationIds, (id) => read.byIndex(elasticIpsById, withinNamespace(caller.namespace, id)).find(isAddress));
}
