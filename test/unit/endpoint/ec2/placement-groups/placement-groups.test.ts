import assert from 'node:assert/strict';
import * as sdk from '@aws-sdk/client-ec2';
import type { CreatePlacementGroupRequest, DescribePlacementGroupsRequest, Placement } from '@aws-sdk/client-ec2';
import { runInstances } from '../../../../../operator/endpoint/ec2/instances/RunInstances.ts';
import { createPlacementGroup } from '../../../../../operator/endpoint/ec2/placement-groups/CreatePlacementGroup.ts';
import { deletePlacementGroup } from '../../../../../operator/endpoint/ec2/placement-groups/DeletePlacementGroup.ts';
import { describePlacementGroups } from '../../../../../operator/endpoint/ec2/placement-groups/DescribePlacementGroups.ts';
import { createTags } from '../../../../../operator/endpoint/ec2/tags/CreateTags.ts';
import type { OperationContext } from '../../../../../operator/endpoint/operation.ts';
import { Instance, PlacementGroup } from '../../../../../operator/kubernetes/resources.ts';
import { aNode, anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { aPlacementGroup } from '../../../../support/placement-group-objects.ts';
import { ResponseChecker } from '../../../../support/response-violations.ts';

const AMI = 'ami-00000000000000001';
const checker = new ResponseChecker('@aws-sdk/client-ec2', sdk);

function code(wanted: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Error && 'code' in error, String(error));
    assert.equal(error.code, wanted, error.message);
    return true;
  };
}

const groups = [
  aPlacementGroup('near'),
  aPlacementGroup('apart', { strategy: 'spread', tags: [{ key: 'team', value: 'a' }] }),
  aPlacementGroup('made-with-kubectl', { groupName: 'parts', strategy: 'partition', partitionCount: 3 }),
];

function cloud(instances: Instance[] = []): { cluster: FakeCluster; context: OperationContext } {
  const nodes = [aNode('a', { zone: 'us-east-1a' }), aNode('b', { zone: 'us-east-1b' })];
  const cluster = new FakeCluster({ objects: [theAccount(), anAmi(AMI), anInstanceType('t3.micro'), ...nodes, ...groups, ...instances] });
  return { cluster, context: operationContext(cluster) };
}

const member = (number: number, groupName: string, zone = 'us-east-1a', partitionNumber?: number): Instance =>
  anInstance(`i-${String(number).padStart(17, '0')}`, { imageId: AMI, placement: { tenancy: 'default', groupName, availabilityZone: zone, ...(partitionNumber !== undefined && { partitionNumber }) } });

describe('CreatePlacementGroup', () => {
  const cases: Record<string, { input: CreatePlacementGroupRequest; want: sdk.PlacementGroup }> = {
    'a cluster unless something else is asked for': { input: {}, want: { Strategy: 'cluster' } },
    'a spread group, of racks': { input: { Strategy: 'spread' }, want: { Strategy: 'spread', SpreadLevel: 'rack' } },
    'a partition group with its partitions': { input: { Strategy: 'partition', PartitionCount: 7 }, want: { Strategy: 'partition', PartitionCount: 7 } },
    'a partition group of two partitions unless told': { input: { Strategy: 'partition' }, want: { Strategy: 'partition', PartitionCount: 2 } },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(`makes ${name}`, async () => {
      const { context } = cloud();
      const result = await createPlacementGroup({ GroupName: 'new', TagSpecifications: [{ ResourceType: 'placement-group', Tags: [{ Key: 'k', Value: 'v' }] }], ...input }, context);
      assert.deepEqual(checker.violations('CreatePlacementGroup', result), []);
      const { GroupId, GroupArn, ...rest } = result.PlacementGroup ?? {};
      assert.match(GroupId ?? '', /^pg-[0-9a-f]{17}$/);
      assert.equal(GroupArn, 'arn:aws:ec2:us-east-1:123456789012:placement-group/new');
      assert.deepEqual(rest, { GroupName: 'new', State: 'available', Tags: [{ Key: 'k', Value: 'v' }], ...want });
    });
  }

  const refused: Record<string, { input: CreatePlacementGroupRequest; want: string }> = {
    'no name': { input: { GroupName: '' }, want: 'MissingParameter' },
    'a name that is taken': { input: { GroupName: 'parts' }, want: 'InvalidPlacementGroup.Duplicate' },
    'a name of 256 characters': { input: { GroupName: 'a'.repeat(256) }, want: 'InvalidParameterValue' },
    'a name beyond ASCII': { input: { GroupName: 'näh' }, want: 'InvalidParameterValue' },
    'an unknown strategy': { input: { Strategy: 'random' as never }, want: 'InvalidParameterValue' },
    'a strategy that needs other hardware': { input: { Strategy: 'precision-time' }, want: 'UnsupportedOperation' },
    'hosts of Outposts': { input: { Strategy: 'spread', SpreadLevel: 'host' }, want: 'UnsupportedOperation' },
    'a spread level of what is not spread': { input: { SpreadLevel: 'rack' }, want: 'InvalidParameterCombination' },
    'partitions of what has none': { input: { Strategy: 'spread', PartitionCount: 2 }, want: 'InvalidParameterCombination' },
    'eight partitions': { input: { Strategy: 'partition', PartitionCount: 8 }, want: 'InvalidParameterValue' },
    'tags of another kind': { input: { TagSpecifications: [{ ResourceType: 'instance', Tags: [] }] }, want: 'InvalidParameterValue' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const { cluster, context } = cloud();
      await assert.rejects(createPlacementGroup({ GroupName: 'new', ...input }, context), code(want));
      assert.equal(cluster.list(PlacementGroup).length, groups.length);
    });
  }

  it('makes one group of two calls at the same time', async () => {
    const { context } = cloud();
    const results = await Promise.allSettled([1, 2].map(async () => createPlacementGroup({ GroupName: 'new' }, context)));
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    code('InvalidPlacementGroup.Duplicate')(results.find((result) => result.status === 'rejected')?.reason);
  });
});

