import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../../../operator/api/ec2-id.ts';
import { defaultControllerSettings } from '../../../../../operator/controllers/index.ts';
import { vpcController } from '../../../../../operator/controllers/vpc/controller.ts';
import { ec2Operations } from '../../../../../operator/endpoint/ec2/operations.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { DhcpOptions, RouteTable, Subnet, Vpc } from '../../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, theAccount } from '../../../../support/cluster-objects.ts';
import { passUntilQuiet } from '../../../../support/controller-pass.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance, aSecurityGroup } from '../../../../support/instance-objects.ts';
import { aSubnet, aVpc } from '../../../../support/network-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const VPC = 'vpc-00000000000000001';
const SUBNET = 'subnet-00000000000000001';

type Operation = keyof typeof ec2Operations;

/** A cloud with the default VPC and one more, as the controllers leave them. */
async function cloud(): Promise<{ cluster: FakeCluster; context: OperationContext; call: (operation: Operation, input?: object) => Promise<Record<string, unknown>>; settle: () => Promise<void> }> {
  const clock = new FakeClock();
  const objects = [
    theAccount(),
    anAmi('ami-00000000000000001'),
    ...['a', 'b'].map((letter) => aNode(letter, { zone: `us-east-1${letter}` })),
    aVpc('default', { isDefault: true }),
    aVpc(VPC, { cidrBlock: '10.0.0.0/16' }),
    aSubnet(SUBNET, { vpcId: VPC, cidrBlock: '10.0.1.0/24' }),
  ];
  const cluster = new FakeCluster({ clock, objects });
  const settle = async (): Promise<void> => {
    for (const { metadata } of cluster.list(Vpc)) await passUntilQuiet(cluster, vpcController(defaultControllerSettings), { namespace: NAMESPACE, name: metadata.name }, clock);
  };
  await settle();
  const context = operationContext(cluster, { clock });
  const call = async (operation: Operation, input: object = {}): Promise<Record<string, unknown>> => {
    const result = (await ec2Operations[operation].run(input as never, context)) as Record<string, unknown> | undefined;
    // Of an attachment EC2 says `available`, which the model does not know.
    if (result) assert.deepEqual(checker.violations(operation, result).filter((line) => !line.includes('Attachments[0].State: available')), []);
    return result ?? {};
  };
  return { cluster, context, call, settle };
}

const routeTableOf = async (call: Awaited<ReturnType<typeof cloud>>['call'], VpcId = VPC): Promise<string> => (await call('CreateRouteTable', { VpcId }) as { RouteTable: { RouteTableId: string } }).RouteTable.RouteTableId;

