import type { IpPermission, UserIdGroupPair } from '@aws-sdk/client-ec2';
import { canonicalCidrFrom, type AddressFamily } from '../../../api/network/canonical-cidr.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { ruleKeyOf } from '../../../api/network/security-group-rule.ts';
import type { SecurityGroupRule } from '../../../api/network/security-group.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne, wellFormedIds } from '../ids.ts';
import { groupOfName } from './find-security-group.ts';
import { accountIdOf, prefixListOf, referencedGroupOf, spellingFor } from './rule-references.ts';
import { requestedTraffic, type RequestedTraffic } from './rule-traffic.ts';
import { vpcIdOfGroup } from './vpc-of-group.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** How requests name rules: by permissions, or by the older flat parameters, which name one. */
export interface RequestedRules extends RequestedTraffic {
  IpPermissions?: IpPermission[] | undefined;
  CidrIp?: string | undefined;
  SourceSecurityGroupName?: string | undefined;
  SourceSecurityGroupOwnerId?: string | undefined;
}

const DESCRIPTION_LIMIT = 255;
const DESCRIPTION_CHARACTERS = 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*';

/**
 * The rules of a request for a group, one per block, list or group. What rules are added must exist (`mustExist`); a rule can be taken away after its
 * other side is gone.
 * @throws AwsError MissingParameter, InvalidParameterCombination, InvalidParameterValue, InvalidPermission.Malformed, InvalidGroupId.Malformed,
 *   InvalidGroup.NotFound, InvalidPrefixListID.NotFound
 */
export function requestedRules(input: RequestedRules, group: SecurityGroup, context: Lookup, mustExist: boolean): SecurityGroupRule[] {
  const rules = input.IpPermissions && input.IpPermissions.length > 0 ? fromPermissions(input, group, context, mustExist) : [fromFlat(input, group, context)];
  const spelling = spellingFor(group, context.read);
  if (new Set(rules.map((rule) => ruleKeyOf(rule, spelling))).size < rules.length) {
    throw new AwsError('InvalidParameterValue', 'The same permission must not appear multiple times');
  }
  return rules;
}

function fromPermissions({ IpPermissions = [], ...flat }: RequestedRules, group: SecurityGroup, context: Lookup, mustExist: boolean): SecurityGroupRule[] {
  const given = Object.entries(flat).find(([name, value]) => flatParameters.includes(name) && value !== undefined && value !== '');
  if (given) throw new AwsError('InvalidParameterCombination', `The parameter ipPermissions cannot be used with the parameter ${given[0]}`);
  return IpPermissions.flatMap((permission) => {
    const traffic = requestedTraffic(permission, 'InvalidPermission.Malformed');
    const peers: Partial<SecurityGroupRule>[] = [
      ...(permission.IpRanges ?? []).map(({ CidrIp, Description }) => ({ cidrIpv4: blockFrom(CidrIp, 4), ...descriptionFrom(Description) })),
      ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6, Description }) => ({ cidrIpv6: blockFrom(CidrIpv6, 6), ...descriptionFrom(Description) })),
      ...(permission.PrefixListIds ?? []).map(({ PrefixListId = '', Description }) => ({
        prefixListId: prefixListIdFrom(PrefixListId, context, mustExist),
        ...descriptionFrom(Description),
      })),
      ...(permission.UserIdGroupPairs ?? []).map((pair) => ({
        referencedGroup: referenceFrom(pair, group, context, mustExist),
        ...descriptionFrom(pair.Description),
      })),
    ];
    if (peers.length === 0) throw sourceMissing();
    return peers.map((peer) => ({ ...traffic, ...peer }));
  });
}

const flatParameters = ['CidrIp', 'FromPort', 'ToPort', 'IpProtocol', 'SourceSecurityGroupName', 'SourceSecurityGroupOwnerId'];

