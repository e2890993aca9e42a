import assert from 'node:assert/strict';
import { volumeController } from '../../../../operator/controllers/volume/controller.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import type { ObjectKey } from '../../../../operator/kubernetes/read.ts';
import { PersistentVolumeClaim, Volume } from '../../../../operator/kubernetes/resources.ts';
import { pass } from '../../../support/controller-pass.ts';
import { instanceWorld, WORLD_NAMESPACE, type InstanceWorld } from '../../../support/instance-world.ts';

const controller = volumeController(defaultControllerSettings);

const bind = async ({ cluster }: InstanceWorld, key: ObjectKey): Promise<unknown> => cluster.patchStatus(PersistentVolumeClaim, key, { status: { phase: 'Bound', capacity: { storage: '4Gi' } } });
const availableOf = ({ cluster }: InstanceWorld, key: ObjectKey): string | undefined => cluster.get(Volume, key)?.status?.conditions?.find(({ type }) => type === 'Available')?.reason;

describe('a volume that comes up with its instance', () => {
  it('has one claim, and tells of its disk together with its attachment, without events', async () => {
    const world = instanceWorld();
    await world.settle();
    const claims = world.cluster.writes.filter(({ verb, kind }) => verb === 'create' && kind === PersistentVolumeClaim.kind);
    assert.equal(claims.length, 1);
    const key = { namespace: WORLD_NAMESPACE, name: claims[0]?.key.name ?? '' };
    const told = (): string => `${availableOf(world, key)} ${world.cluster.get(Volume, key)?.status?.attachment?.state ?? ''}`;
    assert.equal(told(), 'Provisioning attaching');
    await bind(world, key);
    await world.settle();
    assert.equal(told(), 'Provisioning attaching');
    world.kubevirt.start();
    await world.settle();
    assert.equal(told(), 'Bound attached');
    assert.equal(world.cluster.writes.filter(({ verb, kind }) => verb === 'patchStatus' && kind === Volume.kind).length, 2);
    assert.deepEqual(world.cluster.events.filter(({ regarding }) => regarding.kind === Volume.kind), []);
  });

  it('tells of its disk all the same if the machine takes long to have it', async () => {
    const world = instanceWorld();
    await world.settle();
    const key = { namespace: WORLD_NAMESPACE, name: world.cluster.list(Volume, WORLD_NAMESPACE)[0]?.metadata.name ?? '' };
    await bind(world, key);
    await world.settle();
    await world.clock.advance(11_000);
    await world.settle();
    assert.equal(availableOf(world, key), 'Bound');
  });

  it('is known to be in the machine when it is detached at once', async () => {
    const world = instanceWorld();
    await world.settle();
    const key = { namespace: WORLD_NAMESPACE, name: world.cluster.list(Volume, WORLD_NAMESPACE)[0]?.metadata.name ?? '' };
    await bind(world, key);
    await world.cluster.patch(Volume, key, { spec: { attachment: null } });
    await world.settle();
    assert.equal(world.cluster.get(Volume, key)?.status?.attachment?.state, 'detaching');
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
