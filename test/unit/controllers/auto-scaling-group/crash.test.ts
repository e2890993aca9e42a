import assert from 'node:assert/strict';
import { mergePatchFrom } from '../../../../operator/kubernetes/merge-patch.ts';
import { ObservedWrite } from '../../../../operator/kubernetes/observed-write.ts';
import type { Index, Read } from '../../../../operator/kubernetes/read.ts';
import { AutoScalingGroup, Instance } from '../../../../operator/kubernetes/resources.ts';
import type { Write } from '../../../../operator/kubernetes/write.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { silentLogger } from '../../../../operator/logger.ts';
import { GROUP_KEY, groupWorld, type GroupWorld } from '../../../support/group-world.ts';

class Crash extends Error {}

/** A process that dies right after some of its writes: `isLast` is asked with the number of each, from 1. */
function dyingWrite(world: GroupWorld, isLast: (count: number) => boolean): { write: Write; writes: () => number } {
  let count = 0;
  const written = (): void => {
    count += 1;
    if (isLast(count)) throw new Crash();
  };
  return { write: new ObservedWrite(world.cluster, { written, removing: () => written }), writes: () => count };
}

/** Numbers that look random and are the same in each run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A cache that lags: it does not show some of the instances that were made lately. */
function laggingRead(world: GroupWorld, hides: (name: string) => boolean): Read {
  const shown = <T extends KubernetesObject>(objects: readonly T[]): T[] => objects.filter((object) => object.kind !== 'Instance' || !hides(object.metadata?.name ?? ''));
  return {
    get: (type, key) => world.cluster.get(type, key),
    list: (type, namespace) => shown(world.cluster.list(type, namespace)),
    byIndex: <T extends KubernetesObject>(index: Index<T>, value: string) => shown(world.cluster.byIndex(index, value)),
  };
}

async function onePass(world: GroupWorld, write: Write, read: Read = world.cluster): Promise<void> {
  const group = world.cluster.get(AutoScalingGroup, GROUP_KEY);
  if (group === undefined) return;
  const outcome = await world.controller.reconcile(group, { read, live: world.cluster, write, clock: world.clock, log: silentLogger() });
  const patch = outcome === undefined ? undefined : mergePatchFrom(group.status ?? {}, outcome.status);
  if (patch !== undefined) await write.patchStatus(AutoScalingGroup, GROUP_KEY, { status: patch });
}

async function settleWith(world: GroupWorld, write: Write): Promise<void> {
  for (let passes = 0; passes < 40; passes += 1) {
    const before = world.cluster.writes.length;
    try {
      world.clock.set(1100);
      await onePass(world, write);
    } catch (error) {
      if (!(error instanceof Crash)) throw error; // a new process begins with the next pass
      continue;
    }
    if (world.cluster.writes.length === before) return;
  }
  throw new Error('it does not come to rest');
}

/** Instances do what their specs say. */
async function moveInstances(world: GroupWorld): Promise<void> {
  for (const member of world.members()) {
    const state = member.spec.powerState === 'terminated' ? 'terminated' : 'running';
    if (member.status?.state !== state) await world.put(member, { state, hasBooted: true, rootDeviceType: 'ebs', launchTime: '2026-01-01T10:00:00Z', stateTransitionTime: '2026-01-01T10:00:00Z' });
  }
}

/** A life with everything in it: numbers of members in service and of instances ever made after each step. */
async function live(world: GroupWorld, settle: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  const step = async (spec: object): Promise<void> => {
    await world.cluster.patch(AutoScalingGroup, GROUP_KEY, { spec: JSON.parse(JSON.stringify(spec)) as Record<string, never> });
    for (let rounds = 0; rounds < 6; rounds += 1) {
      await settle();
      await moveInstances(world);
    }
    await settle();
    const made = new Set(world.cluster.writes.filter(({ verb, kind, error }) => verb === 'create' && kind === 'Instance' && error === undefined).map(({ key }) => key.name)).size;
    seen.push(`${String(world.states()['InService'] ?? 0)} of ${String(made)}`);
  };
  await step({ desiredCapacity: 4 });
  await step({ desiredCapacity: 2 });
  const [one, two] = world.members().map(({ metadata }) => metadata.name);
  await step({ desiredCapacity: 1, instanceRequests: [{ instanceId: one, action: 'terminate' }] });
  await step({ desiredCapacity: 0, instanceRequests: [{ instanceId: two, action: 'enter-standby' }] });
  await step({ desiredCapacity: 1, instanceRequests: [{ instanceId: two, action: 'exit-standby' }] });
  await step({ desiredCapacity: 3 });
  await step({ instanceRefresh: { id: 'r', preferences: { minHealthyPercentage: 0 }, desiredConfiguration: { launchTemplate: { launchTemplate: 'web', version: '2' } } } });
  return seen;
}

describe('a crash between any two writes of the group controller', () => {
  it('is harmless: the same life, step by step, and no instance too many', async () => {
    const undisturbed = groupWorld();
    const counting = dyingWrite(undisturbed, () => false);
    const want = await live(undisturbed, () => settleWith(undisturbed, counting.write));
    assert.deepEqual(want, ['4 of 4', '2 of 4', '1 of 4', '0 of 4', '1 of 4', '3 of 6', '3 of 9']);
    assert.ok(counting.writes() > 30, `only ${String(counting.writes())} writes were seen`);
    for (let last = 1; last <= counting.writes(); last += 1) {
      const world = groupWorld();
      const { write } = dyingWrite(world, (count) => count === last);
      assert.deepEqual(await live(world, () => settleWith(world, write)), want, `after a crash behind write ${String(last)}`);
    }
  });

  it('is harmless as often as it comes', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const random = seeded(seed);
      const world = groupWorld();
      const { write } = dyingWrite(world, () => random() < 0.3);
      const got = await live(world, () => settleWith(world, write));
      assert.deepEqual(got, ['4 of 4', '2 of 4', '1 of 4', '0 of 4', '1 of 4', '3 of 6', '3 of 9'], `with the seed ${String(seed)}`);
    }
  });

  it('does not launch twice on a cache that lags', async () => {
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const random = seeded(seed);
      const world = groupWorld({ desiredCapacity: 10, maxSize: 10 });
      for (let pass = 0; pass < 12; pass += 1) {
        const hidden = new Set(world.members().filter(() => random() < 0.5).map(({ metadata }) => metadata.name));
        world.clock.set(1100);
        // A cache never shows less than it did: what was seen stays seen.
        const seen = world.group().status?.nextOrdinal ?? 0;
        const { write } = dyingWrite(world, () => random() < 0.1);
        await onePass(world, write, laggingRead(world, (name) => hidden.has(name) && (world.cluster.get(Instance, { namespace: 'team', name })?.spec.autoScaling?.ordinal ?? 0) >= seen)).catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error;
        });
      }
      assert.equal(world.allMembers().length, 10, `with the seed ${String(seed)}`);
    }
  });
});
