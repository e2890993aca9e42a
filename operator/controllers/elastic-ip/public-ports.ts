import type { Read } from '../../kubernetes/read.ts';
import type { Instance, NetworkInterface } from '../../kubernetes/resources.ts';
import { securityGroupsFor } from '../instance/security-groups.ts';
import { vpcIdOfSubnet } from '../vpc/find-vpc.ts';
import { openPortsFor, type OpenPorts } from './open-ports.ts';

/** What the security groups of an instance or interface open to the outside; nothing as long as one of them is not there. */
export function publicPortsOf(
  { instance, networkInterface }: { instance: Instance | undefined; networkInterface: NetworkInterface | undefined },
  namespace: string | undefined,
  read: Read,
): OpenPorts {
  const vpcId = vpcIdOfSubnet(networkInterface?.spec.subnetId ?? instance?.spec.subnetId, namespace, read);
  const groups = securityGroupsFor(networkInterface?.spec.securityGroupIds ?? instance?.spec.securityGroupIds, { namespace, vpcId }, read);
  return Array.isArray(groups) ? openPortsFor(groups) : { ports: [], leftOut: [] };
}