describe('DescribePlacementGroups', () => {
  const filtered = (Name: string, Value: string): DescribePlacementGroupsRequest => ({ Filters: [{ Name, Values: [Value] }] });
  const cases: Record<string, { input: DescribePlacementGroupsRequest; want: string[] }> = {
    'all of the account': { input: {}, want: ['apart', 'near', 'parts'] },
    'by name': { input: { GroupNames: ['parts'] }, want: ['parts'] },
    'by group-name': { input: filtered('group-name', 'p*'), want: ['parts'] },
    'by group-arn': { input: filtered('group-arn', '*:placement-group/near'), want: ['near'] },
    'by spread-level': { input: filtered('spread-level', 'rack'), want: ['apart'] },
    'by state': { input: filtered('state', 'available'), want: ['apart', 'near', 'parts'] },
    'by strategy': { input: filtered('strategy', 'cluster'), want: ['near'] },
    'by tag': { input: filtered('tag:team', 'a'), want: ['apart'] },
    'by tag-key': { input: filtered('tag-key', 'team'), want: ['apart'] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(`lists ${name}`, async () => {
      const result = await describePlacementGroups(input, cloud().context);
      assert.deepEqual(checker.violations('DescribePlacementGroups', result), []);
      assert.deepEqual(result.PlacementGroups?.map(({ GroupName }) => GroupName), want);
    });
  }

  it('finds by id, and refuses what is not there', async () => {
    const { context } = cloud();
    const { PlacementGroups } = await describePlacementGroups({ GroupNames: ['near'] }, context);
    const GroupId = PlacementGroups?.[0]?.GroupId ?? '';
    assert.deepEqual((await describePlacementGroups({ GroupIds: [GroupId] }, context)).PlacementGroups, PlacementGroups);
    await assert.rejects(describePlacementGroups({ GroupNames: ['none'] }, context), code('InvalidPlacementGroup.Unknown'));
    await assert.rejects(describePlacementGroups({ GroupIds: ['pg-00000000000000009'] }, context), code('InvalidPlacementGroup.Unknown'));
    await assert.rejects(describePlacementGroups({ GroupIds: ['x'] }, context), code('InvalidPlacementGroupId.Malformed'));
    await assert.rejects(describePlacementGroups(filtered('colour', 'x'), context), code('InvalidParameterValue'));
    await createTags({ Resources: [GroupId], Tags: [{ Key: 'a', Value: '1' }] }, context);
    assert.deepEqual((await describePlacementGroups(filtered('tag:a', '1'), context)).PlacementGroups?.length, 1);
  });
});

describe('DeletePlacementGroup', () => {
  it('removes a group without instances, and no other', async () => {
    const terminated = anInstance('i-00000000000000002', { placement: { tenancy: 'default', groupName: 'apart' }, powerState: 'terminated', status: { state: 'terminated' } });
    const { cluster, context } = cloud([member(1, 'near'), terminated]);
    await deletePlacementGroup({ GroupName: 'apart' }, context);
    assert.equal(cluster.get(PlacementGroup, { namespace: NAMESPACE, name: 'apart' }), undefined);
    await assert.rejects(deletePlacementGroup({ GroupName: 'near' }, context), code('InvalidPlacementGroup.InUse'));
    await assert.rejects(deletePlacementGroup({ GroupName: 'apart' }, context), code('InvalidPlacementGroup.Unknown'));
  });
});

describe('RunInstances into a placement group', () => {
  const run = async (context: OperationContext, placement: Placement, count = 1, least = count): Promise<Instance['spec']['placement'][]> => {
    const { Instances } = await runInstances({ ImageId: AMI, InstanceType: 't3.micro', MinCount: least, MaxCount: count, Placement: placement }, context);
    return (Instances ?? []).map(({ InstanceId }) => context.read.get(Instance, { namespace: NAMESPACE, name: InstanceId ?? '' })?.spec.placement ?? assert.fail('no instance'));
  };

  it('writes down the name of the group, also when the id is given', async () => {
    const { context } = cloud();
    const { PlacementGroups } = await describePlacementGroups({ GroupNames: ['near'] }, context);
    assert.equal((await run(context, { GroupName: 'near' }))[0]?.groupName, 'near');
    assert.equal((await run(context, { GroupId: PlacementGroups?.[0]?.GroupId }))[0]?.groupName, 'near');
  });

  it('stays in the zone of a cluster', async () => {
    const { context } = cloud([member(1, 'near', 'us-east-1b'), member(2, 'other', 'us-east-1b'), member(3, 'other', 'us-east-1b')]);
    assert.equal((await run(context, { GroupName: 'near' }))[0]?.availabilityZone, 'us-east-1b');
    await assert.rejects(run(context, { GroupName: 'near', AvailabilityZone: 'us-east-1a' }), code('InvalidParameterCombination'));
  });

  it('goes to the zone with the fewest of a spread group', async () => {
    const { context } = cloud([member(1, 'apart'), member(2, 'x', 'us-east-1b'), member(3, 'x', 'us-east-1b'), member(4, 'x', 'us-east-1b')]);
    assert.equal((await run(context, { GroupName: 'apart' }))[0]?.availabilityZone, 'us-east-1b');
  });

  it('takes seven instances of a spread group into a zone, and no more', async () => {
    const { context } = cloud(Array.from({ length: 5 }, (_, index) => member(index, 'apart')));
    const placement = { GroupName: 'apart', AvailabilityZone: 'us-east-1a' };
    await assert.rejects(run(context, placement, 3), code('InsufficientInstanceCapacity'));
    assert.equal((await run(context, placement, 9, 1)).length, 2);
    await assert.rejects(run(context, placement), code('InsufficientInstanceCapacity'));
    assert.equal((await run(context, { ...placement, AvailabilityZone: 'us-east-1b' })).length, 1);
  });

  it('fills partitions evenly, or the one that is asked for', async () => {
    const { context } = cloud([member(1, 'parts', 'us-east-1a', 1)]);
    assert.deepEqual((await run(context, { GroupName: 'parts' }, 4)).map(({ partitionNumber }) => partitionNumber), [2, 3, 1, 2]);
    assert.deepEqual((await run(context, { GroupName: 'parts', PartitionNumber: 3 }, 2)).map(({ partitionNumber }) => partitionNumber), [3, 3]);
  });

  const refused: Record<string, { placement: Placement; want: string }> = {
    'a group that is not there': { placement: { GroupName: 'none' }, want: 'InvalidPlacementGroup.Unknown' },
    'an id that is not there': { placement: { GroupId: 'pg-00000000000000009' }, want: 'InvalidPlacementGroup.Unknown' },
    'what is no id': { placement: { GroupId: 'near' }, want: 'InvalidPlacementGroupId.Malformed' },
    'name and id': { placement: { GroupName: 'near', GroupId: 'pg-00000000000000009' }, want: 'InvalidParameterCombination' },
    'a partition that is not there': { placement: { GroupName: 'parts', PartitionNumber: 4 }, want: 'InvalidParameterValue' },
    'a partition of a group without any': { placement: { GroupName: 'near', PartitionNumber: 1 }, want: 'InvalidParameterCombination' },
    'a spread domain': { placement: { GroupName: 'near', SpreadDomain: 'x' }, want: 'UnsupportedOperation' },
  };
  for (const [name, { placement, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => assert.rejects(run(cloud().context, placement), code(want)));
  }
});
