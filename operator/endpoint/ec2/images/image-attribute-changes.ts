import type { LaunchPermission, ModifyImageAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';

/** Who may launch an image: everybody, accounts. */
export interface Audience {
  everybody: boolean;
  accountIds: string[];
}

/** One change that ModifyImageAttribute asks for, whichever of its forms was used. */
export type ImageAttributeChange =
  | { attribute: 'description' | 'imdsSupport'; value: string }
  | { attribute: 'launchPermission'; add: Audience; remove: Audience };

const DESCRIPTION_LIMIT = 255;

/**
 * The one change of a request: by a parameter of its own (`Description.Value`, `LaunchPermission.Add.1.UserId`), or by Attribute with Value or
 * OperationType, UserId and UserGroup.
 * @throws AwsError InvalidParameterCombination (none or several), InvalidParameterValue, InvalidAMIAttributeItemValue, MissingParameter, UnsupportedOperation
 */
export function imageAttributeChangeFrom(input: ModifyImageAttributeRequest): ImageAttributeChange {
  const changes = [...ownParameters(input), ...namedChange(input)];
  const [change] = changes;
  if (!change) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  if (changes.length > 1) throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified');
  if (change.attribute === 'description' && change.value.length > DESCRIPTION_LIMIT) {
    throw invalidParameterValue('description', `${change.value.slice(0, 40)}...`, `It may have ${DESCRIPTION_LIMIT} characters at most.`);
  }
  if (change.attribute === 'imdsSupport' && change.value !== 'v2.0') throw invalidParameterValue('imdsSupport', change.value, 'It must be v2.0.');
  return change;
}

function ownParameters({ Description, ImdsSupport, LaunchPermission }: ModifyImageAttributeRequest): ImageAttributeChange[] {
  const changes: ImageAttributeChange[] = [];
  if (Description?.Value !== undefined) changes.push({ attribute: 'description', value: Description.Value });
  if (ImdsSupport?.Value !== undefined) changes.push({ attribute: 'imdsSupport', value: ImdsSupport.Value });
  const { Add = [], Remove = [] } = LaunchPermission ?? {};
  if (Add.length + Remove.length > 0) changes.push({ attribute: 'launchPermission', add: audienceFrom(Add), remove: audienceFrom(Remove) });
  return changes;
}

function namedChange(input: ModifyImageAttributeRequest): ImageAttributeChange[] {
  const { Attribute, Value, OperationType, UserIds = [], UserGroups = [], OrganizationArns = [], OrganizationalUnitArns = [], ProductCodes = [] } = input;
  if (ProductCodes.length > 0 || Attribute === 'productCodes') throw new AwsError('UnsupportedOperation', 'Product codes are not supported.');
  const permissions: LaunchPermission[] = [
    ...UserIds.map((UserId) => ({ UserId })),
    ...UserGroups.map((Group) => ({ Group: Group as 'all' })),
    ...[...OrganizationArns, ...OrganizationalUnitArns].map((OrganizationArn) => ({ OrganizationArn })),
  ];
  if (permissions.length > 0 || OperationType !== undefined) return [launchPermissionChange(input, permissions)];
  switch (Attribute) {
    case undefined:
      return [];
    case 'description':
    case 'imdsSupport':
      return Value === undefined ? [] : [{ attribute: Attribute, value: Value }];
    case 'launchPermission':
      return [];
    default:
      throw invalidParameterValue('attribute', Attribute, 'The attribute cannot be modified.');
  }
}

function launchPermissionChange({ Attribute, OperationType }: ModifyImageAttributeRequest, permissions: readonly LaunchPermission[]): ImageAttributeChange {
  if (Attribute !== undefined && Attribute !== 'launchPermission') {
    throw new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified');
  }
  if (permissions.length === 0) throw missingParameter('UserId');
  const none: Audience = { everybody: false, accountIds: [] };
  switch (OperationType) {
    case undefined:
      throw missingParameter('OperationType');
    case 'add':
      return { attribute: 'launchPermission', add: audienceFrom(permissions), remove: none };
    case 'remove':
      return { attribute: 'launchPermission', add: none, remove: audienceFrom(permissions) };
    default:
      throw invalidParameterValue('operationType', OperationType, 'It must be add or remove.');
  }
}

function audienceFrom(permissions: readonly LaunchPermission[]): Audience {
  const audience: Audience = { everybody: false, accountIds: [] };
  for (const { Group, UserId, OrganizationArn, OrganizationalUnitArn } of permissions) {
    if (OrganizationArn || OrganizationalUnitArn) throw new AwsError('UnsupportedOperation', 'Sharing with organizations is not supported.');
    if (Group !== undefined && Group !== 'all') throw invalidItem(Group, 'group');
    if (UserId !== undefined && !/^[0-9]{12}$/.test(UserId)) throw invalidItem(UserId, 'userId');
    if (Group === undefined && UserId === undefined) throw missingParameter('UserId');
    if (Group !== undefined) audience.everybody = true;
    if (UserId !== undefined) audience.accountIds.push(UserId);
  }
  return audience;
}

function invalidItem(value: string, type: string): AwsError {
  return new AwsError('InvalidAMIAttributeItemValue', `Invalid attribute item value "${value}" for ${type} item type.`);
}
