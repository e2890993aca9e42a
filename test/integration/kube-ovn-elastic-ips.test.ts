import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Cloud, TenantClients } from '../support/cloud.ts';
import { openKubeOvnCloud } from '../support/kube-ovn-cloud.ts';

interface Ovn extends AnyObject {
  spec: Record<string, unknown>;
  status?: { v4Ip?: string; v4Eip?: string; ready?: boolean; enableExternal?: boolean; conditions?: { type: string; status: string; reason: string }[] };
}

const SECONDS = 120;
/** Kube-OVN's Subnet outside, as an administrator makes it. */
const OUTSIDE = {
  apiVersion: 'kubeovn.io/v1',
  kind: 'Subnet',
  metadata: { name: 'outside' },
  spec: { protocol: 'IPv4', cidrBlock: '203.0.113.128/26', gateway: '203.0.113.129', vlan: 'vlan0', excludeIps: ['203.0.113.129..203.0.113.139'] },
};

describe('elastic IPs, internet gateways and routes by Kube-OVN, its kinds on the real API server, its controller simulated', () => {
  let cloud: Cloud;
  let tenant: TenantClients;

  before(async () => {
    cloud = await openKubeOvnCloud('kube-ovn-outside', { KUBE_EC2_KUBE_OVN_EXTERNAL_SUBNET: OUTSIDE.metadata.name });
    await cloud.controlPlane.client.create('/apis/kubeovn.io/v1/subnets', OUTSIDE);
  });
  after(async () => (cloud as Cloud | undefined)?.close());
  // Each test, and each try of one, has an account of its own.
  beforeEach(async () => {
    tenant = await cloud.open('kube-ovn-outside');
  });

  const send = async <T extends object>(command: object): Promise<T> => (await tenant.ec2.send(command as never)) as unknown as T;
  const get = async (path: string): Promise<Ovn | undefined> =>
    cloud.controlPlane.client.find<Ovn>(path);
  const ovn = async (plural: string, name: string): Promise<Ovn | undefined> => get(`/apis/kubeovn.io/v1/${plural}/${name}`);
  /** What there is of a kind for this account. */
  const ours = async (plural: string): Promise<string[]> => {
    const query = `labelSelector=${encodeURIComponent(`kube-ec2.io/namespace=${tenant.account.namespace}`)}`;
    const { items } = await cloud.controlPlane.client.get<{ items: Ovn[] }>(`/apis/kubeovn.io/v1/${plural}?${query}`);
    return items.map(({ metadata }) => metadata.name ?? '');
  };
  const becomes = async <T>(what: string, want: T, look: () => Promise<T>): Promise<void> => {
    await eventually(what, SECONDS, async () => {
      const found = await look();
      try {
        assert.deepEqual(found, want);
      } catch {
        throw new Error(JSON.stringify(found));
      }
      return true;
    });
  };
  const claims = async (plural: string, name: string, type: string, want: string): Promise<void> =>
    becomes(`${plural}/${name} has ${type} ${want}`, want, async () => {
      const { status } = (await get(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/${plural}/${name}`)) ?? {};
      const condition = status?.conditions?.find((candidate) => candidate.type === type);
      return `${condition?.status ?? ''} ${condition?.reason ?? ''}`;
    });
  const described = async (id: string): Promise<sdk.Instance> => {
    const { Reservations } = await send<sdk.DescribeInstancesResult>(new sdk.DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0] ?? assert.fail(`${id} is not described`);
  };
  const shows = async (id: string, state: sdk.InstanceStateName): Promise<void> => becomes<unknown>(`${id} is ${state}`, state, async () => (await described(id)).State?.Name);
  const launch = async (more: Partial<sdk.RunInstancesRequest>): Promise<string> => {
    const request = { ImageId: tenant.account.ebsImageId, InstanceType: 't3.nano', MinCount: 1, MaxCount: 1, ...more } as const;
    const { Instances } = await send<sdk.Reservation>(new sdk.RunInstancesCommand(request));
    const id = Instances?.[0]?.InstanceId ?? '';
    await shows(id, 'running');
    return id;
  };
  /** Where an address leads, by Kube-OVN: `203.0.113.140 > 10.8.1.4`. */
  const leadsTo = async (name: string, want: string): Promise<void> =>
    becomes(`${name} leads to ${want || 'nowhere'}`, want, async () => {
      const fip = await ovn('ovn-fips', name);
      return fip?.status?.ready === true ? `${fip.status.v4Eip ?? ''} > ${fip.status.v4Ip ?? ''}` : fip === undefined ? '' : 'not ready';
    });

  it('an address goes to machines of a VPC that has an internet gateway, stays over stop and start, and leaves nothing behind', async () => {
    const { Vpc } = await send<sdk.CreateVpcResult>(new sdk.CreateVpcCommand({ CidrBlock: '10.8.0.0/16' }));
    const VpcId = Vpc?.VpcId ?? '';
    const { Subnet } = await send<sdk.CreateSubnetResult>(new sdk.CreateSubnetCommand({ VpcId, CidrBlock: '10.8.1.0/24', AvailabilityZone: 'us-east-1a' }));
    const SubnetId = Subnet?.SubnetId ?? '';
    await becomes<unknown>('the subnet is available', 'available', async () => {
      const { Subnets } = await send<sdk.DescribeSubnetsResult>(new sdk.DescribeSubnetsCommand({ SubnetIds: [SubnetId] }));
      return Subnets?.[0]?.State;
    });
    const [first, second] = [await launch({ SubnetId }), await launch({ SubnetId })];
    const privateIps = [(await described(first)).PrivateIpAddress, (await described(second)).PrivateIpAddress];
    const { AllocationId = '', PublicIp = '' } = await send<sdk.AllocateAddressResult>(new sdk.AllocateAddressCommand({}));
    assert.match(PublicIp, /^203\.0\.113\.1[4-9]\d$/);
    assert.equal((await ovn('ovn-eips', AllocationId))?.status?.v4Ip, PublicIp);

    const associate = async (InstanceId: string): Promise<string> => (await send<sdk.AssociateAddressResult>(new sdk.AssociateAddressCommand({ AllocationId, InstanceId }))).AssociationId ?? '';
    await assert.rejects(associate(first), { name: 'Gateway.NotAttached' });
    const { InternetGateway } = await send<sdk.CreateInternetGatewayResult>(new sdk.CreateInternetGatewayCommand({}));
    const InternetGatewayId = InternetGateway?.InternetGatewayId ?? '';
    await send(new sdk.AttachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    const { RouteTable } = await send<sdk.CreateRouteTableResult>(new sdk.CreateRouteTableCommand({ VpcId }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    await send(new sdk.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId: InternetGatewayId }));
    const { AssociationId: tableAssociation } = await send<sdk.AssociateRouteTableResult>(new sdk.AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    const route = { policy: 'policyDst', cidr: '0.0.0.0/0', nextHopIP: OUTSIDE.spec.gateway, routeTable: RouteTableId, ecmpMode: '', bfdId: '' };
    await becomes<unknown>('the router has its way out', [true, [OUTSIDE.metadata.name], [route], true], async () => {
      const router = await ovn('vpcs', VpcId);
      return [router?.spec['enableExternal'], router?.spec['extraExternalSubnets'], router?.spec['staticRoutes'], router?.status?.enableExternal];
    });
    await becomes<unknown>('the switch goes by its table', RouteTableId, async () => (await ovn('subnets', SubnetId))?.spec['routeTable']);
    await claims('routetables', RouteTableId, 'Enforced', 'True KubeOvn');

    await associate(first);
    await leadsTo(AllocationId, `${PublicIp} > ${String(privateIps[0])}`);
    await claims('elasticips', AllocationId, 'PortsOpen', 'True Open');
    await becomes<unknown>('it is shown wherever EC2 shows it', [PublicIp, PublicIp, PublicIp, first], async () => {
      const instance = await described(first);
      const { NetworkInterfaces } = await send<sdk.DescribeNetworkInterfacesResult>(new sdk.DescribeNetworkInterfacesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [first] }] }));
      const { Addresses } = await send<sdk.DescribeAddressesResult>(new sdk.DescribeAddressesCommand({ AllocationIds: [AllocationId] }));
      return [instance.PublicIpAddress, NetworkInterfaces?.[0]?.Association?.PublicIp, Addresses?.[0]?.PublicIp, Addresses?.[0]?.InstanceId];
    });
    await assert.rejects(send(new sdk.DetachInternetGatewayCommand({ InternetGatewayId, VpcId })), { name: 'DependencyViolation' });

    const uid = (await ovn('ovn-fips', AllocationId))?.metadata.uid;
    await send(new sdk.StopInstancesCommand({ InstanceIds: [first] }));
    await shows(first, 'stopped');
    await send(new sdk.StartInstancesCommand({ InstanceIds: [first] }));
    await shows(first, 'running');
    await leadsTo(AllocationId, `${PublicIp} > ${String(privateIps[0])}`);
    assert.equal((await ovn('ovn-fips', AllocationId))?.metadata.uid, uid, 'it was there all the time');

    const associationId = await associate(second);
    await leadsTo(AllocationId, `${PublicIp} > ${String(privateIps[1])}`);
    await send(new sdk.DisassociateAddressCommand({ AssociationId: associationId }));
    await leadsTo(AllocationId, '');
    await associate(second);
    await leadsTo(AllocationId, `${PublicIp} > ${String(privateIps[1])}`);
    await send(new sdk.TerminateInstancesCommand({ InstanceIds: [first, second] }));
    await leadsTo(AllocationId, '');
    await becomes<unknown>('the address is free, and stays allocated', [PublicIp, undefined], async () => {
      const { Addresses } = await send<sdk.DescribeAddressesResult>(new sdk.DescribeAddressesCommand({ AllocationIds: [AllocationId] }));
      return [Addresses?.[0]?.PublicIp, Addresses?.[0]?.AssociationId];
    });
    await send(new sdk.ReleaseAddressCommand({ AllocationId }));
    await assert.rejects(send(new sdk.DescribeAddressesCommand({ AllocationIds: [AllocationId] })), { name: 'InvalidAllocationID.NotFound' });
    await becomes<unknown>('nothing is left of it', [[], []], async () => [await ours('ovn-eips'), await ours('ovn-fips')]);

    await Promise.all([first, second].map(async (id) => shows(id, 'terminated')));
    await send(new sdk.DetachInternetGatewayCommand({ InternetGatewayId, VpcId }));
    await becomes<unknown>('the router has no way out', [undefined, undefined, false], async () => {
      const router = await ovn('vpcs', VpcId);
      return [await ovn('ovn-eips', `${VpcId}-${OUTSIDE.metadata.name}`), router?.spec['staticRoutes'], router?.status?.enableExternal];
    });
    await send(new sdk.DisassociateRouteTableCommand({ AssociationId: tableAssociation }));
    await becomes<unknown>('the switch goes by the main table', '', async () => (await ovn('subnets', SubnetId))?.spec['routeTable']);
  });

  it('an instance of the default VPC has a public address while it runs, if it asks for one', async () => {
    const { Subnets } = await send<sdk.DescribeSubnetsResult>(new sdk.DescribeSubnetsCommand({ Filters: [{ Name: 'default-for-az', Values: ['true'] }] }));
    const id = await launch({ NetworkInterfaces: [{ DeviceIndex: 0, AssociatePublicIpAddress: true, SubnetId: Subnets?.[0]?.SubnetId }] });
    const privateIp = String((await described(id)).PrivateIpAddress);
    const hasAddress = async (): Promise<string> => {
      const address = await eventually(`${id} has a public address`, SECONDS, async () => (await described(id)).PublicIpAddress);
      await leadsTo(`${id}-public`, `${address} > ${privateIp}`);
      await claims('instances', id, 'PublicAddress', 'True Assigned');
      return address;
    };
    await hasAddress();
    await send(new sdk.StopInstancesCommand({ InstanceIds: [id] }));
    await shows(id, 'stopped');
    await becomes<unknown>('a stop gives it back', [[], [], undefined], async () => [await ours('ovn-eips'), await ours('ovn-fips'), (await described(id)).PublicIpAddress]);
    await send(new sdk.StartInstancesCommand({ InstanceIds: [id] }));
    await shows(id, 'running');
    await hasAddress();

    const { AllocationId = '', PublicIp = '' } = await send<sdk.AllocateAddressResult>(new sdk.AllocateAddressCommand({}));
    await send(new sdk.AssociateAddressCommand({ AllocationId, InstanceId: id }));
    await leadsTo(AllocationId, `${PublicIp} > ${privateIp}`);
    await becomes<unknown>('the elastic one takes its place', [[AllocationId], PublicIp], async () => [await ours('ovn-eips'), (await described(id)).PublicIpAddress]);
    await send(new sdk.TerminateInstancesCommand({ InstanceIds: [id] }));
    await shows(id, 'terminated');
    await leadsTo(AllocationId, '');
    await cloud.controlPlane.client.remove(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/elasticips/${AllocationId}`);
    await becomes<unknown>('kubectl delete gives it back too', [], async () => ours('ovn-eips'));
  });

  it('subnets whose route table leads to a NAT gateway get out by its address', async () => {
    const { Vpcs } = await send<sdk.DescribeVpcsResult>(new sdk.DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
    const VpcId = Vpcs?.[0]?.VpcId ?? '';
    const { Subnets } = await send<sdk.DescribeSubnetsResult>(new sdk.DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }));
    const [open = '', inner = ''] = (Subnets ?? []).map(({ SubnetId = '' }) => SubnetId);
    const { AllocationId = '', PublicIp = '' } = await send<sdk.AllocateAddressResult>(new sdk.AllocateAddressCommand({}));
    const { NatGateway } = await send<sdk.CreateNatGatewayResult>(new sdk.CreateNatGatewayCommand({ SubnetId: open, AllocationId }));
    const NatGatewayId = NatGateway?.NatGatewayId ?? '';
    await sdk.waitUntilNatGatewayAvailable({ client: tenant.ec2, maxWaitTime: SECONDS, minDelay: 1, maxDelay: 1 }, { NatGatewayIds: [NatGatewayId] });
    const { NatGateways } = await send<sdk.DescribeNatGatewaysResult>(new sdk.DescribeNatGatewaysCommand({ NatGatewayIds: [NatGatewayId] }));
    assert.deepEqual([NatGateways?.[0]?.NatGatewayAddresses?.[0]?.PublicIp, NatGateways?.[0]?.VpcId], [PublicIp, VpcId]);
    await assert.rejects(send(new sdk.ReleaseAddressCommand({ AllocationId })), { name: 'AuthFailure' });

    const { RouteTable } = await send<sdk.CreateRouteTableResult>(new sdk.CreateRouteTableCommand({ VpcId }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    await send(new sdk.CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', NatGatewayId }));
    await send(new sdk.AssociateRouteTableCommand({ RouteTableId, SubnetId: inner }));
    await becomes<unknown>('the subnet gets out', [[`${NatGatewayId}-${inner}`], true, RouteTableId], async () => {
      const rule = await ovn('ovn-snat-rules', `${NatGatewayId}-${inner}`);
      return [await ours('ovn-snat-rules'), rule?.status?.ready, (await ovn('subnets', inner))?.spec['routeTable']];
    });
    await claims('natgateways', NatGatewayId, 'Translating', 'True Translating');

    await send(new sdk.DeleteNatGatewayCommand({ NatGatewayId }));
    await sdk.waitUntilNatGatewayDeleted({ client: tenant.ec2, maxWaitTime: SECONDS, minDelay: 1, maxDelay: 1 }, { NatGatewayIds: [NatGatewayId] });
    assert.deepEqual(await ours('ovn-snat-rules'), []);
    await becomes<unknown>('the address is free', undefined, async () => {
      const { Addresses } = await send<sdk.DescribeAddressesResult>(new sdk.DescribeAddressesCommand({ AllocationIds: [AllocationId] }));
      return Addresses?.[0]?.AssociationId;
    });
    await send(new sdk.ReleaseAddressCommand({ AllocationId }));
    await becomes<unknown>('nothing is left of it', [], async () => ours('ovn-eips'));
  });
});
