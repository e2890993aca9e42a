import { PROVIDED_DNS } from '../../api/network/dhcp-options.ts';
import type { PodDNSConfig } from '../../kubernetes/kubevirt/kubernetes.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { DhcpOptions } from '../../kubernetes/resources.ts';
import { findVpc } from '../vpc/find-vpc.ts';
import { dhcpOptionsOf } from '../vpc/dhcp-options-of.ts';

/** What a machine's guest is told by DHCP beside its address; KubeVirt takes name servers and search domains from the settings of the pod. */
export interface DhcpSettings {
  dns?: { dnsPolicy?: 'None'; dnsConfig: PodDNSConfig };
  ntpServers?: string[];
}

/** What a set of DHCP options means for a machine; nothing for a guest of a VPC that names none: the cluster's DNS. Pure. */
export function dhcpSettingsFrom(options: DhcpOptions | undefined): DhcpSettings {
  if (options === undefined) return {};
  const { domainName, domainNameServers = [PROVIDED_DNS], ntpServers } = options.spec;
  const nameservers = domainNameServers.filter((server) => server !== PROVIDED_DNS);
  // With the cluster's own among them the others come beside it.
  const isOwnOnly = nameservers.length === domainNameServers.length;
  const dnsConfig = { ...(nameservers.length > 0 && { nameservers }), ...(domainName !== undefined && { searches: [domainName] }) };
  return {
    ...(Object.keys(dnsConfig).length > 0 && { dns: { ...(isOwnOnly && { dnsPolicy: 'None' as const }), dnsConfig } }),
    ...(ntpServers !== undefined && { ntpServers: [...ntpServers] }),
  };
}

/** The same for an instance of this VPC. */
export function dhcpSettingsOf(vpcId: string | undefined, namespace: string | undefined, read: Read): DhcpSettings {
  const vpc = vpcId === undefined ? undefined : findVpc(vpcId, namespace, read);
  return dhcpSettingsFrom(vpc && dhcpOptionsOf(vpc, read));
}
