import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { AuthorizeSecurityGroupIngressRequest, Filter, IpPermission, ModifySecurityGroupRulesRequest, RevokeSecurityGroupIngressRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../../../operator/api/ec2-id.ts';
import { ManagedPrefixListDefinition } from '../../../../../operator/api/network/managed-prefix-list.ts';
import { RULES_LIMIT } from '../../../../../operator/api/network/security-group.ts';
import type { KubernetesObject } from '../../../../../operator/api/shared.ts';
import { authorizeSecurityGroupEgress } from '../../../../../operator/endpoint/ec2/security-groups/AuthorizeSecurityGroupEgress.ts';
import { authorizeSecurityGroupIngress } from '../../../../../operator/endpoint/ec2/security-groups/AuthorizeSecurityGroupIngress.ts';
import { createSecurityGroup } from '../../../../../operator/endpoint/ec2/security-groups/CreateSecurityGroup.ts';
import { deleteSecurityGroup } from '../../../../../operator/endpoint/ec2/security-groups/DeleteSecurityGroup.ts';
import { describeSecurityGroupReferences } from '../../../../../operator/endpoint/ec2/security-groups/DescribeSecurityGroupReferences.ts';
import { describeSecurityGroupRules } from '../../../../../operator/endpoint/ec2/security-groups/DescribeSecurityGroupRules.ts';
import { describeSecurityGroups } from '../../../../../operator/endpoint/ec2/security-groups/DescribeSecurityGroups.ts';
import { describeStaleSecurityGroups } from '../../../../../operator/endpoint/ec2/security-groups/DescribeStaleSecurityGroups.ts';
import { getSecurityGroupsForVpc } from '../../../../../operator/endpoint/ec2/security-groups/GetSecurityGroupsForVpc.ts';
import { modifySecurityGroupRules } from '../../../../../operator/endpoint/ec2/security-groups/ModifySecurityGroupRules.ts';
import { revokeSecurityGroupEgress } from '../../../../../operator/endpoint/ec2/security-groups/RevokeSecurityGroupEgress.ts';
import { revokeSecurityGroupIngress } from '../../../../../operator/endpoint/ec2/security-groups/RevokeSecurityGroupIngress.ts';
import { updateSecurityGroupRuleDescriptionsIngress } from '../../../../../operator/endpoint/ec2/security-groups/UpdateSecurityGroupRuleDescriptionsIngress.ts';
import { createTags } from '../../../../../operator/endpoint/ec2/tags/CreateTags.ts';
import { describeTags } from '../../../../../operator/endpoint/ec2/tags/DescribeTags.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import type { ManagedPrefixList} from '../../../../../operator/kubernetes/resources.ts';
import { SecurityGroup } from '../../../../../operator/kubernetes/resources.ts';
import { anAccount, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance, aSecurityGroup } from '../../../../support/instance-objects.ts';
import { aVpc } from '../../../../support/network-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const WEB = 'sg-00000000000000001';
const DATABASE = 'sg-00000000000000002';
const THEIRS = 'sg-00000000000000003';
const LIST = 'pl-00000000000000001';
const VPC = 'vpc-00000000000000001';
const OTHER_VPC = 'vpc-00000000000000002';
const OTHER_ACCOUNT = '210987654321';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const ssh: IpPermission = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '10.0.0.0/8' }] };
const everything: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

function code(wanted: string, message?: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    if (message) assert.match(error.message, message);
    return true;
  };
}

function cloud(...more: KubernetesObject[]): { cluster: FakeCluster; context: OperationContext; group: (id?: string) => SecurityGroup } {
  const { apiVersion, kind, spec } = ManagedPrefixListDefinition;
  const cluster = new FakeCluster({
    objects: [
      theAccount(),
      anAccount('others', OTHER_ACCOUNT),
      aVpc(VPC, { isDefault: true }),
      aVpc(OTHER_VPC, { cidrBlock: '10.0.0.0/16' }),
      aSecurityGroup(WEB, { groupName: 'web', description: 'web servers', tags: [{ key: 'team', value: 'a' }] }),
      aSecurityGroup(DATABASE, { groupName: 'database', vpcId: VPC }),
      aSecurityGroup(THEIRS, { groupName: 'theirs', namespace: 'others' }),
      aSecurityGroup('sg-00000000000000004', { groupName: 'web', vpcId: OTHER_VPC }),
      aSecurityGroup('sg-00000000000000005', { groupName: 'default' }),
      { apiVersion, kind, metadata: { name: LIST, namespace: NAMESPACE, uid: 'l' }, spec: spec.parse({}) } as ManagedPrefixList,
      ...more,
    ],
  });
  const group = (name = WEB): SecurityGroup => cluster.get(SecurityGroup, { namespace: NAMESPACE, name }) ?? assert.fail(`no group ${name}`);
  return { cluster, context: operationContext(cluster), group };
}