function fromFlat(input: RequestedRules, group: SecurityGroup, context: Lookup): SecurityGroupRule {
  const { CidrIp, SourceSecurityGroupName: GroupName, SourceSecurityGroupOwnerId: UserId } = input;
  if (CidrIp && GroupName) throw new AwsError('InvalidParameterCombination', 'The parameter cidrIp cannot be used with the parameter sourceSecurityGroupName');
  if (GroupName) {
    // Without a protocol the older form means all traffic of the group.
    const traffic = input.IpProtocol ? requestedTraffic(input, 'InvalidParameterValue') : { ipProtocol: '-1' };
    return { ...traffic, referencedGroup: referenceFrom({ GroupName, UserId }, group, context, true) };
  }
  if (!input.IpProtocol && !CidrIp) throw new AwsError('MissingParameter', 'The request must contain the parameter ipPermissions');
  const traffic = requestedTraffic(input, 'InvalidParameterValue');
  if (!CidrIp) throw sourceMissing();
  return { ...traffic, cidrIpv4: blockFrom(CidrIp, 4) };
}

/** @throws AwsError InvalidParameterValue */
export function blockFrom(text: string | undefined, family: AddressFamily): string {
  const block = canonicalCidrFrom(text ?? '');
  if (block?.family === family) return block.text;
  throw new AwsError('InvalidParameterValue', `CIDR block ${(text ?? '').slice(0, 64)} is malformed`);
}

/** Nothing for an empty description, which is none. @throws AwsError InvalidParameterValue */
export function descriptionFrom(description: string | undefined): { description?: string } {
  if (!description) return {};
  if (description.length <= DESCRIPTION_LIMIT && /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(description)) return { description };
  throw new AwsError(
    'InvalidParameterValue',
    `Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  ${DESCRIPTION_CHARACTERS}`,
  );
}

/** @throws AwsError InvalidPrefixListID.Malformed, InvalidPrefixListID.NotFound */
export function prefixListIdFrom(id: string, { read, caller }: Lookup, mustExist: boolean): string {
  wellFormedIds(IdKinds.prefixList, [id]);
  const list = prefixListOf(id, caller.namespace, read);
  if (list) return ec2IdOf('pl', list);
  if (!mustExist) return id;
  throw new AwsError(IdKinds.prefixList.notFoundCode, IdKinds.prefixList.notFound([id]));
}

/**
 * The group that a rule is about: of the own account by id, or by name within the VPC; of another account by id.
 * @throws AwsError MissingParameter, InvalidParameterValue, InvalidGroupId.Malformed, InvalidGroup.NotFound
 */
export function referenceFrom(
  { GroupId, GroupName, UserId }: Pick<UserIdGroupPair, 'GroupId' | 'GroupName' | 'UserId'>,
  group: SecurityGroup,
  context: Lookup,
  mustExist: boolean,
): NonNullable<SecurityGroupRule['referencedGroup']> {
  if (UserId && !/^[0-9]{12}$/.test(UserId)) throw new AwsError('InvalidParameterValue', `Invalid id: "${UserId.slice(0, 32)}" (expecting 12 digits)`);
  const userId = UserId && UserId !== accountIdOf(group.metadata.namespace, context.read) ? { userId: UserId } : {};
  const vpcId = vpcIdOfGroup(group, context.read);
  if (!GroupId) {
    if (!GroupName) throw sourceMissing();
    const named = 'userId' in userId ? undefined : groupOfName(GroupName, vpcId, context);
    if (named) return { groupId: ec2IdOf('sg', named) };
    throw new AwsError(IdKinds.securityGroup.notFoundCode, IdKinds.securityGroup.notFound([GroupName]));
  }
  const reference = { groupId: GroupId, ...userId };
  const [id = ''] = wellFormedIds(IdKinds.securityGroup, [GroupId]);
  if (!mustExist) return reference;
  const found = requireOne(IdKinds.securityGroup, id, () => referencedGroupOf(reference, group, context.read));
  if (!('userId' in userId) && vpcIdOfGroup(found, context.read) !== vpcId) {
    throw new AwsError(IdKinds.securityGroup.notFoundCode, 'You have specified two resources that belong to different networks.');
  }
  return reference;
}

function sourceMissing(): AwsError {
  return new AwsError('MissingParameter', 'Missing source specification: include source security group or CIDR information');
}
