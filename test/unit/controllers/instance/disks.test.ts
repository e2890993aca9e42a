import assert from 'node:assert/strict';
import { ec2IdOf } from '../../../../operator/api/ec2-id.ts';
import { INSTANCE_STORAGE_ANNOTATION } from '../../../../operator/api/compute/instance-type.ts';
import { VolumeDefinition, type VolumeSpec } from '../../../../operator/api/storage/volume.ts';
import { instanceIdOf, volumeIdOf } from '../../../../operator/controllers/instance/identity.ts';
import type { VirtualMachineInstance} from '../../../../operator/kubernetes/resources.ts';
import { PersistentVolumeClaim, Volume } from '../../../../operator/kubernetes/resources.ts';
import { anInstanceType } from '../../../support/cluster-objects.ts';
import { runningWorld, WORLD_NAMESPACE, type InstanceWorld } from '../../../support/instance-world.ts';

const namespace = WORLD_NAMESPACE;

const disksOf = ({ kubevirt }: InstanceWorld): string[] =>
  (kubevirt.vm?.spec.template.spec?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }) => (claim === undefined ? [] : [`${claim.claimName}${claim.hotpluggable === true ? '' : ' boot'}`]));

/** What KubeVirt does about its template: the run has all disks of it, each in this phase. */
function carryOut({ cluster, kubevirt }: InstanceWorld, phase = 'Ready'): void {
  const { vm, vmi } = kubevirt;
  if (vm === undefined || vmi === undefined) throw new Error('there is no run');
  const volumes = vm.spec.template.spec?.volumes ?? [];
  const volumeStatus = volumes.map(({ name, persistentVolumeClaim }) => ({ name, target: '', ...(persistentVolumeClaim?.hotpluggable === true ? { phase, hotplugVolume: {} } : {}) }));
  cluster.add({ ...vmi, spec: { ...vmi.spec, volumes }, status: { ...vmi.status, volumeStatus } } as VirtualMachineInstance);
}

async function addVolume({ cluster }: InstanceWorld, name: string, spec: Partial<VolumeSpec>): Promise<string> {
  const { apiVersion, kind } = VolumeDefinition;
  const made = await cluster.create(Volume, { apiVersion, kind, metadata: { name, namespace }, spec: VolumeDefinition.spec.parse({ size: 1, availabilityZone: 'us-east-1a', ...spec }) });
  return ec2IdOf('vol', made);
}

const bind = async ({ cluster }: InstanceWorld, id: string): Promise<unknown> =>
  cluster.patchStatus(PersistentVolumeClaim, { namespace, name: id }, { status: { phase: 'Bound', capacity: { storage: '1Gi' } } });
const volumeOf = ({ cluster }: InstanceWorld, name: string): Volume => cluster.get(Volume, { namespace, name }) ?? assert.fail(`no volume ${name}`);
const stateOf = (world: InstanceWorld, name: string): string => `${volumeOf(world, name).status?.state ?? ''} ${volumeOf(world, name).status?.attachment?.state ?? ''}`.trim();
const attachedBecause = (world: InstanceWorld, name: string): string => volumeOf(world, name).status?.conditions?.find(({ type }) => type === 'Attached')?.reason ?? '';

