import type { DescribeDhcpOptionsRequest, DescribeDhcpOptionsResult, DhcpOptions as SdkDhcpOptions } from '@aws-sdk/client-ec2';
import { DhcpOptions } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom, type FilterTable } from '../filters.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { requireDhcpOptions } from './find-dhcp-options.ts';
import { sdkDhcpOptionsFrom } from './sdk-dhcp-options.ts';

interface Described {
  options: DhcpOptions;
  sdk: SdkDhcpOptions;
}

const filterTable: FilterTable<Described> = {
  'dhcp-options-id': ({ sdk }) => [sdk.DhcpOptionsId],
  key: ({ sdk }) => (sdk.DhcpConfigurations ?? []).map(({ Key }) => Key),
  'owner-id': ({ sdk }) => [sdk.OwnerId],
  value: ({ sdk }) => (sdk.DhcpConfigurations ?? []).flatMap(({ Values }) => (Values ?? []).map(({ Value }) => Value)),
};

/**
 * Lists sets of DHCP options, oldest first.
 * @throws AwsError InvalidDhcpOptionsId.Malformed, InvalidDhcpOptionID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeDhcpOptions.html
 */
export async function describeDhcpOptions(input: DescribeDhcpOptionsRequest, context: ReadOnlyContext): Promise<DescribeDhcpOptionsResult> {
  forbidPagesWithIds('dhcpOptionsSet', input.DhcpOptionsIds, input);
  const matches = predicateFrom(input.Filters, filterTable, ({ options }: Described) => options.spec.tags);
  const named = input.DhcpOptionsIds?.length
    ? [...new Set(input.DhcpOptionsIds)].map((id) => requireDhcpOptions(id, context))
    : context.read.list(DhcpOptions, context.caller.namespace);
  const described = named.map((options) => ({ options, sdk: sdkDhcpOptionsFrom(options, context) })).filter(matches);
  const keyOf = ({ options, sdk }: Described): string => `${options.metadata.creationTimestamp ?? ''}/${sdk.DhcpOptionsId ?? ''}`;
  const page = pageOf(described, input, { minimum: 5, maximum: 1000 }, pageScopeOf('DescribeDhcpOptions', context), keyOf);
  return { DhcpOptions: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}