describe('CreateSecurityGroup', () => {
  it('makes a group from which everything goes out, into which nothing comes', async () => {
    const { context } = cloud();
    const made = await createSecurityGroup({ GroupName: 'new', Description: 'a new one', VpcId: '', TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'k', Value: 'v' }] }] }, context);
    assert.deepEqual(checker.violations('CreateSecurityGroup', made), []);
    assert.match(made.GroupId ?? '', /^sg-[0-9a-f]{17}$/);
    const shown = await describeSecurityGroups({ GroupIds: [made.GroupId ?? ''] }, context);
    assert.deepEqual(checker.violations('DescribeSecurityGroups', shown), []);
    const lists = { Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };
    assert.deepEqual(shown.SecurityGroups, [
      {
        GroupId: made.GroupId,
        GroupName: 'new',
        Description: 'a new one',
        OwnerId: ACCOUNT_ID,
        VpcId: VPC,
        SecurityGroupArn: `arn:aws:ec2:us-east-1:${ACCOUNT_ID}:security-group/${String(made.GroupId)}`,
        IpPermissions: [],
        IpPermissionsEgress: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }], ...lists }],
        Tags: [{ Key: 'k', Value: 'v' }],
      },
    ]);
  });

  const refused: Record<string, { input: Partial<sdk.CreateSecurityGroupRequest>; want: string }> = {
    'no name': { input: { GroupName: '' }, want: 'MissingParameter' },
    'no description': { input: { Description: '' }, want: 'MissingParameter' },
    'the name of an id': { input: { GroupName: 'sg-web' }, want: 'InvalidParameterValue' },
    'the name of the default group': { input: { GroupName: 'default' }, want: 'InvalidParameterValue' },
    'a name beyond ASCII': { input: { GroupName: 'näh' }, want: 'InvalidParameterValue' },
    'a description of 256 characters': { input: { Description: 'a'.repeat(256) }, want: 'InvalidParameterValue' },
    'a name that is taken in the VPC': { input: { GroupName: 'web' }, want: 'InvalidGroup.Duplicate' },
    'a VPC that is not there': { input: { VpcId: 'vpc-00000000000000009' }, want: 'InvalidVpcID.NotFound' },
    'tags of another kind': { input: { TagSpecifications: [{ ResourceType: 'instance', Tags: [] }] }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      const { length } = cluster.list(SecurityGroup);
      await assert.rejects(createSecurityGroup({ GroupName: 'new', Description: 'd', ...input }, context), code(want));
      assert.equal(cluster.list(SecurityGroup).length, length);
    });
  }

  it('makes no more than EC2 does', async () => {
    const { context } = cloud(...Array.from({ length: 2500 }, (_, index) => aSecurityGroup(`g-${String(index)}`, { groupName: `g-${String(index)}` })));
    await assert.rejects(createSecurityGroup({ GroupName: 'new', Description: 'd' }, context), code('SecurityGroupLimitExceeded'));
  });

  it('makes one of two at the same time with one name, and takes a name again in another VPC', async () => {
    const { context } = cloud();
    const results = await Promise.allSettled([1, 2].map(async () => createSecurityGroup({ GroupName: 'new', Description: 'd' }, context)));
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    await createSecurityGroup({ GroupName: 'database', Description: 'd', VpcId: OTHER_VPC }, context);
  });
});