describe('the disks of a running machine', () => {
  it('come by hot-plug, one change after the other', async () => {
    const world = await runningWorld();
    carryOut(world);
    const root = volumeIdOf(world.instance(), '/dev/xvda');
    const first = await addVolume(world, 'first', { attachment: { instanceId: 'web-1', device: '/dev/sdf', deleteOnTermination: false } });
    await world.settle();
    assert.deepEqual(disksOf(world), [`${root} boot`, first]);
    const disk = world.kubevirt.vm?.spec.template.spec?.domain.devices.disks?.find(({ name }) => name === first);
    assert.deepEqual(disk, { name: first, serial: first.replace('-', ''), disk: { bus: 'scsi' } });
    assert.equal(stateOf(world, 'first'), 'in-use attaching');

    const second = await addVolume(world, 'second', { attachment: { instanceId: instanceIdOf(world.instance()), device: '/dev/sdg', deleteOnTermination: false } });
    carryOut(world, 'AttachedToNode');
    await world.settle();
    assert.deepEqual(disksOf(world), [`${root} boot`, first], 'KubeVirt is still busy with the first');
    carryOut(world);
    await world.settle();
    assert.deepEqual(disksOf(world), [`${root} boot`, first, second]);
    carryOut(world);
    await world.settle();
    assert.deepEqual([stateOf(world, 'first'), stateOf(world, 'second')], ['in-use attached', 'in-use attached']);

    await bind(world, first);
    await world.cluster.patch(Volume, { namespace, name: 'first' }, { spec: { attachment: null } });
    await world.settle();
    assert.deepEqual(disksOf(world), [`${root} boot`, second]);
    assert.equal(stateOf(world, 'first'), 'in-use detaching');
    carryOut(world);
    await world.settle();
    assert.equal(stateOf(world, 'first'), 'available');
  });

  it('are not given twice, nor across zones', async () => {
    const world = await runningWorld();
    carryOut(world);
    await addVolume(world, 'rival', { attachment: { instanceId: 'web-1', device: 'xvda', deleteOnTermination: false } });
    await addVolume(world, 'far', { availabilityZone: 'us-east-1b', attachment: { instanceId: 'web-1', device: '/dev/sdf', deleteOnTermination: false } });
    await world.settle();
    assert.equal(disksOf(world).length, 1);
    assert.deepEqual([attachedBecause(world, 'rival'), attachedBecause(world, 'far')], ['DeviceTaken', 'ZoneMismatch']);
  });

  it('are not given in the place of the disks that live as long as a run', async () => {
    const type = anInstanceType('m1.large', { annotations: { [INSTANCE_STORAGE_ANNOTATION]: '2x420 mapped' } });
    const world = await runningWorld({ instanceType: 'm1.large', blockDeviceMappings: [{ deviceName: '/dev/sdb', virtualName: 'ephemeral0' }] }, type);
    carryOut(world);
    await addVolume(world, 'rival', { attachment: { instanceId: 'web-1', device: '/dev/sdb', deleteOnTermination: false } });
    const beside = await addVolume(world, 'beside', { attachment: { instanceId: 'web-1', device: '/dev/sdc', deleteOnTermination: false } });
    await world.settle();
    assert.deepEqual([disksOf(world).slice(1), attachedBecause(world, 'rival')], [[beside], 'DeviceTaken']);
  });

  it('are not given in the place of an instance-store root', async () => {
    const world = await runningWorld({ imageId: 'disk' });
    carryOut(world);
    await addVolume(world, 'rival', { attachment: { instanceId: 'web-1', device: '/dev/xvda', deleteOnTermination: false } });
    await world.settle();
    assert.deepEqual([disksOf(world), attachedBecause(world, 'rival')], [[], 'DeviceTaken']);
  });

  it('keep the root until the machine is halted', async () => {
    const world = await runningWorld();
    carryOut(world);
    const root = volumeIdOf(world.instance(), '/dev/xvda');
    await bind(world, root);
    await world.cluster.patch(Volume, { namespace, name: root }, { spec: { attachment: null } });
    await world.settle();
    assert.deepEqual(disksOf(world), [`${root} boot`]);
    assert.equal(stateOf(world, root), 'in-use detaching');
    await world.change({ powerState: 'stopped' });
    await world.kubevirt.end();
    await world.settle();
    assert.deepEqual(disksOf(world), []);
    assert.equal(stateOf(world, root), 'available');
    const other = await addVolume(world, 'other-root', { attachment: { instanceId: 'web-1', device: '/dev/xvda', deleteOnTermination: true } });
    await world.settle();
    assert.deepEqual(disksOf(world), [`${other} boot`], 'a halted machine takes a new root');
  });

  it('go with the instance or stay, as each says, and none is forgotten', async () => {
    const world = await runningWorld();
    carryOut(world);
    const goes = await addVolume(world, 'goes', { attachment: { instanceId: 'web-1', device: '/dev/sdf', deleteOnTermination: true } });
    const stays = await addVolume(world, 'stays', { attachment: { instanceId: 'web-1', device: '/dev/sdg', deleteOnTermination: false } });
    await world.settle();
    await bind(world, stays);
    await world.kubevirt.end();
    await world.change({ powerState: 'terminated' });
    assert.equal(world.instance().status?.state, 'terminated');
    assert.equal(world.cluster.get(Volume, { namespace, name: 'goes' }), undefined);
    assert.equal(world.cluster.get(PersistentVolumeClaim, { namespace, name: goes }), undefined);
    assert.equal(stateOf(world, 'stays'), 'available');
  });
});
