import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import { InternetGatewayDefinition } from '../../../../../operator/api/network/internet-gateway.ts';
import { NatGatewayDefinition, type NatGatewayStatus } from '../../../../../operator/api/network/nat-gateway.ts';
import type { KubernetesObject } from '../../../../../operator/api/shared.ts';
import { ec2Operations } from '../../../../../operator/endpoint/ec2/operations.ts';
import { ElasticIp, NatGateway } from '../../../../../operator/kubernetes/resources.ts';
import { anElasticIp } from '../../../../support/address-objects.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { aSubnet, aVpc } from '../../../../support/network-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const [VPC, OTHER_VPC] = ['vpc-00000000000000001', 'vpc-00000000000000002'];
const [SUBNET, OTHER_SUBNET] = ['subnet-00000000000000001', 'subnet-00000000000000002'];
const [ADDRESS, FREE] = ['eipalloc-00000000000000001', 'eipalloc-00000000000000002'];
const [NAT, OTHER_NAT] = ['nat-00000000000000001', 'nat-00000000000000002'];
const GATEWAY = 'igw-00000000000000001';
const INSTANCE = 'i-00000000000000001';

type Operation = keyof typeof ec2Operations;

const nat = (name: string, subnetId = SUBNET, status: NatGatewayStatus = { state: 'available', publicIp: '203.0.113.1' }, metadata: object = {}): KubernetesObject =>
  ({
    apiVersion: NatGatewayDefinition.apiVersion,
    kind: NatGatewayDefinition.kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z', ...metadata },
    spec: NatGatewayDefinition.spec.parse({ subnetId, allocationId: ADDRESS, tags: [{ key: 'team', value: 'a' }] }),
    status,
  }) as KubernetesObject;

const gateway = {
  apiVersion: InternetGatewayDefinition.apiVersion,
  kind: InternetGatewayDefinition.kind,
  metadata: { name: GATEWAY, namespace: NAMESPACE, uid: `uid-${GATEWAY}` },
  spec: InternetGatewayDefinition.spec.parse({ vpcId: VPC }),
} as KubernetesObject;

function cloud(...more: KubernetesObject[]): { cluster: FakeCluster; call: <T = Record<string, unknown>>(operation: Operation, input?: object) => Promise<T> } {
  const vpc = (name: string, cidrBlock: string): KubernetesObject => ({ ...aVpc(name, { cidrBlock }), status: { state: 'available', networkProvider: 'kube-ovn' } }) as KubernetesObject;
  const cluster = new FakeCluster({
    objects: [
      theAccount(),
      vpc(VPC, '10.0.0.0/16'),
      vpc(OTHER_VPC, '10.1.0.0/16'),
      aSubnet(SUBNET, { vpcId: VPC, cidrBlock: '10.0.1.0/24' }),
      aSubnet(OTHER_SUBNET, { vpcId: OTHER_VPC, cidrBlock: '10.1.1.0/24' }),
      anInstance(INSTANCE, { subnetId: SUBNET }),
      anElasticIp(ADDRESS, { status: { publicIp: '203.0.113.1' }, association: { natGatewayId: NAT, allowReassociation: false } }),
      anElasticIp(FREE, { status: { publicIp: '203.0.113.2' } }),
      gateway,
      ...more,
    ],
  });
  const context = operationContext(cluster);
  const call = async <T>(operation: Operation, input: object = {}): Promise<T> => {
    const result = (await ec2Operations[operation].run(input as never, context)) as object | undefined;
    if (result) assert.deepEqual(checker.violations(operation, result).filter((line) => !line.includes('Attachments[0].State: available')), []);
    return result as T;
  };
  return { cluster, call };
}

