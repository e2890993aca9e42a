import type { CreateVolumePermission, ModifySnapshotAttributeRequest } from '@aws-sdk/client-ec2';
import type { Snapshot } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';

/** Who may make volumes of a snapshot: everybody, accounts. */
export interface Audience {
  everybody: boolean;
  accountIds: string[];
}

/** Permissions in the API's shape. */
export function sdkPermissionsFrom({ spec }: Snapshot): CreateVolumePermission[] {
  return [...(spec.public ? [{ Group: 'all' as const }] : []), ...(spec.createVolumePermissionAccountIds ?? []).map((UserId) => ({ UserId }))];
}

/**
 * The one change of a request: by CreateVolumePermission, or by OperationType with UserId and UserGroup.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidParameterCombination
 */
export function permissionChangeFrom(input: ModifySnapshotAttributeRequest): { add: Audience; remove: Audience } {
  const { Add = [], Remove = [] } = input.CreateVolumePermission ?? {};
  const named = [...(input.UserIds ?? []).map((UserId) => ({ UserId })), ...(input.GroupNames ?? []).map((Group) => ({ Group: Group as 'all' }))];
  if (Add.length + Remove.length > 0) {
    if (named.length > 0) throw new AwsError('InvalidParameterCombination', 'The parameter createVolumePermission cannot be used with the parameters userId and userGroup');
    return { add: audienceFrom(Add), remove: audienceFrom(Remove) };
  }
  if (named.length === 0) throw missingParameter('UserId');
  const none = audienceFrom([]);
  if (input.OperationType === 'add') return { add: audienceFrom(named), remove: none };
  if (input.OperationType === 'remove') return { add: none, remove: audienceFrom(named) };
  throw input.OperationType === undefined ? missingParameter('OperationType') : invalidParameterValue('operationType', String(input.OperationType), 'It must be add or remove.');
}

function audienceFrom(permissions: readonly CreateVolumePermission[]): Audience {
  const audience: Audience = { everybody: false, accountIds: [] };
  for (const { Group, UserId } of permissions) {
    if (Group === undefined && UserId === undefined) throw missingParameter('UserId');
    if (Group !== undefined && Group !== 'all') throw invalidParameterValue('userGroup', String(Group), 'It must be all.');
    if (UserId !== undefined && !/^[0-9]{12}$/.test(UserId)) throw invalidParameterValue('userId', UserId, 'It must be an account id of 12 digits.');
    if (Group !== undefined) audience.everybody = true;
    if (UserId !== undefined) audience.accountIds.push(UserId);
  }
  return audience;
}
