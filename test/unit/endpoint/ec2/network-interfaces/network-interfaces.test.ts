import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { CreateNetworkInterfaceRequest, DescribeNetworkInterfacesRequest, ModifyNetworkInterfaceAttributeRequest, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../../../operator/api/ec2-id.ts';
import { attachmentIdOf, macAddressFrom, ownInterfaceIdOf } from '../../../../../operator/api/network/network-interface.ts';
import type { KubernetesObject } from '../../../../../operator/api/shared.ts';
import { describeInstanceAttribute } from '../../../../../operator/endpoint/ec2/instances/DescribeInstanceAttribute.ts';
import { describeInstances } from '../../../../../operator/endpoint/ec2/instances/DescribeInstances.ts';
import { modifyInstanceAttribute } from '../../../../../operator/endpoint/ec2/instances/ModifyInstanceAttribute.ts';
import { runInstances } from '../../../../../operator/endpoint/ec2/instances/RunInstances.ts';
import { assignPrivateIpAddresses } from '../../../../../operator/endpoint/ec2/network-interfaces/AssignPrivateIpAddresses.ts';
import { attachNetworkInterface } from '../../../../../operator/endpoint/ec2/network-interfaces/AttachNetworkInterface.ts';
import { createNetworkInterface } from '../../../../../operator/endpoint/ec2/network-interfaces/CreateNetworkInterface.ts';
import { deleteNetworkInterface } from '../../../../../operator/endpoint/ec2/network-interfaces/DeleteNetworkInterface.ts';
import { describeNetworkInterfaceAttribute } from '../../../../../operator/endpoint/ec2/network-interfaces/DescribeNetworkInterfaceAttribute.ts';
import { describeNetworkInterfaces } from '../../../../../operator/endpoint/ec2/network-interfaces/DescribeNetworkInterfaces.ts';
import { detachNetworkInterface } from '../../../../../operator/endpoint/ec2/network-interfaces/DetachNetworkInterface.ts';
import { interfaceFilters } from '../../../../../operator/endpoint/ec2/network-interfaces/interface-filters.ts';
import { modifyNetworkInterfaceAttribute } from '../../../../../operator/endpoint/ec2/network-interfaces/ModifyNetworkInterfaceAttribute.ts';
import { resetNetworkInterfaceAttribute } from '../../../../../operator/endpoint/ec2/network-interfaces/ResetNetworkInterfaceAttribute.ts';
import { unassignPrivateIpAddresses } from '../../../../../operator/endpoint/ec2/network-interfaces/UnassignPrivateIpAddresses.ts';
import { describeTags } from '../../../../../operator/endpoint/ec2/tags/DescribeTags.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { Instance, NetworkInterface } from '../../../../../operator/kubernetes/resources.ts';
import { aNetworkInterface, anElasticIp } from '../../../../support/address-objects.ts';
import { aNode, anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance, aSecurityGroup } from '../../../../support/instance-objects.ts';
import { aDefaultNetwork, aSubnet, aVpc } from '../../../../support/network-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const AMI = 'ami-00000000000000001';
const RUNNING = 'i-00000000000000001';
const HOLDER = 'i-00000000000000002';
const GONE = 'i-00000000000000003';
const FREE = 'eni-0000000000000000a';
const USED = 'eni-0000000000000000b';
const WEB = 'sg-00000000000000001';
const FOREIGN = 'sg-00000000000000002';
const SUBNET = 'subnet-00000000000000001';
const VPC = 'vpc-00000000000000001';
const OWN = ownInterfaceIdOf(anInstance(RUNNING));
const DEFAULT_GROUP = ec2IdOf('sg', aSecurityGroup('default'));
const DEFAULT_VPC = ec2IdOf('vpc', aVpc('default'));

function code(wanted: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    return true;
  };
}

