import { INSTANCES_SERVICE } from '../../api/identity/account.ts';
import { DEFAULT_DHCP_OPTIONS_NAME, DhcpOptionsDefinition, PROVIDED_DNS } from '../../api/network/dhcp-options.ts';
import { ec2IdFrom, ec2IdOf } from '../../api/ec2-id.ts';
import { InternetGatewayDefinition } from '../../api/network/internet-gateway.ts';
import { NetworkAclDefinition } from '../../api/network/network-acl.ts';
import { RouteTableDefinition } from '../../api/network/route-table.ts';
import { DEFAULT_SECURITY_GROUP_NAME, SecurityGroupDefinition } from '../../api/network/security-group.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { DhcpOptions, InternetGateway, NetworkAcl, RouteTable, SecurityGroup, Vpc } from '../../kubernetes/resources.ts';

/** Ids, and names, of what belongs to a VPC: they follow from its uid, so that they are known before the objects are there. */
export interface PartIds {
  routeTable: string;
  networkAcl: string;
  securityGroup: string;
  internetGateway: string;
}

/** The ids of what belongs to a VPC. Pure. */
export function partIdsOf({ metadata: { uid = '' } }: Vpc): PartIds {
  return {
    routeTable: ec2IdFrom('rtb', `main/${uid}`),
    networkAcl: ec2IdFrom('acl', `default/${uid}`),
    securityGroup: ec2IdFrom('sg', `default/${uid}`),
    internetGateway: ec2IdFrom('igw', `default/${uid}`),
  };
}

function ownedBy(vpc: Vpc, name: string): { name: string; namespace?: string; ownerReferences: ReturnType<typeof controllerReferenceTo>[] } {
  const { namespace } = vpc.metadata;
  return { name, ...(namespace === undefined ? {} : { namespace }), ownerReferences: [controllerReferenceTo(Vpc, vpc)] };
}

/** The route table of subnets that name none; that of a default VPC leads outside. Pure. */
export function mainRouteTableFor(vpc: Vpc): RouteTable {
  const { routeTable, internetGateway } = partIdsOf(vpc);
  const routes = vpc.spec.isDefault ? [{ destinationCidrBlock: '0.0.0.0/0', gatewayId: internetGateway }] : [];
  const spec = RouteTableDefinition.spec.parse({ vpcId: ec2IdOf('vpc', vpc), routes });
  return { apiVersion: RouteTable.apiVersion, kind: RouteTable.kind, metadata: ownedBy(vpc, routeTable), spec };
}

/** The network ACL of a VPC. Pure. */
export function networkAclFor(vpc: Vpc): NetworkAcl {
  const spec = NetworkAclDefinition.spec.parse({ vpcId: ec2IdOf('vpc', vpc) });
  return { apiVersion: NetworkAcl.apiVersion, kind: NetworkAcl.kind, metadata: ownedBy(vpc, partIdsOf(vpc).networkAcl), spec };
}

/** The group of instances of the VPC that name none: members reach each other, and everything outside. Pure. */
export function defaultSecurityGroupFor(vpc: Vpc): SecurityGroup {
  const { securityGroup } = partIdsOf(vpc);
  const spec = SecurityGroupDefinition.spec.parse({
    groupName: DEFAULT_SECURITY_GROUP_NAME,
    description: 'default VPC security group',
    vpcId: ec2IdOf('vpc', vpc),
    ingress: [{ ipProtocol: '-1', referencedGroup: { groupId: securityGroup } }],
  });
  return { apiVersion: SecurityGroup.apiVersion, kind: SecurityGroup.kind, metadata: ownedBy(vpc, securityGroup), spec };
}

/** The way out of a default VPC. Not owned by it: on EC2 too a gateway outlives its VPC. Pure. */
export function internetGatewayFor(vpc: Vpc): InternetGateway {
  const { namespace } = vpc.metadata;
  return {
    apiVersion: InternetGateway.apiVersion,
    kind: InternetGateway.kind,
    metadata: { name: partIdsOf(vpc).internetGateway, ...(namespace === undefined ? {} : { namespace }) },
    spec: InternetGatewayDefinition.spec.parse({ vpcId: ec2IdOf('vpc', vpc) }),
  };
}

/** What guests of VPCs that name no DhcpOptions are told: the cluster's DNS, and the domain in which instances have their names. Pure. */
export function defaultDhcpOptionsFor(namespace: string, clusterDomain: string): DhcpOptions {
  return {
    apiVersion: DhcpOptions.apiVersion,
    kind: DhcpOptions.kind,
    metadata: { name: DEFAULT_DHCP_OPTIONS_NAME, namespace },
    spec: DhcpOptionsDefinition.spec.parse({ domainName: `${INSTANCES_SERVICE}.${namespace}.svc.${clusterDomain}`, domainNameServers: [PROVIDED_DNS] }),
  };
}