describe('CreateNatGateway with Kube-OVN', () => {
  it('makes a gateway that is pending, once for each token', async () => {
    const { cluster, call } = cloud();
    const input = { SubnetId: SUBNET, AllocationId: FREE, ClientToken: 'once', TagSpecifications: [{ ResourceType: 'natgateway', Tags: [{ Key: 'k', Value: 'v' }] }] };
    const { NatGateway: made, ClientToken } = await call<sdk.CreateNatGatewayResult>('CreateNatGateway', input);
    const { NatGatewayId = '', State, SubnetId, VpcId, ConnectivityType, NatGatewayAddresses, Tags } = made ?? {};
    assert.match(NatGatewayId, /^nat-[0-9a-f]{17}$/);
    assert.deepEqual([State, SubnetId, VpcId, ConnectivityType, Tags, ClientToken], ['pending', SUBNET, VPC, 'public', [{ Key: 'k', Value: 'v' }], 'once']);
    assert.deepEqual(NatGatewayAddresses, [{ AllocationId: FREE, IsPrimary: true, Status: 'associating' }]);
    const { request: _, ...spec } = cluster.get(NatGateway, { namespace: NAMESPACE, name: NatGatewayId })?.spec ?? {};
    assert.deepEqual(spec, { subnetId: SUBNET, allocationId: FREE, tags: [{ key: 'k', value: 'v' }] });
    assert.equal((await call<sdk.CreateNatGatewayResult>('CreateNatGateway', input)).NatGateway?.NatGatewayId, NatGatewayId);
    await assert.rejects(call('CreateNatGateway', { ...input, AllocationId: ADDRESS }), { code: 'IdempotentParameterMismatch' });
  });

  const many = [1, 2, 3, 4, 5].map((number) => nat(`nat-0000000000000001${String(number)}`));
  const refused: Record<string, { input: object; want: string; objects?: KubernetesObject[] }> = {
    'without a subnet': { input: { AllocationId: FREE }, want: 'MissingParameter' },
    'without an address': { input: { SubnetId: SUBNET }, want: 'MissingParameter' },
    'in a subnet that is not there': { input: { SubnetId: 'subnet-00000000000000009', AllocationId: FREE }, want: 'InvalidSubnetID.NotFound' },
    'with an address that is not there': { input: { SubnetId: SUBNET, AllocationId: 'eipalloc-00000000000000009' }, want: 'InvalidAllocationID.NotFound' },
    'a private one': { input: { SubnetId: SUBNET, ConnectivityType: 'private' }, want: 'UnsupportedOperation' },
    'one of a region': { input: { VpcId: VPC, AvailabilityMode: 'regional' }, want: 'UnsupportedOperation' },
    'a private address': { input: { SubnetId: SUBNET, AllocationId: FREE, PrivateIpAddress: '10.0.1.9' }, want: 'UnsupportedOperation' },
    'a second address': { input: { SubnetId: SUBNET, AllocationId: FREE, SecondaryAllocationIds: [ADDRESS] }, want: 'UnsupportedOperation' },
    'tags of another kind': { input: { SubnetId: SUBNET, AllocationId: FREE, TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] }, want: 'InvalidParameterValue' },
    'more than five': { input: { SubnetId: SUBNET, AllocationId: FREE }, want: 'NatGatewayLimitExceeded', objects: many },
  };
  for (const [name, { input, want, objects = [] }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, call } = cloud(...objects);
      await assert.rejects(call('CreateNatGateway', input), { code: want });
      assert.deepEqual(cluster.writes, []);
    });
  }
});

describe('DescribeNatGateways', () => {
  it('shows address, state and tags, by filters and ids', async () => {
    const failure = { state: 'failed', failureCode: 'Gateway.NotAttached', failureMessage: 'm' } as const;
    const { call } = cloud(nat(NAT), nat(OTHER_NAT, OTHER_SUBNET, failure));
    const all = await call<sdk.DescribeNatGatewaysResult>('DescribeNatGateways');
    assert.deepEqual(all.NatGateways?.map(({ NatGatewayId, State, FailureCode }) => [NatGatewayId, State, FailureCode]), [[NAT, 'available', undefined], [OTHER_NAT, 'failed', 'Gateway.NotAttached']]);
    const [address] = all.NatGateways?.[0]?.NatGatewayAddresses ?? [];
    assert.deepEqual([address?.PublicIp, address?.AllocationId, address?.Status, address?.IsPrimary], ['203.0.113.1', ADDRESS, 'succeeded', true]);
    assert.match(address?.AssociationId ?? '', /^eipassoc-/);
    const found = async (Name: string, ...Values: string[]): Promise<(string | undefined)[]> =>
      ((await call<sdk.DescribeNatGatewaysResult>('DescribeNatGateways', { Filter: [{ Name, Values }] })).NatGateways ?? []).map(({ NatGatewayId }) => NatGatewayId);
    assert.deepEqual([await found('vpc-id', VPC), await found('subnet-id', OTHER_SUBNET), await found('state', 'available'), await found('tag:team', 'a'), await found('nat-gateway-id', NAT)], [[NAT], [OTHER_NAT], [NAT], [NAT, OTHER_NAT], [NAT]]);
    const byId = async (...NatGatewayIds: string[]): Promise<unknown> => call('DescribeNatGateways', { NatGatewayIds });
    await assert.rejects(byId('nat-00000000000000009'), { code: 'NatGatewayNotFound' });
    await assert.rejects(byId('igw-00000000000000001'), { code: 'NatGatewayMalformed' });
    await assert.rejects(found('colour', 'red'), { code: 'InvalidParameterValue' });
  });
});