function cloud(...more: KubernetesObject[]): { cluster: FakeCluster; context: OperationContext } {
  const cluster = new FakeCluster({
    objects: [
      theAccount(),
      anAmi(AMI),
      anInstanceType('t3.micro'),
      aNode('node-1', { zone: 'us-east-1a' }),
      ...aDefaultNetwork(),
      aSubnet(SUBNET, { cidrBlock: '172.31.64.0/20' }),
      aVpc(VPC, { cidrBlock: '10.0.0.0/16' }),
      aSecurityGroup('default', { groupName: 'default' }),
      aSecurityGroup(WEB, { groupName: 'web' }),
      aSecurityGroup(FOREIGN, { groupName: 'foreign', vpcId: VPC }),
      anInstance(RUNNING, {
        securityGroupIds: [WEB],
        networkInterface: { description: 'front', tags: [{ key: 'team', value: 'a' }] },
        status: { securityGroupIds: [WEB], privateIpAddress: '10.244.0.7', privateDnsName: 'i-1.instances', macAddress: '02:00:00:00:00:01', availabilityZone: 'us-east-1a' },
      }),
      anInstance(HOLDER, { networkInterface: { networkInterfaceId: USED }, creationTimestamp: '2026-01-03T00:00:00Z', status: { availabilityZone: 'us-east-1a' } }),
      anInstance(GONE, { status: { state: 'terminated' } }),
      aNetworkInterface(FREE, { subnetId: SUBNET, description: 'spare', securityGroupIds: [WEB], tags: [{ key: 'team', value: 'b' }] }),
      aNetworkInterface(USED, { sourceDestCheck: false }),
      anElasticIp('eipalloc-00000000000000001', { status: { publicIp: '203.0.113.1' }, association: { instanceId: RUNNING, allowReassociation: true } }),
      ...more,
    ],
  });
  return { cluster, context: operationContext(cluster) };
}

async function described(input: DescribeNetworkInterfacesRequest, context = cloud().context): Promise<sdk.NetworkInterface[]> {
  const result = await describeNetworkInterfaces(input, context);
  assert.deepEqual(checker.violations('DescribeNetworkInterfaces', result), []);
  return result.NetworkInterfaces ?? [];
}

const filtered = (Name: string, ...Values: string[]): DescribeNetworkInterfacesRequest => ({ Filters: [{ Name, Values }] });

