import { randomUUID } from 'node:crypto';
import type { CreateNetworkInterfaceRequest, CreateNetworkInterfaceResult } from '@aws-sdk/client-ec2';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import { NetworkInterfaceDefinition } from '../../../api/network/network-interface.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { NetworkInterface } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters } from '../client-token.ts';
import { requireSubnet, vpcIdOfSubnet } from '../subnets/find-subnet.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { interfaceGroupIds } from './change-interface.ts';
import { instanceWith } from './find-interface.ts';
import { descriptionFrom } from './ModifyNetworkInterfaceAttribute.ts';
import { interfaceViewer } from './sdk-network-interface.ts';

/** EC2's own, per region. */
const INTERFACES_LIMIT = 5000;

/**
 * Makes a network interface that instances can be launched with. Its private address is the pod network's to choose.
 * @throws AwsError InvalidSubnetID.*, InvalidGroup.NotFound, InvalidParameterValue, NetworkInterfaceLimitExceeded, IdempotentParameterMismatch, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateNetworkInterface.html
 */
export async function createNetworkInterface(input: CreateNetworkInterfaceRequest, context: OperationContext): Promise<CreateNetworkInterfaceResult> {
  requireHonourable(input);
  const request = requestRecordFrom(input);
  const subnet = requireSubnet(input.SubnetId ?? '', context);
  const groups = interfaceGroupIds((input.Groups ?? []).filter(Boolean), vpcIdOfSubnet(subnet, context.read), context);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'network-interface');
  const { caller, read, write } = context;
  const id = ec2IdFrom('eni', JSON.stringify([caller.accountId, 'CreateNetworkInterface', request?.clientToken ?? randomUUID()]));
  const wanted: NetworkInterface = {
    apiVersion: NetworkInterfaceDefinition.apiVersion,
    kind: NetworkInterfaceDefinition.kind,
    metadata: { name: id, namespace: caller.namespace },
    spec: {
      subnetId: ec2IdOf('subnet', subnet),
      sourceDestCheck: true,
      ...(input.Description && { description: descriptionFrom(input.Description) }),
      ...(groups.length > 0 && { securityGroupIds: groups }),
      ...(tags.length > 0 && { tags }),
      ...(request && { request }),
    },
  };
  if (read.list(NetworkInterface, caller.namespace).length >= INTERFACES_LIMIT) {
    throw new AwsError('NetworkInterfaceLimitExceeded', 'You have reached the limit of network interfaces that you can create.');
  }
  const networkInterface = await write.create(NetworkInterface, wanted).catch(async (error: unknown) => {
    if (!isAlreadyExists(error) || !request) throw error;
    // An earlier call with this token; an empty patch changes nothing and answers with what it made.
    const existing = await write.patch(NetworkInterface, { namespace: caller.namespace, name: id }, {});
    requireSameParameters(existing.spec.request, request);
    return existing;
  });
  const { sdk } = interfaceViewer(context)({ id, networkInterface, instance: instanceWith(networkInterface, read) });
  return { NetworkInterface: sdk, ...(request && { ClientToken: request.clientToken }) };
}

function requireHonourable(input: CreateNetworkInterfaceRequest): void {
  const isFilled = (value: string | readonly unknown[] | undefined): boolean => value !== undefined && value.length > 0;
  const refused: [boolean, string][] = [
    [isFilled(input.PrivateIpAddress) || isFilled(input.PrivateIpAddresses), 'Choosing the private IP address'],
    [(input.SecondaryPrivateIpAddressCount ?? 0) > 0, 'A secondary private IP address'],
    [isFilled(input.Ipv6Addresses) || (input.Ipv6AddressCount ?? 0) > 0 || input.EnablePrimaryIpv6 === true, 'An IPv6 address'],
    [isFilled(input.Ipv4Prefixes) || (input.Ipv4PrefixCount ?? 0) > 0 || isFilled(input.Ipv6Prefixes) || (input.Ipv6PrefixCount ?? 0) > 0, 'An address prefix'],
    [isFilled(input.InterfaceType), `The interface type '${input.InterfaceType ?? ''}'`],
    [input.ConnectionTrackingSpecification !== undefined, 'Connection tracking of your own'],
    [input.Operator !== undefined, 'A managed network interface'],
  ];
  const [found] = refused.filter(([isAsked]) => isAsked);
  if (found) throw new AwsError('UnsupportedOperation', `${found[1]} is not supported.`);
}
