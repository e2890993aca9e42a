import { DEFAULT_DHCP_OPTIONS_NAME } from '../../api/network/dhcp-options.ts';
import type { KubernetesObject } from '../../api/shared.ts';
import { isAlreadyExists } from '../../kubernetes/errors.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import { DhcpOptions, InternetGateway, NetworkAcl, RouteTable, SecurityGroup, type Vpc } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { defaultDhcpOptionsFor, defaultSecurityGroupFor, internetGatewayFor, mainRouteTableFor, networkAclFor } from './parts.ts';

async function ensure<T extends KubernetesObject>(type: ResourceType<T>, wanted: T, { read, write }: ReconcileContext): Promise<void> {
  const { namespace, name = '' } = wanted.metadata ?? {};
  if (read.get(type, { namespace, name }) !== undefined) return;
  await write.create(type, wanted).catch((error: unknown) => {
    if (!isAlreadyExists(error)) throw error; // the cache lags
  });
}

/**
 * Makes what belongs to a VPC, as EC2 does with it: main route table, network ACL and default security group; what is deleted of them comes back, as no VPC
 * is without. A default VPC gets an internet gateway too, once. The default group of the default VPC is the account's, made by its controller.
 */
export async function ensureParts(vpc: Vpc, isDefault: boolean, context: ReconcileContext, clusterDomain: string): Promise<void> {
  const { namespace = '' } = vpc.metadata;
  if (context.read.get(DhcpOptions, { namespace, name: DEFAULT_DHCP_OPTIONS_NAME }) === undefined) {
    await ensure(DhcpOptions, defaultDhcpOptionsFor(namespace, clusterDomain), context);
  }
  if (isDefault && vpc.status?.isInternetGatewayMade !== true) await ensure(InternetGateway, internetGatewayFor(vpc), context);
  if (vpc.spec.mainRouteTableId === undefined) await ensure(RouteTable, mainRouteTableFor(vpc), context);
  await ensure(NetworkAcl, networkAclFor(vpc), context);
  if (!isDefault) await ensure(SecurityGroup, defaultSecurityGroupFor(vpc), context);
}