describe('DescribeNetworkInterfaces', () => {
  it('shows the interface of an instance just as the instance does, with its ids', async () => {
    const { context } = cloud();
    const [found] = await described({ NetworkInterfaceIds: [OWN] }, context);
    const instance = anInstance(RUNNING);
    const association = { AllocationId: 'eipalloc-00000000000000001', IpOwnerId: ACCOUNT_ID, PublicDnsName: '', PublicIp: '203.0.113.1' };
    const { Association, PrivateIpAddresses, SubnetId, ...rest } = found ?? {};
    assert.match(Association?.AssociationId ?? '', /^eipassoc-/);
    assert.deepEqual({ ...Association, AssociationId: undefined }, { ...association, AssociationId: undefined });
    assert.deepEqual(PrivateIpAddresses, [{ Association, Primary: true, PrivateDnsName: 'i-1.instances', PrivateIpAddress: '10.244.0.7' }]);
    assert.equal(SubnetId, ec2IdOf('subnet', aSubnet('default-us-east-1a')));
    assert.deepEqual(rest, {
      NetworkInterfaceId: OWN,
      Attachment: {
        AttachmentId: attachmentIdOf(instance),
        AttachTime: new Date('2026-01-01T00:00:00Z'),
        DeleteOnTermination: true,
        DeviceIndex: 0,
        InstanceId: RUNNING,
        InstanceOwnerId: ACCOUNT_ID,
        NetworkCardIndex: 0,
        Status: 'attached',
      },
      AvailabilityZone: 'us-east-1a',
      AvailabilityZoneId: rest.AvailabilityZoneId,
      Description: 'front',
      Groups: [{ GroupId: WEB, GroupName: 'web' }],
      InterfaceType: 'interface',
      Ipv6Addresses: [],
      MacAddress: '02:00:00:00:00:01',
      Operator: { Managed: false },
      OwnerId: ACCOUNT_ID,
      PrivateDnsName: 'i-1.instances',
      PrivateIpAddress: '10.244.0.7',
      RequesterManaged: false,
      SourceDestCheck: true,
      Status: 'in-use',
      TagSet: [{ Key: 'team', Value: 'a' }],
      VpcId: DEFAULT_VPC,
    });
  });

  it('shows one that no instance has, without address and attachment', async () => {
    const [free] = await described({ NetworkInterfaceIds: [FREE] });
    assert.deepEqual(
      [free?.Status, free?.SubnetId, free?.VpcId, free?.AvailabilityZone, free?.Groups?.[0]?.GroupId, free?.MacAddress, free?.PrivateIpAddresses],
      ['available', SUBNET, DEFAULT_VPC, 'us-east-1a', WEB, macAddressFrom(`uid-${FREE}`), []],
    );
    for (const absent of ['Association', 'Attachment', 'PrivateIpAddress']) assert.ok(!Object.hasOwn(free ?? {}, absent), absent);
  });

  const cases: Record<string, { input: DescribeNetworkInterfacesRequest; want: string[] }> = {
    'all, not that of an instance that has ended': { input: {}, want: [OWN, FREE, USED] },
    'by id': { input: { NetworkInterfaceIds: [USED, OWN] }, want: [OWN, USED] },
    'by id and filter': { input: { NetworkInterfaceIds: [OWN], ...filtered('status', 'available') }, want: [] },
    'by addresses.association.owner-id': { input: filtered('addresses.association.owner-id', ACCOUNT_ID), want: [OWN] },
    'by addresses.association.public-ip': { input: filtered('addresses.association.public-ip', '203.0.113.1'), want: [OWN] },
    'by addresses.primary': { input: filtered('addresses.primary', 'true'), want: [OWN] },
    'by addresses.private-ip-address': { input: filtered('addresses.private-ip-address', '10.244.*'), want: [OWN] },
    'by association.allocation-id': { input: filtered('association.allocation-id', 'eipalloc-00000000000000001'), want: [OWN] },
    'by association.association-id': { input: filtered('association.association-id', 'eipassoc-*'), want: [OWN] },
    'by association.ip-owner-id': { input: filtered('association.ip-owner-id', ACCOUNT_ID), want: [OWN] },
    'by association.public-ip': { input: filtered('association.public-ip', '203.0.113.1'), want: [OWN] },
    'by attachment.attach-time': { input: filtered('attachment.attach-time', '2026-01-03T*'), want: [USED] },
    'by attachment.attachment-id': { input: filtered('attachment.attachment-id', attachmentIdOf(anInstance(HOLDER))), want: [USED] },
    'by attachment.delete-on-termination': { input: filtered('attachment.delete-on-termination', 'false'), want: [USED] },
    'by attachment.device-index': { input: filtered('attachment.device-index', '0'), want: [OWN, USED] },
    'by attachment.instance-id': { input: filtered('attachment.instance-id', HOLDER), want: [USED] },
    'by attachment.instance-id of one that has ended': { input: filtered('attachment.instance-id', GONE), want: [] },
    'by attachment.instance-id with a wildcard': { input: filtered('attachment.instance-id', 'i-*2'), want: [USED] },
    'by attachment.instance-owner-id': { input: filtered('attachment.instance-owner-id', ACCOUNT_ID), want: [OWN, USED] },
    'by attachment.status': { input: filtered('attachment.status', 'attached'), want: [OWN, USED] },
    'by availability-zone': { input: filtered('availability-zone', 'us-east-1a'), want: [OWN, FREE, USED] },
    'by description': { input: filtered('description', 'spare'), want: [FREE] },
    'by group-id': { input: filtered('group-id', WEB), want: [OWN, FREE] },
    'by group-id of the default group': { input: filtered('group-id', DEFAULT_GROUP), want: [USED] },
    'by group-name': { input: filtered('group-name', 'web'), want: [OWN, FREE] },
    'by interface-type': { input: filtered('interface-type', 'interface'), want: [OWN, FREE, USED] },
    'by mac-address': { input: filtered('mac-address', '02:00:00:00:00:01'), want: [OWN] },
    'by network-interface-id': { input: filtered('network-interface-id', FREE), want: [FREE] },
    'by owner-id': { input: filtered('owner-id', ACCOUNT_ID), want: [OWN, FREE, USED] },
    'by private-dns-name': { input: filtered('private-dns-name', 'i-1.instances'), want: [OWN] },
    'by private-ip-address': { input: filtered('private-ip-address', '10.244.0.7'), want: [OWN] },
    'by requester-managed': { input: filtered('requester-managed', 'true'), want: [] },
    'by source-dest-check': { input: filtered('source-dest-check', 'false'), want: [USED] },
    'by status': { input: filtered('status', 'available'), want: [FREE] },
    'by subnet-id': { input: filtered('subnet-id', SUBNET), want: [FREE] },
    'by vpc-id': { input: filtered('vpc-id', DEFAULT_VPC), want: [OWN, FREE, USED] },
    'by tag': { input: filtered('tag:team', 'a'), want: [OWN] },
    'by tag-key': { input: filtered('tag-key', 'team'), want: [OWN, FREE] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(`lists ${name}`, async () => {
      assert.deepEqual((await described(input)).map(({ NetworkInterfaceId }) => NetworkInterfaceId).sort(), [...want].sort());
    });
  }

  const refused: Record<string, { input: DescribeNetworkInterfacesRequest; want: string }> = {
    'an id that is not there': { input: { NetworkInterfaceIds: ['eni-00000000000000009'] }, want: 'InvalidNetworkInterfaceID.NotFound' },
    'the id of one that went with its instance': { input: { NetworkInterfaceIds: [ownInterfaceIdOf(anInstance(GONE))] }, want: 'InvalidNetworkInterfaceID.NotFound' },
    'what is no id': { input: { NetworkInterfaceIds: ['x'] }, want: 'InvalidNetworkInterfaceId.Malformed' },
    'ids with pages': { input: { NetworkInterfaceIds: [OWN], MaxResults: 5 }, want: 'InvalidParameterCombination' },
    'an unknown filter': { input: filtered('colour', 'red'), want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => assert.rejects(describeNetworkInterfaces(input, cloud().context), code(want)));
  }

  it('pages', async () => {
    const { context } = cloud(...Array.from({ length: 5 }, (_, index) => aNetworkInterface(`eni-1000000000000000${index}`)));
    const first = await describeNetworkInterfaces({ MaxResults: 5 }, context);
    const second = await describeNetworkInterfaces({ MaxResults: 5, ...(first.NextToken !== undefined && { NextToken: first.NextToken }) }, context);
    const ids = [first, second].flatMap(({ NetworkInterfaces = [] }) => NetworkInterfaces.map(({ NetworkInterfaceId }) => NetworkInterfaceId));
    assert.deepEqual([ids.length, new Set(ids).size, second.NextToken], [8, 8, undefined]);
  });

  it('knows a filter for everything that EC2 documents about what is here', () => assert.ok(Object.keys(interfaceFilters).length >= 36));
});

describe('DescribeNetworkInterfaceAttribute', () => {
  const cases: Record<string, object> = {
    attachment: { Attachment: { ...{ AttachmentId: attachmentIdOf(anInstance(RUNNING)) } } },
    description: { Description: { Value: 'front' } },
    groupSet: { Groups: [{ GroupId: WEB, GroupName: 'web' }] },
    sourceDestCheck: { SourceDestCheck: { Value: true } },
    associatePublicIpAddress: { AssociatePublicIpAddress: false },
  };
  for (const [Attribute, want] of Object.entries(cases)) {
    it(`shows ${Attribute}`, async () => {
      const result = await describeNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, Attribute: Attribute as sdk.NetworkInterfaceAttribute }, cloud().context);
      assert.deepEqual(checker.violations('DescribeNetworkInterfaceAttribute', result), []);
      assert.partialDeepStrictEqual(result, { NetworkInterfaceId: OWN, ...want });
    });
  }
  it('refuses none and others', async () => {
    await assert.rejects(describeNetworkInterfaceAttribute({ NetworkInterfaceId: OWN }, cloud().context), code('InvalidParameterCombination'));
    await assert.rejects(describeNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, Attribute: 'x' as never }, cloud().context), code('InvalidParameterValue'));
  });
});