describe('DeleteSecurityGroup', () => {
  it('removes a group by id or name', async () => {
    const { cluster, context } = cloud();
    assert.deepEqual(await deleteSecurityGroup({ GroupId: WEB }, context), { Return: true, GroupId: WEB });
    await deleteSecurityGroup({ GroupName: 'database' }, context);
    await assert.rejects(describeSecurityGroups({ GroupIds: [WEB] }, context), code('InvalidGroup.NotFound'));
    assert.equal(cluster.get(SecurityGroup, { namespace: NAMESPACE, name: DATABASE }), undefined);
  });

  const reference = [{ ipProtocol: '-1', referencedGroup: { groupId: WEB } }];
  const cases: Record<string, { input: sdk.DeleteSecurityGroupRequest; more?: KubernetesObject[]; want: string | undefined }> = {
    'not the default group': { input: { GroupName: 'default' }, want: 'CannotDelete' },
    'not one with an instance': { input: { GroupId: WEB }, more: [anInstance('i-00000000000000001', { securityGroupIds: ['web', WEB] })], want: 'DependencyViolation' },
    'not one with an instance that shuts down': {
      input: { GroupId: WEB },
      more: [anInstance('i-00000000000000001', { status: { state: 'shutting-down', securityGroupIds: [WEB] } })],
      want: 'DependencyViolation',
    },
    'one whose instance is terminated': {
      input: { GroupId: WEB },
      more: [anInstance('i-00000000000000001', { powerState: 'terminated', status: { state: 'terminated', securityGroupIds: [WEB] } })],
      want: undefined,
    },
    'not one that another group has a rule about': { input: { GroupId: WEB }, more: [aSecurityGroup('sg-0000000000000000a', { ingress: reference })], want: 'DependencyViolation' },
    'not one that a group of another account has a rule about': {
      input: { GroupId: WEB },
      more: [aSecurityGroup('sg-0000000000000000a', { namespace: 'others', ingress: [{ ipProtocol: '-1', referencedGroup: { groupId: WEB, userId: ACCOUNT_ID } }] })],
      want: 'DependencyViolation',
    },
    'one whose own rules are about it': { input: { GroupId: 'sg-0000000000000000a' }, more: [aSecurityGroup('sg-0000000000000000a', { ingress: [{ ipProtocol: '-1', referencedGroup: { groupId: 'sg-0000000000000000a' } }] })], want: undefined },
    'none without a name': { input: {}, want: 'MissingParameter' },
    'none that is not there': { input: { GroupId: 'sg-00000000000000009' }, want: 'InvalidGroup.NotFound' },
    'none of another account': { input: { GroupId: THEIRS }, want: 'InvalidGroup.NotFound' },
    'none of a text that is no id': { input: { GroupId: 'web' }, want: 'InvalidGroupId.Malformed' },
  };
  for (const [name, { input, more = [], want }] of Object.entries(cases)) {
    it(`removes ${name}`, async () => {
      const { context } = cloud(...more);
      if (want === undefined) await deleteSecurityGroup(input, context);
      else await assert.rejects(deleteSecurityGroup(input, context), code(want));
    });
  }

  it('shows a group that kubectl deleted for as long as instances are in it', async () => {
    const deleted = aSecurityGroup('gone');
    const { context, cluster } = cloud({ ...deleted, metadata: { ...deleted.metadata, finalizers: ['kube-ec2.io/security-group'], deletionTimestamp: '2026-01-01T00:00:00Z' } });
    const shown = async (): Promise<number> => ((await describeSecurityGroups({ Filters: [{ Name: 'group-name', Values: ['gone'] }] }, context)).SecurityGroups ?? []).length;
    assert.equal(await shown(), 0);
    cluster.add(anInstance('i-00000000000000001', { status: { securityGroupIds: [ec2IdOf('sg', deleted)] } }));
    assert.equal(await shown(), 1);
  });
});

