import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { PLACEMENT_GROUP_LABEL, PLACEMENT_PARTITION_LABEL } from '../../../../operator/api/compute/placement-group.ts';
import type { VirtualMachine } from '../../../../operator/kubernetes/resources.ts';
import { runningWorld, WORLD_NAMESPACE as namespace, type InstanceWorld } from '../../../support/instance-world.ts';
import { aPlacementGroup } from '../../../support/placement-group-objects.ts';

const near = aPlacementGroup('near', { namespace });
const apart = aPlacementGroup('apart', { namespace, strategy: 'spread' });
const parts = aPlacementGroup('parts', { namespace, strategy: 'partition', partitionCount: 3 });
const inGroup = (groupName: string, partitionNumber?: number) => ({ tenancy: 'default' as const, groupName, ...(partitionNumber !== undefined && { partitionNumber }) });

const upToDate = (world: InstanceWorld): string => {
  const { status, reason, message } = world.instance().status?.conditions?.find(({ type }) => type === 'UpToDate') ?? {};
  return `${status ?? ''} ${reason ?? ''}${status === 'False' ? `: ${message ?? ''}` : ''}`;
};
/** Group, partition and rules of the machine: + for nearness, - for apartness. */
const placed = (vm: VirtualMachine | undefined): string[] => {
  const { metadata, spec } = vm?.spec.template ?? {};
  const { podAffinity, podAntiAffinity, nodeAffinity } = spec?.affinity ?? {};
  const labels = [PLACEMENT_GROUP_LABEL, PLACEMENT_PARTITION_LABEL].map((label) => metadata?.labels?.[label] ?? 'none');
  return [...labels, `${podAffinity ? '+' : ''}${podAntiAffinity ? '-' : ''}${nodeAffinity ? 'zone' : ''}`];
};
async function stop(world: InstanceWorld): Promise<void> {
  await world.change({ powerState: 'stopped' });
  await world.kubevirt.end();
  await world.settle();
}

describe('a change of the placement group', () => {
  it('waits for a stop, says so, and moves the machine at the next start', async () => {
    const world = await runningWorld({ placement: inGroup('near') }, near, apart);
    assert.deepEqual(placed(world.kubevirt.vm), [ec2IdOf('pg', near), 'none', '+']);
    await world.change({ placement: inGroup('apart') });
    assert.equal(upToDate(world), 'False StopRequired: placement.groupName or partitionNumber: changed in the spec, but taken up only while the instance is stopped.');
    assert.deepEqual(placed(world.kubevirt.vm), [ec2IdOf('pg', near), 'none', '+']);
    await stop(world);
    assert.deepEqual(placed(world.kubevirt.vm), [ec2IdOf('pg', apart), 'none', '-']);
    assert.equal(upToDate(world), 'True UpToDate');
  });

  const changes: Record<string, { from: object; to: object; want: string[] }> = {
    'into a group': { from: { tenancy: 'default' }, to: { groupName: 'near' }, want: [ec2IdOf('pg', near), 'none', '+'] },
    'out of one': { from: inGroup('apart'), to: { groupName: null }, want: ['none', 'none', ''] },
    'into a partition': { from: inGroup('near'), to: { groupName: 'parts', partitionNumber: 3 }, want: [ec2IdOf('pg', parts), '3', '-'] },
    'into another partition': { from: inGroup('parts', 1), to: { partitionNumber: 2 }, want: [ec2IdOf('pg', parts), '2', '-'] },
    'out of a partition': { from: inGroup('parts', 1), to: { groupName: 'near', partitionNumber: null }, want: [ec2IdOf('pg', near), 'none', '+'] },
  };
  for (const [name, { from, to, want }] of Object.entries(changes)) {
    it(`${name} of a stopped machine is taken up at once, with no other label lost`, async () => {
      const world = await runningWorld({ placement: from as never }, near, apart, parts);
      await stop(world);
      const before = Object.keys(world.kubevirt.vm?.spec.template.metadata?.labels ?? {}).filter((label) => !label.startsWith('kube-ec2.io/placement'));
      await world.change({ placement: to as never });
      assert.deepEqual(placed(world.kubevirt.vm), want);
      assert.deepEqual(Object.keys(world.kubevirt.vm?.spec.template.metadata?.labels ?? {}).filter((label) => !label.startsWith('kube-ec2.io/placement')), before);
      const { length } = world.cluster.writes;
      await world.settle();
      assert.equal(world.cluster.writes.length, length);
    });
  }

  it('together with a change of zone and security groups is one patch that loses none of them', async () => {
    const world = await runningWorld({ placement: inGroup('near') }, near, apart);
    await stop(world);
    world.cluster.writes.length = 0;
    await world.change({ placement: { ...inGroup('apart'), availabilityZone: 'us-east-1a' }, securityGroupIds: ['web'] });
    const { spec, metadata } = world.kubevirt.vm?.spec.template ?? {};
    assert.deepEqual([spec?.nodeSelector, placed(world.kubevirt.vm)], [{ 'topology.kubernetes.io/zone': 'us-east-1a' }, [ec2IdOf('pg', apart), 'none', '-']]);
    assert.equal(Object.keys(metadata?.labels ?? {}).filter((label) => label.startsWith('sg.')).length, 1);
    assert.equal(world.cluster.writes.filter(({ verb, kind }) => verb === 'patch' && kind === 'VirtualMachine').length, 1);
  });

  it('to a group that does not exist is said, and taken up once it does', async () => {
    const world = await runningWorld();
    await stop(world);
    await world.change({ placement: inGroup('near') });
    assert.match(upToDate(world), /^False PlacementGroupNotFound/);
    world.cluster.add(near);
    await world.settle();
    assert.deepEqual([upToDate(world), placed(world.kubevirt.vm)[0]], ['True UpToDate', ec2IdOf('pg', near)]);
  });

  it('a tenancy that cannot be had is said', async () => {
    const world = await runningWorld();
    await world.change({ placement: { tenancy: 'host' } });
    assert.match(upToDate(world), /^False TenancyUnsupported/);
  });
});
