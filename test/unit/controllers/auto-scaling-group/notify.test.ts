import assert from 'node:assert/strict';
import type { AutoScalingGroupSpec } from '../../../../operator/api/auto-scaling/auto-scaling-group.ts';
import { ApiError } from '../../../../operator/kubernetes/errors.ts';
import { AutoScalingGroup, Notification as MessageObject } from '../../../../operator/kubernetes/resources.ts';
import { GROUP_KEY, groupWorld, type GroupWorld } from '../../../support/group-world.ts';
import { WORLD_ACCOUNT_ID } from '../../../support/instance-world.ts';
import { aTopic } from '../../../support/topic-objects.ts';

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

const TOPIC_ARN = `arn:aws:sns:us-east-1:${WORLD_ACCOUNT_ID}:told`;
const sent = (world: GroupWorld): Record<string, unknown>[] => world.cluster.list(MessageObject, GROUP_KEY.namespace).map(({ spec }) => JSON.parse(spec.message) as Record<string, unknown>);
const eventsSent = (world: GroupWorld): string[] => sent(world).map((message) => String(message['Event'] ?? message['LifecycleTransition'])).sort();
const toTopic = (...types: string[]): Configurations => asking(...types).map((configuration) => ({ ...configuration, topicARN: TOPIC_ARN }));
const topicsFound = (world: GroupWorld): string | undefined => world.group().status?.conditions?.find(({ type }) => type === 'TopicsFound')?.reason;

