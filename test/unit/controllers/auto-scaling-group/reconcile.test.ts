import assert from 'node:assert/strict';
import { activitiesOf } from '../../../../operator/api/auto-scaling/auto-scaling-activities.ts';
import type { AutoScalingGroupSpec } from '../../../../operator/api/auto-scaling/auto-scaling-group.ts';
import { lifecycleStateOf } from '../../../../operator/api/auto-scaling/auto-scaling-member.ts';
import { AutoScalingGroup, Instance, type Ami } from '../../../../operator/kubernetes/resources.ts';
import { aTemplate, GROUP_KEY, groupWorld, type GroupWorld } from '../../../support/group-world.ts';
import { containerDiskAmi, WORLD_NAMESPACE } from '../../../support/instance-world.ts';

const conditionOf = (world: GroupWorld, type: string): string | undefined => {
  const condition = world.group().status?.conditions?.find((candidate) => candidate.type === type);
  return condition && `${condition.status} ${condition.reason}`;
};
const activities = (world: GroupWorld): string[] => activitiesOf(world.group(), world.allMembers()).map(({ statusCode, description }) => `${statusCode} ${description.split(':')[0] ?? ''}`);

describe('an Auto Scaling group', () => {
  it('launches what is desired, spread over the zones, in one write for each instance', async () => {
    const world = groupWorld({ minSize: 1, maxSize: 10, desiredCapacity: 6, tags: [{ key: 'team', value: 'a', propagateAtLaunch: true }, { key: 'own', value: 'b', propagateAtLaunch: false }] });
    await world.settle();
    assert.deepEqual(world.states(), { Pending: 6 });
    assert.deepEqual(world.zones(), { 'us-east-1a': 2, 'us-east-1b': 2, 'us-east-1c': 2 });
    assert.equal(world.cluster.writes.filter(({ kind }) => kind === 'Instance').length, 6);
    const [member] = world.members();
    assert.equal(member?.metadata.labels?.['kube-ec2.io/auto-scaling-group'], 'web');
    assert.deepEqual(member?.spec.tags?.map(({ key }) => key), ['team', 'aws:autoscaling:groupName', 'aws:ec2launchtemplate:id', 'aws:ec2launchtemplate:version']);
    await world.run();
    assert.deepEqual(world.states(), { InService: 6 });
    assert.equal(conditionOf(world, 'AtDesiredCapacity'), 'True AtDesiredCapacity');
    assert.deepEqual([world.group().status?.replicas, world.group().status?.inService, world.group().status?.nextOrdinal], [6, 6, 6]);
  });

  it('writes nothing when nothing has changed', async () => {
    const world = groupWorld({ desiredCapacity: 3 });
    await world.run();
    const before = world.cluster.writes.length;
    await world.after(3600);
    assert.equal(world.cluster.writes.length, before);
  });

  it('takes minSize for a desired capacity that nobody named, once', async () => {
    const world = groupWorld({ minSize: 2 });
    await world.settle();
    assert.equal(world.group().spec.desiredCapacity, 2);
  });

  const sizes: Record<string, { spec: Partial<AutoScalingGroupSpec>; want: number }> = {
    'more than maxSize': { spec: { maxSize: 2, desiredCapacity: 5 }, want: 2 },
    'less than minSize': { spec: { minSize: 3, desiredCapacity: 1 }, want: 3 },
  };
  for (const [name, { spec, want }] of Object.entries(sizes)) {
    it(`keeps within its limits what is desired: ${name}`, async () => {
      const world = groupWorld(spec);
      await world.run();
      assert.deepEqual([world.members().length, conditionOf(world, 'AtDesiredCapacity')], [want, 'True BeyondLimits']);
    });
  }

  it('scales in by zone and policy, spares what is protected, and says why', async () => {
    const world = groupWorld({ desiredCapacity: 5, terminationPolicies: ['NewestInstance'] });
    await world.run();
    const names = world.members().map(({ metadata }) => metadata.name);
    await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: names[4] ?? '' }, { spec: { autoScaling: { protectedFromScaleIn: true } } });
    await world.change({ desiredCapacity: 2 });
    await world.run();
    assert.deepEqual(Object.values(world.zones()), [1, 1]);
    assert.ok(world.members().some(({ metadata }) => metadata.name === names[4]));
    assert.equal(activities(world).filter((text) => text === 'Successful Terminating EC2 instance').length, 3);
    assert.match(world.allMembers().find(({ spec }) => spec.autoScaling.leaving)?.spec.autoScaling.leaving?.cause ?? '', /shrinking the capacity from [345] to [234]\. .* was selected for termination\.$/);
  });

  it('replaces what somebody terminated or stopped, and what was reported unhealthy', async () => {
    const world = groupWorld({ desiredCapacity: 3 });
    await world.run();
    const [one, two, three] = world.members();
    assert.ok(one && two && three);
    await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: one.metadata.name }, { spec: { powerState: 'terminated' } });
    await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: two.metadata.name }, { spec: { powerState: 'stopped' } });
    await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: three.metadata.name }, { spec: { autoScaling: { healthStatus: 'Unhealthy' } } });
    await world.run();
    assert.deepEqual(world.states(), { InService: 3, Terminated: 3 });
    assert.deepEqual(world.members().map(({ spec }) => spec.autoScaling.ordinal), [3, 4, 5]);
  });

  it('gives a failed status check two minutes, and the grace period', async () => {
    const world = groupWorld({ desiredCapacity: 1, healthCheckGracePeriod: 300 });
    await world.run();
    const [member] = world.members();
    assert.ok(member);
    const at = new Date(world.clock.now()).toISOString();
    await world.put(member, { conditions: [{ type: 'SystemStatusOk', status: 'False', reason: 'NodeNotReady', message: 'x', lastTransitionTime: at }] });
    await world.after(200);
    assert.deepEqual(world.states(), { InService: 1 });
    await world.after(150);
    assert.deepEqual(world.states(), { Pending: 1, Terminating: 1 });
  });

  const suspended: Record<string, { process: string; act: (world: GroupWorld) => Promise<void>; want: Record<string, number> }> = {
    Launch: { process: 'Launch', act: (world) => world.change({ desiredCapacity: 4 }), want: { InService: 2 } },
    Terminate: { process: 'Terminate', act: (world) => world.change({ desiredCapacity: 1 }), want: { InService: 2 } },
    ReplaceUnhealthy: {
      process: 'ReplaceUnhealthy',
      act: async (world) => {
        await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: world.members()[0]?.metadata.name ?? '' }, { spec: { autoScaling: { healthStatus: 'Unhealthy' } } });
        await world.settle();
      },
      want: { InService: 2 },
    },
  };
  for (const [name, { process, act, want }] of Object.entries(suspended)) {
    it(`does not ${name} while that is suspended`, async () => {
      const world = groupWorld({ desiredCapacity: 2 });
      await world.run();
      await world.change({ suspendedProcesses: [process] });
      await act(world);
      await world.run();
      assert.deepEqual(world.states(), want);
    });
  }

  it('goes into zones that it gets, and out of those that it loses, launching first', async () => {
    const world = groupWorld({ desiredCapacity: 4, availabilityZones: ['us-east-1a'] });
    await world.run();
    assert.deepEqual(world.zones(), { 'us-east-1a': 4 });
    await world.change({ availabilityZones: ['us-east-1b', 'us-east-1c'] });
    const fewest: number[] = [];
    await world.run();
    fewest.push(world.members().length);
    assert.deepEqual(world.zones(), { 'us-east-1b': 2, 'us-east-1c': 2 });
    assert.equal(world.states()['InService'], 4);
  });

  it('ends with its instances, whatever hooks they have', async () => {
    const hook = { lifecycleHookName: 'drain', lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING', heartbeatTimeout: 300, defaultResult: 'CONTINUE' } as const;
    const world = groupWorld({ desiredCapacity: 2, lifecycleHooks: [hook] });
    await world.run();
    await world.cluster.remove(AutoScalingGroup, GROUP_KEY);
    await world.run().catch(() => undefined);
    assert.equal(world.cluster.get(AutoScalingGroup, GROUP_KEY), undefined);
    assert.ok(world.cluster.list(Instance, WORLD_NAMESPACE).every(({ spec }) => spec.powerState === 'terminated'));
  });
});

