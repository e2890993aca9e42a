import assert from 'node:assert/strict';
import { VOLUME_ID_LABEL } from '../../../../operator/api/storage/volume.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { instanceIdOf } from '../../../../operator/controllers/instance/identity.ts';
import { reconcile } from '../../../../operator/controllers/instance/reconcile.ts';
import { reconcile as reconcileVolume } from '../../../../operator/controllers/volume/reconcile.ts';
import { mergePatchFrom } from '../../../../operator/kubernetes/merge-patch.ts';
import { ObservedWrite } from '../../../../operator/kubernetes/observed-write.ts';
import { Instance, PersistentVolumeClaim, Secret, VirtualMachine, Volume } from '../../../../operator/kubernetes/resources.ts';
import type { Write } from '../../../../operator/kubernetes/write.ts';
import { silentLogger } from '../../../../operator/logger.ts';
import { instanceWorld, WORLD_NAMESPACE, type InstanceWorld } from '../../../support/instance-world.ts';

const namespace = WORLD_NAMESPACE;
const key = { namespace, name: 'web-1' };

class Crash extends Error {}

/** A process that dies right after its write number `last` was carried out; counted from 1. */
function dyingWrite(world: InstanceWorld, last: number): { write: Write; writes: () => number } {
  let count = 0;
  const written = (): void => {
    count += 1;
    if (count === last) throw new Crash();
  };
  return { write: new ObservedWrite(world.cluster, { written, removing: () => written }), writes: () => count };
}

/** A life with everything in it; `settle` lets the controller work. */
async function live(world: InstanceWorld, settle: () => Promise<void>): Promise<string[]> {
  const states: string[] = [];
  const step = async (): Promise<void> => {
    await settle();
    states.push(world.cluster.get(Instance, key)?.status?.state ?? 'gone');
  };
  const wish = async (powerState: 'running' | 'stopped' | 'terminated'): Promise<void> => {
    world.clock.set(10_000);
    await world.cluster.patch(Instance, key, { spec: { powerState } });
    await step();
  };
  await step();
  world.kubevirt.start();
  await step();
  await wish('stopped');
  await world.kubevirt.end();
  await step();
  await world.cluster.patch(Instance, key, { spec: { instanceType: 't3.small', userData: 'two' } });
  await step();
  await wish('running');
  world.kubevirt.start();
  await step();
  world.kubevirt.run({ phase: 'Succeeded' });
  await step();
  await world.kubevirt.end();
  await step();
  await wish('running');
  world.kubevirt.start();
  await step();
  await world.kubevirt.end();
  await step();
  await wish('terminated');
  world.clock.set(3_700_000);
  await step();
  return states;
}

/** The other controller that has its hand in the life of an instance, in the same process. */
async function passVolumes(world: InstanceWorld, write: Write): Promise<void> {
  for (const volume of world.cluster.list(Volume, namespace)) {
    const outcome = await reconcileVolume(volume, { read: world.cluster, live: world.cluster, write, clock: world.clock, log: silentLogger() }, defaultControllerSettings);
    const patch = outcome === undefined ? undefined : mergePatchFrom(volume.status ?? {}, outcome.status);
    if (patch !== undefined) await write.patchStatus(Volume, { namespace, name: volume.metadata.name }, { status: patch });
  }
}

async function settleWith(world: InstanceWorld, write: Write): Promise<void> {
  for (let passes = 0; passes < 30; passes += 1) {
    const instance = world.cluster.get(Instance, key);
    if (instance === undefined) return;
    const before = world.cluster.writes.length;
    try {
      const outcome = await reconcile(instance, { read: world.cluster, live: world.cluster, write, clock: world.clock, log: silentLogger() }, defaultControllerSettings);
      const patch = outcome === undefined ? undefined : mergePatchFrom(instance.status ?? {}, outcome.status);
      if (patch !== undefined) await write.patchStatus(Instance, key, { status: patch });
      await passVolumes(world, write);
    } catch (error) {
      // A new process begins with the next pass.
      if (!(error instanceof Crash)) throw error;
      continue;
    }
    if (world.cluster.writes.length === before) return;
  }
  throw new Error('it does not come to rest');
}

/** What there is to see in the end, and at most ever. */
function remains(world: InstanceWorld): object {
  const made = (kind: string): string[] =>
    world.cluster.writes.filter((write) => write.verb === 'create' && write.kind === kind && write.error === undefined).map((write) => write.key.name);
  return {
    machinesMade: new Set(made('VirtualMachine')).size,
    claimsMade: new Set(made('PersistentVolumeClaim')).size,
    machines: world.cluster.list(VirtualMachine, namespace).length,
    claims: world.cluster.list(PersistentVolumeClaim, namespace).filter(({ metadata }) => metadata?.labels?.[VOLUME_ID_LABEL] !== undefined).length,
    volumes: world.cluster.list(Volume, namespace).length,
    secrets: world.cluster.list(Secret, namespace).length,
  };
}

describe('a crash between any two writes of the instance controller', () => {
  it('is harmless: the same life, step by step, and nothing twice', async () => {
    const undisturbed = instanceWorld({ userData: 'one' });
    const counting = dyingWrite(undisturbed, Infinity);
    const want = await live(undisturbed, () => settleWith(undisturbed, counting.write));
    assert.deepEqual(want, [
      'pending', 'running', 'stopping', 'stopped', 'stopped', 'pending', 'running', 'stopping', 'stopped', 'pending', 'running', 'stopping', 'terminated', 'gone',
    ]);
    assert.ok(counting.writes() > 25, `only ${String(counting.writes())} writes were seen`);
    for (let last = 1; last <= counting.writes(); last += 1) {
      const world = instanceWorld({ userData: 'one' });
      const id = instanceIdOf(world.instance());
      const { write } = dyingWrite(world, last);
      const got = await live(world, () => settleWith(world, write));
      assert.deepEqual(got, want, `after a crash behind write ${String(last)} of ${id}`);
      assert.deepEqual(remains(world), remains(undisturbed), `after a crash behind write ${String(last)}`);
    }
  });
});
