import { ec2IdOf } from '../../api/ec2-id.ts';
import { DEFAULT_DHCP_OPTIONS } from '../../api/network/vpc.ts';
import type { Read } from '../../kubernetes/read.ts';
import { DhcpOptions, type Vpc } from '../../kubernetes/resources.ts';

/** The DHCP options that a VPC names; undefined if it names none, or they are not there. */
export function dhcpOptionsOf({ metadata: { namespace }, spec: { dhcpOptionsId } }: Vpc, read: Read): DhcpOptions | undefined {
  if (dhcpOptionsId === undefined || dhcpOptionsId === DEFAULT_DHCP_OPTIONS) return undefined;
  return read.list(DhcpOptions, namespace).find((options) => options.metadata.name === dhcpOptionsId || ec2IdOf('dopt', options) === dhcpOptionsId);
}
