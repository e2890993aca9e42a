import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { InstanceSpec } from '../../../api/compute/instance.ts';
import type { Tag } from '../../../api/shared.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireInterface } from '../network-interfaces/find-interface.ts';
import { descriptionFrom } from '../network-interfaces/ModifyNetworkInterfaceAttribute.ts';
import { findSubnet } from '../subnets/find-subnet.ts';

/** The network interface of a launch. */
export interface LaunchInterface {
  /** What the Instance says of it; undefined if there is nothing to say. */
  spec: InstanceSpec['networkInterface'];
  /** The parameters with the subnet of the interface in the place where a launch may name one. */
  input: RunInstancesRequest;
}

/**
 * The interface that a launch describes, or one that is there already and free.
 * @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound, InvalidNetworkInterface.InUse, InvalidParameterCombination,
 *   InvalidParameterValue
 */
export function launchInterfaceFor(input: RunInstancesRequest, tags: readonly Tag[], context: Pick<ReadOnlyContext, 'read' | 'caller'>): LaunchInterface {
  const card = input.NetworkInterfaces?.[0];
  if (card?.NetworkInterfaceId) return withExisting(card.NetworkInterfaceId, input, tags, context);
  const spec = {
    ...(card?.AssociatePublicIpAddress && { associatePublicIpAddress: true }),
    ...(card?.Description && { description: descriptionFrom(card.Description) }),
    ...(tags.length > 0 && { tags: [...tags] }),
  };
  return { input, spec: Object.keys(spec).length > 0 ? spec : undefined };
}

function withExisting(interfaceId: string, input: RunInstancesRequest, tags: readonly Tag[], context: Pick<ReadOnlyContext, 'read' | 'caller'>): LaunchInterface {
  const [card = {}] = input.NetworkInterfaces ?? [];
  const both: [unknown, string][] = [[card.SubnetId, 'a subnet'], [card.Groups?.length, 'security groups'], [card.Description, 'a description'], [card.AssociatePublicIpAddress, 'a public IP address']];
  const [found] = both.filter(([value]) => Boolean(value));
  if (found) throw combination(`A network interface may not specify both a network interface ID and ${found[1]}`);
  if ((input.MaxCount ?? 1) > 1) throw combination('A network interface ID may be specified only when a single instance is launched');
  if (tags.length > 0) throw new AwsError('InvalidParameterValue', "'network-interface' is not a valid taggable resource type for a launch that makes no network interface.");
  const { networkInterface, instance } = requireInterface(interfaceId, context);
  if (!networkInterface || instance) throw new AwsError('InvalidNetworkInterface.InUse', `Interface: [${interfaceId}] in use.`);
  const reference = networkInterface.spec.subnetId;
  const subnet = reference === undefined ? undefined : findSubnet(reference, context.caller.namespace, context.read);
  return {
    input: { ...input, NetworkInterfaces: [{ ...card, ...(subnet && { SubnetId: ec2IdOf('subnet', subnet) }) }] },
    spec: { networkInterfaceId: interfaceId, ...(card.DeleteOnTermination !== undefined && { deleteOnTermination: card.DeleteOnTermination }) },
  };
}

function combination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message);
}
