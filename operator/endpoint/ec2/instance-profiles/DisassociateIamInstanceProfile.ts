import type { DisassociateIamInstanceProfileRequest, DisassociateIamInstanceProfileResult } from '@aws-sdk/client-ec2';
import type { OperationContext } from '../../operation.ts';
import { disassociate, requireAssociation } from './change-profile.ts';
import { profileOfReference } from './find-profile.ts';
import { sdkAssociationFrom } from './sdk-association.ts';

/**
 * Takes the instance profile away from an instance.
 * @throws AwsError InvalidAssociationID.NotFound
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateIamInstanceProfile.html
 */
export async function disassociateIamInstanceProfile(
  { AssociationId = '' }: DisassociateIamInstanceProfileRequest,
  context: OperationContext,
): Promise<DisassociateIamInstanceProfileResult> {
  const { read, caller } = context;
  const instance = requireAssociation(AssociationId, context);
  const former = sdkAssociationFrom(instance, profileOfReference(instance.spec.iamInstanceProfile ?? '', caller.namespace, read), caller.accountId);
  await disassociate(instance, AssociationId, context);
  return { ...(former && { IamInstanceProfileAssociation: { ...former, State: 'disassociating' } }) };
}
