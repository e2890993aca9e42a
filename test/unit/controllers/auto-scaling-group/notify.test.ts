import assert from 'node:assert/strict';
import type { AutoScalingGroupSpec } from '../../../../operator/api/auto-scaling/auto-scaling-group.ts';
import { AutoScalingGroup } from '../../../../operator/kubernetes/resources.ts';
import { GROUP_KEY, groupWorld, type GroupWorld } from '../../../support/group-world.ts';

type Configurations = NonNullable<AutoScalingGroupSpec['notificationConfigurations']>;
const asking = (...types: string[]): Configurations => [{ topicARN: 'arn:aws:sns:us-east-1:111122223333:told', notificationTypes: types.map((type) => `autoscaling:EC2_INSTANCE_${type}`) as Configurations[number]['notificationTypes'] }];
const told = (world: GroupWorld): string[] => world.cluster.events.filter(({ reason }) => reason.startsWith('Ec2Instance')).map(({ reason }) => reason);
const markers = (world: GroupWorld): number => world.cluster.writes.filter(({ body }) => JSON.stringify(body ?? null).includes('"told"')).length;

describe('notifications of a group', () => {
  it('are events of the group, one for each launch and end, and one more write of the member for each', async () => {
    const world = groupWorld({ desiredCapacity: 2, notificationConfigurations: asking('LAUNCH', 'TERMINATE') });
    await world.run();
    assert.deepEqual(told(world), ['Ec2InstanceLaunch', 'Ec2InstanceLaunch']);
    await world.change({ desiredCapacity: 1 });
    await world.run();
    await world.after(60);
    assert.deepEqual(told(world), ['Ec2InstanceLaunch', 'Ec2InstanceLaunch', 'Ec2InstanceTerminate']);
    assert.equal(markers(world), 3);
    const event = world.cluster.events.find(({ reason }) => reason === 'Ec2InstanceTerminate');
    assert.equal(event?.regarding.kind, 'AutoScalingGroup');
    assert.match(event?.message ?? '', /^autoscaling:EC2_INSTANCE_TERMINATE: Terminating EC2 instance: i-[0-9a-f]{17}\. At .* instance was taken out of service/);
  });

  it('are only those that are asked for, and none of what was before', async () => {
    const world = groupWorld({ desiredCapacity: 2 });
    await world.run();
    await world.after(60);
    await world.change({ notificationConfigurations: asking('LAUNCH') });
    await world.after(60);
    assert.deepEqual([told(world), markers(world)], [[], 0]);
    await world.change({ desiredCapacity: 3 });
    await world.run();
    await world.change({ desiredCapacity: 0 });
    await world.run();
    await world.after(60);
    assert.deepEqual(told(world), ['Ec2InstanceLaunch']);
    await world.change({ notificationConfigurations: asking('LAUNCH', 'TERMINATE') });
    await world.after(60);
    assert.deepEqual(told(world), ['Ec2InstanceLaunch'], 'the ends were before');
    await world.change({ notificationConfigurations: null });
    assert.equal(world.group().status?.notifying, undefined);
  });

  it('tell of launches that fail, with an instance and without, once for each try', async () => {
    const world = groupWorld({ desiredCapacity: 1, notificationConfigurations: asking('LAUNCH_ERROR') });
    await world.settle();
    const [member] = world.members();
    assert.ok(member !== undefined);
    const time = new Date(world.clock.now()).toISOString();
    await world.put(member, { state: 'terminated', stateTransitionTime: time, stateReason: { code: 'Server.InsufficientInstanceCapacity', message: 'no room' } });
    await world.settle();
    assert.deepEqual(told(world), ['Ec2InstanceLaunchError']);
    assert.match(world.cluster.events.find(({ reason }) => reason === 'Ec2InstanceLaunchError')?.message ?? '', /no room$/);
    await world.change({ desiredCapacity: 2, launchTemplate: { launchTemplate: 'nothing' } });
    await world.settle();
    assert.deepEqual(told(world), ['Ec2InstanceLaunchError', 'Ec2InstanceLaunchError']);
  });

  it('tell of the ends when the group is deleted', async () => {
    const world = groupWorld({ desiredCapacity: 2, notificationConfigurations: asking('TERMINATE') });
    await world.run();
    await world.cluster.remove(AutoScalingGroup, GROUP_KEY);
    await world.run();
    assert.deepEqual(told(world), ['Ec2InstanceTerminate', 'Ec2InstanceTerminate']);
    assert.equal(world.cluster.get(AutoScalingGroup, GROUP_KEY), undefined);
  });
});