describe('a VPC made by the API', () => {
  it('has main route table, ACL, default group and DHCP options, and goes with all of them', async () => {
    const { call, settle, cluster } = await cloud();
    const { Vpc: made } = (await call('CreateVpc', { CidrBlock: '10.9.0.77/16', TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }] })) as { Vpc: sdk.Vpc };
    assert.deepEqual([made.State, made.CidrBlock, made.IsDefault, made.Tags], ['pending', '10.9.0.0/16', false, [{ Key: 'a', Value: 'b' }]]);
    await settle();
    const VpcId = made.VpcId ?? '';
    const ofVpc = { Filters: [{ Name: 'vpc-id', Values: [VpcId] }] };
    const { RouteTables } = (await call('DescribeRouteTables', ofVpc)) as { RouteTables: sdk.RouteTable[] };
    assert.deepEqual(RouteTables.map(({ Associations, Routes }) => [Associations?.[0]?.Main, Routes?.map(({ GatewayId }) => GatewayId)]), [[true, ['local']]]);
    const { NetworkAcls } = (await call('DescribeNetworkAcls', ofVpc)) as { NetworkAcls: sdk.NetworkAcl[] };
    assert.deepEqual(NetworkAcls[0]?.Entries?.map(({ RuleNumber, RuleAction, Egress }) => `${RuleNumber} ${RuleAction} ${Egress}`), ['100 allow true', '32767 deny true', '100 allow false', '32767 deny false']);
    const { SecurityGroups } = (await call('DescribeSecurityGroups', ofVpc)) as { SecurityGroups: sdk.SecurityGroup[] };
    assert.deepEqual(SecurityGroups.map(({ GroupName }) => GroupName), ['default']);
    const { Vpcs } = (await call('DescribeVpcs', { VpcIds: [VpcId] })) as { Vpcs: sdk.Vpc[] };
    assert.equal(Vpcs[0]?.DhcpOptionsId, ec2IdOf('dopt', cluster.get(DhcpOptions, { namespace: NAMESPACE, name: 'default' }) ?? assert.fail('no options')));
    await call('DeleteVpc', { VpcId });
    await settle();
    await assert.rejects(call('DescribeVpcs', { VpcIds: [VpcId] }), { code: 'InvalidVpcID.NotFound' });
  });

  it('shows and changes its attributes, one at a time', async () => {
    const { call } = await cloud();
    await call('ModifyVpcAttribute', { VpcId: VPC, EnableDnsHostnames: { Value: true } });
    assert.deepEqual(await call('DescribeVpcAttribute', { VpcId: VPC, Attribute: 'enableDnsHostnames' }), { VpcId: VPC, EnableDnsHostnames: { Value: true } });
    assert.deepEqual(await call('DescribeVpcAttribute', { VpcId: VPC, Attribute: 'enableNetworkAddressUsageMetrics' }), { VpcId: VPC, EnableNetworkAddressUsageMetrics: { Value: false } });
  });

  it('takes further blocks at the same time without losing one, and gives them back', async () => {
    const { call } = await cloud();
    const made = await Promise.all([1, 2, 3, 4].map(async (number) => call('AssociateVpcCidrBlock', { VpcId: VPC, CidrBlock: `10.${number}.0.0/16` })));
    const { Vpcs } = (await call('DescribeVpcs', { VpcIds: [VPC] })) as { Vpcs: sdk.Vpc[] };
    assert.equal(Vpcs[0]?.CidrBlockAssociationSet?.length, 5);
    await assert.rejects(call('AssociateVpcCidrBlock', { VpcId: VPC, CidrBlock: '10.5.0.0/16' }), { code: 'CidrLimitExceeded' });
    const { CidrBlockAssociation } = made[0] as { CidrBlockAssociation: sdk.VpcCidrBlockAssociation };
    await call('DisassociateVpcCidrBlock', { AssociationId: CidrBlockAssociation.AssociationId });
    await assert.rejects(call('DisassociateVpcCidrBlock', { AssociationId: Vpcs[0].CidrBlockAssociationSet[0]?.AssociationId }), { code: 'OperationNotPermitted' });
    await assert.rejects(call('DisassociateVpcCidrBlock', { AssociationId: CidrBlockAssociation.AssociationId }), { code: 'InvalidVpcCidrBlockAssociationID.NotFound' });
  });
});

