import assert from 'node:assert/strict';
import { volumeController } from '../../../../operator/controllers/volume/controller.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { PersistentVolumeClaim, Volume } from '../../../../operator/kubernetes/resources.ts';
import { pass } from '../../../support/controller-pass.ts';
import { instanceWorld, WORLD_NAMESPACE } from '../../../support/instance-world.ts';

const controller = volumeController(defaultControllerSettings);

describe('a volume that comes up with its instance', () => {
  it('has one claim, and is told of once it has its disk, without events', async () => {
    const world = instanceWorld();
    await world.settle();
    const claims = world.cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === PersistentVolumeClaim.kind);
    assert.equal(claims.length, 1);
    const key = { namespace: WORLD_NAMESPACE, name: claims[0]?.key.name ?? '' };
    assert.equal(world.cluster.get(Volume, key)?.status, undefined);
    await world.cluster.patchStatus(PersistentVolumeClaim, key, { status: { phase: 'Bound', capacity: { storage: '4Gi' } } });
    world.kubevirt.start();
    await world.settle();
    const statuses = world.cluster.writes.filter(({ verb, kind }) => verb === 'patchStatus' && kind === Volume.kind);
    assert.ok(statuses.length <= 2, String(statuses.length));
    assert.deepEqual([world.cluster.get(Volume, key)?.status?.state, world.cluster.get(Volume, key)?.status?.attachment?.state], ['in-use', 'attached']);
    assert.deepEqual(world.cluster.events.filter(({ regarding }) => regarding.kind === Volume.kind), []);
  });

  it('says what it waits for if that takes long', async () => {
    const world = instanceWorld();
    await world.settle();
    const [volume] = world.cluster.list(Volume, WORLD_NAMESPACE);
    await world.clock.advance(11_000);
    await world.settle();
    const status = world.cluster.get(Volume, { namespace: WORLD_NAMESPACE, name: volume?.metadata.name ?? '' })?.status;
    assert.deepEqual([status?.attachment?.state, status?.conditions?.find(({ type }) => type === 'Available')?.reason], ['attaching', 'Provisioning']);
  });

  it('gets its claim from its own controller if the launch does not come to it', async () => {
    const world = instanceWorld();
    await world.settle();
    const [volume] = world.cluster.list(Volume, WORLD_NAMESPACE);
    const key = { namespace: WORLD_NAMESPACE, name: volume?.metadata.name ?? '' };
    await world.cluster.remove(PersistentVolumeClaim, key);
    const [machine] = world.cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === 'VirtualMachine');
    assert.ok(machine);
    await pass(world.cluster, controller, key, world.clock);
    assert.ok(world.cluster.get(PersistentVolumeClaim, key), 'there is a machine, so the launch is over');
  });
});
