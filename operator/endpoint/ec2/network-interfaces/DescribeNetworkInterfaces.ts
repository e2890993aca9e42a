import type { DescribeNetworkInterfacesRequest, DescribeNetworkInterfacesResult, Filter } from '@aws-sdk/client-ec2';
import { Instance, NetworkInterface } from '../../../kubernetes/resources.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { literalFilterValues, predicateFrom } from '../filters.ts';
import { findInstance } from '../instances/find-instances.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { findInterface, instanceWith, primaryInterfaceOf, requireInterfaces, type FoundInterface } from './find-interface.ts';
import { interfaceFilters } from './interface-filters.ts';
import { interfaceViewer, type InterfaceView } from './sdk-network-interface.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/**
 * Lists network interfaces: those that instances were born with, and those that were made before.
 * @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound, InvalidParameterValue, InvalidParameterCombination, InvalidNextToken
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeNetworkInterfaces.html
 */
export async function describeNetworkInterfaces(input: DescribeNetworkInterfacesRequest, context: ReadOnlyContext): Promise<DescribeNetworkInterfacesResult> {
  forbidPagesWithIds('networkInterfaceIds', input.NetworkInterfaceIds, input);
  const matches = predicateFrom(input.Filters, interfaceFilters, ({ tags }: InterfaceView) => tags);
  const page = pageOf(
    candidates(input, context).map(interfaceViewer(context)).filter(matches),
    input,
    { minimum: 5, maximum: 1000 },
    pageScopeOf('DescribeNetworkInterfaces', context),
    ({ sortKey }) => sortKey,
  );
  return { NetworkInterfaces: page.items.map(({ sdk }) => sdk), ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function candidates({ NetworkInterfaceIds = [], Filters }: DescribeNetworkInterfacesRequest, context: Lookup): readonly FoundInterface[] {
  if (NetworkInterfaceIds.length > 0) return requireInterfaces(NetworkInterfaceIds, context);
  return ofInstances(Filters, context) ?? everyInterface(context);
}

/** Clients mostly ask for the interfaces of an instance: then nothing else is looked at. */
function ofInstances(filters: readonly Filter[] | undefined, context: Lookup): FoundInterface[] | undefined {
  const ids = literalFilterValues(filters, 'attachment.instance-id');
  return ids && [...new Set(ids)].flatMap((id) => {
    const instance = findInstance(id, context);
    const primary = instance && primaryInterfaceOf(instance, context.read);
    // Through its id, so that an interface is shown with the instance that has it, whoever else names it.
    return (primary && findInterface(primary.id, context.caller.namespace, context.read)) ?? [];
  });
}

/** Every interface of the account. */
export function everyInterface({ read, caller }: Lookup): FoundInterface[] {
  const made = read.list(NetworkInterface, caller.namespace).map((networkInterface): FoundInterface => {
    return { id: ec2IdOf('eni', networkInterface), networkInterface, instance: instanceWith(networkInterface, read) };
  });
  const own = read
    .list(Instance, caller.namespace)
    .filter((instance) => instance.spec.networkInterface?.networkInterfaceId === undefined && shownStateOf(instance) !== 'terminated')
    .map((instance) => primaryInterfaceOf(instance, read));
  return [...made, ...own];
}
