import type { AssociateAddressRequest, AssociateAddressResult } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { associationIdOf, type ElasticIpSpec } from '../../../api/network/elastic-ip.ts';
import type { ElasticIp } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requireLiving } from '../instances/require-living.ts';
import { primaryInterfaceOf, requireInterface, type FoundInterface } from '../network-interfaces/find-interface.ts';
import { associationsIn } from './associations.ts';
import { changeAssociation, inTurnOfAddresses } from './change-association.ts';
import { namedAddress, ofNatGateway } from './find-address.ts';
import { requireGatewayFor } from './way-out.ts';

/**
 * Gives an instance, or a network interface, an address. As EC2 does, it takes the address from what has it, and the place of an address that the
 * instance has, unless AllowReassociation is false; the same association once more changes nothing.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidParameterValue, InvalidAllocationID.NotFound, InvalidAddress.*, InvalidInstanceID.*,
 *   InvalidNetworkInterfaceID.NotFound, IncorrectInstanceState, Resource.AlreadyAssociated, Gateway.NotAttached, AuthFailure
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
 */
export async function associateAddress(input: AssociateAddressRequest, context: OperationContext): Promise<AssociateAddressResult> {
  const named = namedAddress(input, context);
  if (!named) throw new AwsError('MissingParameter', 'Either public IP or allocation id must be specified');
  return inTurnOfAddresses(context, async () => {
    const elasticIp = namedAddress(input, context) ?? named;
    const target = targetFrom(input, context);
    requirePrimaryAddress(input.PrivateIpAddress, target);
    requireGatewayFor(target, context);
    return { AssociationId: await associate(elasticIp, target, input.AllowReassociation ?? true, context) };
  });
}

function targetFrom({ InstanceId, NetworkInterfaceId }: AssociateAddressRequest, context: OperationContext): FoundInterface {
  if (InstanceId && NetworkInterfaceId) {
    throw new AwsError('InvalidParameterCombination', 'You may specify either an instance ID or a network interface ID, but not both in the same call');
  }
  if (InstanceId) return primaryInterfaceOf(requireLiving(InstanceId, context), context.read);
  if (NetworkInterfaceId) return requireInterface(NetworkInterfaceId, context);
  throw new AwsError('MissingParameter', 'Either instance ID or network interface id must be specified');
}

/** An interface has one private address; before its instance runs nobody knows it. */
function requirePrimaryAddress(address: string | undefined, { id, instance }: FoundInterface): void {
  if (!address || address === instance?.status?.privateIpAddress) return;
  throw invalidParameterValue('privateIpAddress', address, `It is not an address of the network interface ${id}.`);
}

async function associate(elasticIp: ElasticIp, target: FoundInterface, allowReassociation: boolean, context: OperationContext): Promise<string> {
  const associations = associationsIn(elasticIp.metadata.namespace, context.read);
  const present = associations.of(elasticIp);
  if (present?.natGatewayId !== undefined) throw ofNatGateway();
  if (present?.target.id === target.id) return present.associationId;
  const association = associationFor(target, allowReassociation);
  const isFree = (current: ElasticIp): void => {
    if (!allowReassociation && current.spec.association !== undefined) throw alreadyAssociated(ec2IdOf('eipalloc', current), associationIdOf(current));
  };
  isFree(elasticIp);
  const other = associations.atInterface(target.id);
  if (other) {
    if (!allowReassociation) throw alreadyAssociated(target.id, associationIdOf(other));
    await changeAssociation(other, null, () => undefined, context);
  }
  const changed = await changeAssociation(elasticIp, association, isFree, context);
  return associationIdOf(changed) ?? '';
}

/** What has an object of its own keeps the address when its instance ends. */
function associationFor({ id, networkInterface, instance }: FoundInterface, allowReassociation: boolean): NonNullable<ElasticIpSpec['association']> {
  return networkInterface ? { networkInterfaceId: id, allowReassociation } : { instanceId: ec2IdOf('i', instance), allowReassociation };
}

function alreadyAssociated(resource: string, associationId: string | undefined): AwsError {
  return new AwsError('Resource.AlreadyAssociated', `resource ${resource} is already associated with associate-id ${associationId ?? ''}`);
}