describe('the default VPC', () => {
  it('can be deleted when its subnets and gateway are, and be made again with its subnets', async () => {
    const { call, settle, cluster } = await cloud();
    const { Vpcs } = (await call('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] })) as { Vpcs: sdk.Vpc[] };
    const VpcId = Vpcs[0]?.VpcId ?? '';
    await assert.rejects(call('CreateDefaultVpc'), { code: 'DefaultVpcAlreadyExists' });
    await assert.rejects(call('DeleteVpc', { VpcId }), { code: 'DependencyViolation' });
    for (const { metadata, spec } of cluster.list(Subnet)) if (spec.defaultForAz) await call('DeleteSubnet', { SubnetId: ec2IdOf('subnet', cluster.get(Subnet, metadata) ?? assert.fail('gone')) });
    const { InternetGateways } = (await call('DescribeInternetGateways', { Filters: [{ Name: 'attachment.vpc-id', Values: [VpcId] }] })) as { InternetGateways: sdk.InternetGateway[] };
    const InternetGatewayId = InternetGateways[0]?.InternetGatewayId ?? '';
    await call('DetachInternetGateway', { InternetGatewayId, VpcId });
    await call('DeleteInternetGateway', { InternetGatewayId });
    await call('DeleteVpc', { VpcId });
    await settle();
    await assert.rejects(call('CreateDefaultSubnet', { AvailabilityZone: 'us-east-1a' }), { code: 'DefaultVpcDoesNotExist' });
    await call('CreateDefaultVpc');
    await settle();
    const { Subnets } = (await call('DescribeSubnets', { Filters: [{ Name: 'default-for-az', Values: ['true'] }] })) as { Subnets: sdk.Subnet[] };
    assert.deepEqual(Subnets.map(({ AvailabilityZone }) => AvailabilityZone).sort(), ['us-east-1a', 'us-east-1b']);
    await assert.rejects(call('CreateDefaultSubnet', { AvailabilityZone: 'us-east-1a' }), { code: 'DefaultSubnetAlreadyExistsInAvailabilityZone' });
    await call('DeleteSubnet', { SubnetId: Subnets.find(({ AvailabilityZone }) => AvailabilityZone === 'us-east-1a')?.SubnetId });
    const { Subnet: again } = (await call('CreateDefaultSubnet', { AvailabilityZone: 'us-east-1a' })) as { Subnet: sdk.Subnet };
    assert.deepEqual([again.DefaultForAz, again.CidrBlock], [true, '172.31.0.0/20']);
  });
});

describe('subnets', () => {
  it('are made in the zone that is named, or in that with the fewest', async () => {
    const { call } = await cloud();
    const zoneOf = async (input: object): Promise<string | undefined> => ((await call('CreateSubnet', { VpcId: VPC, ...input })) as { Subnet: sdk.Subnet }).Subnet.AvailabilityZone;
    assert.equal(await zoneOf({ CidrBlock: '10.0.2.0/24', AvailabilityZoneId: 'use1-az2' }), 'us-east-1b');
    assert.equal(await zoneOf({ CidrBlock: '10.0.3.0/24' }), 'us-east-1a');
    assert.equal(await zoneOf({ CidrBlock: '10.0.4.0/24' }), 'us-east-1b');
  });

  it('of one block are made once of two calls at the same time', async () => {
    const { call } = await cloud();
    const results = await Promise.allSettled([1, 2].map(async () => call('CreateSubnet', { VpcId: VPC, CidrBlock: '10.0.2.0/24' })));
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  });

  it('keep what ModifySubnetAttribute says', async () => {
    const { call } = await cloud();
    for (const attribute of [{ MapPublicIpOnLaunch: { Value: true } }, { EnableResourceNameDnsARecordOnLaunch: { Value: true } }, { PrivateDnsHostnameTypeOnLaunch: 'ip-name' }, { EnableDns64: { Value: false } }]) {
      await call('ModifySubnetAttribute', { SubnetId: SUBNET, ...attribute });
    }
    const { Subnets } = (await call('DescribeSubnets', { SubnetIds: [SUBNET] })) as { Subnets: sdk.Subnet[] };
    assert.deepEqual([Subnets[0]?.MapPublicIpOnLaunch, Subnets[0]?.PrivateDnsNameOptionsOnLaunch], [true, { HostnameType: 'ip-name', EnableResourceNameDnsARecord: true, EnableResourceNameDnsAAAARecord: false }]);
  });
});

describe('route tables', () => {
  it('have routes and associations, and follow the main one without', async () => {
    const { call } = await cloud();
    const { InternetGateway } = (await call('CreateInternetGateway')) as { InternetGateway: sdk.InternetGateway };
    const GatewayId = InternetGateway.InternetGatewayId ?? '';
    const RouteTableId = await routeTableOf(call);
    await assert.rejects(call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }), { code: 'InvalidParameterValue', message: /different networks/ });
    await call('AttachInternetGateway', { InternetGatewayId: GatewayId, VpcId: VPC });
    await Promise.all(['0.0.0.0/0', '1.0.0.0/8', '2.0.0.1/8'].map(async (DestinationCidrBlock) => call('CreateRoute', { RouteTableId, DestinationCidrBlock, GatewayId })));
    await call('CreateRoute', { RouteTableId, DestinationIpv6CidrBlock: '::/0', GatewayId });
    await call('CreateRoute', { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId });
    await call('ReplaceRoute', { RouteTableId, DestinationCidrBlock: '1.0.0.0/8', GatewayId });
    await call('DeleteRoute', { RouteTableId, DestinationCidrBlock: '2.0.0.0/8' });
    const described = async (): Promise<sdk.RouteTable | undefined> => ((await call('DescribeRouteTables', { RouteTableIds: [RouteTableId] })) as { RouteTables: sdk.RouteTable[] }).RouteTables[0];
    assert.deepEqual((await described())?.Routes?.map((route) => route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock).sort(), ['0.0.0.0/0', '1.0.0.0/8', '10.0.0.0/16', '::/0']);
    const { AssociationId } = await call('AssociateRouteTable', { RouteTableId, SubnetId: SUBNET });
    assert.deepEqual(await call('AssociateRouteTable', { RouteTableId, SubnetId: SUBNET }), { AssociationId, AssociationState: { State: 'associated' } });
    const other = await routeTableOf(call);
    await assert.rejects(call('AssociateRouteTable', { RouteTableId: other, SubnetId: SUBNET }), { code: 'Resource.AlreadyAssociated' });
    await assert.rejects(call('DeleteRouteTable', { RouteTableId }), { code: 'DependencyViolation' });
    const { NewAssociationId } = await call('ReplaceRouteTableAssociation', { AssociationId, RouteTableId: other });
    await assert.rejects(call('DisassociateRouteTable', { AssociationId }), { code: 'InvalidAssociationID.NotFound' });
    await call('DisassociateRouteTable', { AssociationId: NewAssociationId });
    await call('DetachInternetGateway', { InternetGatewayId: GatewayId, VpcId: VPC });
    assert.ok((await described())?.Routes?.slice(1).every(({ State }) => State === 'blackhole'));
    await call('DeleteRouteTable', { RouteTableId });
    await assert.rejects(call('DescribeRouteTables', { RouteTableIds: [RouteTableId] }), { code: 'InvalidRouteTableID.NotFound' });
  });

  it('can take the place of the main one, whose association cannot be taken away', async () => {
    const { call, settle, cluster } = await cloud();
    const mains = async (): Promise<sdk.RouteTable[]> =>
      ((await call('DescribeRouteTables', { Filters: [{ Name: 'vpc-id', Values: [VPC] }, { Name: 'association.main', Values: ['true'] }] })) as { RouteTables: sdk.RouteTable[] }).RouteTables;
    const [before] = await mains();
    const AssociationId = before?.Associations?.[0]?.RouteTableAssociationId;
    await assert.rejects(call('DisassociateRouteTable', { AssociationId }), { code: 'InvalidParameterValue', message: /main route table association/ });
    const RouteTableId = await routeTableOf(call);
    await call('ReplaceRouteTableAssociation', { AssociationId, RouteTableId });
    assert.deepEqual((await mains()).map((table) => table.RouteTableId), [RouteTableId]);
    await call('DeleteRouteTable', { RouteTableId: before?.RouteTableId });
    await settle();
    assert.equal(cluster.get(RouteTable, { namespace: NAMESPACE, name: before?.RouteTableId ?? '' }), undefined);
  });

  it('are made once for one client token', async () => {
    const { call } = await cloud();
    const token = { ClientToken: 'a' };
    const ids = await Promise.all([1, 2, 3].map(async () => ((await call('CreateRouteTable', { VpcId: VPC, ...token })) as { RouteTable: sdk.RouteTable }).RouteTable.RouteTableId));
    assert.equal(new Set(ids).size, 1);
    const defaultVpc = ((await call('DescribeVpcs', { Filters: [{ Name: 'is-default', Values: ['true'] }] })) as { Vpcs: sdk.Vpc[] }).Vpcs[0]?.VpcId;
    await assert.rejects(call('CreateRouteTable', { VpcId: defaultVpc, ...token }), { code: 'IdempotentParameterMismatch' });
  });
});