describe('rules', () => {
  it('are added one for each other side, shown together by traffic, and kept apart as rules', async () => {
    const { context } = cloud();
    const permission: IpPermission = {
      IpProtocol: '6',
      FromPort: 443,
      ToPort: 443,
      IpRanges: [{ CidrIp: '100.68.0.18/18', Description: 'odd' }, { CidrIp: '0.0.0.0/0' }],
      Ipv6Ranges: [{ CidrIpv6: '2001:DB8::1/32' }],
      PrefixListIds: [{ PrefixListId: LIST }],
      UserIdGroupPairs: [{ GroupId: WEB }, { GroupName: 'database' }, { GroupId: THEIRS, UserId: OTHER_ACCOUNT }],
    };
    const tags = [{ Key: 'rule', Value: 'https' }];
    const answer = await authorizeSecurityGroupIngress({ GroupId: WEB, IpPermissions: [permission], TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: tags }] }, context);
    assert.deepEqual(checker.violations('AuthorizeSecurityGroupIngress', answer), []);
    assert.equal(answer.Return, true);
    const [first] = answer.SecurityGroupRules ?? [];
    const { SecurityGroupRuleId, SecurityGroupRuleArn, ...rest } = first ?? {};
    assert.match(`${String(SecurityGroupRuleId)} ${String(SecurityGroupRuleArn)}`, /^(sgr-[0-9a-f]{17}) arn:aws:ec2:us-east-1:123456789012:security-group-rule\/\1$/);
    assert.deepEqual(rest, { GroupId: WEB, GroupOwnerId: ACCOUNT_ID, IsEgress: false, IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIpv4: '100.68.0.0/18', Description: 'odd', Tags: tags });
    assert.deepEqual((answer.SecurityGroupRules ?? []).slice(4).map(({ ReferencedGroupInfo }) => ReferencedGroupInfo), [
      { GroupId: WEB, UserId: ACCOUNT_ID },
      { GroupId: DATABASE, UserId: ACCOUNT_ID },
      { GroupId: THEIRS, UserId: OTHER_ACCOUNT },
    ]);
    await authorizeSecurityGroupIngress({ GroupId: WEB, IpPermissions: [{ ...permission, IpRanges: [{ CidrIp: '10.0.0.0/8' }], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] }] }, context);
    const { SecurityGroups = [] } = await describeSecurityGroups({ GroupNames: ['web'] }, context);
    assert.equal(SecurityGroups[0]?.IpPermissions?.length, 1);
    assert.deepEqual(SecurityGroups[0].IpPermissions[0]?.IpRanges, [{ CidrIp: '100.68.0.0/18', Description: 'odd' }, { CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8' }]);
    const rules = await describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [WEB] }] }, context);
    assert.deepEqual(checker.violations('DescribeSecurityGroupRules', rules), []);
    assert.equal(rules.SecurityGroupRules?.length, 9);
    const byId = await describeSecurityGroupRules({ SecurityGroupRuleIds: [SecurityGroupRuleId ?? ''] }, context);
    assert.deepEqual(byId.SecurityGroupRules, [first]);
  });

  it('of every protocol have no ports in permissions, and -1 in rules; revoked with whatever ports', async () => {
    const { context, group } = cloud();
    const { SecurityGroupRules = [] } = await describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [WEB] }] }, context);
    assert.deepEqual(SecurityGroupRules.map(({ IpProtocol, FromPort, ToPort, IsEgress }) => [IpProtocol, FromPort, ToPort, IsEgress]), [['-1', -1, -1, true]]);
    const revoked = await revokeSecurityGroupEgress({ GroupId: WEB, IpPermissions: [{ ...everything, FromPort: 0, ToPort: 0 }] }, context);
    assert.deepEqual(checker.violations('RevokeSecurityGroupEgress', revoked), []);
    assert.deepEqual(revoked.RevokedSecurityGroupRules?.map(({ CidrIpv4 }) => CidrIpv4), ['0.0.0.0/0']);
    assert.deepEqual(group().spec.egress, []);
    const ipv6: IpPermission = { IpProtocol: '-1', FromPort: 0, ToPort: 0, Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
    await assert.rejects(revokeSecurityGroupEgress({ GroupId: WEB, IpPermissions: [ipv6] }, context), code('InvalidPermission.NotFound'));
    await authorizeSecurityGroupEgress({ GroupId: WEB, IpPermissions: [{ ...everything, IpProtocol: 'all' }] }, context);
    await assert.rejects(authorizeSecurityGroupEgress({ GroupId: WEB, IpPermissions: [{ ...everything, FromPort: 1, ToPort: 2 }] }, context), code('InvalidPermission.Duplicate', /"peer: 0\.0\.0\.0\/0, ALL, ALLOW" already exists/));
  });

  it('are named by the older parameters too', async () => {
    const { context, group } = cloud();
    await authorizeSecurityGroupIngress({ GroupName: 'web', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.0.0.0/8' }, context);
    await authorizeSecurityGroupIngress({ GroupName: 'web', SourceSecurityGroupName: 'database' }, context);
    assert.deepEqual(group().spec.ingress.map(({ ruleId: _id, ...rule }) => rule), [
      { ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIpv4: '10.0.0.0/8' },
      { ipProtocol: '-1', referencedGroup: { groupId: DATABASE } },
    ]);
    await revokeSecurityGroupIngress({ GroupName: 'web', IpProtocol: 'tcp', FromPort: 22, ToPort: 22, CidrIp: '10.9.9.9/8' }, context);
    assert.equal(group().spec.ingress.length, 1);
  });

  const range = (CidrIp: string): IpPermission => ({ ...ssh, IpRanges: [{ CidrIp }] });
  const refused: Record<string, { input: AuthorizeSecurityGroupIngressRequest; want: string; message?: RegExp }> = {
    'nothing': { input: {}, want: 'MissingParameter' },
    'no other side': { input: { IpPermissions: [{ ...ssh, IpRanges: [] }] }, want: 'MissingParameter', message: /source specification/ },
    'no protocol': { input: { IpPermissions: [{ IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] }, want: 'MissingParameter' },
    'an unknown protocol': { input: { IpPermissions: [{ ...ssh, IpProtocol: 'gre' }] }, want: 'InvalidParameterValue', message: /Unknown protocol/ },
    'protocol 256': { input: { IpPermissions: [{ ...ssh, IpProtocol: '256' }] }, want: 'InvalidParameterValue' },
    'a block with too long a prefix': { input: { IpPermissions: [range('10.0.0.0/33')] }, want: 'InvalidParameterValue', message: /CIDR block 10\.0\.0\.0\/33 is malformed/ },
    'an address without a prefix': { input: { IpPermissions: [range('10.0.0.1')] }, want: 'InvalidParameterValue' },
    'an IPv6 block among IPv4 ones': { input: { IpPermissions: [range('::/0')] }, want: 'InvalidParameterValue' },
    'an IPv4 block among IPv6 ones': { input: { IpPermissions: [{ ...ssh, IpRanges: [], Ipv6Ranges: [{ CidrIpv6: '10.0.0.0/8' }] }] }, want: 'InvalidParameterValue' },
    'one good block beside a bad one': { input: { IpPermissions: [ssh, range('x')] }, want: 'InvalidParameterValue' },
    'no ports': { input: { IpPermissions: [{ IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] }, want: 'InvalidParameterValue', message: /Must specify both from and to ports with TCP\/UDP/ },
    'a port beyond the last': { input: { IpPermissions: [{ ...ssh, ToPort: 65536 }] }, want: 'InvalidPermission.Malformed', message: /out of range/ },
    'a port below the first': { input: { IpPermissions: [{ ...ssh, FromPort: -1 }] }, want: 'InvalidPermission.Malformed' },
    'ports in the wrong order': { input: { IpPermissions: [{ ...ssh, ToPort: 21 }] }, want: 'InvalidPermission.Malformed' },
    'an older parameter out of range': { input: { IpProtocol: 'tcp', FromPort: 70000, ToPort: 70000, CidrIp: '10.0.0.0/8' }, want: 'InvalidParameterValue' },
    'a code of every ICMP type': { input: { IpPermissions: [{ ...ssh, IpProtocol: 'icmp', FromPort: -1, ToPort: 3 }] }, want: 'InvalidPermission.Malformed' },
    'ICMP without numbers': { input: { IpPermissions: [{ IpProtocol: 'icmp', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }] }, want: 'InvalidParameterValue', message: /with ICMP/ },
    'both forms': { input: { IpPermissions: [ssh], CidrIp: '10.0.0.0/8' }, want: 'InvalidParameterCombination' },
    'the same twice': { input: { IpPermissions: [ssh, range('10.1.1.1/8')] }, want: 'InvalidParameterValue', message: /must not appear multiple times/ },
    'an unknown group': { input: { IpPermissions: [{ ...ssh, IpRanges: [], UserIdGroupPairs: [{ GroupId: 'sg-00000000000000009' }] }] }, want: 'InvalidGroup.NotFound' },
    'a text that is no group': { input: { IpPermissions: [{ ...ssh, IpRanges: [], UserIdGroupPairs: [{ GroupId: 'x' }] }] }, want: 'InvalidGroupId.Malformed' },
    'an unknown name': { input: { IpPermissions: [{ ...ssh, IpRanges: [], UserIdGroupPairs: [{ GroupName: 'x' }] }] }, want: 'InvalidGroup.NotFound' },
    'a group of another VPC': { input: { IpPermissions: [{ ...ssh, IpRanges: [], UserIdGroupPairs: [{ GroupId: 'sg-00000000000000004' }] }] }, want: 'InvalidGroup.NotFound', message: /different networks/ },
    'a group that the other account does not have': { input: { IpPermissions: [{ ...ssh, IpRanges: [], UserIdGroupPairs: [{ GroupId: WEB, UserId: OTHER_ACCOUNT }] }] }, want: 'InvalidGroup.NotFound' },
    'a group without its account': { input: { IpPermissions: [{ ...ssh, IpRanges: [], UserIdGroupPairs: [{ GroupId: THEIRS }] }] }, want: 'InvalidGroup.NotFound' },
    'an account that is none': { input: { IpPermissions: [{ ...ssh, IpRanges: [], UserIdGroupPairs: [{ GroupId: THEIRS, UserId: 'x' }] }] }, want: 'InvalidParameterValue' },
    'an unknown prefix list': { input: { IpPermissions: [{ ...ssh, IpRanges: [], PrefixListIds: [{ PrefixListId: 'pl-00000000000000009' }] }] }, want: 'InvalidPrefixListID.NotFound' },
    'a description with a quotation mark': { input: { IpPermissions: [{ ...ssh, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'the "web"' }] }] }, want: 'InvalidParameterValue', message: /Invalid rule description/ },
    'a description of 256 characters': { input: { IpPermissions: [{ ...ssh, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'a'.repeat(256) }] }] }, want: 'InvalidParameterValue' },
    'more rules than fit': {
      input: { IpPermissions: [{ ...ssh, IpRanges: Array.from({ length: RULES_LIMIT + 1 }, (_, index) => ({ CidrIp: `10.${String(index >> 8)}.${String(index % 256)}.0/24` })) }] },
      want: 'RulesPerSecurityGroupLimitExceeded',
    },
  };
  for (const [name, { input, want, message }] of Object.entries(refused)) {
    it(`are refused: ${name}`, async () => {
      const { context, cluster, group } = cloud();
      await assert.rejects(authorizeSecurityGroupIngress({ GroupId: WEB, ...input }, context), code(want, message));
      assert.deepEqual(group().spec.ingress, []);
      assert.ok(cluster.writes.every(({ body }) => JSON.stringify(body) === '{}'));
    });
  }

  it('are never half added: a duplicate keeps the others out', async () => {
    const { context, group } = cloud();
    await authorizeSecurityGroupIngress({ GroupId: WEB, IpPermissions: [ssh] }, context);
    await assert.rejects(authorizeSecurityGroupIngress({ GroupId: WEB, IpPermissions: [{ ...ssh, FromPort: 23, ToPort: 23 }, ssh] }, context), code('InvalidPermission.Duplicate', /peer: 10\.0\.0\.0\/8, TCP, from port: 22, to port: 22, ALLOW/));
    assert.equal(group().spec.ingress.length, 1);
  });

  it('are not lost to each other by many calls at the same time', async () => {
    const { context, group } = cloud();
    const ports = Array.from({ length: 20 }, (_, index) => index + 1);
    await Promise.all(ports.map(async (port) => authorizeSecurityGroupIngress({ GroupId: WEB, IpPermissions: [{ ...ssh, FromPort: port, ToPort: port }] }, context)));
    assert.deepEqual(group().spec.ingress.map(({ fromPort }) => fromPort).sort((left = 0, right = 0) => left - right), ports);
  });

  it('are known again whether kubectl named a group by its name or with its own account', async () => {
    const { context } = cloud(aSecurityGroup('mine', { ingress: [{ ipProtocol: '-1', referencedGroup: { groupId: DATABASE, userId: ACCOUNT_ID } }] }));
    const GroupId = ec2IdOf('sg', aSecurityGroup('mine'));
    const pair: IpPermission = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: DATABASE }] };
    await assert.rejects(authorizeSecurityGroupIngress({ GroupId, IpPermissions: [pair] }, context), code('InvalidPermission.Duplicate'));
    const rules = (await describeSecurityGroupRules({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }, context)).SecurityGroupRules;
    const rule = rules?.find(({ IsEgress }) => IsEgress === false);
    assert.match(rule?.SecurityGroupRuleId ?? '', /^sgr-/);
    await revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [rule?.SecurityGroupRuleId ?? ''] }, context);
  });

  const revokes: Record<string, { input: RevokeSecurityGroupIngressRequest; want: string }> = {
    'one that is there and one that is not': { input: { IpPermissions: [ssh, { ...ssh, FromPort: 1 }] }, want: 'InvalidPermission.NotFound' },
    'an id that is not there': { input: { SecurityGroupRuleIds: ['sgr-00000000000000009'] }, want: 'InvalidSecurityGroupRuleId.NotFound' },
    'a text that is no id': { input: { SecurityGroupRuleIds: ['x'] }, want: 'InvalidSecurityGroupRuleId.Malformed' },
    'ids and permissions': { input: { SecurityGroupRuleIds: ['sgr-00000000000000009'], IpPermissions: [ssh] }, want: 'InvalidParameterCombination' },
    nothing: { input: {}, want: 'MissingParameter' },
  };
  for (const [name, { input, want }] of Object.entries(revokes)) {
    it(`are not taken away: ${name}`, async () => {
      const { context, group } = cloud();
      await authorizeSecurityGroupIngress({ GroupId: WEB, IpPermissions: [ssh] }, context);
      await assert.rejects(revokeSecurityGroupIngress({ GroupId: WEB, ...input }, context), code(want));
      assert.equal(group().spec.ingress.length, 1);
    });
  }

  it('keep their ids and tags when they are changed', async () => {
    const { context } = cloud();
    const tags = [{ Key: 'k', Value: 'v' }];
    const made = await authorizeSecurityGroupIngress({ GroupId: WEB, IpPermissions: [ssh, { ...ssh, FromPort: 80, ToPort: 80 }], TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: tags }] }, context);
    const [id = '', other = ''] = (made.SecurityGroupRules ?? []).map(({ SecurityGroupRuleId }) => SecurityGroupRuleId ?? '');
    const shown = async (): Promise<sdk.SecurityGroupRule | undefined> => (await describeSecurityGroupRules({ SecurityGroupRuleIds: [id] }, context)).SecurityGroupRules?.[0];
    await modifySecurityGroupRules({ GroupId: WEB, SecurityGroupRules: [{ SecurityGroupRuleId: id, SecurityGroupRule: { IpProtocol: 'icmp', CidrIpv6: 'fd00::/8', Description: 'ping' } }] }, context);
    const { FromPort, ToPort, CidrIpv4, CidrIpv6, Description, Tags } = (await shown()) ?? {};
    assert.deepEqual({ FromPort, ToPort, CidrIpv4, CidrIpv6, Description, Tags }, { FromPort: -1, ToPort: -1, CidrIpv4: undefined, CidrIpv6: 'fd00::/8', Description: 'ping', Tags: tags });
    await updateSecurityGroupRuleDescriptionsIngress({ GroupId: WEB, SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: id, Description: 'echo' }] }, context);
    assert.equal((await shown())?.Description, 'echo');
    const ping: IpPermission = { IpProtocol: 'icmp', FromPort: -1, ToPort: -1, Ipv6Ranges: [{ CidrIpv6: 'fd00::/8' }] };
    assert.deepEqual(await updateSecurityGroupRuleDescriptionsIngress({ GroupName: 'web', IpPermissions: [ping] }, context), { Return: true });
    assert.equal((await shown())?.Description, undefined);
    await createTags({ Resources: [id, WEB], Tags: [{ Key: 'colour', Value: 'blue' }] }, context);
    assert.deepEqual((await shown())?.Tags, [...tags, { Key: 'colour', Value: 'blue' }]);
    const listed = await describeTags({ Filters: [{ Name: 'resource-type', Values: ['security-group-rule'] }, { Name: 'resource-id', Values: [id] }] }, context);
    assert.deepEqual(listed.Tags?.map(({ Key, ResourceType }) => `${String(ResourceType)} ${String(Key)}`), ['security-group-rule colour', 'security-group-rule k']);
    const filtered = await describeSecurityGroupRules({ Filters: [{ Name: 'tag:colour', Values: ['blue'] }] }, context);
    assert.deepEqual(filtered.SecurityGroupRules?.map(({ SecurityGroupRuleId }) => SecurityGroupRuleId), [id]);

    const refused: Record<string, [ModifySecurityGroupRulesRequest['SecurityGroupRules'], string]> = {
      'into another': [[{ SecurityGroupRuleId: id, SecurityGroupRule: { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIpv4: '10.0.0.0/8' } }], 'InvalidPermission.Duplicate'],
      'two into one': [[id, other].map((each) => ({ SecurityGroupRuleId: each, SecurityGroupRule: { IpProtocol: '-1', CidrIpv4: '10.0.0.0/8' } })), 'InvalidParameterValue'],
      'unknown': [[{ SecurityGroupRuleId: 'sgr-00000000000000009', SecurityGroupRule: { IpProtocol: '-1', CidrIpv4: '10.0.0.0/8' } }], 'InvalidSecurityGroupRuleId.NotFound'],
      'two sides': [[{ SecurityGroupRuleId: id, SecurityGroupRule: { IpProtocol: '-1', CidrIpv4: '10.0.0.0/8', CidrIpv6: '::/0' } }], 'InvalidParameterValue'],
      'none': [[], 'MissingParameter'],
    };
    for (const [SecurityGroupRules, want] of Object.values(refused)) await assert.rejects(modifySecurityGroupRules({ GroupId: WEB, SecurityGroupRules }, context), code(want));
  });
});

