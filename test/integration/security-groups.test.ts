import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

interface Policy extends AnyObject {
  spec: { ingress?: { from?: object[]; ports?: object[] }[]; egress?: object[]; podSelector: object };
}
interface Group extends AnyObject {
  status?: { groupId?: string; conditions?: { type: string; status: string; reason: string; message: string }[] };
}

/** A second node of a zone, for a machine to move to. */
const SPARE_NODE = 'spare-node';

/** Looks like Calico to the operator; runs on no node. */
const plugin = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'calico-node', namespace: 'kube-system' },
  spec: {
    selector: { matchLabels: { app: 'calico' } },
    template: { metadata: { labels: { app: 'calico' } }, spec: { nodeSelector: { nowhere: 'true' }, containers: [{ name: 'calico', image: 'calico' }] } },
  },
};

const PRELUDE = `
import json, boto3, botocore.exceptions
from concurrent.futures import ThreadPoolExecutor
client = boto3.client('ec2')
def show(value): print(json.dumps(value, default=str))
def code_of(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response['Error']['Code']
    return 'no error'
`;

describe('security groups on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let instances: KubectlInstances;
  let namespace: string;
  const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
  const python = async (program: string): Promise<unknown> => tenant.python(`${PRELUDE}${program}`);
  const groupPath = (name = ''): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/securitygroups${name && `/${name}`}`;
  const policyPath = (name: string): string => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`;
  const podsPath = (id: string): string => `/api/v1/namespaces/${namespace}/pods?labelSelector=kube-ec2.io/instance-id%3D${id}`;
  const policyOf = async (id: string): Promise<Policy> => cloud.controlPlane.client.get<Policy>(policyPath(id));
  const makeGroup = async (name: string, spec: object): Promise<string> => {
    await cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'SecurityGroup', metadata: { name, namespace }, spec }]);
    return eventually(`group ${name} has its policy`, 60, async () => {
      const id = (await cloud.controlPlane.client.get<Group>(groupPath(name))).status?.groupId;
      return id !== undefined && (await policyOf(id)) ? id : undefined;
    });
  };
  const condition = async (name: string, type: string, want: RegExp): Promise<void> => {
    await eventually(`${name} says ${type} ${String(want)}`, 60, async () => {
      const found = (await cloud.controlPlane.client.get<Group>(groupPath(name))).status?.conditions?.find((each) => each.type === type);
      const text = `${found?.status ?? ''} ${found?.reason ?? ''}: ${found?.message ?? ''}`;
      if (want.test(text)) return true;
      throw new Error(text);
    });
  };
  /** The groups of each living pod of an instance. */
  const groupsOfPods = async (id: string): Promise<string[][]> => {
    const { items } = await cloud.controlPlane.client.get<{ items: (AnyObject & { status?: { phase?: string } })[] }>(podsPath(id));
    return items
      .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status?.phase === 'Running')
      .map(({ metadata }) => Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith('sg.')).map((label) => label.split('/')[1] ?? '').sort());
  };
  const arePodsIn = async (id: string, want: string[]): Promise<void> => {
    await eventually(`the pods of ${id} are in ${want.join()}`, 60, async () => {
      const groups = await groupsOfPods(id);
      if (groups.length > 0 && groups.every((group) => group.join() === [...want].sort().join())) return true;
      throw new Error(JSON.stringify(groups));
    });
  };

  before(async () => {
    cloud = await sharedCloud();
    await cloud.controlPlane.applier.apply([plugin]);
  });
  openForEachTry(async () => {
    tenant = await cloud.open('groups');
    ({ namespace } = tenant.account);
    instances = new KubectlInstances(cloud.controlPlane, namespace, cloud.operator);
  });

  after(async () => {
    // Other files' groups must not believe in a plugin that is none.
    await cloud.controlPlane.client.remove('/apis/apps/v1/namespaces/kube-system/daemonsets/calico-node');
    await cloud.controlPlane.client.remove(`/api/v1/nodes/${SPARE_NODE}`).catch(() => undefined);
  });

  it('become policies that the API server takes, and say what of them holds', async () => {
    const id = await makeGroup('web', {
      ingress: [
        { ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIpv4: '10.1.2.3/8' },
        { ipProtocol: 'tcp', fromPort: 8000, toPort: 8010, cidrIpv6: 'FD00::/8' },
        { ipProtocol: '-1', referencedGroup: { groupId: 'web' } },
        { ipProtocol: '132', cidrIpv4: '0.0.0.0/0' },
      ],
    });
    assert.deepEqual((await policyOf(id)).spec.ingress?.map(({ ports }) => ports), [
      [{ protocol: 'TCP', port: 443 }],
      [{ protocol: 'TCP', port: 8000, endPort: 8010 }],
      undefined,
      [{ protocol: 'SCTP' }],
    ]);
    await condition('web', 'Enforced', /^True Enforced: .*Calico/);
    await cloud.controlPlane.client.patch(groupPath('web'), 'merge', { spec: { ingress: [{ ipProtocol: 'icmp', cidrIpv4: '0.0.0.0/0' }] } });
    await condition('web', 'PartiallyEnforced', /^True RulesNotExpressed: .*sgr-[0-9a-f]{17}, ingress rule icmp/);
    assert.equal((await policyOf(id)).spec.ingress, undefined);
    await cloud.controlPlane.client.remove(policyPath(id));
    await eventually('a policy that somebody removed is there again', 60, async () => policyOf(id));
  });

  it('reach running machines, also over stop, start and live migration', async () => {
    const { ec2 } = tenant;
    const create = async (GroupName: string): Promise<string> => (await ec2.send(new sdk.CreateSecurityGroupCommand({ GroupName, Description: GroupName }))).GroupId ?? '';
    const [front, back] = [await create('front'), await create('back')];
    const { metadata } = await cloud.controlPlane.client.get<AnyObject>('/api/v1/nodes/node-1');
    const labels: Record<string, string> = { ...metadata.labels, 'kubernetes.io/hostname': SPARE_NODE };
    const spare = { apiVersion: 'v1', kind: 'Node', metadata: { name: SPARE_NODE, labels, annotations: { 'simulator.kube-ec2.io/cpu': '64', 'simulator.kube-ec2.io/memory': '64Gi' } }, spec: {} };
    await cloud.controlPlane.applier.apply([spare]);
    const Placement = { AvailabilityZone: labels['topology.kubernetes.io/zone'] };
    // Its disk is in its image: such a machine can move.
    const run = await ec2.send(new sdk.RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, Placement, SecurityGroupIds: [front] }));
    const id = run.Instances?.[0]?.InstanceId ?? '';
    const before = await instances.shows(id, 'running');
    await arePodsIn(id, [front]);

    await ec2.send(new sdk.ModifyInstanceAttributeCommand({ InstanceId: id, Groups: [front, back] }));
    await arePodsIn(id, [front, back]);
    const [pod] = (await cloud.controlPlane.client.get<{ items: AnyObject[] }>(podsPath(id))).items;
    await cloud.controlPlane.client.patch(`/api/v1/namespaces/${namespace}/pods/${pod?.metadata.name ?? ''}`, 'merge', { metadata: { labels: { [`sg.kube-ec2.io/${back}`]: null } } });
    await arePodsIn(id, [front, back]);

    await cloud.controlPlane.client.create(`/apis/kubevirt.io/v1/namespaces/${namespace}/virtualmachineinstancemigrations`, {
      apiVersion: 'kubevirt.io/v1',
      kind: 'VirtualMachineInstanceMigration',
      metadata: { name: 'move' },
      spec: { vmiName: id },
    });
    const moved = await eventually(`${id} has moved`, 120, async () => {
      const instance = await instances.get(id);
      return instance?.status?.nodeName !== before.status?.nodeName ? instance : undefined;
    });
    assert.equal(moved.status?.state, 'running');
    await arePodsIn(id, [front, back]);
    await ec2.send(new sdk.ModifyInstanceAttributeCommand({ InstanceId: id, Groups: [back] }));
    await arePodsIn(id, [back]);

    await instances.apply('disk', { imageId: 'ebs', securityGroupIds: [front] });
    const disk = (await instances.shows('disk', 'running')).status?.instanceId ?? '';
    await instances.change('disk', { powerState: 'stopped' });
    await instances.shows('disk', 'stopped');
    await instances.change('disk', { securityGroupIds: [back] });
    await instances.change('disk', { powerState: 'running' });
    await instances.shows('disk', 'running');
    await arePodsIn(disk, [back]);

    const refusal = ec2.send(new sdk.DeleteSecurityGroupCommand({ GroupId: back }));
    await assert.rejects(refusal, { name: 'DependencyViolation' });
    await cloud.controlPlane.client.remove(groupPath(back));
    await condition(back, 'Ready', /^False InUse/);
    await ec2.send(new sdk.TerminateInstancesCommand({ InstanceIds: [id, disk] }));
    await eventually('a group goes with its last member', 120, async () => cloud.controlPlane.client.get(groupPath(back)).then(() => false, () => true));
    await ec2.send(new sdk.DeleteSecurityGroupCommand({ GroupId: front }));
    await assert.rejects(ec2.send(new sdk.DescribeSecurityGroupsCommand({ GroupIds: [front] })), { name: 'InvalidGroup.NotFound' });
  });

  it('lose no rule to each other under twenty calls at a time', async () => {
    const result = await python(`
group = client.create_security_group(GroupName='busy', Description='busy')['GroupId']
def add(port): return client.authorize_security_group_ingress(GroupId=group, IpPermissions=[{'IpProtocol': 'tcp', 'FromPort': port, 'ToPort': port, 'IpRanges': [{'CidrIp': '10.0.0.0/8'}]}])['SecurityGroupRules'][0]['SecurityGroupRuleId']
with ThreadPoolExecutor(20) as pool: ids = list(pool.map(add, range(1, 41)))
rules = client.get_paginator('describe_security_group_rules').paginate(Filters=[{'Name': 'group-id', 'Values': [group]}], PaginationConfig={'PageSize': 7}).build_full_result()['SecurityGroupRules']
ingress = {rule['SecurityGroupRuleId']: rule['FromPort'] for rule in rules if not rule['IsEgress']}
with ThreadPoolExecutor(20) as pool: list(pool.map(lambda id: client.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[id]), ids[:20]))
left = client.describe_security_groups(GroupIds=[group])['SecurityGroups'][0]['IpPermissions']
duplicate = code_of(client.authorize_security_group_ingress, GroupId=group, IpPermissions=left)
client.delete_security_group(GroupId=group)
show([len(set(ids)), sorted(ingress.values()) == list(range(1, 41)), len(left), duplicate, code_of(client.describe_security_groups, GroupIds=[group])])`);
    assert.deepEqual(result, [40, true, 20, 'InvalidPermission.Duplicate', 'InvalidGroup.NotFound']);
  });

  it('name prefix lists, whose changes reach the policies, and tell who names them', async () => {
    const { ec2 } = tenant;
    const send = async <T>(operation: string, answer: Promise<T>): Promise<T> => {
      const { $metadata: _, ...output } = (await answer) as T & { $metadata: unknown };
      assert.deepEqual(checker.violations(operation, output), []);
      return answer;
    };
    const made = await send('CreateManagedPrefixList', ec2.send(new sdk.CreateManagedPrefixListCommand({ PrefixListName: 'office', AddressFamily: 'IPv4', MaxEntries: 5, Entries: [{ Cidr: '10.1.0.0/16' }] })));
    const PrefixListId = made.PrefixList?.PrefixListId ?? '';
    const { GroupId = '' } = await ec2.send(new sdk.CreateSecurityGroupCommand({ GroupName: 'listed', Description: 'listed' }));
    await ec2.send(new sdk.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ IpProtocol: '-1', PrefixListIds: [{ PrefixListId }] }] }));
    await send('ModifyManagedPrefixList', ec2.send(new sdk.ModifyManagedPrefixListCommand({ PrefixListId, CurrentVersion: 1, AddEntries: [{ Cidr: '10.2.0.0/16' }] })));
    await eventually('the policy has the new entry', 60, async () => JSON.stringify((await policyOf(GroupId)).spec.ingress).includes('10.2.0.0/16'));
    assert.equal((await send('GetManagedPrefixListEntries', ec2.send(new sdk.GetManagedPrefixListEntriesCommand({ PrefixListId })))).Entries?.length, 2);
    const associations = await send('GetManagedPrefixListAssociations', ec2.send(new sdk.GetManagedPrefixListAssociationsCommand({ PrefixListId })));
    assert.deepEqual(associations.PrefixListAssociations?.map(({ ResourceId }) => ResourceId), [GroupId]);
    assert.equal((await send('DescribeManagedPrefixLists', ec2.send(new sdk.DescribeManagedPrefixListsCommand({ PrefixListIds: [PrefixListId] })))).PrefixLists?.[0]?.Version, 2);
    const VpcId = (await ec2.send(new sdk.DescribeSecurityGroupsCommand({ GroupIds: [GroupId] }))).SecurityGroups?.[0]?.VpcId ?? '';
    const ofVpc = await send('GetSecurityGroupsForVpc', ec2.send(new sdk.GetSecurityGroupsForVpcCommand({ VpcId, Filters: [{ Name: 'group-name', Values: ['listed'] }] })));
    assert.deepEqual(ofVpc.SecurityGroupForVpcs?.map((group) => group.GroupId), [GroupId]);
    assert.deepEqual((await send('DescribeStaleSecurityGroups', ec2.send(new sdk.DescribeStaleSecurityGroupsCommand({ VpcId })))).StaleSecurityGroupSet, []);
    assert.deepEqual((await send('DescribeSecurityGroupReferences', ec2.send(new sdk.DescribeSecurityGroupReferencesCommand({ GroupId: [GroupId] })))).SecurityGroupReferenceSet, []);
    const described = ec2.send(new sdk.UpdateSecurityGroupRuleDescriptionsEgressCommand({ GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'everything' }] }] }));
    assert.equal((await send('UpdateSecurityGroupRuleDescriptionsEgress', described)).Return, true);
    await assert.rejects(ec2.send(new sdk.DeleteManagedPrefixListCommand({ PrefixListId })), { name: 'DependencyViolation' });
    await ec2.send(new sdk.DeleteSecurityGroupCommand({ GroupId }));
    await eventually('the list can go', 60, async () => ec2.send(new sdk.DeleteManagedPrefixListCommand({ PrefixListId })));
  });

  it("take Terraform's way through a group and its rules", async () => {
    const { ec2 } = tenant;
    const send = async <T>(operation: string, answer: Promise<T>): Promise<T> => {
      const { $metadata: _, ...output } = (await answer) as T & { $metadata: unknown };
      assert.deepEqual(checker.violations(operation, output), []);
      return answer;
    };
    const made = await send('CreateSecurityGroup', ec2.send(new sdk.CreateSecurityGroupCommand({ GroupName: 'terraform', Description: 'Managed by Terraform', VpcId: '', TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'Name', Value: 'tf' }] }] })));
    const GroupId = made.GroupId ?? '';
    const read = async (): Promise<sdk.SecurityGroup> => (await send('DescribeSecurityGroups', ec2.send(new sdk.DescribeSecurityGroupsCommand({ GroupIds: [GroupId] })))).SecurityGroups?.[0] ?? assert.fail();
    assert.equal((await read()).IpPermissionsEgress?.length, 1);
    const everything = { IpProtocol: '-1', FromPort: 0, ToPort: 0 };
    await send('RevokeSecurityGroupEgress', ec2.send(new sdk.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [{ ...everything, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] })));
    const ipv6 = ec2.send(new sdk.RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [{ ...everything, Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] }));
    await assert.rejects(ipv6, { name: 'InvalidPermission.NotFound' });
    const https = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };
    await send('AuthorizeSecurityGroupIngress', ec2.send(new sdk.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ ...https, IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '192.168.0.0/16', Description: 'lab' }], UserIdGroupPairs: [{ GroupId }] }] })));
    const [permission, ...others] = (await read()).IpPermissions ?? [];
    assert.deepEqual([permission?.IpRanges?.length, permission?.UserIdGroupPairs, others], [2, [{ GroupId, UserId: tenant.account.accountId }], []]);
    const Tags = [{ Key: 'k', Value: 'v' }];
    const one = await send('AuthorizeSecurityGroupEgress', ec2.send(new sdk.AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }], TagSpecifications: [{ ResourceType: 'security-group-rule', Tags }] })));
    const SecurityGroupRuleId = one.SecurityGroupRules?.[0]?.SecurityGroupRuleId ?? '';
    await send('ModifySecurityGroupRules', ec2.send(new sdk.ModifySecurityGroupRulesCommand({ GroupId, SecurityGroupRules: [{ SecurityGroupRuleId, SecurityGroupRule: { ...https, CidrIpv4: '0.0.0.0/0', Description: 'https' } }] })));
    const rule = (await send('DescribeSecurityGroupRules', ec2.send(new sdk.DescribeSecurityGroupRulesCommand({ SecurityGroupRuleIds: [SecurityGroupRuleId] })))).SecurityGroupRules?.[0];
    assert.deepEqual([rule?.FromPort, rule?.CidrIpv4, rule?.Description, rule?.Tags], [443, '0.0.0.0/0', 'https', Tags]);
    await ec2.send(new sdk.CreateTagsCommand({ Resources: [SecurityGroupRuleId, GroupId], Tags: [{ Key: 'more', Value: '' }] }));
    const tags = await ec2.send(new sdk.DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [SecurityGroupRuleId] }] }));
    assert.deepEqual(tags.Tags?.map(({ Key, ResourceType }) => [Key, ResourceType]), [['k', 'security-group-rule'], ['more', 'security-group-rule']]);
    await eventually('the policy has the rule that was changed', 60, async () => JSON.stringify((await policyOf(GroupId)).spec.egress).includes('443'));
    await send('DeleteSecurityGroup', ec2.send(new sdk.DeleteSecurityGroupCommand({ GroupId })));
    await assert.rejects(read(), { name: 'InvalidGroup.NotFound' });
  });

  it('show Ansible what it indexes without a look', async () => {
    const result = await python(`
group = client.create_security_group(GroupName='ansible', Description='by Ansible')['GroupId']
found = [each for each in client.describe_security_groups()['SecurityGroups'] if each['GroupName'] == 'ansible'][0]
returned = client.authorize_security_group_ingress(GroupId=group, IpPermissions=[{'IpProtocol': 'icmp', 'FromPort': 8, 'ToPort': -1, 'IpRanges': [{'CidrIp': '10.0.0.28/29'}]}])['Return']
described = client.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=[{'IpProtocol': 'icmp', 'FromPort': 8, 'ToPort': -1, 'IpRanges': [{'CidrIp': '10.0.0.24/29', 'Description': 'ping'}]}])['Return']
after = client.describe_security_groups(Filters=[{'Name': 'group-name', 'Values': ['ansible']}, {'Name': 'vpc-id', 'Values': [found['VpcId']]}])['SecurityGroups'][0]
default = client.describe_security_groups(GroupNames=['default'])['SecurityGroups'][0]
show([found['IpPermissions'], len(found['IpPermissionsEgress']), returned, described, after['IpPermissions'], default['IpPermissions'][0]['UserIdGroupPairs'][0]['GroupId'] == default['GroupId'],
    client.get_waiter('security_group_exists').wait(GroupIds=[group]), client.revoke_security_group_ingress(GroupId=group, IpPermissions=after['IpPermissions'])['Return'],
    code_of(client.delete_security_group, GroupName='default'), code_of(client.delete_security_group, GroupName='ansible')])`);
    const ping = { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.24/29', Description: 'ping' }], Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] };
    assert.deepEqual(result, [[], 1, true, true, [ping], true, null, true, 'CannotDelete', 'no error']);
  });
});