describe('ModifyNetworkInterfaceAttribute', () => {
  const specOf = (cluster: FakeCluster, id: string): Instance['spec'] => (cluster.get(Instance, { namespace: NAMESPACE, name: id }) ?? assert.fail()).spec;
  const interfaceOf = (cluster: FakeCluster, name: string): NetworkInterface['spec'] => (cluster.get(NetworkInterface, { namespace: NAMESPACE, name }) ?? assert.fail()).spec;

  it('changes the groups of an instance by its primary interface, and shows them at once', async () => {
    const { cluster, context } = cloud();
    await modifyNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, Groups: [DEFAULT_GROUP, WEB] }, context);
    assert.deepEqual(specOf(cluster, RUNNING).securityGroupIds, [DEFAULT_GROUP, WEB]);
    const { Reservations } = await describeInstances({ InstanceIds: [RUNNING] }, context);
    assert.deepEqual(Reservations?.[0]?.Instances?.[0]?.SecurityGroups?.map(({ GroupId }) => GroupId), [DEFAULT_GROUP, WEB]);
  });

  it('changes an interface that is an object of its own there, and its instance follows', async () => {
    const { cluster, context } = cloud();
    await modifyNetworkInterfaceAttribute({ NetworkInterfaceId: USED, Groups: [WEB] }, context);
    assert.deepEqual([interfaceOf(cluster, USED).securityGroupIds, specOf(cluster, HOLDER).securityGroupIds], [[WEB], undefined]);
    const { Reservations } = await describeInstances({ InstanceIds: [HOLDER] }, context);
    assert.deepEqual(Reservations?.[0]?.Instances?.[0]?.SecurityGroups, [{ GroupId: WEB, GroupName: 'web' }]);
    await modifyInstanceAttribute({ InstanceId: HOLDER, Groups: [DEFAULT_GROUP] }, context);
    assert.deepEqual(interfaceOf(cluster, USED).securityGroupIds, [DEFAULT_GROUP]);
    await modifyInstanceAttribute({ InstanceId: HOLDER, SourceDestCheck: { Value: true } }, context);
    assert.equal(interfaceOf(cluster, USED).sourceDestCheck, true);
    assert.deepEqual((await describeInstanceAttribute({ InstanceId: HOLDER, Attribute: 'sourceDestCheck' }, context)).SourceDestCheck, { Value: true });
  });

  const changes: Record<string, { input: Omit<ModifyNetworkInterfaceAttributeRequest, 'NetworkInterfaceId'>; own: object; free: object }> = {
    description: { input: { Description: { Value: 'new' } }, own: { networkInterface: { description: 'new', tags: [{ key: 'team', value: 'a' }] } }, free: { description: 'new' } },
    'source/destination check': { input: { SourceDestCheck: { Value: false } }, own: { sourceDestCheck: false }, free: { sourceDestCheck: false } },
  };
  for (const [name, { input, own, free }] of Object.entries(changes)) {
    it(`changes the ${name}`, async () => {
      const { cluster, context } = cloud();
      await modifyNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, ...input }, context);
      await modifyNetworkInterfaceAttribute({ NetworkInterfaceId: FREE, ...input }, context);
      assert.partialDeepStrictEqual(specOf(cluster, RUNNING), own);
      assert.partialDeepStrictEqual(interfaceOf(cluster, FREE), free);
    });
  }

  it('resets the source/destination check', async () => {
    const { cluster, context } = cloud();
    await resetNetworkInterfaceAttribute({ NetworkInterfaceId: USED, SourceDestCheck: 'true' }, context);
    assert.equal(interfaceOf(cluster, USED).sourceDestCheck, true);
    await assert.rejects(resetNetworkInterfaceAttribute({ NetworkInterfaceId: USED }, context), code('InvalidParameterCombination'));
  });

  it('says whether an interface goes with its instance', async () => {
    const { cluster, context } = cloud();
    const change = (DeleteOnTermination: boolean, id: string): sdk.NetworkInterfaceAttachmentChanges => ({ AttachmentId: attachmentIdOf(anInstance(id)), DeleteOnTermination });
    await modifyNetworkInterfaceAttribute({ NetworkInterfaceId: USED, Attachment: change(true, HOLDER) }, context);
    assert.equal(specOf(cluster, HOLDER).networkInterface?.deleteOnTermination, true);
    await modifyNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, Attachment: change(true, RUNNING) }, context);
    await assert.rejects(modifyNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, Attachment: change(false, RUNNING) }, context), code('UnsupportedOperation'));
    await assert.rejects(modifyNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, Attachment: change(true, HOLDER) }, context), code('InvalidAttachmentID.NotFound'));
  });

  const refused: Record<string, { input: Partial<ModifyNetworkInterfaceAttributeRequest>; want: string }> = {
    nothing: { input: {}, want: 'InvalidParameterCombination' },
    'two things at once': { input: { Groups: [WEB], Description: { Value: 'x' } }, want: 'InvalidParameterCombination' },
    'a group that is not there': { input: { Groups: ['sg-00000000000000009'] }, want: 'InvalidGroup.NotFound' },
    'a group of another VPC': { input: { Groups: [FOREIGN] }, want: 'InvalidParameterValue' },
    'an interface that is not there': { input: { NetworkInterfaceId: 'eni-00000000000000009', Groups: [WEB] }, want: 'InvalidNetworkInterfaceID.NotFound' },
    'a long description': { input: { Description: { Value: 'x'.repeat(256) } }, want: 'InvalidParameterValue' },
    'a public address of an interface without an instance': { input: { NetworkInterfaceId: FREE, AssociatePublicIpAddress: true }, want: 'UnsupportedOperation' },
    'several subnets': { input: { AssociatedSubnetIds: [SUBNET] }, want: 'UnsupportedOperation' },
    'ENA Express': { input: { EnaSrdSpecification: { EnaSrdEnabled: true } }, want: 'UnsupportedOperation' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(modifyNetworkInterfaceAttribute({ NetworkInterfaceId: OWN, ...input }, context), code(want));
      assert.deepEqual(cluster.writes, []);
    });
  }
});