describe('DeleteNatGateway', () => {
  it('leaves it deleting until it is gone', async () => {
    const { cluster, call } = cloud(nat(NAT, SUBNET, { state: 'available' }, { finalizers: ['kube-ec2.io/nat-gateway'] }));
    assert.deepEqual(await call('DeleteNatGateway', { NatGatewayId: NAT }), { NatGatewayId: NAT });
    assert.equal((await call<sdk.DescribeNatGatewaysResult>('DescribeNatGateways')).NatGateways?.[0]?.State, 'deleting');
    await call('DeleteNatGateway', { NatGatewayId: NAT });
    await cluster.patch(NatGateway, { namespace: NAMESPACE, name: NAT }, { metadata: { finalizers: [] } });
    await assert.rejects(call('DeleteNatGateway', { NatGatewayId: NAT }), { code: 'NatGatewayNotFound' });
    await assert.rejects(call('DeleteNatGateway', {}), { code: 'MissingParameter' });
  });
});

describe('what a NAT gateway has a part in', () => {
  it('its address cannot be given to another, taken from it or released, and says what has it', async () => {
    const { cluster, call } = cloud(nat(NAT));
    const { Addresses } = await call<sdk.DescribeAddressesResult>('DescribeAddresses', { AllocationIds: [ADDRESS] });
    const { AssociationId, InstanceId, NetworkInterfaceId } = Addresses?.[0] ?? {};
    assert.match(AssociationId ?? '', /^eipassoc-/);
    assert.deepEqual([InstanceId, NetworkInterfaceId], [undefined, undefined]);
    for (const [operation, input] of [['AssociateAddress', { AllocationId: ADDRESS, InstanceId: INSTANCE }], ['DisassociateAddress', { AssociationId }], ['ReleaseAddress', { AllocationId: ADDRESS }]] as const) {
      await assert.rejects(call(operation, input), { code: 'AuthFailure' }, operation);
    }
    assert.equal(cluster.get(ElasticIp, { namespace: NAMESPACE, name: ADDRESS })?.spec.association?.natGatewayId, NAT);
  });

  it('routes lead to it within its VPC, and are black holes when it goes', async () => {
    const { cluster, call } = cloud(nat(NAT), nat(OTHER_NAT, OTHER_SUBNET));
    const { RouteTable } = await call<sdk.CreateRouteTableResult>('CreateRouteTable', { VpcId: VPC });
    const { RouteTableId } = RouteTable ?? {};
    const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0' };
    await call('CreateRoute', { ...route, NatGatewayId: NAT });
    await call('CreateRoute', { ...route, NatGatewayId: NAT });
    await assert.rejects(call('CreateRoute', { ...route, GatewayId: GATEWAY }), { code: 'RouteAlreadyExists' });
    await assert.rejects(call('ReplaceRoute', { ...route, NatGatewayId: OTHER_NAT }), { code: 'InvalidParameterValue' });
    await assert.rejects(call('CreateRoute', { ...route, DestinationCidrBlock: '10.0.1.0/24', NatGatewayId: NAT }), { code: 'InvalidParameterValue' });
    const shown = async (): Promise<(string | undefined)[][]> => {
      const { RouteTables } = await call<sdk.DescribeRouteTablesResult>('DescribeRouteTables', { Filters: [{ Name: 'route.nat-gateway-id', Values: [NAT] }] });
      return (RouteTables?.[0]?.Routes ?? []).map(({ NatGatewayId, GatewayId, State }) => [NatGatewayId ?? GatewayId, State]);
    };
    assert.deepEqual(await shown(), [['local', 'active'], [NAT, 'active']]);
    await cluster.remove(NatGateway, { namespace: NAMESPACE, name: NAT });
    assert.deepEqual(await shown(), [['local', 'active'], [NAT, 'blackhole']]);
    await assert.rejects(call('ReplaceRoute', { ...route, NatGatewayId: NAT }), { code: 'InvalidNatGatewayID.NotFound' });
    await call('ReplaceRoute', { ...route, GatewayId: GATEWAY });
    await call('DeleteRoute', route);
  });

  it('its subnet and the internet gateway stay, and it is tagged like others', async () => {
    const { call } = cloud(nat(NAT));
    await assert.rejects(call('DeleteSubnet', { SubnetId: SUBNET }), { code: 'DependencyViolation' });
    await assert.rejects(call('DetachInternetGateway', { InternetGatewayId: GATEWAY, VpcId: VPC }), { code: 'DependencyViolation' });
    await call('CreateTags', { Resources: [NAT], Tags: [{ Key: 'Name', Value: 'out' }] });
    const { Tags } = await call<sdk.DescribeTagsResult>('DescribeTags', { Filters: [{ Name: 'resource-type', Values: ['natgateway'] }] });
    assert.deepEqual(Tags?.map(({ Key, ResourceId }) => [Key, ResourceId]).sort(), [['Name', NAT], ['team', NAT]]);
  });
});
