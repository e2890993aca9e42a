import type { ModifyNetworkInterfaceAttributeRequest } from '@aws-sdk/client-ec2';
import { attachmentIdOf } from '../../../api/network/network-interface.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { changeSpec } from '../instances/change-instance.ts';
import { requireLiving } from '../instances/require-living.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { changeInterface, interfaceGroupIds, vpcIdOfInterface } from './change-interface.ts';
import { requireInterface, type FoundInterface } from './find-interface.ts';

const DESCRIPTION_LIMIT = 255;

type Change = (found: FoundInterface, context: OperationContext) => Promise<void>;

/**
 * Changes one attribute. The groups of an instance's interface are the groups of the instance, and a change reaches it while it runs.
 * @throws AwsError InvalidNetworkInterfaceId.Malformed, InvalidNetworkInterfaceID.NotFound, InvalidParameterCombination, InvalidParameterValue, InvalidGroup.NotFound,
 *   InvalidAttachmentID.NotFound, IncorrectInstanceState, SecurityGroupsPerInterfaceLimitExceeded, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html
 */
export async function modifyNetworkInterfaceAttribute(input: ModifyNetworkInterfaceAttributeRequest, context: OperationContext): Promise<void> {
  const [change, ...others] = changesFrom(input);
  if (!change) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  if (others.length > 0) throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified');
  const found = requireInterface(input.NetworkInterfaceId ?? '', context);
  if (found.instance) requireLiving(ec2IdOf('i', found.instance), context);
  await change(found, context);
}

function changesFrom(input: ModifyNetworkInterfaceAttributeRequest): Change[] {
  const { Description, Groups = [], SourceDestCheck, Attachment } = input;
  const changes: Change[] = [];
  if (Description) changes.push(async (found, context) => changeInterface(found, { description: descriptionFrom(Description.Value ?? '') }, context));
  if (Groups.length > 0) {
    changes.push(async (found, context) => changeInterface(found, { securityGroupIds: interfaceGroupIds(Groups, vpcIdOfInterface(found, context), context) }, context));
  }
  if (SourceDestCheck?.Value !== undefined) {
    const { Value } = SourceDestCheck;
    changes.push(async (found, context) => changeInterface(found, { sourceDestCheck: Value }, context));
  }
  if (Attachment) changes.push(async (found, context) => changeAttachment(found, Attachment, context));
  if (input.AssociatePublicIpAddress !== undefined) {
    const { AssociatePublicIpAddress } = input;
    changes.push(async (found, context) => changePublicAddress(found, AssociatePublicIpAddress, context));
  }
  const unsupported = unsupportedIn(input);
  if (unsupported !== undefined) changes.push(async () => Promise.reject(new AwsError('UnsupportedOperation', `${unsupported} is not supported.`)));
  return changes;
}

function unsupportedIn({ EnaSrdSpecification, EnablePrimaryIpv6, ConnectionTrackingSpecification, AssociatedSubnetIds }: ModifyNetworkInterfaceAttributeRequest): string | undefined {
  if (AssociatedSubnetIds && AssociatedSubnetIds.length > 0) return 'A network interface in several subnets';
  if (EnaSrdSpecification?.EnaSrdEnabled) return 'ENA Express';
  if (EnablePrimaryIpv6) return 'A primary IPv6 address';
  return ConnectionTrackingSpecification ? 'Connection tracking of your own' : undefined;
}

/** An address that the instance has while it runs; there is none without an instance. */
async function changePublicAddress({ id, instance }: FoundInterface, associatePublicIpAddress: boolean, { write }: OperationContext): Promise<void> {
  if (!instance) throw new AwsError('UnsupportedOperation', `No instance has the network interface ${id}.`);
  await changeSpec(instance, { networkInterface: { associatePublicIpAddress } }, write);
}

/** @throws AwsError InvalidParameterValue */
export function descriptionFrom(description: string): string {
  if (description.length <= DESCRIPTION_LIMIT) return description;
  throw invalidParameterValue('description', `${description.slice(0, 32)}...`, `Length exceeds maximum of ${DESCRIPTION_LIMIT}.`);
}

async function changeAttachment({ networkInterface, instance }: FoundInterface, { AttachmentId = '', DeleteOnTermination }: NonNullable<ModifyNetworkInterfaceAttributeRequest['Attachment']>, { write }: OperationContext): Promise<void> {
  if (!instance || attachmentIdOf(instance) !== AttachmentId) throw new AwsError('InvalidAttachmentID.NotFound', `The attachment ID '${AttachmentId}' does not exist`);
  if (DeleteOnTermination === undefined) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  if (networkInterface) {
    await changeSpec(instance, { networkInterface: { deleteOnTermination: DeleteOnTermination } }, write);
    return;
  }
  // So it is already.
  if (DeleteOnTermination) return;
  throw new AwsError('UnsupportedOperation', 'The network interface that an instance was born with goes with it. Launch with an interface of your own to keep it.');
}
