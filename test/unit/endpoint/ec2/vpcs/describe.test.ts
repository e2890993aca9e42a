import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { DescribeSubnetsRequest, DescribeVpcsRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../../../operator/api/ec2-id.ts';
import { describeAccountAttributes } from '../../../../../operator/endpoint/ec2/account-attributes/DescribeAccountAttributes.ts';
import { describeInstances } from '../../../../../operator/endpoint/ec2/instances/DescribeInstances.ts';
import { describeSubnets } from '../../../../../operator/endpoint/ec2/subnets/DescribeSubnets.ts';
import { createTags } from '../../../../../operator/endpoint/ec2/tags/CreateTags.ts';
import { describeVpcs } from '../../../../../operator/endpoint/ec2/vpcs/DescribeVpcs.ts';
import { requireDefaultVpc, vpcIdOf } from '../../../../../operator/endpoint/ec2/vpcs/find-vpc.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import type { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { aDefaultNetwork, aSubnet, aVpc } from '../../../../support/network-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const AMI = 'ami-00000000000000001';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);
const VPC = 'vpc-00000000000000002';
const SUBNET = 'subnet-00000000000000003';

const instance = (number: number, spec: Partial<Instance['spec']> = {}): Instance => anInstance(`i-0000000000000000${number}`, { imageId: AMI, ...spec });

function context(...instances: Instance[]): OperationContext {
  const objects = [
    theAccount(),
    anAmi(AMI),
    anInstanceType('t3.micro'),
    ...aDefaultNetwork(['us-east-1a', 'us-east-1b']),
    aVpc(VPC, { cidrBlock: '10.0.0.0/16', moreCidrBlocks: ['10.1.0.0/16'], creationTimestamp: '2026-01-02T00:00:00Z', tags: [{ key: 'team', value: 'a' }] }),
    aSubnet(SUBNET, { vpcId: VPC, cidrBlock: '10.0.1.0/28', availabilityZone: 'us-east-1b', mapPublicIpOnLaunch: true, creationTimestamp: '2026-01-02T00:00:00Z' }),
    aVpc('theirs', { namespace: 'other', isDefault: true }),
    ...instances,
  ];
  return operationContext(new FakeCluster({ objects }));
}

const filtered = (Name: string, Value: string): { Filters: sdk.Filter[] } => ({ Filters: [{ Name, Values: [Value] }] });

