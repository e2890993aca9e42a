import type { NatGateway as SdkNatGateway, NatGatewayState } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { associationIdOf } from '../../../api/network/elastic-ip.ts';
import { ElasticIp, type NatGateway } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { elasticIpsById, withinNamespace } from '../indexes.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import { findSubnet } from '../subnets/find-subnet.ts';
import { vpcOfNatGateway } from './find-nat-gateway.ts';

/** What EC2 calls the state; one that is being taken away is deleting, whatever it was. */
export function stateOf({ metadata, status }: NatGateway): NatGatewayState {
  return metadata.deletionTimestamp === undefined ? (status?.state ?? 'pending') : 'deleting';
}

/**
 * A NAT gateway in the API's shape. It has no interface of its own, and no private address: the router of the VPC translates.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
 */
export function sdkNatGatewayFrom(natGateway: NatGateway, { read }: Pick<ReadOnlyContext, 'read'>): SdkNatGateway {
  const { metadata, spec, status } = natGateway;
  const { namespace } = metadata;
  const subnet = findSubnet(spec.subnetId, namespace, read);
  const vpc = vpcOfNatGateway(natGateway, read);
  const state = stateOf(natGateway);
  const { allocationId } = spec;
  const elasticIp = read.byIndex(elasticIpsById, withinNamespace(namespace, allocationId))[0] ?? read.get(ElasticIp, { namespace, name: allocationId });
  const isItsOwn = elasticIp?.spec.association?.natGatewayId !== undefined && status?.publicIp !== undefined;
  return {
    NatGatewayId: ec2IdOf('nat', natGateway),
    State: state,
    ConnectivityType: 'public',
    SubnetId: subnet ? ec2IdOf('subnet', subnet) : spec.subnetId,
    ...(vpc && { VpcId: ec2IdOf('vpc', vpc) }),
    ...(metadata.creationTimestamp !== undefined && { CreateTime: new Date(metadata.creationTimestamp) }),
    ...(state === 'failed' && { FailureCode: status?.failureCode, FailureMessage: status?.failureMessage }),
    NatGatewayAddresses: [
      {
        AllocationId: elasticIp ? ec2IdOf('eipalloc', elasticIp) : allocationId,
        IsPrimary: true,
        ...(isItsOwn && { PublicIp: status?.publicIp, AssociationId: associationIdOf(elasticIp) }),
        Status: state === 'failed' ? 'failed' : isItsOwn ? 'succeeded' : 'associating',
      },
    ],
    Tags: sdkTagsFrom(spec.tags),
  };
}