describe('a group that cannot launch', () => {
  it('makes no instance without its template, says so, and launches when it comes', async () => {
    const world = groupWorld({ desiredCapacity: 2, launchTemplate: { launchTemplate: 'other', version: '$Latest' } });
    await world.settle();
    assert.equal(conditionOf(world, 'Launchable'), 'False LaunchTemplateNotFound');
    assert.deepEqual(world.members(), []);
    assert.deepEqual(activities(world), ['Failed Launching a new EC2 instance.  Status Reason']);
    world.cluster.add(aTemplate('other', { imageId: 'disk', instanceType: 't3.micro' }));
    await world.run();
    assert.deepEqual([world.states(), conditionOf(world, 'Launchable')], [{ InService: 2 }, 'True Launchable']);
  });

  it('names the AMI that is gone, and tries again at growing distances', async () => {
    const world = groupWorld({ desiredCapacity: 2, launchTemplate: { launchTemplate: 'gone', version: '$Default' } }, aTemplate('gone', { imageId: 'ami-00000000000000009', instanceType: 't3.micro' }));
    await world.settle();
    assert.equal(conditionOf(world, 'Launchable'), 'False AmiNotFound');
    for (let count = 0; count < 20; count += 1) await world.after(30);
    const failed = activities(world).length;
    assert.ok(failed > 2 && failed < 8, `${String(failed)} tries in ten minutes`);
    world.cluster.add(containerDiskAmi('ami-00000000000000009'));
    await world.run();
    assert.deepEqual(world.states(), { InService: 2 });
  });

  it('waits for an image that carries the parameter which its template names, and launches the newest that does, again and again', async () => {
    const template = aTemplate('latest', { imageId: 'resolve:ssm:/images/web', instanceType: 't3.micro' });
    const world = groupWorld({ desiredCapacity: 1, launchTemplate: { launchTemplate: 'latest', version: '$Default' } }, template);
    await world.settle();
    assert.equal(conditionOf(world, 'Launchable'), 'False ParameterNotFound');
    const image = (name: string, creationTimestamp: string): Ami => {
      const { metadata, ...ami } = containerDiskAmi(name, { parameterPaths: ['/images/web'] });
      return { ...ami, metadata: { ...metadata, creationTimestamp } };
    };
    const images = (): string[] => world.members().map(({ spec }) => spec.imageId);
    world.cluster.add(image('ami-00000000000000011', '2026-01-01T00:00:00Z'));
    await world.after(60);
    await world.run();
    assert.deepEqual(images(), ['ami-00000000000000011']);
    const pending: Ami = { ...image('ami-00000000000000013', '2026-01-03T00:00:00Z'), status: { state: 'pending' } };
    world.cluster.add(image('ami-00000000000000012', '2026-01-02T00:00:00Z'), pending);
    await world.change({ desiredCapacity: 2 });
    await world.run();
    assert.deepEqual(images(), ['ami-00000000000000011', 'ami-00000000000000012'], 'what runs stays, what is new is of the newest');
  });

  it('waits after launches that came to nothing, and avoids the zone', async () => {
    const world = groupWorld({ desiredCapacity: 1 });
    await world.settle();
    const [member] = world.members();
    assert.ok(member);
    const time = new Date(world.clock.now()).toISOString();
    await world.put(member, { state: 'terminated', stateTransitionTime: time, stateReason: { code: 'Server.InsufficientInstanceCapacity', message: 'No node fits.' } });
    await world.settle();
    assert.deepEqual([world.states(), conditionOf(world, 'Launchable')], [{ Terminated: 1 }, 'False LaunchFailed']);
    assert.deepEqual(activities(world), ['Failed Launching a new EC2 instance']);
    await world.after(20);
    assert.deepEqual(world.zones(), { 'us-east-1b': 1 });
  });

  it('refuses what no instance can have, in words', async () => {
    const world = groupWorld({ desiredCapacity: 1, launchTemplate: { launchTemplate: 'spot', version: '$Default' } }, aTemplate('spot', { imageId: 'disk', instanceType: 't3.micro', instanceMarketOptions: { marketType: 'spot' } }));
    await world.settle();
    const condition = world.group().status?.conditions?.find(({ type }) => type === 'Launchable');
    assert.equal(condition?.message, "version 1 of launch template spot cannot be launched: The market type 'spot' is not supported.");
  });
});