describe('DescribeSecurityGroups', () => {
  const rules = [
    { ipProtocol: 'tcp', fromPort: 22, toPort: 23, cidrIpv4: '10.0.0.0/8' },
    { ipProtocol: 'udp', fromPort: 53, toPort: 53, cidrIpv6: 'fd00::/8' },
    { ipProtocol: '-1', referencedGroup: { groupId: WEB } },
    { ipProtocol: '-1', prefixListId: LIST },
  ];
  const filters: Record<string, Filter[]> = {
    'group-id': [{ Name: 'group-id', Values: ['sg-0000000000000000a'] }],
    'group-name': [{ Name: 'group-name', Values: ['ru*'] }],
    description: [{ Name: 'description', Values: ['with rules'] }],
    'owner and VPC': [{ Name: 'owner-id', Values: [ACCOUNT_ID] }, { Name: 'vpc-id', Values: [OTHER_VPC] }, { Name: 'group-name', Values: ['rules'] }],
    tag: [{ Name: 'tag:k', Values: ['v'] }],
    'tag-key': [{ Name: 'tag-key', Values: ['k'] }],
  };
  for (const prefix of ['ip-permission.', 'egress.ip-permission.']) {
    const values = { cidr: '10.0.0.0/8', 'from-port': '22', 'to-port': '23', protocol: 'udp', 'ipv6-cidr': 'fd00::/8', 'group-id': WEB, 'group-name': 'web', 'prefix-list-id': LIST, 'user-id': ACCOUNT_ID };
    for (const [name, value] of Object.entries(values)) filters[`${prefix}${name}`] = [{ Name: `${prefix}${name}`, Values: [value] }];
  }
  for (const [name, Filters] of Object.entries(filters)) {
    it(`finds by ${name}`, async () => {
      const { context } = cloud(aSecurityGroup('sg-0000000000000000a', { groupName: 'rules', vpcId: OTHER_VPC, description: 'with rules', ingress: rules, egress: rules, tags: [{ key: 'k', value: 'v' }] }));
      const { SecurityGroups } = await describeSecurityGroups({ Filters }, context);
      assert.deepEqual(SecurityGroups?.map(({ GroupName }) => GroupName), ['rules']);
    });
  }

  it('pages, and refuses what it does not know', async () => {
    const { context } = cloud(aSecurityGroup('sg-0000000000000000a'));
    const first = await describeSecurityGroups({ MaxResults: 5 }, context);
    assert.equal(first.SecurityGroups?.length, 5);
    assert.equal(first.NextToken, undefined);
    await assert.rejects(describeSecurityGroups({ MaxResults: 4 }, context), code('InvalidParameterValue'));
    await assert.rejects(describeSecurityGroups({ GroupIds: [WEB], MaxResults: 5 }, context), code('InvalidParameterCombination'));
    await assert.rejects(describeSecurityGroups({ Filters: [{ Name: 'colour', Values: ['x'] }] }, context), code('InvalidParameterValue'));
    await assert.rejects(describeSecurityGroups({ GroupNames: ['nothing'] }, context), code('InvalidGroup.NotFound'));
    await assert.rejects(describeSecurityGroups({ GroupIds: [WEB, 'sg-00000000000000009'] }, context), code('InvalidGroup.NotFound'));
    assert.deepEqual((await describeSecurityGroups({ GroupIds: [WEB], Filters: [{ Name: 'group-name', Values: ['x'] }] }, context)).SecurityGroups, []);
  });
});