describe('CreateNetworkInterface', () => {
  it('makes one that instances can be launched with', async () => {
    const { context } = cloud();
    const input: CreateNetworkInterfaceRequest = { SubnetId: SUBNET, Description: 'd', Groups: [WEB], TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'k', Value: 'v' }] }] };
    const result = await createNetworkInterface(input, context);
    assert.deepEqual(checker.violations('CreateNetworkInterface', result), []);
    const made = result.NetworkInterface ?? {};
    assert.match(made.NetworkInterfaceId ?? '', /^eni-[0-9a-f]{17}$/);
    assert.deepEqual([made.Status, made.SubnetId, made.Description, made.Groups?.[0]?.GroupId, made.TagSet], ['available', SUBNET, 'd', WEB, [{ Key: 'k', Value: 'v' }]]);
    assert.deepEqual(await described({ NetworkInterfaceIds: [made.NetworkInterfaceId ?? ''] }, context), [made]);
  });

  it('once for one client token', async () => {
    const { cluster, context } = cloud();
    const before = cluster.list(NetworkInterface).length;
    const [first, second] = await Promise.all([1, 2].map(async () => createNetworkInterface({ SubnetId: SUBNET, ClientToken: 'token' }, context)));
    assert.deepEqual([first?.NetworkInterface?.NetworkInterfaceId, first?.ClientToken, cluster.list(NetworkInterface).length], [second?.NetworkInterface?.NetworkInterfaceId, 'token', before + 1]);
    await assert.rejects(createNetworkInterface({ SubnetId: SUBNET, Description: 'other', ClientToken: 'token' }, context), code('IdempotentParameterMismatch'));
  });

  const refused: Record<string, { input: Partial<CreateNetworkInterfaceRequest>; want: string }> = {
    'a subnet that is not there': { input: { SubnetId: 'subnet-00000000000000009' }, want: 'InvalidSubnetID.NotFound' },
    'a group that is not there': { input: { Groups: ['sg-00000000000000009'] }, want: 'InvalidGroup.NotFound' },
    'a group of another VPC': { input: { Groups: [FOREIGN] }, want: 'InvalidParameterValue' },
    'a chosen address': { input: { PrivateIpAddress: '172.31.64.9' }, want: 'UnsupportedOperation' },
    'chosen addresses': { input: { PrivateIpAddresses: [{ PrivateIpAddress: '172.31.64.9' }] }, want: 'UnsupportedOperation' },
    'secondary addresses': { input: { SecondaryPrivateIpAddressCount: 1 }, want: 'UnsupportedOperation' },
    'IPv6 addresses': { input: { Ipv6AddressCount: 1 }, want: 'UnsupportedOperation' },
    prefixes: { input: { Ipv4PrefixCount: 1 }, want: 'UnsupportedOperation' },
    'an interface for HPC': { input: { InterfaceType: 'efa' }, want: 'UnsupportedOperation' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(createNetworkInterface({ SubnetId: SUBNET, ...input }, context), code(want));
      assert.deepEqual(cluster.writes, []);
    });
  }
});