describe('DHCP options', () => {
  it('are made, associated and deleted when no VPC has them', async () => {
    const { call } = await cloud();
    const DhcpConfigurations = [{ Key: 'domain-name', Values: ['example.com'] }, { Key: 'domain-name-servers', Values: ['10.0.0.2,AmazonProvidedDNS'] }, { Key: 'ntp-servers', Values: ['10.0.0.3'] }];
    const { DhcpOptions: made } = (await call('CreateDhcpOptions', { DhcpConfigurations })) as { DhcpOptions: sdk.DhcpOptions };
    const DhcpOptionsId = made.DhcpOptionsId ?? '';
    await call('AssociateDhcpOptions', { DhcpOptionsId, VpcId: VPC });
    const { Vpcs } = (await call('DescribeVpcs', { Filters: [{ Name: 'dhcp-options-id', Values: [DhcpOptionsId] }] })) as { Vpcs: sdk.Vpc[] };
    assert.deepEqual(Vpcs.map(({ VpcId }) => VpcId), [VPC]);
    assert.deepEqual(((await call('DescribeDhcpOptions', { Filters: [{ Name: 'value', Values: ['10.0.0.2'] }] })) as { DhcpOptions: sdk.DhcpOptions[] }).DhcpOptions, [made]);
    await assert.rejects(call('DeleteDhcpOptions', { DhcpOptionsId }), { code: 'DependencyViolation' });
    await call('AssociateDhcpOptions', { DhcpOptionsId: 'default', VpcId: VPC });
    await call('DeleteDhcpOptions', { DhcpOptionsId });
    await assert.rejects(call('DescribeDhcpOptions', { DhcpOptionsIds: [DhcpOptionsId] }), { code: 'InvalidDhcpOptionID.NotFound' });
  });
});

