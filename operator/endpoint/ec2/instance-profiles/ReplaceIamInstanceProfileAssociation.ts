import type { ReplaceIamInstanceProfileAssociationRequest, ReplaceIamInstanceProfileAssociationResult } from '@aws-sdk/client-ec2';
import { missingParameter } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { replace, requireAssociation } from './change-profile.ts';
import { requestedProfile } from './find-profile.ts';

/**
 * Gives an instance another instance profile; the association gets another id.
 * @throws AwsError InvalidAssociationID.NotFound, InvalidParameterValue, IncorrectInstanceState, UnauthorizedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html
 */
export async function replaceIamInstanceProfileAssociation(
  { AssociationId = '', IamInstanceProfile }: ReplaceIamInstanceProfileAssociationRequest,
  context: OperationContext,
): Promise<ReplaceIamInstanceProfileAssociationResult> {
  const instance = requireAssociation(AssociationId, context);
  const profile = requestedProfile(IamInstanceProfile, context);
  if (!profile) throw missingParameter('IamInstanceProfile');
  return { IamInstanceProfileAssociation: await replace(instance, AssociationId, profile, context) };
}