describe('what else there is to see of security groups', () => {
  const theirRule = (groupId: string, userId: string): object => ({ ipProtocol: 'tcp', fromPort: 1, toPort: 2, referencedGroup: { groupId, userId } });

  it('GetSecurityGroupsForVpc: the groups of a VPC', async () => {
    const { context } = cloud();
    const answer = await getSecurityGroupsForVpc({ VpcId: OTHER_VPC }, context);
    assert.deepEqual(checker.violations('GetSecurityGroupsForVpc', answer), []);
    assert.deepEqual(answer.SecurityGroupForVpcs?.map(({ GroupName, PrimaryVpcId }) => [GroupName, PrimaryVpcId]), [['web', OTHER_VPC]]);
    await assert.rejects(getSecurityGroupsForVpc({ VpcId: 'vpc-00000000000000009' }, context), code('InvalidVpcID.NotFound'));
  });

  it('DescribeSecurityGroupReferences: other VPCs with rules about a group', async () => {
    const { context } = cloud(
      aVpc('vpc-0000000000000000b', { isDefault: true, namespace: 'others' }),
      aSecurityGroup('sg-0000000000000000b', { namespace: 'others', ingress: [theirRule(WEB, ACCOUNT_ID) as never] }),
      aSecurityGroup('sg-0000000000000000c', { ingress: [{ ipProtocol: '-1', referencedGroup: { groupId: WEB } }] }),
    );
    const answer = await describeSecurityGroupReferences({ GroupId: [WEB] }, context);
    assert.deepEqual(checker.violations('DescribeSecurityGroupReferences', answer), []);
    assert.deepEqual(answer.SecurityGroupReferenceSet, [{ GroupId: WEB, ReferencingVpcId: 'vpc-0000000000000000b' }]);
  });

  it('DescribeStaleSecurityGroups: rules about groups that are gone', async () => {
    const { context } = cloud(aSecurityGroup('sg-0000000000000000a', { groupName: 'stale', ingress: [theirRule('sg-00000000000000009', OTHER_ACCOUNT) as never, theirRule(THEIRS, OTHER_ACCOUNT) as never] }));
    const answer = await describeStaleSecurityGroups({ VpcId: VPC }, context);
    assert.deepEqual(checker.violations('DescribeStaleSecurityGroups', answer), []);
    assert.deepEqual(answer.StaleSecurityGroupSet?.map(({ GroupName, StaleIpPermissions }) => [GroupName, StaleIpPermissions?.[0]?.UserIdGroupPairs]), [
      ['stale', [{ GroupId: 'sg-00000000000000009', UserId: OTHER_ACCOUNT }]],
    ]);
  });
});
