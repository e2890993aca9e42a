import { DEFAULT_DHCP_OPTIONS_NAME } from '../../../api/network/dhcp-options.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { DEFAULT_DHCP_OPTIONS } from '../../../api/network/vpc.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { DhcpOptions, type Vpc } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { dhcpOptionsById, withinNamespace } from '../indexes.ts';
import type { NetworkKind } from '../network-object.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** Sets of DHCP options, to remove. */
export const dhcpOptionsKind: NetworkKind<DhcpOptions> = { type: DhcpOptions, idKind: IdKinds.dhcpOptions };

/** A set by name of the object or by id. */
export function findDhcpOptions(reference: string, namespace: string | undefined, read: Read): DhcpOptions | undefined {
  return read.byIndex(dhcpOptionsById, withinNamespace(namespace, reference))[0] ?? read.get(DhcpOptions, { namespace, name: reference });
}

/** @throws AwsError InvalidDhcpOptionsId.Malformed, InvalidDhcpOptionID.NotFound */
export function requireDhcpOptions(dhcpOptionsId: string, { read, caller }: Lookup): DhcpOptions {
  return requireOne(IdKinds.dhcpOptions, dhcpOptionsId, (id) => read.byIndex(dhcpOptionsById, withinNamespace(caller.namespace, id))[0]);
}

/** Id of the set of a VPC: the one that it names, else the one that its controller made for all; `default` where there is none. */
export function dhcpOptionsIdOf({ metadata: { namespace }, spec }: Vpc, read: Read): string {
  const options = findDhcpOptions(spec.dhcpOptionsId ?? DEFAULT_DHCP_OPTIONS_NAME, namespace, read);
  return options ? ec2IdOf('dopt', options) : DEFAULT_DHCP_OPTIONS;
}
