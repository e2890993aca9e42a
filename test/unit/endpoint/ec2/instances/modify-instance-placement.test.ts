import assert from 'node:assert/strict';
import type { ModifyInstancePlacementRequest } from '@aws-sdk/client-ec2';
import { modifyInstancePlacement } from '../../../../../operator/endpoint/ec2/instances/ModifyInstancePlacement.ts';
import { startInstances } from '../../../../../operator/endpoint/ec2/instances/StartInstances.ts';
import { ec2IdOf } from '../../../../../operator/api/ec2-id.ts';
import { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { aPlacementGroup } from '../../../../support/placement-group-objects.ts';

const STOPPED = 'i-00000000000000001';
const RUNNING = 'i-00000000000000002';
const MEMBER = 'i-00000000000000003';
const NEIGHBOUR = 'i-00000000000000004';
const GONE = 'i-00000000000000005';
const stopped = { powerState: 'stopped' as const, status: { state: 'stopped' as const, availabilityZone: 'us-east-1a' } };
const near = aPlacementGroup('near');
const parts = aPlacementGroup('parts', { strategy: 'partition', partitionCount: 3 });
const inGroup = (groupName: string, partitionNumber?: number) => ({ tenancy: 'default' as const, groupName, ...(partitionNumber !== undefined && { partitionNumber }) });

function clusterOf(...more: Instance[]): FakeCluster {
  return new FakeCluster({
    objects: [
      theAccount(),
      anInstanceType('t3.micro'),
      near,
      parts,
      aPlacementGroup('far'),
      aPlacementGroup('apart', { strategy: 'spread' }),
      anInstance(STOPPED, stopped),
      anInstance(RUNNING, { status: { availabilityZone: 'us-east-1b' }, placement: inGroup('far') }),
      anInstance(MEMBER, { ...stopped, placement: inGroup('parts', 1) }),
      anInstance(NEIGHBOUR, { ...stopped, placement: inGroup('parts', 2) }),
      anInstance(GONE, { powerState: 'terminated', status: { state: 'terminated' } }),
      ...more,
    ],
  });
}
const placementIn = (cluster: FakeCluster, name: string): string => {
  const { groupName, partitionNumber } = cluster.get(Instance, { namespace: NAMESPACE, name })?.spec.placement ?? {};
  return `${groupName ?? 'none'} ${String(partitionNumber ?? 'none')}`;
};

describe('ModifyInstancePlacement', () => {
  const changes: Record<string, { input: Partial<ModifyInstancePlacementRequest>; want: string }> = {
    'into a group by name': { input: { GroupName: 'near' }, want: 'near none' },
    'into a group by id': { input: { GroupId: ec2IdOf('pg', near) }, want: 'near none' },
    'into a partition': { input: { GroupName: 'parts', PartitionNumber: 2 }, want: 'parts 2' },
    'into the emptiest partition unless told': { input: { GroupName: 'parts' }, want: 'parts 3' },
    'into another partition': { input: { InstanceId: MEMBER, PartitionNumber: 3 }, want: 'parts 3' },
    'out of its group': { input: { InstanceId: MEMBER, GroupName: '' }, want: 'none none' },
    'out of its partition into a group': { input: { InstanceId: MEMBER, GroupName: 'near' }, want: 'near none' },
    'nowhere, if only the tenancy is confirmed': { input: { InstanceId: MEMBER, Tenancy: 'default', Affinity: 'default' }, want: 'parts 1' },
  };
  for (const [name, { input, want }] of Object.entries(changes)) {
    it(`moves an instance ${name}`, async () => {
      const cluster = clusterOf();
      const request = { ...input, InstanceId: input.InstanceId ?? STOPPED };
      assert.deepEqual(await modifyInstancePlacement(request, operationContext(cluster)), { Return: true });
      assert.equal(placementIn(cluster, request.InstanceId), want);
    });
  }

  const refusals: Record<string, { input: Partial<ModifyInstancePlacementRequest>; code: string }> = {
    'a running instance': { input: { InstanceId: RUNNING, GroupName: 'near' }, code: 'IncorrectInstanceState' },
    'a terminated instance': { input: { InstanceId: GONE, GroupName: 'near' }, code: 'IncorrectInstanceState' },
    'an unknown instance': { input: { InstanceId: 'i-0000000000000000f', GroupName: 'near' }, code: 'InvalidInstanceID.NotFound' },
    'an unknown group': { input: { GroupName: 'none' }, code: 'InvalidPlacementGroup.Unknown' },
    'an unknown group id': { input: { GroupId: 'pg-00000000000000001' }, code: 'InvalidPlacementGroup.Unknown' },
    'a malformed group id': { input: { GroupId: 'near' }, code: 'InvalidPlacementGroupId.Malformed' },
    'a group by name and id': { input: { GroupName: 'near', GroupId: ec2IdOf('pg', near) }, code: 'InvalidParameterCombination' },
    'a cluster group in another zone': { input: { GroupName: 'far' }, code: 'InvalidParameterCombination' },
    'a partition that the group does not have': { input: { GroupName: 'parts', PartitionNumber: 4 }, code: 'InvalidParameterValue' },
    'a partition of a group without any': { input: { GroupName: 'near', PartitionNumber: 1 }, code: 'InvalidParameterCombination' },
    'a partition of no group': { input: { PartitionNumber: 1 }, code: 'InvalidParameterCombination' },
    'dedicated tenancy': { input: { Tenancy: 'dedicated' }, code: 'InvalidRequest' },
    'a host': { input: { HostId: 'h-00000000000000001' }, code: 'InvalidHostID.NotFound' },
    'host affinity': { input: { Affinity: 'host' }, code: 'InvalidRequest' },
    nothing: { input: {}, code: 'InvalidParameterCombination' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(modifyInstancePlacement({ InstanceId: STOPPED, ...input }, operationContext(clusterOf())), { code }));
  }
});

describe('StartInstances in a spread group', () => {
  const member = (number: number, isStopped: boolean): Instance =>
    anInstance(`i-1000000000000000${String(number)}`, { ...(isStopped ? stopped : { status: { availabilityZone: 'us-east-1a' } }), placement: inGroup('apart') });
  it('refuses the eighth of a zone', async () => {
    const members = [1, 2, 3, 4, 5, 6].map((number) => member(number, false));
    const cluster = clusterOf(...members, member(7, true), member(8, true));
    const ids = ['i-10000000000000007', 'i-10000000000000008'];
    await assert.rejects(startInstances({ InstanceIds: ids }, operationContext(cluster)), { code: 'InsufficientInstanceCapacity' });
    assert.equal((await startInstances({ InstanceIds: ids.slice(0, 1) }, operationContext(cluster))).StartingInstances?.length, 1);
  });
});
