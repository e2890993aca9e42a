import assert from 'node:assert/strict';
import { AmiDefinition } from '../../../../operator/api/compute/ami.ts';
import { VolumeDefinition } from '../../../../operator/api/storage/volume.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { amiController } from '../../../../operator/controllers/ami/controller.ts';
import { ApiError } from '../../../../operator/kubernetes/errors.ts';
import { Ami, ImportTask, Instance, Snapshot } from '../../../../operator/kubernetes/resources.ts';
import { pass, passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';

const namespace = 'acme';
const I = 'i-0123456789abcdef0';
const VM = { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachineInstance' };
const key = { namespace, name: 'image' };
const instanceKey = { namespace, name: I };

const volume = (name: string, device: string, spec: object = {}): KubernetesObject =>
  ({
    apiVersion: VolumeDefinition.apiVersion,
    kind: 'Volume',
    metadata: { name, namespace, uid: `uid-${name}` },
    spec: VolumeDefinition.spec.parse({ size: 8, volumeType: 'gp3', attachment: { instanceId: I, device, deleteOnTermination: true }, ...spec }),
    status: { size: 8 },
  }) as KubernetesObject;

class World {
  readonly clock = new FakeClock('2026-02-01T00:00:00.000Z');
  readonly cluster: FakeCluster;
  readonly controller = amiController();

  constructor({ state = 'running', source = {}, spec = {}, hasAgent = false, volumes }: { state?: string; source?: object; spec?: Partial<Ami['spec']>; hasAgent?: boolean; volumes?: KubernetesObject[] } = {}) {
    this.cluster = new FakeCluster({
      clock: this.clock,
      objects: [
        { apiVersion: AmiDefinition.apiVersion, kind: 'Ami', metadata: { name: 'image', namespace, uid: 'uid-image' }, spec: AmiDefinition.spec.parse({ ...spec, source: { instance: { instanceId: I, ...source } } }) } as KubernetesObject,
        { apiVersion: AmiDefinition.apiVersion, kind: 'Instance', metadata: { name: I, namespace, uid: 'uid-i' }, spec: { imageId: 'x', instanceType: 't3.micro', powerState: state === 'stopped' ? 'stopped' : 'running' }, status: { state, rootDeviceName: '/dev/xvda', rootDeviceType: 'ebs' } } as KubernetesObject,
        ...(hasAgent ? [{ ...VM, metadata: { name: I, namespace }, status: { conditions: [{ type: 'AgentConnected', status: 'True' }] } } as KubernetesObject] : []),
        ...(volumes ?? [volume('vol-2', '/dev/sdf', { volumeType: 'io1', iops: 200, attachment: { instanceId: I, device: '/dev/sdf', deleteOnTermination: false } }), volume('vol-1', '/dev/xvda')]),
      ],
    });
  }

  run = async (): Promise<void> => void (await passUntilQuiet(this.cluster, this.controller, key, this.clock));

  get status(): NonNullable<Ami['status']> {
    return this.cluster.get(Ami, key)?.status ?? {};
  }

  get power(): string | undefined {
    return this.cluster.get(Instance, instanceKey)?.spec.powerState;
  }

  get phase(): string | undefined {
    return this.status.capture?.phase;
  }

  async instanceIs(state: string): Promise<void> {
    await this.cluster.patchStatus(Instance, instanceKey, { status: { state } });
    await this.run();
  }

  get snapshots(): readonly Snapshot[] {
    return this.cluster.list(Snapshot, namespace);
  }

  async snapshotsAre(status: object): Promise<void> {
    for (const { metadata } of this.snapshots) await this.cluster.patchStatus(Snapshot, { namespace, name: metadata.name }, { status } as never);
    await this.run();
  }
}

const cutStatus = { state: 'pending', progress: 50, startTime: '2026-02-01T00:00:10Z' };
const doneStatus = { state: 'completed', progress: 100, startTime: '2026-02-01T00:00:10Z', volumeSize: 8 };

describe('an image of an instance', () => {
  it('stops a running machine without an agent, cuts all disks, and starts it again', async () => {
    const world = new World({ spec: { snapshotTags: [{ key: 'a', value: 'b' }] } });
    await world.run();
    assert.deepEqual([world.status.state, world.phase, world.power, world.snapshots.length], ['pending', 'stopping', 'stopped', 0]);
    assert.deepEqual(world.cluster.get(Ami, key)?.metadata.finalizers, ['kube-ec2.io/capture']);
    await world.instanceIs('stopping');
    assert.equal(world.snapshots.length, 0);
    await world.instanceIs('stopped');
    assert.deepEqual(world.snapshots.map(({ spec }) => [spec.volumeId?.slice(0, 4), spec.set?.size, spec.tags]), Array(2).fill(['vol-', 2, [{ key: 'a', value: 'b' }]]));
    assert.equal(world.power, 'stopped', 'not before the disks are cut');
    await world.snapshotsAre(cutStatus);
    assert.deepEqual([world.phase, world.power, world.status.state, world.status.progress], ['done', 'running', 'pending', 50]);
    assert.deepEqual(world.cluster.get(Ami, key)?.metadata.finalizers, []);
    await world.snapshotsAre(doneStatus);
    assert.deepEqual([world.status.state, world.status.progress], ['available', 100]);
    const [root, data] = world.status.blockDeviceMappings ?? [];
    assert.deepEqual({ ...root, ebs: { ...root?.ebs, snapshotId: '' } }, { deviceName: '/dev/xvda', ebs: { volumeType: 'gp3', deleteOnTermination: true, volumeSize: 8, snapshotId: '' } });
    assert.deepEqual({ ...data, ebs: { ...data?.ebs, snapshotId: '' } }, { deviceName: '/dev/sdf', ebs: { volumeType: 'io1', iops: 200, deleteOnTermination: false, volumeSize: 8, snapshotId: '' } });
    assert.deepEqual(new Set([root?.ebs?.snapshotId, data?.ebs?.snapshotId]), new Set(world.snapshots.map(({ metadata }) => metadata.name)));
  });

  const undisturbed: Record<string, ConstructorParameters<typeof World>[0]> = {
    'that is stopped': { state: 'stopped' },
    'with noReboot': { source: { noReboot: true } },
    'with a guest agent, which holds the file systems still': { hasAgent: true },
  };
  for (const [name, options] of Object.entries(undisturbed)) {
    it(`${name} leaves the machine as it is`, async () => {
      const world = new World(options);
      const before = world.power;
      await world.run();
      assert.deepEqual([world.phase, world.snapshots.length], ['cutting', 2]);
      await world.snapshotsAre(doneStatus);
      assert.deepEqual([world.status.state, world.power], ['available', before]);
      assert.ok(!world.cluster.writes.some(({ kind }) => kind === 'Instance'));
    });
  }

  it('goes on after a crash between any two writes, and cuts each disk once', async () => {
    const world = new World();
    for (const act of [world.run, () => world.instanceIs('stopped'), () => world.snapshotsAre(cutStatus), () => world.snapshotsAre(doneStatus)]) {
      // A process that dies before it writes the status repeats the pass.
      const object = world.cluster.get(Ami, key);
      await pass(world.cluster, world.controller, key, world.clock);
      if (object?.status) await world.cluster.patchStatus(Ami, key, { status: object.status });
      await act();
    }
    assert.deepEqual([world.status.state, world.power, world.snapshots.length], ['available', 'running', 2]);
  });

  it('takes what its own mappings change, leave out and add', async () => {
    const world = new World({
      state: 'stopped',
      spec: {
        blockDeviceMappings: [
          { deviceName: '/dev/xvda', ebs: { volumeSize: 30, deleteOnTermination: false } },
          { deviceName: '/dev/sdf', noDevice: true },
          { deviceName: '/dev/sdg', ebs: { volumeSize: 5 } },
        ],
      },
    });
    await world.run();
    await world.snapshotsAre(doneStatus);
    const shown = world.status.blockDeviceMappings?.map(({ deviceName, ebs }) => [deviceName, ebs?.volumeSize, ebs?.deleteOnTermination, ebs?.snapshotId !== undefined]);
    assert.deepEqual(shown, [['/dev/xvda', 30, false, true], ['/dev/sdg', 5, undefined, false]]);
    assert.equal(world.snapshots.length, 1);
  });

  it('that is deleted while the machine is stopped starts it first', async () => {
    const world = new World();
    await world.run();
    assert.equal(world.power, 'stopped');
    await world.cluster.remove(Ami, key);
    await world.run();
    assert.deepEqual([world.power, world.cluster.get(Ami, key)], ['running', undefined]);
  });

  it('does not start a machine that somebody terminated meanwhile', async () => {
    const world = new World();
    await world.run();
    await world.cluster.patch(Instance, instanceKey, { spec: { powerState: 'terminated' } });
    await world.instanceIs('terminated');
    assert.deepEqual([world.status.state, world.status.stateReason?.code, world.power], ['failed', 'Client.IncorrectInstanceState', 'terminated']);
    await world.cluster.remove(Ami, key);
    await world.run();
    assert.equal(world.power, 'terminated');
  });

  it('that may not stop the machine has failed', async () => {
    const world = new World();
    await pass(world.cluster, world.controller, key, world.clock);
    world.cluster.failNext('patch', 'Instance', new ApiError({ code: 403, reason: 'Forbidden', message: 'protected from being stopped' }));
    await pass(world.cluster, world.controller, key, world.clock);
    assert.deepEqual([world.status.state, world.status.conditions?.[0]?.reason], ['failed', 'StopRefused']);
  });

  it('fails with the snapshot that fails', async () => {
    const world = new World({ state: 'stopped' });
    await world.run();
    await world.snapshotsAre({ state: 'error', stateMessage: 'no snapshot class' });
    assert.equal(world.status.state, 'failed');
    assert.match(world.status.stateReason?.message ?? '', /no snapshot class$/);
  });

  const refused: Record<string, { options: ConstructorParameters<typeof World>[0]; want: string }> = {
    'that is pending waits': { options: { state: 'pending' }, want: 'pending InstanceNotReady' },
    'that is terminated fails': { options: { state: 'terminated' }, want: 'failed InstanceTerminated' },
    'without a root volume fails': { options: { volumes: [volume('vol-2', '/dev/sdf')] }, want: 'failed NoRootVolume' },
    'that does not exist waits': { options: { source: { instanceId: 'i-ffffffffffffffff0' } }, want: 'pending InstanceNotFound' },
  };
  for (const [name, { options, want }] of Object.entries(refused)) {
    it(name, async () => {
      const world = new World(options);
      await world.run();
      assert.equal(`${world.status.state} ${world.status.conditions?.[0]?.reason}`, want);
    });
  }
});

describe('an image that is imported', () => {
  const cluster = (): FakeCluster => {
    const spec = AmiDefinition.spec.parse({ rootVolumeSize: 12, source: { http: { url: 'https://images.example.com/x' } } });
    return new FakeCluster({ objects: [{ apiVersion: AmiDefinition.apiVersion, kind: 'Ami', metadata: { name: 'image', namespace, uid: 'uid-image' }, spec } as KubernetesObject] });
  };
  const run = async (world: FakeCluster): Promise<Ami['status']> => {
    await passUntilQuiet(world, amiController(), key, new FakeClock());
    return world.get(Ami, key)?.status;
  };

  it('has an ImportTask of its own, follows it, and keeps its snapshot when the task is gone', async () => {
    const world = cluster();
    const first = await run(world);
    const task = world.list(ImportTask, namespace)[0];
    assert.deepEqual([first?.state, first?.importTask, task?.spec.volumeSize, task?.metadata.ownerReferences?.[0]?.uid], ['pending', task?.metadata.name, 12, 'uid-image']);
    const taskKey = { namespace, name: task?.metadata.name ?? '' };
    await world.patchStatus(ImportTask, taskKey, { status: { state: 'active', progress: 40, statusMessage: 'CDI: ImportInProgress' } });
    assert.deepEqual([(await run(world))?.progress], [40]);
    await world.create(Snapshot, { apiVersion: AmiDefinition.apiVersion, kind: 'Snapshot', metadata: { name: 'snap-0123456789abcdef0', namespace }, spec: { volumeId: 'vol-1', public: false } });
    await world.patchStatus(Snapshot, { namespace, name: 'snap-0123456789abcdef0' }, { status: { state: 'completed', volumeSize: 16 } });
    await world.patchStatus(ImportTask, taskKey, { status: { state: 'completed', snapshotId: 'snap-0123456789abcdef0' } });
    const done = await run(world);
    assert.deepEqual([done?.state, done?.blockDeviceMappings], ['available', [{ deviceName: '/dev/xvda', ebs: { volumeSize: 16, snapshotId: 'snap-0123456789abcdef0' } }]]);
    await world.remove(ImportTask, taskKey);
    assert.equal((await run(world))?.state, 'available');
    assert.deepEqual(world.list(ImportTask, namespace), [], 'it is imported once');
  });

  it('fails with its task, and says why', async () => {
    const world = cluster();
    await run(world);
    const name = world.list(ImportTask, namespace)[0]?.metadata.name ?? '';
    const conditions = [{ type: 'Completed', status: 'False', reason: 'CdiRequired', message: 'm', lastTransitionTime: '2026-02-01T00:00:00Z' }];
    await world.patchStatus(ImportTask, { namespace, name }, { status: { state: 'failed', statusMessage: 'CDI is missing', conditions } });
    const status = await run(world);
    assert.deepEqual([status?.state, status?.stateReason?.message, status?.conditions?.[0]?.reason], ['failed', 'CDI is missing', 'CdiRequired']);
  });
});
