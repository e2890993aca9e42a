import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { AllocateAddressRequest, AssociateAddressRequest, DescribeAddressesRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../../../operator/api/ec2-id.ts';
import { associationIdOf } from '../../../../../operator/api/network/elastic-ip.ts';
import { ownInterfaceIdOf } from '../../../../../operator/api/network/network-interface.ts';
import type { KubernetesObject } from '../../../../../operator/api/shared.ts';
import { allocateAddress } from '../../../../../operator/endpoint/ec2/addresses/AllocateAddress.ts';
import { associateAddress } from '../../../../../operator/endpoint/ec2/addresses/AssociateAddress.ts';
import { describeAddresses } from '../../../../../operator/endpoint/ec2/addresses/DescribeAddresses.ts';
import { describeAddressesAttribute } from '../../../../../operator/endpoint/ec2/addresses/DescribeAddressesAttribute.ts';
import { describePublicIpv4Pools } from '../../../../../operator/endpoint/ec2/addresses/DescribePublicIpv4Pools.ts';
import { disassociateAddress } from '../../../../../operator/endpoint/ec2/addresses/DisassociateAddress.ts';
import { modifyAddressAttribute } from '../../../../../operator/endpoint/ec2/addresses/ModifyAddressAttribute.ts';
import { releaseAddress } from '../../../../../operator/endpoint/ec2/addresses/ReleaseAddress.ts';
import { resetAddressAttribute } from '../../../../../operator/endpoint/ec2/addresses/ResetAddressAttribute.ts';
import { describeInstances } from '../../../../../operator/endpoint/ec2/instances/DescribeInstances.ts';
import { createTags } from '../../../../../operator/endpoint/ec2/tags/CreateTags.ts';
import { describeTags } from '../../../../../operator/endpoint/ec2/tags/DescribeTags.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import { ElasticIp, Instance } from '../../../../../operator/kubernetes/resources.ts';
import { aNetworkInterface, anElasticIp } from '../../../../support/address-objects.ts';
import { anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeClock } from '../../../../support/fake-clock.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const FIRST = 'i-00000000000000001';
const SECOND = 'i-00000000000000002';
const GONE = 'i-00000000000000003';
const FREE = 'eipalloc-00000000000000001';
const USED = 'eipalloc-00000000000000002';
const ENI = 'eni-0000000000000000a';

function code(wanted: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    return true;
  };
}

function cloud(...more: KubernetesObject[]): { cluster: FakeCluster; context: OperationContext; clock: FakeClock } {
  const clock = new FakeClock();
  const cluster = new FakeCluster({
    clock,
    objects: [
      theAccount(),
      anAmi('ami-00000000000000001'),
      anInstanceType('t3.micro'),
      anInstance(FIRST, { status: { privateIpAddress: '10.244.0.7' } }),
      anInstance(SECOND),
      anInstance(GONE, { status: { state: 'terminated' } }),
      aNetworkInterface(ENI),
      anElasticIp(FREE, { status: { publicIp: '203.0.113.1' }, tags: [{ key: 'team', value: 'a' }] }),
      anElasticIp(USED, { status: { publicIp: '203.0.113.2' }, association: { instanceId: FIRST, allowReassociation: true }, creationTimestamp: '2026-01-02T00:00:00Z' }),
      anElasticIp('eipalloc-00000000000000003'),
      anElasticIp('eipalloc-00000000000000009', { namespace: 'other', status: { publicIp: '203.0.113.9' } }),
      ...more,
    ],
  });
  return { cluster, context: operationContext(cluster, { clock }), clock };
}

/** Plays controller and load balancer: every new address is given this one. */
function giving(cluster: FakeCluster, status: object): void {
  cluster.onChange(({ type, object }) => {
    if (type === 'ADDED' && object.kind === 'ElasticIp') queueMicrotask(() => cluster.add({ ...object, status } as KubernetesObject));
  });
}

const used = (): ElasticIp => cloud().cluster.get(ElasticIp, { namespace: NAMESPACE, name: USED }) ?? assert.fail();
const usedAssociation = (): string => associationIdOf(used()) ?? '';
const interfaceOf = (id: string): string => ownInterfaceIdOf(anInstance(id));

