import type { DeleteDhcpOptionsRequest } from '@aws-sdk/client-ec2';
import { Vpc } from '../../../kubernetes/resources.ts';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { hasDependencies, removeNetworkObject } from '../network-object.ts';
import { dhcpOptionsIdOf, dhcpOptionsKind, requireDhcpOptions } from './find-dhcp-options.ts';

/**
 * Removes a set that is no VPC's.
 * @throws AwsError MissingParameter, InvalidDhcpOptionsId.Malformed, InvalidDhcpOptionID.NotFound, DependencyViolation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteDhcpOptions.html
 */
export async function deleteDhcpOptions({ DhcpOptionsId }: DeleteDhcpOptionsRequest, context: OperationContext): Promise<void> {
  if (!DhcpOptionsId) throw missingParameter('DhcpOptionsId');
  const options = requireDhcpOptions(DhcpOptionsId, context);
  const { read, caller, write } = context;
  if (read.list(Vpc, caller.namespace).some((vpc) => dhcpOptionsIdOf(vpc, read) === DhcpOptionsId)) throw hasDependencies('dhcpOptions', DhcpOptionsId);
  await removeNetworkObject(dhcpOptionsKind, options, write);
}
