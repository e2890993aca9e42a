import assert from 'node:assert/strict';
import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeDhcpOptionsCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  RunInstancesCommand,
  TerminateInstancesCommand,
  waitUntilInstanceRunning,
  waitUntilInstanceTerminated,
  waitUntilSubnetAvailable,
  waitUntilVpcAvailable,
  type EC2Client,
  type VpcAttributeName,
} from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { isNotFound } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { openForEachTry } from '../support/tries.ts';

const apiVersion = 'kube-ec2.io/v1alpha1';
const waiter = (client: EC2Client) => ({ client, maxWaitTime: 180, minDelay: 1, maxDelay: 1 });

interface Shown extends AnyObject {
  status?: { state?: string; conditions?: { type: string; status: string; reason: string; message: string }[] };
}

describe('the network on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let ec2: EC2Client;
  let instances: KubectlInstances;
  const path = (plural: string, name = ''): string => `/apis/${apiVersion}/namespaces/${tenant.account.namespace}/${plural}${name === '' ? '' : `/${name}`}`;
  const get = async (plural: string, name: string): Promise<Shown> => cloud.controlPlane.client.get<Shown>(path(plural, name));
  const reasonOf = async (plural: string, name: string, type: string): Promise<string> => {
    const condition = (await get(plural, name)).status?.conditions?.find((candidate) => candidate.type === type);
    return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
  };
  const claims = async (plural: string, name: string, type: string, want: string): Promise<void> => {
    await eventually(`${plural}/${name} has ${type} ${want}`, 60, async () => {
      const found = await reasonOf(plural, name, type);
      if (found === want) return true;
      throw new Error(found);
    });
  };
  const apply = async (kind: string, name: string, spec: object): Promise<void> => {
    await cloud.controlPlane.applier.apply([{ apiVersion, kind, metadata: { name, namespace: tenant.account.namespace }, spec }]);
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('vpcs');
    ({ ec2 } = tenant);
    instances = new KubectlInstances(cloud.controlPlane, tenant.account.namespace, cloud.operator);
  });

  it('is there when an account is: default VPC, a subnet for each zone, route table, ACL, group, DHCP options, gateway', async () => {
    const filters = [{ Name: 'is-default', Values: ['true'] }];
    const vpc = await eventually('the default VPC is available', 60, async () => (await ec2.send(new DescribeVpcsCommand({ Filters: filters }))).Vpcs?.find(({ State }) => State === 'available'));
    const VpcId = vpc.VpcId ?? '';
    assert.deepEqual([vpc.CidrBlock, vpc.OwnerId], ['172.31.0.0/16', tenant.account.accountId]);
    const ofVpc = { Name: 'vpc-id', Values: [VpcId] };
    const subnets = await eventually('three default subnets', 60, async () => {
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters: [ofVpc, { Name: 'defaultForAz', Values: ['true'] }, { Name: 'state', Values: ['available'] }] }));
      return Subnets.length === 3 && Subnets;
    });
    assert.deepEqual(subnets.map(({ AvailabilityZone }) => AvailabilityZone).sort(), ['us-east-1a', 'us-east-1b', 'us-east-1c']);
    await eventually('route table, gateway, ACL and group are there', 60, async () => {
      const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters: [ofVpc, { Name: 'association.main', Values: ['true'] }] }));
      const { InternetGateways } = await ec2.send(new DescribeInternetGatewaysCommand({ Filters: [{ Name: 'attachment.vpc-id', Values: [VpcId] }] }));
      const igw = InternetGateways?.[0]?.InternetGatewayId;
      assert.deepEqual(RouteTables?.[0]?.Routes?.map((route) => [route.DestinationCidrBlock, route.GatewayId, route.State]), [['172.31.0.0/16', 'local', 'active'], ['0.0.0.0/0', igw, 'active']]);
      const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ Filters: [ofVpc, { Name: 'default', Values: ['true'] }] }));
      assert.equal(NetworkAcls?.[0]?.Associations?.length, 3);
      const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [ofVpc, { Name: 'group-name', Values: ['default'] }] }));
      assert.equal(SecurityGroups?.length, 1);
      return true;
    });
    const { DhcpOptions } = await ec2.send(new DescribeDhcpOptionsCommand({ DhcpOptionsIds: [vpc.DhcpOptionsId ?? ''] }));
    assert.equal(DhcpOptions?.[0]?.DhcpConfigurations?.[0]?.Values?.[0]?.Value, `instances.${tenant.account.namespace}.svc.cluster.local`);
    await claims('vpcs', 'default', 'AddressesFromBlock', 'False PodNetwork');
  });

  it('is made, read, used and destroyed in the order of Terraform', async () => {
    const tags = (ResourceType: 'vpc' | 'subnet') => [{ ResourceType, Tags: [{ Key: 'Name', Value: 'tf' }] }];
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16', InstanceTenancy: 'default', TagSpecifications: tags('vpc') }));
    const VpcId = Vpc?.VpcId ?? '';
    await waitUntilVpcAvailable(waiter(ec2), { VpcIds: [VpcId] });
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId, EnableDnsHostnames: { Value: true } }));
    const attribute = async (Attribute: VpcAttributeName): Promise<unknown> => {
      const { VpcId: _id, $metadata: _metadata, ...rest } = await ec2.send(new DescribeVpcAttributeCommand({ VpcId, Attribute }));
      return rest;
    };
    assert.deepEqual(
      [await attribute('enableDnsHostnames'), await attribute('enableDnsSupport'), await attribute('enableNetworkAddressUsageMetrics')],
      [{ EnableDnsHostnames: { Value: true } }, { EnableDnsSupport: { Value: true } }, { EnableNetworkAddressUsageMetrics: { Value: false } }],
    );
    const ofVpc = { Name: 'vpc-id', Values: [VpcId] };
    const groups = await eventually('it has its ACL, main route table and group', 60, async () => {
      const { NetworkAcls } = await ec2.send(new DescribeNetworkAclsCommand({ Filters: [ofVpc, { Name: 'default', Values: ['true'] }] }));
      const main = await ec2.send(new DescribeRouteTablesCommand({ Filters: [ofVpc, { Name: 'association.main', Values: ['true'] }] }));
      const found = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [ofVpc, { Name: 'group-name', Values: ['default'] }] }));
      assert.deepEqual([NetworkAcls?.length, main.RouteTables?.length, found.SecurityGroups?.length], [1, 1, 1]);
      return found;
    });

    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.1.1.0/24', AvailabilityZone: 'us-east-1b', TagSpecifications: tags('subnet') }));
    const SubnetId = Subnet?.SubnetId ?? '';
    await waitUntilSubnetAvailable(waiter(ec2), { SubnetIds: [SubnetId] });
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId, MapPublicIpOnLaunch: { Value: true } }));
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
    assert.deepEqual([Subnets?.[0]?.MapPublicIpOnLaunch, Subnets?.[0]?.AvailabilityZoneId, Subnets?.[0]?.AvailableIpAddressCount], [true, 'use1-az2', 251]);

    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
    const InternetGatewayId = InternetGateway?.InternetGatewayId ?? '';
    await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    const attached = await ec2.send(new DescribeInternetGatewaysCommand({ InternetGatewayIds: [InternetGatewayId] }));
    assert.deepEqual(attached.InternetGateways?.[0]?.Attachments, [{ State: 'available', VpcId }]);

    const ClientToken = 'terraform-1';
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId, ClientToken }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    assert.equal((await ec2.send(new CreateRouteTableCommand({ VpcId, ClientToken }))).RouteTable?.RouteTableId, RouteTableId);
    assert.equal((await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId }))).Return, true);
    const { AssociationId } = await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters: [{ Name: 'association.route-table-association-id', Values: [AssociationId ?? ''] }] }));
    assert.deepEqual(RouteTables?.[0]?.Associations?.map((association) => [association.SubnetId, association.Main]), [[SubnetId, false]]);

    const launch = { ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 } as const;
    const { Instances } = await ec2.send(new RunInstancesCommand({ ...launch, SubnetId }));
    const InstanceIds = [Instances?.[0]?.InstanceId ?? ''];
    await waitUntilInstanceRunning(waiter(ec2), { InstanceIds });
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: [{ Name: 'subnet-id', Values: [SubnetId] }] }));
    const instance = Reservations?.[0]?.Instances?.[0];
    assert.deepEqual([instance?.VpcId, instance?.Placement?.AvailabilityZone, instance?.SecurityGroups?.[0]?.GroupId], [VpcId, 'us-east-1b', groups.SecurityGroups?.[0]?.GroupId]);
    const pods = await cloud.controlPlane.client.get<{ items: AnyObject[] }>(`/api/v1/namespaces/${tenant.account.namespace}/pods?labelSelector=vpc.kube-ec2.io/${VpcId}`);
    assert.equal(pods.items.length, 1, 'policies select the pod by its VPC');

    await assert.rejects(ec2.send(new DeleteSubnetCommand({ SubnetId })), { name: 'DependencyViolation' });
    await assert.rejects(ec2.send(new DeleteVpcCommand({ VpcId })), { name: 'DependencyViolation' });
    await assert.rejects(ec2.send(new DeleteRouteTableCommand({ RouteTableId })), { name: 'DependencyViolation' });
    await assert.rejects(ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId })), { name: 'DependencyViolation' });
    await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
    await waitUntilInstanceTerminated(waiter(ec2), { InstanceIds });
    await ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
    await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
    await ec2.send(new DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    await eventually('the subnet is gone', 60, async () => ec2.send(new DescribeSubnetsCommand({ SubnetIds: [SubnetId] })).then(() => false, (error: Error) => error.name === 'InvalidSubnetID.NotFound'));
    await ec2.send(new DeleteVpcCommand({ VpcId }));
    await eventually('the VPC is gone', 60, async () => ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId] })).then(() => false, (error: Error) => error.name === 'InvalidVpcID.NotFound'));
    await eventually('and all that came with it', 60, async () => {
      const tables = await ec2.send(new DescribeRouteTablesCommand({ Filters: [ofVpc] }));
      const rest = await ec2.send(new DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-id', Values: [groups.SecurityGroups?.[0]?.GroupId ?? ''] }] }));
      return tables.RouteTables?.length === 0 && rest.SecurityGroups?.length === 0;
    });
  });

  it('is made by boto3, and errors are those of EC2', async () => {
    const result = await tenant.python(`
import json, boto3, botocore.exceptions
ec2 = boto3.resource('ec2')
client = ec2.meta.client
def code_of(call, **arguments):
    try: call(**arguments)
    except botocore.exceptions.ClientError as error: return error.response['Error']['Code']
    return 'no error'
import time
def soon(holds):
    for _ in range(900):
        if holds(): return
        time.sleep(0.1)
    raise Exception('not within 90 s')
def is_available():
    vpc.reload()
    return vpc.state == 'available' and all(len(list(parts.all())) == 1 for parts in [vpc.security_groups, vpc.route_tables, vpc.network_acls])
vpc = ec2.create_vpc(CidrBlock='10.2.0.0/16')
soon(is_available)
vpc.create_tags(Tags=[{'Key': 'Name', 'Value': 'boto'}])
subnet = vpc.create_subnet(CidrBlock='10.2.0.0/20')
gateway = ec2.create_internet_gateway()
vpc.attach_internet_gateway(InternetGatewayId=gateway.id)
table = vpc.create_route_table()
route = table.create_route(DestinationCidrBlock='0.0.0.0/0', GatewayId=gateway.id)
association = table.associate_with_subnet(SubnetId=subnet.id)
options = ec2.create_dhcp_options(DhcpConfigurations=[{'Key': 'domain-name-servers', 'Values': ['10.2.0.2']}])
client.associate_dhcp_options(DhcpOptionsId=options.id, VpcId=vpc.id)
vpc.reload()
shown = [vpc.dhcp_options_id == options.id, [s.id for s in vpc.subnets.all()] == [subnet.id], sorted(len(t.associations) for t in vpc.route_tables.all()),
    [g.id for g in vpc.internet_gateways.all()] == [gateway.id], [g.group_name for g in vpc.security_groups.all()], len(list(vpc.network_acls.all()))]
block = client.associate_vpc_cidr_block(VpcId=vpc.id, CidrBlock='10.3.0.0/16')['CidrBlockAssociation']
codes = [code_of(client.create_subnet, VpcId=vpc.id, CidrBlock='10.2.8.0/24'), code_of(client.create_subnet, VpcId=vpc.id, CidrBlock='10.4.0.0/24'),
    code_of(client.create_vpc, CidrBlock='10.0.0.0/8'), code_of(client.attach_internet_gateway, VpcId=vpc.id, InternetGatewayId=gateway.id),
    code_of(client.create_nat_gateway, SubnetId=subnet.id), code_of(client.create_network_acl, VpcId=vpc.id), code_of(client.create_default_vpc), code_of(client.create_default_subnet, AvailabilityZone='us-east-1a'),
    code_of(client.create_vpc_endpoint, VpcId=vpc.id, ServiceName='com.amazonaws.us-east-1.s3'), code_of(client.create_egress_only_internet_gateway, VpcId=vpc.id),
    code_of(client.delete_dhcp_options, DhcpOptionsId=options.id), code_of(client.associate_vpc_cidr_block, VpcId=vpc.id, CidrBlock='10.2.0.0/24')]
client.disassociate_vpc_cidr_block(AssociationId=block['AssociationId'])
other = vpc.create_route_table()
client.replace_route(RouteTableId=table.id, DestinationCidrBlock='0.0.0.0/0', GatewayId=gateway.id)
replaced = ec2.RouteTableAssociation(client.replace_route_table_association(AssociationId=association.id, RouteTableId=other.id)['NewAssociationId'])
codes.append(code_of(client.disassociate_route_table, AssociationId=association.id))
replaced.delete()
client.delete_route(RouteTableId=table.id, DestinationCidrBlock='0.0.0.0/0'); table.delete(); other.delete(); subnet.delete()
vpc.detach_internet_gateway(InternetGatewayId=gateway.id); gateway.delete()
soon(lambda: code_of(vpc.delete) == 'no error')
none = [len(client.describe_nat_gateways()['NatGateways']), len(client.describe_vpc_endpoints()['VpcEndpoints']),
    len(client.describe_egress_only_internet_gateways()['EgressOnlyInternetGateways']), len(client.describe_vpc_peering_connections()['VpcPeeringConnections'])]
print(json.dumps([shown, codes, none]))`);
    assert.deepEqual(result, [
      [true, true, [1, 1], true, ['default'], 1],
      ['InvalidSubnet.Conflict', 'InvalidSubnet.Range', 'InvalidVpc.Range', 'Resource.AlreadyAssociated', 'UnsupportedOperation', 'UnsupportedOperation', 'DefaultVpcAlreadyExists', 'DefaultSubnetAlreadyExistsInAvailabilityZone',
        'InvalidServiceName', 'UnsupportedOperation', 'DependencyViolation', 'CidrConflict', 'InvalidAssociationID.NotFound'],
      [0, 0, 0, 0],
    ]);
  });

  it('is made with kubectl by the same rules, and both see the same', async () => {
    await apply('Subnet', 'inner', { vpcId: 'office', cidrBlock: '10.5.1.0/24', availabilityZone: 'us-east-1c' });
    await claims('subnets', 'inner', 'Available', 'False VpcNotFound');
    await apply('Vpc', 'office', { cidrBlock: '10.5.0.0/16', tags: [{ key: 'Name', value: 'office' }] });
    await claims('subnets', 'inner', 'Available', 'True Available');
    await apply('Subnet', 'clash', { vpcId: 'office', cidrBlock: '10.5.1.128/25', availabilityZone: 'us-east-1c' });
    await claims('subnets', 'clash', 'Available', 'False BlockConflict');
    await apply('InternetGateway', 'door', { vpcId: 'office' });
    await apply('RouteTable', 'ways', { vpcId: 'office', routes: [{ destinationCidrBlock: '0.0.0.0/0', gatewayId: 'door' }] });
    await claims('internetgateways', 'door', 'Attached', 'True Attached');
    await claims('routetables', 'ways', 'Ready', 'True Ready');
    await claims('routetables', 'ways', 'Enforced', 'False PodNetwork');
    await cloud.operator.hasSeen(await get('vpcs', 'office'));
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'tag:Name', Values: ['office'] }] }));
    assert.deepEqual(Vpcs?.map(({ CidrBlock, IsDefault }) => [CidrBlock, IsDefault]), [['10.5.0.0/16', false]]);

    await instances.apply('guest', { imageId: 'instance-store', subnetId: 'inner' });
    const guest = await instances.shows('guest', 'running');
    assert.equal(guest.status?.availabilityZone, 'us-east-1c');
    await cloud.controlPlane.client.remove(path('subnets', 'clash'));
    await cloud.controlPlane.client.remove(path('vpcs', 'office'));
    await cloud.controlPlane.client.remove(path('subnets', 'inner'));
    await claims('subnets', 'inner', 'Available', 'False InUse');
    await claims('vpcs', 'office', 'Available', 'False InUse');
    await instances.remove('guest');
    await eventually('subnet and VPC go when they are empty', 120, async () => get('vpcs', 'office').then(() => false, (error: unknown) => isNotFound(error)));
  });

  const refused: Record<string, { kind: string; spec: object; want: RegExp }> = {
    'a VPC of /8': { kind: 'vpcs', spec: { cidrBlock: '10.0.0.0/8' }, want: /spec.cidrBlock/ },
    'a block with bits behind the prefix': { kind: 'vpcs', spec: { cidrBlock: '10.0.0.1/16' }, want: /bits are set behind the prefix/ },
    'a subnet without a zone': { kind: 'subnets', spec: { vpcId: 'x', cidrBlock: '10.0.0.0/24' }, want: /availabilityZone/ },
    'a route without a destination': { kind: 'routetables', spec: { vpcId: 'x', routes: [{ gatewayId: 'y' }] }, want: /exactly one of destinationCidrBlock/ },
    'a name server that is no address': { kind: 'dhcpoptions', spec: { domainNameServers: ['dns.example.com'] }, want: /must be an IP address/ },
  };
  for (const [name, { kind, spec, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const singular = { vpcs: 'Vpc', subnets: 'Subnet', routetables: 'RouteTable', dhcpoptions: 'DhcpOptions' }[kind] ?? '';
      await assert.rejects(cloud.controlPlane.client.create(path(kind), { apiVersion, kind: singular, metadata: { name: 'wrong' }, spec }), want);
    });
  }
});
