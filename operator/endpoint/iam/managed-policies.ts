import type { IamAttachedPolicy } from '../../api/identity/iam-identity.ts';
import { AwsError } from '../errors.ts';
import { grantsFor } from './granted-access.ts';

/**
 * AWS's own policies that are known here, as far as they are about services of this endpoint: what they allow of others (CloudWatch, load balancing) is not
 * there to be allowed.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
const managedPolicies: Readonly<Record<string, readonly string[]>> = {
  AdministratorAccess: ['*'],
  AmazonEC2FullAccess: ['ec2:*', 'autoscaling:*'],
  AmazonEC2ReadOnlyAccess: ['ec2:Describe*', 'ec2:GetConsoleOutput', 'ec2:GetConsoleScreenshot', 'ec2:GetSecurityGroupsForVpc', 'autoscaling:Describe*'],
};

/** A managed policy as it is attached. @throws AwsError NoSuchEntity - not one of those that are known here */
export function managedPolicy(arn: string): IamAttachedPolicy {
  const name = managedPolicyName(arn);
  const actions = name !== undefined && Object.hasOwn(managedPolicies, name) ? managedPolicies[name] : undefined;
  if (actions === undefined) throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, { status: 404 });
  return { arn, actions: [...actions], grants: grantsFor(actions) };
}

/** The name at the end of an ARN of AWS's own policies; undefined for other ARNs. */
export function managedPolicyName(arn: string): string | undefined {
  return /^arn:aws:iam::aws:policy\/(?:[\w+=,.@-]+\/)*([\w+=,.@-]+)$/.exec(arn)?.[1];
}
