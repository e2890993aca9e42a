import assert from 'node:assert/strict';
import type { RunInstancesRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../../../operator/api/ec2-id.ts';
import { runInstances } from '../../../../../operator/endpoint/ec2/instances/RunInstances.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup } from '../../../../support/instance-objects.ts';
import { aDefaultNetwork, aSubnet, aVpc } from '../../../../support/network-objects.ts';
import { operationContext } from '../../../../support/operation-context.ts';

const AMI = 'ami-00000000000000001';
const SUBNET = 'subnet-00000000000000002';
const OWN = 'sg-00000000000000003';
const OTHER = 'sg-00000000000000004';
const defaultVpc = ec2IdOf('vpc', aVpc('default'));

function cloud(network = aDefaultNetwork(['us-east-1a', 'us-east-1b'])): { cluster: FakeCluster; context: OperationContext } {
  const objects = [
    theAccount(),
    anAmi(AMI),
    anInstanceType('t3.micro'),
    ...['a', 'b', 'c'].map((letter) => aNode(letter, { zone: `us-east-1${letter}` })),
    aVpc('other', { cidrBlock: '10.0.0.0/16' }),
    aSubnet(SUBNET, { vpcId: 'other', cidrBlock: '10.0.1.0/24', availabilityZone: 'us-east-1c' }),
    { ...aSubnet('subnet-00000000000000005', { vpcId: 'other', cidrBlock: '10.0.1.0/24' }), status: { state: 'pending' as const, conditions: [{ type: 'Available', status: 'False' as const, reason: 'BlockConflict', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }] } },
    aSecurityGroup(OWN, { groupName: 'web' }),
    aSecurityGroup(OTHER, { groupName: 'web', vpcId: 'other' }),
    aSecurityGroup('default', { groupName: 'default' }),
    aSecurityGroup('sg-00000000000000006', { groupName: 'default', vpcId: 'other' }),
    ...network,
  ];
  const cluster = new FakeCluster({ objects });
  return { cluster, context: operationContext(cluster) };
}

const run = async (context: OperationContext, input: Partial<RunInstancesRequest>) =>
  (await runInstances({ ImageId: AMI, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }, context)).Instances?.[0] ?? assert.fail('no instance');

describe('a launch into the network', () => {
  const cases: Record<string, { input: Partial<RunInstancesRequest>; want: (string | undefined)[] }> = {
    'into a subnet takes its VPC, its zone and the default group there': { input: { SubnetId: SUBNET }, want: [ec2IdOf('vpc', aVpc('other')), SUBNET, 'us-east-1c', 'sg-00000000000000006'] },
    'by its network interface does so too': {
      input: { NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: SUBNET, Groups: [OTHER] }] },
      want: [ec2IdOf('vpc', aVpc('other')), SUBNET, 'us-east-1c', OTHER],
    },
    'with the zone of the subnet is fine': { input: { SubnetId: SUBNET, Placement: { AvailabilityZone: 'us-east-1c' } }, want: [ec2IdOf('vpc', aVpc('other')), SUBNET, 'us-east-1c', 'sg-00000000000000006'] },
    'into a zone takes its default subnet': {
      input: { Placement: { AvailabilityZone: 'us-east-1b' }, SecurityGroups: ['web'] },
      want: [defaultVpc, ec2IdOf('subnet', aSubnet('default-us-east-1b')), 'us-east-1b', OWN],
    },
    'without a wish takes a zone with a default subnet': { input: { SubnetId: '' }, want: [defaultVpc, ec2IdOf('subnet', aSubnet('default-us-east-1a')), 'us-east-1a', ec2IdOf('sg', aSecurityGroup('default'))] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => {
      const instance = await run(cloud().context, input);
      assert.deepEqual([instance.VpcId, instance.SubnetId, instance.Placement?.AvailabilityZone, instance.SecurityGroups?.[0]?.GroupId], want);
    });
  }

  const refused: Record<string, { input: Partial<RunInstancesRequest>; want: { code: string; message?: RegExp } }> = {
    'a malformed subnet': { input: { SubnetId: 'net' }, want: { code: 'InvalidSubnetID.Malformed' } },
    'a subnet that is not there': { input: { SubnetId: 'subnet-00000000000000009' }, want: { code: 'InvalidSubnetID.NotFound', message: /The subnet ID 'subnet-00000000000000009' does not exist/ } },
    'a subnet that does not fit into its VPC': { input: { SubnetId: 'subnet-00000000000000005' }, want: { code: 'InvalidSubnet' } },
    'another zone than that of the subnet': { input: { SubnetId: SUBNET, Placement: { AvailabilityZone: 'us-east-1a' } }, want: { code: 'InvalidParameterValue', message: /is in the availability zone us-east-1c/ } },
    'a group of another VPC': { input: { SubnetId: SUBNET, SecurityGroupIds: [OWN] }, want: { code: 'InvalidParameter', message: /belong to different networks/ } },
    'a group of another VPC without a subnet': { input: { SecurityGroupIds: [OTHER] }, want: { code: 'InvalidParameter' } },
    'names of groups with a subnet': { input: { SubnetId: SUBNET, SecurityGroups: ['web'] }, want: { code: 'InvalidParameterCombination' } },
    'a subnet beside a network interface': { input: { SubnetId: SUBNET, NetworkInterfaces: [{ DeviceIndex: 0 }] }, want: { code: 'InvalidParameterCombination' } },
    'a zone without a default subnet': { input: { Placement: { AvailabilityZone: 'us-east-1c' } }, want: { code: 'MissingInput', message: /No default subnet for availability zone: 'us-east-1c'/ } },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(run(context, input), want);
      assert.deepEqual(cluster.list(Instance), []);
    });
  }

  it('needs a subnet where there is no default VPC, or no default subnet', async () => {
    await assert.rejects(run(cloud([]).context, {}), { code: 'VPCIdNotSpecified' });
    await assert.rejects(run(cloud(aDefaultNetwork([])).context, {}), { code: 'MissingInput', message: /No subnets found for the default VPC/ });
  });
});
