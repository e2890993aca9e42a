import type { Address, NetworkInterfaceAssociation } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { associationIdOf } from '../../../api/network/elastic-ip.ts';
import type { ElasticIp, Instance } from '../../../kubernetes/resources.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { sdkTagsFrom } from '../sdk-tags.ts';
import type { Association } from './associations.ts';

/** EC2's name of the pool that addresses come from unless one asks for another. */
export const DEFAULT_POOL = 'amazon';

/** An address in the API's shape. @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Address.html */
export function sdkAddressFrom(elasticIp: ElasticIp, association: Association | undefined, { caller, region }: Pick<ReadOnlyContext, 'caller' | 'region'>): Address {
  const { instance, id } = association?.target ?? {};
  const privateIpAddress = instance?.status?.privateIpAddress;
  return {
    AllocationId: ec2IdOf('eipalloc', elasticIp),
    PublicIp: elasticIp.status?.publicIp,
    PublicIpv4Pool: DEFAULT_POOL,
    NetworkBorderGroup: region,
    Domain: 'vpc',
    ...(association && { AssociationId: association.associationId }),
    ...(id !== undefined && { NetworkInterfaceId: id, NetworkInterfaceOwnerId: caller.accountId }),
    ...(instance && { InstanceId: ec2IdOf('i', instance) }),
    ...(privateIpAddress !== undefined && { PrivateIpAddress: privateIpAddress }),
    Tags: sdkTagsFrom(elasticIp.spec.tags),
  };
}

/** Owner that EC2 names for an address that an instance has only while it runs. */
const SERVICE_OWNER = 'amazon';

/** The public address of an instance: its elastic one, or the one that it has while it runs. */
export function publicAddressOf({ spec, status }: Instance, elasticIp: ElasticIp | undefined, ownerId: string): NetworkInterfaceAssociation | undefined {
  if (elasticIp) return interfaceAssociationFrom(elasticIp, ownerId);
  if (status?.publicIpAddress === undefined || spec.networkInterface?.associatePublicIpAddress !== true) return undefined;
  return { IpOwnerId: SERVICE_OWNER, PublicDnsName: '', PublicIp: status.publicIpAddress };
}

/**
 * An address as the interface shows it that has it; undefined as long as no load balancer has given it. There is no name for it in a public DNS.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkInterfaceAssociation.html
 */
export function interfaceAssociationFrom(elasticIp: ElasticIp | undefined, ownerId: string): NetworkInterfaceAssociation | undefined {
  if (elasticIp?.status?.publicIp === undefined) return undefined;
  return {
    AllocationId: ec2IdOf('eipalloc', elasticIp),
    AssociationId: associationIdOf(elasticIp),
    IpOwnerId: ownerId,
    PublicDnsName: '',
    PublicIp: elasticIp.status.publicIp,
  };
}
