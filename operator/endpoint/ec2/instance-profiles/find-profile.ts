import type { IamInstanceProfileSpecification } from '@aws-sdk/client-ec2';
import { roleNameOf } from '../../../api/identity/iam-role.ts';
import { instanceProfileArnOf, instanceProfileKeyFrom } from '../../../api/identity/instance-profile.ts';
import { IamRole, type InstanceProfile } from '../../../kubernetes/resources.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { allowsAction } from '../../allowed-actions.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { isSameName, roleArn } from '../../iam/entities.ts';
import { instanceProfilesByName, withinNamespace } from '../indexes.ts';

/** The profile that an instance refers to by name or ARN, if it (still) exists. */
export function profileOfReference(reference: string, namespace: string | undefined, read: Read): InstanceProfile | undefined {
  return read.byIndex(instanceProfilesByName, withinNamespace(namespace, instanceProfileKeyFrom(reference)))[0];
}

/**
 * The profile that a request names; undefined if it names none. Handing a role to an instance needs iam:PassRole, as on EC2.
 * @throws AwsError InvalidParameterValue - there is no such profile, or no role in it; Terraform tries again on both wordings
 * @throws AwsError InvalidParameterCombination, UnauthorizedOperation
 */
export function requestedProfile(specification: IamInstanceProfileSpecification | undefined, context: Pick<ReadOnlyContext, 'read' | 'caller'>): InstanceProfile | undefined {
  const { Arn: arn, Name: name } = specification ?? {};
  if (!arn && !name) return undefined;
  if (arn && name) throw new AwsError('InvalidParameterCombination', "The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'");
  const { read, caller } = context;
  const profile = profileOfReference(arn ?? name ?? '', caller.namespace, read);
  if (!profile || (name?.includes('/') ?? false) || (arn && instanceProfileArnOf(profile, caller.accountId).toLowerCase() !== arn.toLowerCase())) {
    const [member, kind] = arn ? ['arn', 'ARN'] : ['name', 'name'];
    throw new AwsError('InvalidParameterValue', `Value (${arn ?? name ?? ''}) for parameter iamInstanceProfile.${member} is invalid. Invalid IAM Instance Profile ${kind}`);
  }
  requirePassRole(profile, context);
  return profile;
}

function requirePassRole(profile: InstanceProfile, { read, caller }: Pick<ReadOnlyContext, 'read' | 'caller'>): void {
  const { roleName } = profile.spec;
  const role = roleName === undefined ? undefined : read.list(IamRole, caller.namespace).find((candidate) => isSameName(roleNameOf(candidate), roleName));
  if (!role) throw new AwsError('InvalidParameterValue', `IAM Instance Profile "${instanceProfileArnOf(profile, caller.accountId)}" has no associated IAM Roles`);
  if (allowsAction(caller.allowedActions, 'iam:PassRole')) return;
  throw new AwsError(
    'UnauthorizedOperation',
    `You are not authorized to perform this operation. User: ${caller.arn} is not authorized to perform: iam:PassRole on resource: ${roleArn(role, caller.accountId)} because no identity-based policy allows the iam:PassRole action`,
    { status: 403 },
  );
}
