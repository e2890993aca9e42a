import type { AssumeRoleRequest, AssumeRoleResponse } from '@aws-sdk/client-sts';
import { iamIdOf } from '../../api/identity/iam-identity.ts';
import { roleNameOf } from '../../api/identity/iam-role.ts';
import { IamRole } from '../../kubernetes/resources.ts';
import { allowsAction } from '../allowed-actions.ts';
import { accountOf } from '../ec2/indexes.ts';
import { AwsError } from '../errors.ts';
import type { Caller, OperationContext } from '../operation.ts';
import { refuseParameters, sessionAnswer } from './session-answer.ts';

const unenforceable = ['Policy', 'PolicyArns', 'Tags', 'TransitiveTagKeys', 'SerialNumber', 'TokenCode', 'SourceIdentity', 'ProvidedContexts'];
/** A session made by a session lasts an hour at most. */
const chainedSeconds = 3600;

/**
 * Gives temporary credentials with the rights of a role, of this account or another, to whom its trust policy names. Writes nothing.
 * @throws AwsError AccessDenied (also if there is no such role), ValidationError
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export async function assumeRole(input: AssumeRoleRequest, context: OperationContext): Promise<AssumeRoleResponse> {
  const { caller, read } = context;
  const { RoleArn = '', RoleSessionName: sessionName = '', DurationSeconds } = input;
  refuseParameters(input, unenforceable);
  if (!/^[\w+=,.@-]{2,64}$/.test(sessionName)) {
    throw new AwsError('ValidationError', `1 validation error detected: Value '${sessionName}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`);
  }
  const [, accountId = '', path = '', roleName = ''] = /^arn:aws:iam::([0-9]{12}):role(\/(?:[\x21-\x7e]+\/)?)([\w+=,.@-]+)$/.exec(RoleArn) ?? [];
  if (accountId === '') throw new AwsError('ValidationError', `${RoleArn} is invalid`);
  if (caller.arn === rootArn(caller.accountId)) throw new AwsError('AccessDenied', 'Roles may not be assumed by root accounts.', { status: 403 });
  const namespace = accountOf(read, accountId)?.status?.namespace;
  const role = namespace === undefined ? undefined : read.list(IamRole, namespace).find((candidate) => roleNameOf(candidate) === roleName && candidate.spec.path === path);
  if (role === undefined || role.metadata.deletionTimestamp !== undefined || !mayAssume(caller, role, accountId)) {
    throw new AwsError('AccessDenied', `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`, { status: 403 });
  }
  const maximum = caller.roleArn === undefined ? role.spec.maxSessionDuration : Math.min(chainedSeconds, role.spec.maxSessionDuration);
  const subject = { role: { name: role.metadata.name, uid: role.metadata.uid ?? '', sessionName } };
  return {
    Credentials: sessionAnswer(accountId, subject, DurationSeconds, { fallback: 3600, maximum }, context),
    AssumedRoleUser: { AssumedRoleId: `${iamIdOf('AROA', role)}:${sessionName}`, Arn: `arn:aws:sts::${accountId}:assumed-role/${roleNameOf(role)}/${sessionName}` },
  };
}

/**
 * Within an account it is enough that the trust policy names the caller; an account as a whole stands for those whom their own policies let. From another
 * account both are needed.
 */
function mayAssume(caller: Caller, role: IamRole, accountId: string): boolean {
  const { trustedPrincipals } = role.spec;
  const isNamed = trustedPrincipals.includes(caller.roleArn ?? caller.arn);
  if (isNamed && caller.accountId === accountId) return true;
  const isTrusted = isNamed || trustedPrincipals.includes(rootArn(caller.accountId));
  return isTrusted && allowsAction(caller.allowedActions, 'sts:AssumeRole');
}

function rootArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:root`;
}