describe('requests about single instances', () => {
  it('terminate one with the desired capacity, which leaves the others alone', async () => {
    const world = groupWorld({ desiredCapacity: 3 });
    await world.run();
    const [first] = world.members();
    await world.change({ desiredCapacity: 2, instanceRequests: [{ instanceId: first?.metadata.name, action: 'terminate', requestedAt: '2026-01-01T10:00:00Z' }] });
    await world.run();
    assert.deepEqual(world.states(), { InService: 2, Terminated: 1 });
    assert.equal(world.group().spec.instanceRequests, undefined);
    assert.equal(world.allMembers().find(({ spec }) => spec.autoScaling.leaving)?.metadata.name, first?.metadata.name);
  });

  it('detach, attach, standby and back', async () => {
    const world = groupWorld({ desiredCapacity: 2 });
    await world.run();
    const [one, two] = world.members().map(({ metadata }) => metadata.name);
    await world.change({ desiredCapacity: 1, instanceRequests: [{ instanceId: one, action: 'detach' }] });
    await world.run();
    assert.deepEqual(world.states(), { InService: 1 });
    const detached = world.cluster.get(Instance, { namespace: WORLD_NAMESPACE, name: one ?? '' });
    assert.deepEqual([detached?.spec.autoScaling, detached?.metadata.labels?.['kube-ec2.io/auto-scaling-group'], detached?.spec.tags?.some(({ key }) => key === 'aws:autoscaling:groupName')], [undefined, undefined, false]);
    await world.change({ desiredCapacity: 2, instanceRequests: [{ instanceId: one, action: 'attach' }] });
    await world.run();
    assert.deepEqual(world.states(), { InService: 2 });
    await world.change({ desiredCapacity: 1, instanceRequests: [{ instanceId: two, action: 'enter-standby' }] });
    await world.run();
    assert.deepEqual(world.states(), { InService: 1, Standby: 1 });
    await world.change({ desiredCapacity: 2, instanceRequests: [{ instanceId: two, action: 'exit-standby' }] });
    await world.run();
    assert.deepEqual(world.states(), { InService: 2 });
    assert.deepEqual(activities(world).filter((text) => /Detach|Moving/.test(text)), ['Successful Moving EC2 instance out of Standby', 'Successful Moving EC2 instance to Standby', 'Successful Detaching EC2 instance']);
  });
});