describe('what nobody can have', () => {
  for (const [operation, list] of Object.entries({ DescribeVpcEndpoints: 'VpcEndpoints', DescribeEgressOnlyInternetGateways: 'EgressOnlyInternetGateways', DescribeVpcPeeringConnections: 'VpcPeeringConnections' })) {
    it(`${operation} lists nothing, by tag too`, async () => {
      const { call } = await cloud();
      const filter = [{ Name: 'tag:a', Values: ['b'] }];
      assert.deepEqual(await call(operation as Operation, { Filters: filter }), { [list]: [] });
    });
  }
});

describe('the network refuses', () => {
  const cases: Record<string, { operation: Operation; input: object; want: string }> = {
    'a VPC without a block': { operation: 'CreateVpc', input: {}, want: 'MissingParameter' },
    'a VPC of nonsense': { operation: 'CreateVpc', input: { CidrBlock: '10.0.0.0' }, want: 'InvalidParameterValue' },
    'a VPC of /8': { operation: 'CreateVpc', input: { CidrBlock: '10.0.0.0/8' }, want: 'InvalidVpc.Range' },
    'a VPC with IPv6': { operation: 'CreateVpc', input: { CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true }, want: 'UnsupportedOperation' },
    'a VPC on hardware of its own': { operation: 'CreateVpc', input: { CidrBlock: '10.0.0.0/16', InstanceTenancy: 'dedicated' }, want: 'UnsupportedOperation' },
    'an unknown tenancy': { operation: 'CreateVpc', input: { CidrBlock: '10.0.0.0/16', InstanceTenancy: 'x' }, want: 'InvalidParameterValue' },
    'a block twice': { operation: 'AssociateVpcCidrBlock', input: { VpcId: VPC, CidrBlock: '10.0.5.0/24' }, want: 'CidrConflict' },
    'two attributes': { operation: 'ModifyVpcAttribute', input: { VpcId: VPC, EnableDnsSupport: { Value: true }, EnableDnsHostnames: { Value: true } }, want: 'InvalidParameterCombination' },
    'no attribute': { operation: 'ModifyVpcAttribute', input: { VpcId: VPC }, want: 'MissingParameter' },
    'an unknown attribute': { operation: 'DescribeVpcAttribute', input: { VpcId: VPC, Attribute: 'x' }, want: 'InvalidParameterValue' },
    'the deletion of a VPC with a subnet': { operation: 'DeleteVpc', input: { VpcId: VPC }, want: 'DependencyViolation' },
    'a subnet outside of its VPC': { operation: 'CreateSubnet', input: { VpcId: VPC, CidrBlock: '10.1.0.0/24' }, want: 'InvalidSubnet.Range' },
    'a subnet of /29': { operation: 'CreateSubnet', input: { VpcId: VPC, CidrBlock: '10.0.9.0/29' }, want: 'InvalidSubnet.Range' },
    'a subnet over another': { operation: 'CreateSubnet', input: { VpcId: VPC, CidrBlock: '10.0.0.0/20' }, want: 'InvalidSubnet.Conflict' },
    'a subnet in a zone that is not there': { operation: 'CreateSubnet', input: { VpcId: VPC, CidrBlock: '10.0.9.0/24', AvailabilityZone: 'mars' }, want: 'InvalidParameterValue' },
    'two attributes of a subnet': { operation: 'ModifySubnetAttribute', input: { SubnetId: SUBNET, MapPublicIpOnLaunch: { Value: true }, EnableDns64: { Value: false } }, want: 'InvalidParameterCombination' },
    'addresses that nobody gives': { operation: 'ModifySubnetAttribute', input: { SubnetId: SUBNET, AssignIpv6AddressOnCreation: { Value: true } }, want: 'UnsupportedOperation' },
    'a gateway that is not attached': { operation: 'DetachInternetGateway', input: { InternetGatewayId: 'igw-00000000000000009', VpcId: VPC }, want: 'InvalidInternetGatewayID.NotFound' },
    'a malformed gateway': { operation: 'DeleteInternetGateway', input: { InternetGatewayId: 'x' }, want: 'InvalidInternetGatewayId.Malformed' },
    'a malformed route table': { operation: 'DeleteRouteTable', input: { RouteTableId: 'x' }, want: 'InvalidRouteTableId.Malformed' },
    'an association that is not there': { operation: 'DisassociateRouteTable', input: { AssociationId: 'rtbassoc-00000000000000009' }, want: 'InvalidAssociationID.NotFound' },
    'a NAT gateway': { operation: 'CreateNatGateway', input: { SubnetId: SUBNET }, want: 'UnsupportedOperation' },
    'a NAT gateway nowhere': { operation: 'CreateNatGateway', input: { SubnetId: 'subnet-00000000000000009' }, want: 'InvalidSubnetID.NotFound' },
    'a network ACL': { operation: 'CreateNetworkAcl', input: { VpcId: VPC }, want: 'UnsupportedOperation' },
    'a VPC endpoint': { operation: 'CreateVpcEndpoint', input: { VpcId: VPC, ServiceName: 'com.amazonaws.us-east-1.s3' }, want: 'InvalidServiceName' },
    'an egress-only gateway': { operation: 'CreateEgressOnlyInternetGateway', input: { VpcId: VPC }, want: 'UnsupportedOperation' },
    'an unknown ACL': { operation: 'DescribeNetworkAcls', input: { NetworkAclIds: ['acl-00000000000000009'] }, want: 'InvalidNetworkAclID.NotFound' },
    'DHCP options of nothing': { operation: 'CreateDhcpOptions', input: {}, want: 'MissingParameter' },
    'an unknown DHCP option': { operation: 'CreateDhcpOptions', input: { DhcpConfigurations: [{ Key: 'x', Values: ['y'] }] }, want: 'InvalidParameterValue' },
    'a name for a name server': { operation: 'CreateDhcpOptions', input: { DhcpConfigurations: [{ Key: 'domain-name-servers', Values: ['ns.example.com'] }] }, want: 'InvalidParameterValue' },
    'five time servers': { operation: 'CreateDhcpOptions', input: { DhcpConfigurations: [{ Key: 'ntp-servers', Values: ['1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5'] }] }, want: 'InvalidParameterValue' },
    'NetBIOS': { operation: 'CreateDhcpOptions', input: { DhcpConfigurations: [{ Key: 'netbios-node-type', Values: ['2'] }] }, want: 'UnsupportedOperation' },
  };
  for (const [name, { operation, input, want }] of Object.entries(cases)) {
    it(name, async () => assert.rejects((await cloud()).call(operation, input), { code: want }));
  }

  const routes: Record<string, { input: object; want: string }> = {
    'without a destination': { input: { GatewayId: 'igw-1' }, want: 'MissingParameter' },
    'without a target': { input: { DestinationCidrBlock: '0.0.0.0/0' }, want: 'MissingParameter' },
    'with two targets': { input: { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', NatGatewayId: 'nat-1' }, want: 'InvalidParameterCombination' },
    'to a gateway that is not there': { input: { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-00000000000000009' }, want: 'InvalidGatewayID.NotFound' },
    'to a NAT gateway': { input: { DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-00000000000000009' }, want: 'InvalidNatGatewayID.NotFound' },
    'to an instance': { input: { DestinationCidrBlock: '0.0.0.0/0', InstanceId: 'i-00000000000000009' }, want: 'UnsupportedOperation' },
    'to nonsense': { input: { DestinationCidrBlock: 'x', GatewayId: 'igw-1' }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(routes)) {
    it(`a route ${name}`, async () => {
      const { call } = await cloud();
      await assert.rejects(call('CreateRoute', { RouteTableId: await routeTableOf(call), ...input }), { code: want });
    });
  }

  it('to take away routes that are not there, or local', async () => {
    const { call } = await cloud();
    const RouteTableId = await routeTableOf(call);
    await assert.rejects(call('DeleteRoute', { RouteTableId, DestinationCidrBlock: '1.0.0.0/8' }), { code: 'InvalidRoute.NotFound' });
    await assert.rejects(call('DeleteRoute', { RouteTableId, DestinationCidrBlock: '10.0.0.0/16' }), { code: 'InvalidParameterValue' });
  });

  it('to delete a subnet with instances', async () => {
    const { call, cluster } = await cloud();
    cluster.add(anInstance('i-00000000000000001', { subnetId: SUBNET }));
    await assert.rejects(call('DeleteSubnet', { SubnetId: SUBNET }), { code: 'DependencyViolation' });
  });

  it('to delete a VPC with a security group, and attaches no second gateway', async () => {
    const { call, cluster } = await cloud();
    await call('DeleteSubnet', { SubnetId: SUBNET });
    cluster.add(aSecurityGroup('sg-00000000000000001', { groupName: 'web', vpcId: VPC }));
    await assert.rejects(call('DeleteVpc', { VpcId: VPC }), { code: 'DependencyViolation' });
    const ids = await Promise.all([1, 2].map(async () => ((await call('CreateInternetGateway')) as { InternetGateway: sdk.InternetGateway }).InternetGateway.InternetGatewayId));
    await call('AttachInternetGateway', { InternetGatewayId: ids[0], VpcId: VPC });
    await assert.rejects(call('AttachInternetGateway', { InternetGatewayId: ids[1], VpcId: VPC }), { code: 'InvalidParameterValue' });
    await assert.rejects(call('AttachInternetGateway', { InternetGatewayId: ids[0], VpcId: VPC }), { code: 'Resource.AlreadyAssociated' });
    await assert.rejects(call('DetachInternetGateway', { InternetGatewayId: ids[1], VpcId: VPC }), { code: 'Gateway.NotAttached' });
    await assert.rejects(call('DeleteInternetGateway', { InternetGatewayId: ids[0] }), { code: 'DependencyViolation' });
  });
});