describe('what becomes of network interfaces', () => {
  it('one that is free can be deleted, one that is in use cannot', async () => {
    const { cluster, context } = cloud();
    await deleteNetworkInterface({ NetworkInterfaceId: FREE }, context);
    assert.equal(cluster.get(NetworkInterface, { namespace: NAMESPACE, name: FREE }), undefined);
    for (const NetworkInterfaceId of [USED, OWN]) {
      await assert.rejects(deleteNetworkInterface({ NetworkInterfaceId }, context), { code: 'InvalidParameterValue', message: `Network interface '${NetworkInterfaceId}' is currently in use.` });
    }
    await assert.rejects(deleteNetworkInterface({ NetworkInterfaceId: FREE }, context), code('InvalidNetworkInterfaceID.NotFound'));
  });

  it('none can be attached to an instance that is there, nor detached, nor be given more addresses', async () => {
    const { context } = cloud();
    const attach = async (NetworkInterfaceId: string, DeviceIndex: number): Promise<unknown> => attachNetworkInterface({ NetworkInterfaceId, InstanceId: RUNNING, DeviceIndex }, context);
    await assert.rejects(attach(FREE, 1), { code: 'AttachmentLimitExceeded', message: 'Interface count 2 exceeds the limit for t3.micro' });
    await assert.rejects(attach(FREE, 0), code('InvalidParameterValue'));
    await assert.rejects(attach(USED, 1), code('InvalidNetworkInterface.InUse'));
    await assert.rejects(detachNetworkInterface({ AttachmentId: attachmentIdOf(anInstance(RUNNING)), Force: true }, context), code('OperationNotPermitted'));
    await assert.rejects(detachNetworkInterface({ AttachmentId: 'eni-attach-00000000000000009' }, context), code('InvalidAttachmentID.NotFound'));
    await assert.rejects(assignPrivateIpAddresses({ NetworkInterfaceId: OWN, SecondaryPrivateIpAddressCount: 1 }, context), code('PrivateIpAddressLimitExceeded'));
    await assert.rejects(unassignPrivateIpAddresses({ NetworkInterfaceId: OWN, PrivateIpAddresses: ['10.244.0.9'] }, context), code('InvalidParameterValue'));
  });
});