describe('messages of a group to a topic', () => {
  it('are what Auto Scaling gives to SNS, one for each launch and end, and a test before', async () => {
    const world = groupWorld({ desiredCapacity: 1, notificationConfigurations: toTopic('LAUNCH', 'TERMINATE') }, aTopic('told'));
    await world.run();
    await world.change({ desiredCapacity: 0 });
    await world.run();
    await world.after(60);
    assert.deepEqual(eventsSent(world), ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:EC2_INSTANCE_TERMINATE', 'autoscaling:TEST_NOTIFICATION']);
    const [member] = world.allMembers();
    const launch = sent(world).find(({ Event }) => Event === 'autoscaling:EC2_INSTANCE_LAUNCH') ?? {};
    const arn = `arn:aws:autoscaling:us-east-1:${WORLD_ACCOUNT_ID}:autoScalingGroup:uid-group:autoScalingGroupName/web`;
    assert.deepEqual(Object.keys(launch), [
      'Progress', 'AccountId', 'Description', 'RequestId', 'EndTime', 'AutoScalingGroupARN', 'ActivityId', 'StartTime', 'Service', 'Time', 'EC2InstanceId', 'StatusCode', 'StatusMessage',
      'Details', 'AutoScalingGroupName', 'Cause', 'Event',
    ]);
    assert.deepEqual(
      [launch['Service'], launch['AccountId'], launch['AutoScalingGroupName'], launch['AutoScalingGroupARN'], launch['EC2InstanceId'], launch['StatusCode'], launch['StatusMessage'], launch['RequestId']],
      ['AWS Auto Scaling', WORLD_ACCOUNT_ID, 'web', arn, member?.metadata.name, 'Successful', '', launch['ActivityId']],
    );
    assert.deepEqual(launch['Details'], { 'Availability Zone': 'us-east-1a' });
    assert.match(String(launch['Time']), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const test = sent(world).find(({ Event }) => Event === 'autoscaling:TEST_NOTIFICATION') ?? {};
    assert.deepEqual(Object.keys(test), ['AccountId', 'RequestId', 'AutoScalingGroupARN', 'AutoScalingGroupName', 'Service', 'Event', 'Time']);
    assert.equal(topicsFound(world), 'TopicsFound');
    const [message] = world.cluster.list(MessageObject, GROUP_KEY.namespace);
    assert.deepEqual(message?.metadata.ownerReferences?.map(({ kind, name, uid }) => [kind, name, uid]), [['NotificationTopic', 'told', 'uid-topic-told']]);
  });

  it('go to the topics that ask for them, and to none that does not exist', async () => {
    const missing = `arn:aws:sns:us-east-1:${WORLD_ACCOUNT_ID}:missing`;
    const configurations = [...toTopic('TERMINATE'), { topicARN: missing, notificationTypes: ['autoscaling:EC2_INSTANCE_LAUNCH' as const] }];
    const world = groupWorld({ desiredCapacity: 1, notificationConfigurations: configurations }, aTopic('told'));
    await world.run();
    assert.deepEqual([eventsSent(world), told(world)], [['autoscaling:TEST_NOTIFICATION'], ['Ec2InstanceLaunch']]);
    assert.match(world.group().status?.conditions?.find(({ type }) => type === 'TopicsFound')?.message ?? '', /:missing: what it is to be told is told by events only/);
    world.cluster.add(aTopic('missing'));
    await world.after(60);
    assert.deepEqual(eventsSent(world), ['autoscaling:TEST_NOTIFICATION', 'autoscaling:TEST_NOTIFICATION'], 'the topic that came gets its test');
    assert.equal(topicsFound(world), 'TopicsFound');
    await world.change({ notificationConfigurations: null });
    assert.deepEqual([topicsFound(world), world.group().status?.topics], [undefined, undefined]);
  });

  it('test a topic again only when it is to be told something else', async () => {
    const world = groupWorld({ desiredCapacity: 0, notificationConfigurations: toTopic('LAUNCH') }, aTopic('told'));
    await world.settle();
    await world.change({ maxSize: 7 });
    assert.equal(sent(world).length, 1);
    await world.change({ notificationConfigurations: toTopic('LAUNCH', 'TERMINATE') });
    assert.equal(sent(world).length, 2);
  });

  it('tell of waits for hooks with all that it takes to end them, before the wait begins', async () => {
    const hook = { heartbeatTimeout: 300, defaultResult: 'CONTINUE' as const, notificationTargetARN: TOPIC_ARN, notificationMetadata: 'more' };
    const hooks = [
      { ...hook, lifecycleHookName: 'boot', lifecycleTransition: 'autoscaling:EC2_INSTANCE_LAUNCHING' as const },
      { ...hook, lifecycleHookName: 'drain', lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING' as const },
    ];
    const world = groupWorld({ desiredCapacity: 1, lifecycleHooks: hooks }, aTopic('told'));
    await world.run();
    const [member] = world.members();
    const wait = sent(world).find(({ LifecycleTransition }) => LifecycleTransition === 'autoscaling:EC2_INSTANCE_LAUNCHING') ?? {};
    assert.deepEqual(Object.keys(wait), [
      'Origin', 'LifecycleHookName', 'Destination', 'AccountId', 'RequestId', 'LifecycleTransition', 'AutoScalingGroupName', 'Service', 'Time', 'EC2InstanceId', 'NotificationMetadata', 'LifecycleActionToken',
    ]);
    const [action] = member?.spec.autoScaling.lifecycleActions ?? [];
    assert.deepEqual([wait['LifecycleActionToken'], wait['EC2InstanceId'], wait['NotificationMetadata'], wait['Origin'], wait['Destination']], [action?.lifecycleActionToken, member?.metadata.name, 'more', 'EC2', 'AutoScalingGroup']);
    const order = world.cluster.writes.flatMap(({ kind, verb, body }) => (kind === 'Notification' && verb === 'create' ? ['message'] : JSON.stringify(body ?? null).includes('startedAt') ? ['wait'] : []));
    assert.deepEqual(order.filter((item, index) => item !== order[index - 1]).slice(0, 2), ['message', 'wait']);
    await world.after(400);
    await world.change({ desiredCapacity: 0 });
    assert.deepEqual(world.states(), { 'Terminating:Wait': 1 });
    const end = sent(world).find(({ LifecycleTransition }) => LifecycleTransition === 'autoscaling:EC2_INSTANCE_TERMINATING') ?? {};
    assert.deepEqual([end['LifecycleHookName'], end['Origin'], end['Destination']], ['drain', 'AutoScalingGroup', 'EC2']);
    assert.equal(world.cluster.events.filter(({ reason }) => reason === 'LifecycleAction').length, 2);
  });

  it('are made once more without harm after a crash between message and marker', async () => {
    const world = groupWorld({ desiredCapacity: 1, notificationConfigurations: toTopic('LAUNCH') }, aTopic('told'));
    await world.settle();
    const [member] = world.members();
    assert.ok(member !== undefined);
    await world.put(member, { state: 'running', stateTransitionTime: new Date(world.clock.now()).toISOString(), launchTime: new Date(world.clock.now()).toISOString(), hasBooted: true });
    world.cluster.failNext('patch', 'Instance', new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'killed' }));
    await assert.rejects(world.settle());
    await world.settle();
    assert.deepEqual(eventsSent(world), ['autoscaling:EC2_INSTANCE_LAUNCH', 'autoscaling:TEST_NOTIFICATION']);
  });

  it('that a quota refuses do not hold up the group', async () => {
    const world = groupWorld({ desiredCapacity: 1, notificationConfigurations: toTopic('LAUNCH') }, aTopic('told'));
    world.cluster.failNext('create', 'Notification', new ApiError({ code: 403, reason: 'Forbidden', message: 'exceeded quota' }));
    await world.run();
    assert.deepEqual([world.states(), eventsSent(world)], [{ InService: 1 }, ['autoscaling:EC2_INSTANCE_LAUNCH']]);
    assert.ok(world.cluster.events.some(({ reason, message }) => reason === 'NotificationRefused' && message.includes('exceeded quota')));
  });
});
