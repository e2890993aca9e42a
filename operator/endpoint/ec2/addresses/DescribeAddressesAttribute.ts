import type { AddressAttribute, DescribeAddressesAttributeRequest, DescribeAddressesAttributeResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ElasticIp } from '../../../kubernetes/resources.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { pageOf, pageScopeOf } from '../pages.ts';
import { addressesOf, requireAllocation } from './find-address.ts';

/**
 * Shows the reverse names of addresses: they have none, for the reverse zone is with whoever owns the addresses.
 * @throws AwsError InvalidAllocationID.NotFound, InvalidParameterValue, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeAddressesAttribute.html
 */
export async function describeAddressesAttribute(input: DescribeAddressesAttributeRequest, context: ReadOnlyContext): Promise<DescribeAddressesAttributeResult> {
  const { AllocationIds = [], Attribute } = input;
  if (Attribute && Attribute !== 'domain-name') throw invalidParameterValue('attribute', Attribute, 'It must be domain-name.');
  const elasticIps = AllocationIds.length > 0 ? [...new Set(AllocationIds)].map((id) => requireAllocation(id, context)) : addressesOf(context);
  const page = pageOf(elasticIps, input, { minimum: 1, maximum: 1000 }, pageScopeOf('DescribeAddressesAttribute', context), ({ metadata }) => `${metadata.creationTimestamp ?? ''}/${metadata.name}`);
  return { Addresses: page.items.map(addressAttributeFrom), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

/** An address and its reverse name, which it has not. */
export function addressAttributeFrom(elasticIp: ElasticIp): AddressAttribute {
  return { PublicIp: elasticIp.status?.publicIp, AllocationId: ec2IdOf('eipalloc', elasticIp) };
}