describe('lifecycle hooks', () => {
  const hookOf = (transition: 'LAUNCHING' | 'TERMINATING', defaultResult: 'CONTINUE' | 'ABANDON') => ({
    lifecycleHookName: 'h',
    lifecycleTransition: `autoscaling:EC2_INSTANCE_${transition}` as const,
    heartbeatTimeout: 60,
    defaultResult,
  });
  const complete = async (world: GroupWorld, result: string): Promise<void> => {
    const member = world.members().find(({ spec }) => spec.autoScaling.lifecycleActions?.some((action) => action.result === undefined));
    const actions = member?.spec.autoScaling.lifecycleActions?.map((action) => ({ ...action, result }));
    await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: member?.metadata.name ?? '' }, { spec: { autoScaling: { lifecycleActions: actions as never } } });
    await world.run();
  };

  it('hold a launch up until it is completed, and tell so by an event with the token', async () => {
    const world = groupWorld({ desiredCapacity: 1, lifecycleHooks: [hookOf('LAUNCHING', 'ABANDON')] });
    await world.run();
    assert.deepEqual(world.states(), { 'Pending:Wait': 1 });
    assert.match(world.cluster.events.find(({ reason }) => reason === 'LifecycleAction')?.message ?? '', /waits for the hook h; token [0-9a-f-]{36}\.$/);
    await complete(world, 'CONTINUE');
    assert.deepEqual(world.states(), { InService: 1 });
  });

  it('give a launch up that is abandoned, and try again after a while', async () => {
    const world = groupWorld({ desiredCapacity: 1, lifecycleHooks: [hookOf('LAUNCHING', 'ABANDON')] });
    await world.run();
    await world.after(61);
    await world.run();
    assert.deepEqual(world.states(), { Terminated: 1 });
    assert.deepEqual(activities(world).sort(), ['Failed Launching a new EC2 instance', 'Successful Terminating EC2 instance']);
    await world.after(20);
    assert.deepEqual(world.states(), { Pending: 1, Terminated: 1 });
  });

  it('hold a termination up until the time is over', async () => {
    const world = groupWorld({ desiredCapacity: 1, lifecycleHooks: [hookOf('TERMINATING', 'CONTINUE')] });
    await world.run();
    await world.change({ desiredCapacity: 0 });
    await world.run();
    assert.deepEqual(world.states(), { 'Terminating:Wait': 1 });
    await world.after(61);
    await world.run();
    assert.deepEqual(world.states(), { Terminated: 1 });
  });
});

describe('several types', () => {
  it('launch in their order, and go on to the next where one has no room', async () => {
    const mixedInstancesPolicy = { launchTemplate: { launchTemplate: 'web', version: '$Default' }, overrides: [{ instanceType: 't3.small' }, { instanceType: 't3.micro' }] };
    const world = groupWorld({ desiredCapacity: 1, mixedInstancesPolicy, availabilityZones: ['us-east-1a'] });
    await world.settle();
    const [member] = world.members();
    assert.equal(member?.spec.instanceType, 't3.small');
    const time = new Date(world.clock.now()).toISOString();
    await world.put(member, { state: 'terminated', stateTransitionTime: time, stateReason: { code: 'Server.InsufficientInstanceCapacity', message: 'No node fits.' } });
    await world.after(20);
    assert.deepEqual(world.members().map(({ spec }) => spec.instanceType), ['t3.micro']);
  });

  it('count by their weights', async () => {
    const mixedInstancesPolicy = { launchTemplate: { launchTemplate: 'web', version: '$Default' }, overrides: [{ instanceType: 't3.small', weightedCapacity: 2 }] };
    const world = groupWorld({ desiredCapacity: 5, mixedInstancesPolicy });
    await world.run();
    assert.deepEqual([world.members().length, world.group().status?.replicas], [3, 6]);
    await world.change({ desiredCapacity: 3 });
    await world.run();
    assert.equal(world.members().filter((member) => lifecycleStateOf(member) === 'InService').length, 2);
  });
});