describe('RunInstances with a network interface', () => {
  const launch = async (input: Partial<RunInstancesRequest>, context: OperationContext): Promise<sdk.Instance> => {
    const result = await runInstances({ ImageId: AMI, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }, context);
    assert.deepEqual(checker.violations('RunInstances', result), []);
    return result.Instances?.[0] ?? {};
  };

  it('takes over one that was made before', async () => {
    const { cluster, context } = cloud();
    const made = await launch({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: FREE }] }, context);
    const [card] = made.NetworkInterfaces ?? [];
    assert.deepEqual(
      [card?.NetworkInterfaceId, card?.Description, card?.Attachment?.DeleteOnTermination, made.SubnetId, made.SecurityGroups],
      [FREE, 'spare', false, SUBNET, [{ GroupId: WEB, GroupName: 'web' }]],
    );
    const instance = cluster.get(Instance, { namespace: NAMESPACE, name: made.InstanceId ?? '' });
    assert.deepEqual([instance?.spec.networkInterface, instance?.spec.securityGroupIds], [{ networkInterfaceId: FREE }, undefined]);
    const [shown] = await described({ NetworkInterfaceIds: [FREE] }, context);
    assert.deepEqual([shown?.Status, shown?.Attachment?.InstanceId], ['in-use', made.InstanceId]);
    await assert.rejects(launch({ NetworkInterfaces: [{ DeviceIndex: 0, NetworkInterfaceId: FREE }] }, context), { code: 'InvalidNetworkInterface.InUse', message: `Interface: [${FREE}] in use.` });
  });

  it('tags and describes its own, without another object', async () => {
    const { cluster, context } = cloud();
    const before = cluster.writes.length;
    const made = await launch(
      {
        NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: SUBNET, Groups: [WEB], Description: 'mine', DeleteOnTermination: true, AssociatePublicIpAddress: false }],
        TagSpecifications: [
          { ResourceType: 'instance', Tags: [{ Key: 'a', Value: '1' }] },
          { ResourceType: 'network-interface', Tags: [{ Key: 'b', Value: '2' }] },
        ],
      },
      context,
    );
    assert.equal(cluster.writes.length, before + 1);
    const [card] = made.NetworkInterfaces ?? [];
    assert.deepEqual([card?.Description, card?.SubnetId, made.Tags], ['mine', SUBNET, [{ Key: 'a', Value: '1' }]]);
    const [shown] = await described({ NetworkInterfaceIds: [card?.NetworkInterfaceId ?? ''] }, context);
    assert.deepEqual(shown?.TagSet, [{ Key: 'b', Value: '2' }]);
    const { Tags } = await describeTags({ Filters: [{ Name: 'resource-id', Values: [card?.NetworkInterfaceId ?? ''] }] }, context);
    assert.deepEqual(Tags, [{ ResourceId: card?.NetworkInterfaceId, ResourceType: 'network-interface', Key: 'b', Value: '2' }]);
  });

  it('with a public address while it runs, shown as EC2 shows one that is not elastic', async () => {
    const { cluster, context } = cloud();
    const made = await launch({ NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true }] }, context);
    const key = { namespace: NAMESPACE, name: made.InstanceId ?? '' };
    assert.deepEqual(cluster.get(Instance, key)?.spec.networkInterface, { associatePublicIpAddress: true });
    assert.deepEqual([made.PublicIpAddress, Object.hasOwn(made.NetworkInterfaces?.[0] ?? {}, 'Association')], [undefined, false]);
    await cluster.patchStatus(Instance, key, { status: { publicIpAddress: '203.0.113.77', privateIpAddress: '10.244.0.9' } });
    const association = { IpOwnerId: 'amazon', PublicDnsName: '', PublicIp: '203.0.113.77' };
    const { Reservations } = await describeInstances({ Filters: [{ Name: 'ip-address', Values: ['203.0.113.77'] }] }, context);
    assert.deepEqual(Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.[0]?.Association, association);
    const [shown] = await described({ Filters: [{ Name: 'association.public-ip', Values: ['203.0.113.77'] }] }, context);
    assert.deepEqual([shown?.Association, shown?.PrivateIpAddresses?.[0]?.Association], [association, association]);
    const NetworkInterfaceId = shown?.NetworkInterfaceId ?? '';
    assert.equal((await describeNetworkInterfaceAttribute({ NetworkInterfaceId, Attribute: 'associatePublicIpAddress' }, context)).AssociatePublicIpAddress, true);
    await modifyNetworkInterfaceAttribute({ NetworkInterfaceId, AssociatePublicIpAddress: false }, context);
    assert.equal((await described({ NetworkInterfaceIds: [NetworkInterfaceId] }, context))[0]?.Association, undefined);
  });

  const refused: Record<string, { input: Partial<RunInstancesRequest>; want: string }> = {
    'one that is not there': { input: { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-00000000000000009' }] }, want: 'InvalidNetworkInterfaceID.NotFound' },
    'one that is in use': { input: { NetworkInterfaces: [{ NetworkInterfaceId: USED }] }, want: 'InvalidNetworkInterface.InUse' },
    'the own one of another instance': { input: { NetworkInterfaces: [{ NetworkInterfaceId: OWN }] }, want: 'InvalidNetworkInterface.InUse' },
    'one and groups': { input: { NetworkInterfaces: [{ NetworkInterfaceId: FREE, Groups: [WEB] }] }, want: 'InvalidParameterCombination' },
    'one and a subnet': { input: { NetworkInterfaces: [{ NetworkInterfaceId: FREE, SubnetId: SUBNET }] }, want: 'InvalidParameterCombination' },
    'one for two instances': { input: { MaxCount: 2, NetworkInterfaces: [{ NetworkInterfaceId: FREE }] }, want: 'InvalidParameterCombination' },
    'tags for one that is there already': { input: { NetworkInterfaces: [{ NetworkInterfaceId: FREE }], TagSpecifications: [{ ResourceType: 'network-interface', Tags: [{ Key: 'a' }] }] }, want: 'InvalidParameterValue' },
    'one and a public address': { input: { NetworkInterfaces: [{ NetworkInterfaceId: FREE, AssociatePublicIpAddress: true }] }, want: 'InvalidParameterCombination' },
    'to keep its own': { input: { NetworkInterfaces: [{ DeviceIndex: 0, DeleteOnTermination: false }] }, want: 'UnsupportedOperation' },
    'tags of another kind': { input: { TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(launch(input, context), code(want));
      assert.deepEqual(cluster.writes, []);
    });
  }
});