describe('AllocateAddress', () => {
  it('answers with the address that the load balancer gives', async () => {
    const { cluster, context, clock } = cloud();
    giving(cluster, { publicIp: '203.0.113.7' });
    const allocating = allocateAddress({ TagSpecifications: [{ ResourceType: 'elastic-ip', Tags: [{ Key: 'k', Value: 'v' }] }] }, context);
    await clock.advance(100);
    const result = await allocating;
    assert.deepEqual(checker.violations('AllocateAddress', result), []);
    const { AllocationId = '', ...rest } = result;
    assert.match(AllocationId, /^eipalloc-[0-9a-f]{17}$/);
    assert.deepEqual(rest, { PublicIp: '203.0.113.7', PublicIpv4Pool: 'amazon', NetworkBorderGroup: 'us-east-1', Domain: 'vpc' });
    assert.deepEqual(cluster.get(ElasticIp, { namespace: NAMESPACE, name: AllocationId })?.spec, { tags: [{ key: 'k', value: 'v' }] });
  });

  const notGiven: Record<string, { input: AllocateAddressRequest; status: object; after: number; want: string }> = {
    'no load balancer gives one in time': { input: {}, status: {}, after: 11_000, want: 'InsufficientAddressCapacity' },
    'that one is not to be had': {
      input: { Address: '198.51.100.1' },
      status: { conditions: [{ type: 'Allocated', status: 'False', reason: 'OtherAddress', message: 'm', lastTransitionTime: '2026-01-01T00:00:00Z' }] },
      after: 100,
      want: 'InvalidAddress.NotFound',
    },
  };
  for (const [name, { input, status, after, want }] of Object.entries(notGiven)) {
    it(`leaves nothing behind when ${name}`, async () => {
      const { cluster, context, clock } = cloud();
      giving(cluster, status);
      const before = cluster.list(ElasticIp).length;
      const refused = assert.rejects(allocateAddress(input, context), code(want));
      await clock.advance(after);
      await refused;
      assert.equal(cluster.list(ElasticIp).length, before);
    });
  }

  const refused: Record<string, { input: AllocateAddressRequest; want: string; quota?: number }> = {
    'more than the quota': { input: {}, want: 'AddressLimitExceeded', quota: 3 },
    'a domain that is no VPC': { input: { Domain: 'standard' }, want: 'UnsupportedOperation' },
    'a pool that is not there': { input: { PublicIpv4Pool: 'ipv4pool-ec2-1' }, want: 'InvalidPublicIpv4PoolID.NotFound' },
    'another border group': { input: { NetworkBorderGroup: 'us-east-1-wl1' }, want: 'InvalidParameterValue' },
    'a pool of Outposts': { input: { CustomerOwnedIpv4Pool: 'x' }, want: 'UnsupportedOperation' },
    'a pool of IPAM': { input: { IpamPoolId: 'x' }, want: 'UnsupportedOperation' },
    'what is no address': { input: { Address: '1.2.3.256' }, want: 'InvalidAddress.Malformed' },
    'tags of another kind': { input: { TagSpecifications: [{ ResourceType: 'vpc', Tags: [] }] }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want, quota }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud(...(quota === undefined ? [] : [theAccount({ quotas: { elasticIps: quota } })]));
      await assert.rejects(allocateAddress(input, context), code(want));
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('calls at the same time do not pass the quota together', async () => {
    const { cluster, context, clock } = cloud(theAccount({ quotas: { elasticIps: 5 } }));
    giving(cluster, { publicIp: '203.0.113.7' });
    const calls = Promise.allSettled(Array.from({ length: 6 }, async () => allocateAddress({}, context)));
    await clock.advance(1000);
    assert.equal((await calls).filter(({ status }) => status === 'fulfilled').length, 2);
  });
});

describe('AssociateAddress', () => {
  const cases: Record<string, { input: AssociateAddressRequest; target: string; instance?: string; freed?: string }> = {
    'an instance': { input: { AllocationId: FREE, InstanceId: SECOND }, target: interfaceOf(SECOND), instance: SECOND },
    'by the address itself': { input: { PublicIp: '203.0.113.1', InstanceId: SECOND }, target: interfaceOf(SECOND), instance: SECOND },
    'the own interface of an instance': { input: { AllocationId: FREE, NetworkInterfaceId: interfaceOf(SECOND) }, target: interfaceOf(SECOND), instance: SECOND },
    'an interface without an instance': { input: { AllocationId: FREE, NetworkInterfaceId: ENI }, target: ENI },
    'its private address by name': { input: { AllocationId: FREE, InstanceId: FIRST, PrivateIpAddress: '10.244.0.7' }, target: interfaceOf(FIRST), instance: FIRST, freed: USED },
    'from one instance to another': { input: { AllocationId: USED, InstanceId: SECOND }, target: interfaceOf(SECOND), instance: SECOND },
    'in place of another address': { input: { AllocationId: FREE, InstanceId: FIRST, AllowReassociation: true }, target: interfaceOf(FIRST), instance: FIRST, freed: USED },
  };
  for (const [name, { input, target, instance, freed }] of Object.entries(cases)) {
    it(`associates ${name}`, async () => {
      const { context } = cloud();
      const result = await associateAddress(input, context);
      assert.deepEqual(checker.violations('AssociateAddress', result), []);
      const { Addresses = [] } = await describeAddresses({ Filters: [{ Name: 'association-id', Values: [result.AssociationId ?? ''] }] }, context);
      assert.deepEqual(Addresses.map(({ NetworkInterfaceId, InstanceId }) => [NetworkInterfaceId, InstanceId]), [[target, instance]]);
      if (freed === undefined) return;
      const other = await describeAddresses({ AllocationIds: [freed] }, context);
      assert.equal(other.Addresses?.[0]?.AssociationId, undefined);
    });
  }

  it('changes nothing when it is so already', async () => {
    const { cluster, context } = cloud();
    assert.deepEqual(await associateAddress({ AllocationId: USED, InstanceId: FIRST, AllowReassociation: false }, context), { AssociationId: usedAssociation() });
    assert.deepEqual(cluster.writes, []);
  });

  const refused: Record<string, { input: AssociateAddressRequest; want: string }> = {
    'no address': { input: { InstanceId: FIRST }, want: 'MissingParameter' },
    'two addresses': { input: { AllocationId: FREE, PublicIp: '203.0.113.1', InstanceId: FIRST }, want: 'InvalidParameterCombination' },
    'nothing to have it': { input: { AllocationId: FREE }, want: 'MissingParameter' },
    'two to have it': { input: { AllocationId: FREE, InstanceId: FIRST, NetworkInterfaceId: ENI }, want: 'InvalidParameterCombination' },
    'an allocation of another account': { input: { AllocationId: 'eipalloc-00000000000000009', InstanceId: FIRST }, want: 'InvalidAllocationID.NotFound' },
    'what is no allocation id': { input: { AllocationId: 'x', InstanceId: FIRST }, want: 'InvalidAllocationID.NotFound' },
    'an address of another account': { input: { PublicIp: '203.0.113.9', InstanceId: FIRST }, want: 'InvalidAddress.NotFound' },
    'what is no address': { input: { PublicIp: 'x', InstanceId: FIRST }, want: 'InvalidAddress.Malformed' },
    'an instance that is not there': { input: { AllocationId: FREE, InstanceId: 'i-00000000000000009' }, want: 'InvalidInstanceID.NotFound' },
    'an instance that has ended': { input: { AllocationId: FREE, InstanceId: GONE }, want: 'IncorrectInstanceState' },
    'an interface that is not there': { input: { AllocationId: FREE, NetworkInterfaceId: 'eni-00000000000000009' }, want: 'InvalidNetworkInterfaceID.NotFound' },
    'the interface of an instance that has ended': { input: { AllocationId: FREE, NetworkInterfaceId: interfaceOf(GONE) }, want: 'InvalidNetworkInterfaceID.NotFound' },
    'another private address': { input: { AllocationId: FREE, InstanceId: FIRST, PrivateIpAddress: '10.0.0.1' }, want: 'InvalidParameterValue' },
    'to take an address away that may not be': { input: { AllocationId: USED, InstanceId: SECOND, AllowReassociation: false }, want: 'Resource.AlreadyAssociated' },
    'to take a place that may not be': { input: { AllocationId: FREE, InstanceId: FIRST, AllowReassociation: false }, want: 'Resource.AlreadyAssociated' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(associateAddress(input, context), code(want));
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('does not lose to the controller, which writes statuses meanwhile', async () => {
    const { cluster, context } = cloud();
    cluster.failNext('patch', 'ElasticIp', new ApiError({ code: 409, reason: 'Conflict', message: 'changed meanwhile' }));
    const { AssociationId } = await associateAddress({ AllocationId: FREE, InstanceId: SECOND }, context);
    assert.match(AssociationId ?? '', /^eipassoc-[0-9a-f]{17}$/);
  });
});

describe('DisassociateAddress', () => {
  for (const input of [{ AssociationId: usedAssociation() }, { PublicIp: '203.0.113.2' }]) {
    it(`takes an address away by ${Object.keys(input).join()}`, async () => {
      const { cluster, context } = cloud();
      await disassociateAddress(input, context);
      assert.equal(cluster.get(ElasticIp, { namespace: NAMESPACE, name: USED })?.spec.association, undefined);
      // Twice is once.
      if (input.PublicIp !== undefined) await disassociateAddress(input, context);
    });
  }

  const refused: Record<string, { input: sdk.DisassociateAddressRequest; want: string }> = {
    nothing: { input: {}, want: 'MissingParameter' },
    both: { input: { AssociationId: usedAssociation(), PublicIp: '203.0.113.2' }, want: 'InvalidParameterCombination' },
    'an association that is not there': { input: { AssociationId: 'eipassoc-00000000000000009' }, want: 'InvalidAssociationID.NotFound' },
    'what is no association': { input: { AssociationId: 'x' }, want: 'InvalidAssociationID.NotFound' },
    'an address that is not there': { input: { PublicIp: '203.0.113.200' }, want: 'InvalidAddress.NotFound' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => assert.rejects(disassociateAddress(input, cloud().context), code(want)));
  }
});

describe('ReleaseAddress', () => {
  it('gives an address back, even one that no load balancer has given yet', async () => {
    const { cluster, context } = cloud();
    await releaseAddress({ AllocationId: FREE, NetworkBorderGroup: 'us-east-1' }, context);
    await releaseAddress({ AllocationId: 'eipalloc-00000000000000003' }, context);
    assert.deepEqual(cluster.list(ElasticIp, NAMESPACE).map(({ metadata }) => metadata.name), [USED]);
  });

  const refused: Record<string, { input: sdk.ReleaseAddressRequest; want: string }> = {
    nothing: { input: {}, want: 'MissingParameter' },
    'an address that something has': { input: { AllocationId: USED }, want: 'InvalidIPAddress.InUse' },
    'the same by itself': { input: { PublicIp: '203.0.113.2' }, want: 'InvalidIPAddress.InUse' },
    'one that is not there': { input: { AllocationId: 'eipalloc-0000000000000000f' }, want: 'InvalidAllocationID.NotFound' },
    'another border group': { input: { AllocationId: FREE, NetworkBorderGroup: 'elsewhere' }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => assert.rejects(releaseAddress(input, cloud().context), code(want)));
  }

  it('looks again when the address has changed meanwhile', async () => {
    const { cluster, context } = cloud();
    cluster.failNext('remove', 'ElasticIp', new ApiError({ code: 409, reason: 'Conflict', message: 'changed meanwhile' }));
    await releaseAddress({ AllocationId: FREE }, context);
    assert.equal(cluster.get(ElasticIp, { namespace: NAMESPACE, name: FREE }), undefined);
  });
});

describe('DescribeAddresses', () => {
  const filtered = (Name: string, Value: string): DescribeAddressesRequest => ({ Filters: [{ Name, Values: [Value] }] });
  const cases: Record<string, { input: DescribeAddressesRequest; want: string[] }> = {
    'all that there are, not those that no load balancer has given': { input: {}, want: [FREE, USED] },
    'by id': { input: { AllocationIds: [USED] }, want: [USED] },
    'by address': { input: { PublicIps: ['203.0.113.1'] }, want: [FREE] },
    'by id and filter': { input: { AllocationIds: [USED], Filters: [{ Name: 'public-ip', Values: ['203.0.113.1'] }] }, want: [] },
    'by allocation-id': { input: filtered('allocation-id', FREE), want: [FREE] },
    'by association-id': { input: filtered('association-id', usedAssociation()), want: [USED] },
    'by domain vpc': { input: filtered('domain', 'vpc'), want: [FREE, USED] },
    'by domain standard': { input: filtered('domain', 'standard'), want: [] },
    'by instance-id': { input: filtered('instance-id', FIRST), want: [USED] },
    'by network-border-group': { input: filtered('network-border-group', 'us-east-1'), want: [FREE, USED] },
    'by network-interface-id': { input: filtered('network-interface-id', interfaceOf(FIRST)), want: [USED] },
    'by network-interface-owner-id': { input: filtered('network-interface-owner-id', ACCOUNT_ID), want: [USED] },
    'by private-ip-address': { input: filtered('private-ip-address', '10.244.0.7'), want: [USED] },
    'by public-ip': { input: filtered('public-ip', '203.0.113.*'), want: [FREE, USED] },
    'by tag': { input: filtered('tag:team', 'a'), want: [FREE] },
    'by tag-key': { input: filtered('tag-key', 'team'), want: [FREE] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(`lists ${name}`, async () => {
      const result = await describeAddresses(input, cloud().context);
      assert.deepEqual(checker.violations('DescribeAddresses', result), []);
      assert.deepEqual(result.Addresses?.map(({ AllocationId }) => AllocationId), want);
    });
  }

  const refused: Record<string, { input: DescribeAddressesRequest; want: string }> = {
    'an id that is not there': { input: { AllocationIds: [FREE, 'eipalloc-0000000000000000f'] }, want: 'InvalidAllocationID.NotFound' },
    'an address that is not there': { input: { PublicIps: ['203.0.113.200'] }, want: 'InvalidAddress.NotFound' },
    'what is no address': { input: { PublicIps: ['x'] }, want: 'InvalidAddress.Malformed' },
    'ids and addresses': { input: { AllocationIds: [FREE], PublicIps: ['203.0.113.1'] }, want: 'InvalidParameterCombination' },
    'an unknown filter': { input: filtered('colour', 'red'), want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => assert.rejects(describeAddresses(input, cloud().context), code(want)));
  }

  it('shows an address as free whose instance is on its way out, though the controller has not seen it yet', async () => {
    const { cluster, context } = cloud();
    await cluster.patch(Instance, { namespace: NAMESPACE, name: FIRST }, { spec: { powerState: 'terminated' } });
    const { Addresses } = await describeAddresses({ AllocationIds: [USED] }, context);
    assert.deepEqual([Addresses?.[0]?.AssociationId, Addresses?.[0]?.InstanceId], [undefined, undefined]);
    await releaseAddress({ AllocationId: USED }, context);
  });
});

describe('an instance with an elastic IP', () => {
  it('shows it in every place where EC2 does, and one without shows no association', async () => {
    const { context } = cloud();
    const result = await describeInstances({ InstanceIds: [FIRST, SECOND] }, context);
    assert.deepEqual(checker.violations('DescribeInstances', result), []);
    const instances = result.Reservations?.flatMap(({ Instances = [] }) => Instances) ?? [];
    const [first, second] = [FIRST, SECOND].map((id) => instances.find(({ InstanceId }) => InstanceId === id));
    const association = { IpOwnerId: ACCOUNT_ID, PublicDnsName: '', PublicIp: '203.0.113.2' };
    assert.equal(first?.PublicIpAddress, '203.0.113.2');
    assert.deepEqual(first?.NetworkInterfaces?.[0]?.Association, association);
    assert.deepEqual(first?.NetworkInterfaces?.[0]?.PrivateIpAddresses?.[0]?.Association, association);
    assert.deepEqual([second?.PublicIpAddress, Object.hasOwn(second?.NetworkInterfaces?.[0] ?? {}, 'Association')], [undefined, false]);
  });

  const filters: Record<string, string> = {
    'ip-address': '203.0.113.2',
    'network-interface.addresses.association.allocation-id': USED,
    'network-interface.addresses.association.association-id': usedAssociation(),
    'network-interface.addresses.association.ip-owner-id': ACCOUNT_ID,
    'network-interface.addresses.association.public-ip': '203.0.113.2',
    'network-interface.association.allocation-id': USED,
    'network-interface.association.association-id': usedAssociation(),
    'network-interface.association.ip-owner-id': ACCOUNT_ID,
    'network-interface.association.public-ip': '203.0.113.2',
  };
  for (const [Name, value] of Object.entries(filters)) {
    it(`is found by ${Name}`, async () => {
      const { Reservations = [] } = await describeInstances({ Filters: [{ Name, Values: [value] }] }, cloud().context);
      assert.deepEqual(Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId)), [FIRST]);
    });
  }

  it('shows a new association at once', async () => {
    const { context } = cloud();
    await describeInstances({}, context);
    await associateAddress({ AllocationId: FREE, InstanceId: SECOND }, context);
    const { Reservations } = await describeInstances({ InstanceIds: [SECOND] }, context);
    assert.equal(Reservations?.[0]?.Instances?.[0]?.PublicIpAddress, '203.0.113.1');
  });
});

describe('what else there is about addresses', () => {
  it('no reverse names, and none can be given', async () => {
    const { context } = cloud();
    const result = await describeAddressesAttribute({ AllocationIds: [FREE], Attribute: 'domain-name' }, context);
    assert.deepEqual(checker.violations('DescribeAddressesAttribute', result), []);
    assert.deepEqual(result.Addresses, [{ AllocationId: FREE, PublicIp: '203.0.113.1' }]);
    assert.equal((await describeAddressesAttribute({}, context)).Addresses?.length, 2);
    await assert.rejects(describeAddressesAttribute({ Attribute: 'colour' as never }, context), code('InvalidParameterValue'));
    await assert.rejects(modifyAddressAttribute({ AllocationId: FREE, DomainName: 'a.example.com' }, context), code('UnsupportedOperation'));
    assert.deepEqual((await resetAddressAttribute({ AllocationId: FREE, Attribute: 'domain-name' }, context)).Address, { AllocationId: FREE, PublicIp: '203.0.113.1' });
  });

  it('no pools', async () => {
    const { context } = cloud();
    assert.deepEqual(await describePublicIpv4Pools({}, context), { PublicIpv4Pools: [] });
    await assert.rejects(describePublicIpv4Pools({ PoolIds: ['ipv4pool-ec2-1'] }, context), code('InvalidPublicIpv4PoolID.NotFound'));
  });

  it('tags, as of every resource', async () => {
    const { context } = cloud();
    await createTags({ Resources: [FREE, interfaceOf(FIRST), ENI], Tags: [{ Key: 'x', Value: 'y' }] }, context);
    const { Tags = [] } = await describeTags({ Filters: [{ Name: 'key', Values: ['x'] }] }, context);
    assert.deepEqual(Tags.map(({ ResourceId, ResourceType }) => `${ResourceType} ${ResourceId}`).sort(), [`elastic-ip ${FREE}`, `network-interface ${ENI}`, `network-interface ${interfaceOf(FIRST)}`].sort());
    assert.equal(ec2IdOf('eipalloc', used()), USED);
    await assert.rejects(createTags({ Resources: [interfaceOf(GONE)], Tags: [{ Key: 'x' }] }, context), code('InvalidNetworkInterfaceID.NotFound'));
  });
});
