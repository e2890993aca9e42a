import assert from 'node:assert/strict';
import { Instance } from '../../../../operator/kubernetes/resources.ts';
import { groupWorld, type GroupWorld } from '../../../support/group-world.ts';
import { WORLD_NAMESPACE } from '../../../support/instance-world.ts';

/** Moves a world on, and tells the fewest in service and the most instances at once meanwhile. */
async function extremesOf(world: GroupWorld, steps: number): Promise<{ fewest: number; most: number }> {
  let [fewest, most] = [Number.POSITIVE_INFINITY, 0];
  for (let step = 0; step < steps; step += 1) {
    await world.settle();
    const states = world.states();
    fewest = Math.min(fewest, states['InService'] ?? 0);
    most = Math.max(most, (states['InService'] ?? 0) + (states['Pending'] ?? 0));
    await world.run().catch(() => undefined);
  }
  return { fewest, most };
}

const typesOf = (world: GroupWorld): string[] => [...new Set(world.members().map(({ spec }) => spec.instanceType))];
const refreshOf = (world: GroupWorld): string => {
  const refresh = world.group().status?.instanceRefreshes?.[0];
  return `${refresh?.status ?? ''} ${String(refresh?.percentageComplete)}`;
};
const toVersionTwo = { launchTemplate: { launchTemplate: 'web', version: '2' } };

describe('an instance refresh', () => {
  it('replaces every instance, keeping the share in service that it should, and leaves the group as its instances are', async () => {
    const world = groupWorld({ desiredCapacity: 4 });
    await world.run();
    await world.change({ instanceRefresh: { id: 'one', desiredConfiguration: toVersionTwo, preferences: { minHealthyPercentage: 50 } } });
    const { fewest } = await extremesOf(world, 12);
    assert.deepEqual([refreshOf(world), typesOf(world), world.group().spec.launchTemplate?.version], ['Successful 100', ['t3.small'], '2']);
    assert.ok(fewest >= 2, `only ${String(fewest)} in service`);
    assert.equal(world.members().length, 4);
  });

  it('launches first where more is allowed', async () => {
    const world = groupWorld({ desiredCapacity: 3 });
    await world.run();
    await world.change({ instanceRefresh: { id: 'one', desiredConfiguration: toVersionTwo, preferences: { minHealthyPercentage: 100, maxHealthyPercentage: 134 } } });
    assert.deepEqual(world.states(), { InService: 3, Pending: 1 });
    const { fewest } = await extremesOf(world, 12);
    assert.deepEqual([refreshOf(world), typesOf(world), fewest], ['Successful 100', ['t3.small'], 3]);
  });

  it('pauses at checkpoints', async () => {
    const world = groupWorld({ desiredCapacity: 4 });
    await world.run();
    await world.change({ instanceRefresh: { id: 'one', desiredConfiguration: toVersionTwo, preferences: { minHealthyPercentage: 50, checkpointPercentages: [50, 100], checkpointDelay: 3600 } } });
    await extremesOf(world, 6);
    assert.deepEqual([refreshOf(world), typesOf(world).length], ['InProgress 50', 2]);
    await world.after(3700);
    await extremesOf(world, 8);
    assert.deepEqual([refreshOf(world), typesOf(world)], ['Successful 100', ['t3.small']]);
  });

  it('skips what already is as desired, and replaces all the same without that wish', async () => {
    const world = groupWorld({ desiredCapacity: 2 });
    await world.run();
    const before = world.members().map(({ metadata }) => metadata.name);
    await world.change({ instanceRefresh: { id: 'one', preferences: { skipMatching: true } } });
    await extremesOf(world, 3);
    assert.deepEqual([refreshOf(world), world.members().map(({ metadata }) => metadata.name)], ['Successful 100', before]);
    await world.change({ instanceRefresh: { id: 'two', preferences: { skipMatching: false } } });
    await extremesOf(world, 8);
    assert.ok(world.members().every(({ metadata }) => !before.includes(metadata.name)));
  });

  it('knows what was there before by the numbers of launches, whatever the clocks say', async () => {
    const world = groupWorld({ desiredCapacity: 2, healthCheckGracePeriod: 600 });
    await world.run();
    const before = world.members().map(({ metadata }) => metadata.name);
    // Instances of the very second in which a refresh began were taken for its own, too, and had to warm up.
    world.clock.set(-60_000);
    await world.change({ instanceRefresh: { id: 'one', preferences: { skipMatching: true } } });
    await extremesOf(world, 3);
    assert.equal(refreshOf(world), 'Successful 100');
    await world.change({ instanceRefresh: { id: 'two', preferences: { skipMatching: false, instanceWarmup: 0 } } });
    await extremesOf(world, 8);
    assert.deepEqual([refreshOf(world), world.members().length], ['Successful 100', 2]);
    assert.ok(world.members().every(({ metadata }) => !before.includes(metadata.name)));
  });

  it('waits for new instances to warm up, not for those that were there', async () => {
    const world = groupWorld({ desiredCapacity: 2, healthCheckGracePeriod: 600 });
    await world.run();
    await world.change({ instanceRefresh: { id: 'one', preferences: { skipMatching: true } } });
    await extremesOf(world, 2);
    assert.equal(refreshOf(world), 'Successful 100');
    await world.change({ instanceRefresh: { id: 'two', desiredConfiguration: toVersionTwo, preferences: { skipMatching: true, minHealthyPercentage: 50 } } });
    await extremesOf(world, 6);
    assert.deepEqual([refreshOf(world), typesOf(world).length], ['InProgress 50', 2]);
    await world.after(700);
    await extremesOf(world, 4);
    await world.after(700);
    await extremesOf(world, 2);
    assert.deepEqual([refreshOf(world), typesOf(world)], ['Successful 100', ['t3.small']]);
  });

  it('stops where it stands when it is cancelled', async () => {
    const world = groupWorld({ desiredCapacity: 4 });
    await world.run();
    await world.change({ instanceRefresh: { id: 'one', desiredConfiguration: toVersionTwo, preferences: { checkpointPercentages: [50, 100] } } });
    await extremesOf(world, 8);
    await world.change({ instanceRefresh: { id: 'one', end: 'cancel' } });
    await extremesOf(world, 3);
    assert.deepEqual([refreshOf(world), typesOf(world).length, world.group().spec.launchTemplate?.version], ['Cancelled 50', 2, '$Default']);
  });

  it('goes back when it is asked to', async () => {
    const world = groupWorld({ desiredCapacity: 4 });
    await world.run();
    await world.change({ instanceRefresh: { id: 'one', desiredConfiguration: toVersionTwo, preferences: { checkpointPercentages: [50, 100] } } });
    await extremesOf(world, 8);
    await world.change({ instanceRefresh: { id: 'one', end: 'rollback' } });
    await extremesOf(world, 10);
    assert.deepEqual([refreshOf(world), typesOf(world)], ['RollbackSuccessful 100', ['t3.micro']]);
  });

  it('leaves protected instances alone, as it is told', async () => {
    const world = groupWorld({ desiredCapacity: 2 });
    await world.run();
    const [kept] = world.members();
    await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: kept?.metadata.name ?? '' }, { spec: { autoScaling: { protectedFromScaleIn: true } } });
    await world.change({ instanceRefresh: { id: 'one', desiredConfiguration: toVersionTwo, preferences: { scaleInProtectedInstances: 'Ignore' } } });
    await extremesOf(world, 8);
    assert.deepEqual([refreshOf(world), typesOf(world).toSorted()], ['Successful 100', ['t3.micro', 't3.small']]);
  });
});

