import assert from 'node:assert/strict';
import type { ImportSource } from '../../../../operator/api/compute/import-source.ts';
import { ImportTaskDefinition } from '../../../../operator/api/compute/import-task.ts';
import { importTaskController } from '../../../../operator/controllers/import-task/controller.ts';
import { DataVolume } from '../../../../operator/controllers/import-task/data-volume.ts';
import { ApiError } from '../../../../operator/kubernetes/errors.ts';
import { outboundPolicyFrom } from '../../../../operator/kubernetes/outbound-policy.ts';
import { Ami, ImportTask, Snapshot } from '../../../../operator/kubernetes/resources.ts';
import { pass, passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';

const namespace = 'acme';
const TASK = 'import-snap-0123456789abcdef0';
const key = { namespace, name: TASK };
const HTTP: ImportSource = { http: { url: 'https://images.example.com/disk.qcow2' } };
const SHA = `sha256:${'a'.repeat(64)}`;

class World {
  readonly clock = new FakeClock('2026-02-01T00:00:00.000Z');
  readonly cluster = new FakeCluster({ clock: this.clock });
  readonly controller;

  constructor(spec: Partial<ImportTask['spec']> & { source: ImportSource }, { allow = [], resolve = ['93.184.216.34'], s3Endpoint }: { allow?: string[]; resolve?: string[]; s3Endpoint?: string } = {}) {
    const { apiVersion, kind } = ImportTaskDefinition;
    this.cluster.add({ apiVersion, kind, metadata: { name: TASK, namespace, uid: 'uid-task', creationTimestamp: '2026-02-01T00:00:00Z' }, spec: ImportTaskDefinition.spec.parse(spec) } as ImportTask);
    this.controller = importTaskController({
      storageClass: 'fast',
      imports: { policy: outboundPolicyFrom(allow), s3Endpoint, resolve: async () => (resolve.length > 0 ? resolve : Promise.reject(new Error('ENOTFOUND'))) },
    });
  }

  run = async (): Promise<unknown> => passUntilQuiet(this.cluster, this.controller, key, this.clock);

  get status(): ImportTask['status'] {
    return this.cluster.get(ImportTask, key)?.status;
  }

  get reason(): string | undefined {
    return this.status?.conditions?.[0]?.reason;
  }

  get dataVolume(): DataVolume | undefined {
    return this.cluster.get(DataVolume, key);
  }

  async cdiSays(status: DataVolume['status']): Promise<void> {
    await this.cluster.patchStatus(DataVolume, key, { status });
    await this.run();
  }

  async snapshotIs(status: object): Promise<void> {
    const [snapshot] = this.cluster.list(Snapshot, namespace);
    await this.cluster.patchStatus(Snapshot, { namespace, name: snapshot?.metadata.name ?? '' }, { status } as never);
    await this.run();
  }
}

describe('an import', () => {
  it('runs through a DataVolume into a snapshot, which stays when the DataVolume goes', async () => {
    const world = new World({ source: HTTP, tags: [{ key: 'a', value: 'b' }] });
    await world.run();
    assert.deepEqual([world.status?.state, world.reason, world.status?.taskId], ['active', 'Importing', TASK]);
    const { spec, metadata } = world.dataVolume ?? {};
    assert.deepEqual(spec, { source: HTTP, storage: { resources: { requests: { storage: '20Gi' } }, storageClassName: 'fast' }, contentType: 'kubevirt' });
    assert.equal(metadata?.ownerReferences?.[0]?.uid, 'uid-task');
    await world.cdiSays({ phase: 'ImportInProgress', progress: '41.87%' });
    assert.deepEqual([world.status?.progress, world.status?.statusMessage], [41, 'CDI: ImportInProgress']);
    await world.cdiSays({ phase: 'Succeeded', progress: '100.0%' });
    const [snapshot] = world.cluster.list(Snapshot, namespace);
    assert.deepEqual([snapshot?.spec.source, snapshot?.spec.tags, snapshot?.metadata.ownerReferences], [{ persistentVolumeClaim: { claimName: TASK } }, [{ key: 'a', value: 'b' }], undefined]);
    assert.deepEqual([world.status?.state, world.reason], ['active', 'Snapshotting']);
    await world.snapshotIs({ state: 'completed', volumeSize: 20 });
    assert.deepEqual([world.status?.state, world.status?.progress, world.status?.snapshotId, world.dataVolume], ['completed', 100, snapshot?.metadata.name, undefined]);
    const writes = world.cluster.writes.length;
    await world.cluster.remove(Snapshot, { namespace, name: snapshot?.metadata.name ?? '' });
    await world.run();
    assert.equal(world.cluster.writes.length, writes + 1, 'what is completed is over, whatever becomes of the snapshot');
    assert.deepEqual(world.cluster.events.map(({ reason }) => reason), ['Importing', 'Snapshotting', 'Completed']);
  });

  it('makes the image that it was asked for, once', async () => {
    const world = new World({ source: HTTP, image: { architecture: 'x86_64', bootMode: 'uefi', platform: 'windows', description: 'd' } });
    await world.run();
    await world.cdiSays({ phase: 'Succeeded' });
    await world.snapshotIs({ state: 'completed' });
    const [ami] = world.cluster.list(Ami, namespace);
    assert.deepEqual([ami?.spec.bootMode, ami?.spec.platform, ami?.spec.description, ami?.spec.source], ['uefi', 'windows', 'd', { snapshot: { snapshotId: world.status?.snapshotId } }]);
    assert.equal(world.status?.imageId, ami?.metadata.name);
    await world.cluster.remove(Ami, { namespace, name: ami?.metadata.name ?? '' });
    await world.run();
    assert.deepEqual(world.cluster.list(Ami, namespace), []);
  });

  it('goes on from wherever a crash left it', async () => {
    const world = new World({ source: HTTP, image: { architecture: 'x86_64', bootMode: 'legacy-bios' } });
    const steps = [async () => undefined, () => world.cdiSays({ phase: 'Succeeded' }), () => world.snapshotIs({ state: 'completed' })];
    for (const step of steps) {
      await step();
      // The status never comes to be written: every step is repeated from what the cluster holds.
      await world.cluster.patchStatus(ImportTask, key, { status: { state: null, imageId: null, snapshotId: null, conditions: null } });
      await world.run();
    }
    assert.deepEqual([world.status?.state, world.cluster.list(Ami, namespace).length, world.cluster.list(Snapshot, namespace).length], ['completed', 1, 1]);
  });

  it('that CDI gives up has failed, with its reason, and is not begun again', async () => {
    const world = new World({ source: HTTP });
    await world.run();
    const problem = (restartCount: number) => ({ phase: 'ImportInProgress', restartCount, conditions: [{ type: 'Running', status: 'False', reason: 'Error', message: 'expected status code 200, got 404' }] });
    await world.cdiSays(problem(1));
    assert.deepEqual([world.status?.state, world.status?.statusMessage], ['active', 'CDI tries again: expected status code 200, got 404']);
    await world.cdiSays(problem(3));
    assert.deepEqual([world.status?.state, world.reason, world.status?.statusMessage, world.dataVolume], ['failed', 'ImportFailed', 'The import failed: expected status code 200, got 404', undefined]);
    await world.run();
    assert.equal(world.dataVolume, undefined);
  });

  it('needs CDI, says so, and begins once CDI is there', async () => {
    const world = new World({ source: HTTP });
    world.cluster.failNext('create', 'DataVolume', new ApiError({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource' }));
    const outcome = await pass(world.cluster, world.controller, key, world.clock);
    assert.deepEqual([world.status?.state, world.reason], ['failed', 'CdiRequired']);
    assert.ok((outcome?.requeueAfterSeconds ?? 0) > 0);
    await world.run();
    assert.deepEqual([world.status?.state, world.dataVolume !== undefined], ['active', true]);
  });

  it('with a checksum is refused where CDI drops it', async () => {
    const world = new World({ source: { http: { url: 'https://images.example.com/disk.qcow2', checksum: SHA } } });
    await world.run();
    assert.equal(world.status?.state, 'active', 'this CDI keeps it');
    const older = new World({ source: { http: { url: 'https://images.example.com/disk.qcow2', checksum: SHA } } });
    const create = older.cluster.create.bind(older.cluster);
    older.cluster.create = (type, object) => create(type, type.kind === 'DataVolume' ? ({ ...object, spec: { source: HTTP } }) : object);
    await older.run();
    assert.deepEqual([older.status?.state, older.reason, older.dataVolume], ['failed', 'ChecksumUnsupported', undefined]);
  });

  it('of an upload waits for it, and not for ever', async () => {
    const world = new World({ source: { upload: { timeoutHours: 2 } } });
    await world.run();
    await world.cdiSays({ phase: 'UploadReady' });
    assert.match(world.status?.statusMessage ?? '', /^Waits for the upload: virtctl image-upload dv import-snap-0123456789abcdef0 /);
    await world.clock.advance(3 * 3_600_000);
    await world.run();
    assert.deepEqual([world.status?.state, world.status?.statusMessage], ['failed', 'Nothing was uploaded in time.']);
  });

  it('that is cancelled leaves no DataVolume', async () => {
    const world = new World({ source: HTTP });
    await world.run();
    await world.cluster.patch(ImportTask, key, { spec: { cancelled: true } });
    await world.run();
    assert.deepEqual([world.status?.state, world.dataVolume], ['cancelled', undefined]);
  });

  it('keeps the reason why no snapshot could be made', async () => {
    const world = new World({ source: HTTP });
    await world.run();
    await world.cdiSays({ phase: 'Succeeded' });
    await world.snapshotIs({ state: 'error', stateMessage: 'no VolumeSnapshotClass' });
    assert.deepEqual([world.status?.state, world.reason], ['failed', 'SnapshotFailed']);
    assert.match(world.status?.statusMessage ?? '', /no VolumeSnapshotClass$/);
  });

  const sources: Record<string, { source: ImportSource; more?: ConstructorParameters<typeof World>[1]; want: string | object }> = {
    'a private address': { source: { http: { url: 'http://10.0.0.1/x' } }, want: 'SourceRefused' },
    'a name with a private address': { source: HTTP, more: { resolve: ['93.184.216.34', '10.0.0.1'] }, want: 'SourceRefused' },
    'a registry with a private address': { source: { registry: { url: 'docker://registry.example.com/x' } }, more: { resolve: ['fd00::1'] }, want: 'SourceRefused' },
    'a name that does not resolve': { source: HTTP, more: { resolve: [] }, want: 'SourceUnresolved' },
    'a private address that the configuration lets in': { source: { http: { url: 'http://10.0.0.1/x' } }, more: { allow: ['10.0.0.0/8'] }, want: { http: { url: 'http://10.0.0.1/x' } } },
    'a bucket without an S3 server': { source: { s3: { url: 's3://bucket/key' } }, want: 'SourceRefused' },
    "a bucket of the administrator's S3 server": {
      source: { s3: { url: 's3://bucket/a/key', secretRef: 's' } },
      more: { s3Endpoint: 'http://minio.storage.svc:9000/', resolve: [] },
      want: { s3: { url: 'http://minio.storage.svc:9000/bucket/a/key', secretRef: 's' } },
    },
    'a container image': { source: { registry: { url: 'docker://registry.example.com/x@sha256:1' } }, want: { registry: { url: 'docker://registry.example.com/x@sha256:1', pullMethod: 'pod' } } },
  };
  for (const [name, { source, more, want }] of Object.entries(sources)) {
    it(`of ${name} is ${typeof want === 'string' ? want : 'begun'}`, async () => {
      const world = new World({ source }, more);
      await world.run();
      if (typeof want === 'string') assert.deepEqual([world.reason, world.dataVolume], [want, undefined]);
      else assert.deepEqual(world.dataVolume?.spec.source, want);
    });
  }

  it('of a name that still does not resolve after ten minutes has failed', async () => {
    const world = new World({ source: HTTP }, { resolve: [] });
    await world.run();
    await world.clock.advance(11 * 60_000);
    await world.run();
    assert.deepEqual([world.status?.state, world.reason], ['failed', 'SourceRefused']);
  });
});