describe('DescribeVpcs', () => {
  const cases: Record<string, { input: DescribeVpcsRequest; want: string[] }> = {
    'all of the account, oldest first': { input: {}, want: ['172.31.0.0/16', '10.0.0.0/16'] },
    'by id': { input: { VpcIds: [VPC] }, want: ['10.0.0.0/16'] },
    'none where id and filter disagree': { input: { VpcIds: [VPC], ...filtered('is-default', 'true') }, want: [] },
    'by is-default': { input: filtered('is-default', 'true'), want: ['172.31.0.0/16'] },
    'by isDefault': { input: filtered('isDefault', 'true'), want: ['172.31.0.0/16'] },
    'by cidr': { input: filtered('cidr', '10.*'), want: ['10.0.0.0/16'] },
    'by cidr-block-association.cidr-block': { input: filtered('cidr-block-association.cidr-block', '10.1.0.0/16'), want: ['10.0.0.0/16'] },
    'by state': { input: filtered('state', 'pending'), want: [] },
    'by owner-id': { input: filtered('owner-id', '123456789012'), want: ['172.31.0.0/16', '10.0.0.0/16'] },
    'by vpc-id': { input: filtered('vpc-id', VPC), want: ['10.0.0.0/16'] },
    'by tag': { input: filtered('tag:team', 'a'), want: ['10.0.0.0/16'] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(`lists ${name}`, async () => {
      const result = await describeVpcs(input, context());
      assert.deepEqual(checker.violations('DescribeVpcs', result), []);
      assert.deepEqual(result.Vpcs?.map(({ CidrBlock }) => CidrBlock), want);
    });
  }

  const refused: Record<string, { input: DescribeVpcsRequest; want: string }> = {
    'a malformed id': { input: { VpcIds: ['x'] }, want: 'InvalidVpcID.Malformed' },
    'an unknown id': { input: { VpcIds: ['vpc-00000000000000009'] }, want: 'InvalidVpcID.NotFound' },
    'an unknown filter': { input: filtered('colour', 'x'), want: 'InvalidParameterValue' },
    'four results': { input: { MaxResults: 4 }, want: 'InvalidParameterValue' },
    'pages of named ones': { input: { VpcIds: [VPC], MaxResults: 5 }, want: 'InvalidParameterCombination' },
    'a made-up token': { input: { NextToken: 'x' }, want: 'InvalidNextToken' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.rejects(describeVpcs(input, context()), { code: want }));
  }

  it('shows each block with an association of its own, and tags', async () => {
    const world = context();
    await createTags({ Resources: [VPC], Tags: [{ Key: 'Name', Value: 'net' }] }, world);
    const { Vpcs } = await describeVpcs({ VpcIds: [VPC] }, world);
    assert.deepEqual(Vpcs?.[0]?.Tags, [{ Key: 'team', Value: 'a' }, { Key: 'Name', Value: 'net' }]);
    const associations = Vpcs?.[0]?.CidrBlockAssociationSet ?? [];
    assert.deepEqual(associations.map(({ CidrBlock, CidrBlockState }) => [CidrBlock, CidrBlockState?.State]), [['10.0.0.0/16', 'associated'], ['10.1.0.0/16', 'associated']]);
    assert.equal(new Set(associations.map(({ AssociationId }) => AssociationId)).size, 2);
  });
});

describe('DescribeSubnets', () => {
  const cases: Record<string, { input: DescribeSubnetsRequest; want: string[] }> = {
    'all of the account': { input: {}, want: ['10.0.1.0/28', '172.31.0.0/20', '172.31.16.0/20'] },
    'by id': { input: { SubnetIds: [SUBNET] }, want: ['10.0.1.0/28'] },
    'by availability-zone': { input: filtered('availability-zone', 'us-east-1a'), want: ['172.31.0.0/20'] },
    'by availabilityZone': { input: filtered('availabilityZone', 'us-east-1a'), want: ['172.31.0.0/20'] },
    'by availability-zone-id': { input: filtered('availability-zone-id', 'use1-az1'), want: ['172.31.0.0/20'] },
    'by available-ip-address-count': { input: filtered('available-ip-address-count', '11'), want: ['10.0.1.0/28'] },
    'by cidr': { input: filtered('cidr', '172.31.16.*'), want: ['172.31.16.0/20'] },
    'by default-for-az': { input: filtered('default-for-az', 'true'), want: ['172.31.0.0/20', '172.31.16.0/20'] },
    'by defaultForAz': { input: filtered('defaultForAz', 'false'), want: ['10.0.1.0/28'] },
    'by map-public-ip-on-launch': { input: filtered('map-public-ip-on-launch', 'true'), want: ['10.0.1.0/28'] },
    'by subnet-arn': { input: filtered('subnet-arn', `arn:aws:ec2:us-east-1:123456789012:subnet/${SUBNET}`), want: ['10.0.1.0/28'] },
    'by vpc-id': { input: filtered('vpc-id', VPC), want: ['10.0.1.0/28'] },
    'by state': { input: filtered('state', 'available'), want: ['10.0.1.0/28', '172.31.0.0/20', '172.31.16.0/20'] },
    'by private-dns-name-options-on-launch.hostname-type': { input: filtered('private-dns-name-options-on-launch.hostname-type', 'ip-name'), want: [] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(`lists ${name}`, async () => {
      const result = await describeSubnets(input, context());
      assert.deepEqual(checker.violations('DescribeSubnets', result), []);
      assert.deepEqual(result.Subnets?.map(({ CidrBlock }) => CidrBlock).sort(), want);
    });
  }

  it('refuses what is not there', async () => {
    await assert.rejects(describeSubnets({ SubnetIds: ['x'] }, context()), { code: 'InvalidSubnetID.Malformed' });
    await assert.rejects(describeSubnets({ SubnetIds: ['subnet-00000000000000009'] }, context()), { code: 'InvalidSubnetID.NotFound' });
    await assert.rejects(describeSubnets(filtered('colour', 'x'), context()), { code: 'InvalidParameterValue' });
  });

  it('counts the addresses of instances, terminated ones not', async () => {
    const world = context(instance(1, { subnetId: SUBNET }), anInstance('i-00000000000000002', { imageId: AMI, subnetId: SUBNET, powerState: 'terminated', status: { state: 'terminated' } }));
    assert.equal((await describeSubnets({ SubnetIds: [SUBNET] }, world)).Subnets?.[0]?.AvailableIpAddressCount, 10);
  });
});

describe('where an instance is', () => {
  const defaultVpc = ec2IdOf('vpc', aVpc('default'));
  const cases: Record<string, { spec: Partial<Instance['spec']>; want: (string | undefined)[] }> = {
    'in the subnet that it names': { spec: { subnetId: SUBNET }, want: [VPC, SUBNET] },
    'in the subnet that it names by name': { spec: { subnetId: 'default-us-east-1b' }, want: [defaultVpc, ec2IdOf('subnet', aSubnet('default-us-east-1b'))] },
    'in the default subnet of its zone': { spec: { placement: { tenancy: 'default', availabilityZone: 'us-east-1a' } }, want: [defaultVpc, ec2IdOf('subnet', aSubnet('default-us-east-1a'))] },
    'in the default VPC while its zone is not known': { spec: {}, want: [defaultVpc, undefined] },
    'in the default VPC where the zone has no default subnet': { spec: { placement: { tenancy: 'default', availabilityZone: 'us-east-1c' } }, want: [defaultVpc, undefined] },
  };
  for (const [name, { spec, want }] of Object.entries(cases)) {
    it(`is shown: ${name}`, async () => {
      const { Reservations } = await describeInstances({}, context(instance(1, spec)));
      const shown = Reservations?.[0]?.Instances?.[0];
      assert.deepEqual([shown?.VpcId, shown?.SubnetId], want);
      assert.deepEqual([shown?.NetworkInterfaces?.[0]?.VpcId, shown?.NetworkInterfaces?.[0]?.SubnetId], want);
    });
  }

  it('is filtered by', async () => {
    const { Reservations } = await describeInstances(filtered('vpc-id', VPC), context(instance(1, { subnetId: SUBNET }), instance(2)));
    assert.deepEqual(Reservations?.flatMap(({ Instances }) => Instances?.map(({ SubnetId }) => SubnetId)), [SUBNET]);
  });
});

describe('the default VPC', () => {
  it('stands where an object names none, and is an attribute of the account', async () => {
    const world = context();
    const wanted = ec2IdOf('vpc', requireDefaultVpc(world));
    assert.equal(vpcIdOf(undefined, NAMESPACE, world.read), wanted);
    assert.equal(vpcIdOf('default', NAMESPACE, world.read), wanted);
    const { AccountAttributes } = await describeAccountAttributes({ AttributeNames: ['default-vpc'] }, world);
    assert.equal(AccountAttributes?.[0]?.AttributeValues?.[0]?.AttributeValue, wanted);
  });

  it('is missed by who has none', () => {
    assert.throws(() => requireDefaultVpc(operationContext(new FakeCluster({ objects: [theAccount()] }))), { code: 'VPCIdNotSpecified' });
  });
});
