import { blockFrom, cidrOf, type Block } from '../../api/network/cidr.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { KubeOvnSubnet, KubeOvnVpc } from '../../kubernetes/kube-ovn.ts';
import type { Subnet, Vpc } from '../../kubernetes/resources.ts';
import { labelsOf } from './kube-ovn-labels.ts';

/** EC2 keeps the first addresses after that of the gateway for itself, and the last. */
const RESERVED_AFTER_GATEWAY = 2;

/** The router of a VPC, named by its id: Kube-OVN's objects are the cluster's. What leads outside is left alone where `wayOut` says nothing. Pure. */
export function kubeOvnVpcFor(vpc: Vpc, wayOut: KubeOvnVpc['spec']): KubeOvnVpc {
  const { apiVersion, kind } = KubeOvnVpc;
  return { apiVersion, kind, metadata: { name: ec2IdOf('vpc', vpc), labels: labelsOf(vpc.metadata.namespace) }, spec: wayOut };
}

/** The switch of a subnet, at the router of its VPC; its first address is the gateway's, as on EC2. Pure. */
export function kubeOvnSubnetFor(subnet: Subnet, vpc: Vpc, routeTable: string | undefined): KubeOvnSubnet {
  const { apiVersion, kind } = KubeOvnSubnet;
  const block = blockFrom(subnet.spec.cidrBlock) ?? { first: 0, size: 1 };
  const address = (offset: number): string => addressIn(block, offset);
  return {
    apiVersion,
    kind,
    metadata: { name: ec2IdOf('subnet', subnet), labels: labelsOf(subnet.metadata.namespace) },
    spec: {
      vpc: ec2IdOf('vpc', vpc),
      protocol: 'IPv4',
      cidrBlock: subnet.spec.cidrBlock,
      gateway: address(1),
      excludeIps: [`${address(1)}..${address(1 + RESERVED_AFTER_GATEWAY)}`],
      natOutgoing: false,
      private: false,
      ...(routeTable !== undefined && { routeTable }),
    },
  };
}

function addressIn({ first }: Block, offset: number): string {
  return cidrOf({ first: first + offset, size: 1 }).replace('/32', '');
}