describe('other replacements', () => {
  it('an unhealthy instance stays until its replacement serves, where the policy says so', async () => {
    const world = groupWorld({ desiredCapacity: 2, instanceMaintenancePolicy: { minHealthyPercentage: 100, maxHealthyPercentage: 150 } });
    await world.run();
    const [sick] = world.members();
    await world.cluster.patch(Instance, { namespace: WORLD_NAMESPACE, name: sick?.metadata.name ?? '' }, { spec: { autoScaling: { healthStatus: 'Unhealthy' } } });
    await world.settle();
    assert.deepEqual(world.states(), { InService: 2, Pending: 1 });
    await world.run();
    assert.deepEqual(world.states(), { InService: 2, Terminated: 1 });
    assert.ok(!world.members().some(({ metadata }) => metadata.name === sick?.metadata.name));
  });

  it('an instance that is older than it may be', async () => {
    const world = groupWorld({ desiredCapacity: 2, maxInstanceLifetime: 86400 });
    await world.run();
    await world.after(86500);
    await world.run();
    await world.run();
    assert.deepEqual([world.states()['InService'], world.members().map(({ spec }) => spec.autoScaling.ordinal)], [2, [2, 3]]);
  });

  it('a warm pool fills, stops its instances, and gives them when they are needed', async () => {
    const world = groupWorld({ desiredCapacity: 1, maxSize: 3, warmPool: { minSize: 1, poolState: 'Stopped', reuseOnScaleIn: true } });
    await world.run();
    assert.deepEqual(world.states(), { InService: 1, 'Warmed:Stopped': 2 });
    await world.change({ desiredCapacity: 2 });
    await world.run();
    assert.deepEqual([world.states(), world.members().length], [{ InService: 2, 'Warmed:Stopped': 1 }, 3]);
    await world.change({ desiredCapacity: 1 });
    await world.run();
    assert.deepEqual(world.states(), { InService: 1, 'Warmed:Stopped': 2 });
  });
});
