import assert from 'node:assert/strict';
import { ApiError, isAlreadyExists, isConflict, isForbidden, isInvalid, isNotFound } from '../../../operator/kubernetes/errors.ts';
import { defineIndex } from '../../../operator/kubernetes/read.ts';
import { Ami, ConfigMap, Pod, Secret, VirtualMachine, VirtualMachineInstance } from '../../../operator/kubernetes/resources.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';

const key = { namespace: 'n', name: 'o' };
const anAmiSpec = { source: { containerDisk: { image: 'example.invalid/disk:1' } } };

/** What the fake promises is what a real API server does: test/integration/runtime-fake-cluster.test.ts runs the same on both. */
describe('FakeCluster', () => {
  it('gives uid, resourceVersion, generation and creationTimestamp, whatever was sent', async () => {
    const cluster = new FakeCluster();
    const { metadata } = await cluster.create(ConfigMap, { metadata: { ...key, uid: 'mine', generation: 7 } });
    assert.match(metadata?.uid ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(metadata?.generation, 1);
    assert.ok(metadata.resourceVersion !== undefined && metadata.creationTimestamp !== undefined);
  });

  it('refuses a name that is taken', async () => {
    const cluster = new FakeCluster();
    await cluster.create(ConfigMap, { metadata: key });
    await assert.rejects(cluster.create(ConfigMap, { metadata: key }), isAlreadyExists);
  });

  it('refuses a write with another resourceVersion or uid', async () => {
    const cluster = new FakeCluster();
    await cluster.create(ConfigMap, { metadata: key });
    await assert.rejects(cluster.patch(ConfigMap, key, { metadata: { uid: 'other' } }), isInvalid);
    await assert.rejects(cluster.patch(ConfigMap, key, { metadata: { resourceVersion: '1' } }), isConflict);
    await assert.rejects(cluster.replace(ConfigMap, { metadata: { ...key, resourceVersion: '1' } }), isConflict);
    await assert.rejects(cluster.remove(ConfigMap, key, { uid: 'other' }), isConflict);
  });

  it('keeps status apart from the rest, and raises the generation with the rest only', async () => {
    const cluster = new FakeCluster();
    await cluster.create(VirtualMachine, { apiVersion: 'kubevirt.io/v1', kind: 'VirtualMachine', metadata: key, spec: { template: { spec: { domain: { devices: {} } } } }, status: { ready: true } });
    assert.equal(cluster.get(VirtualMachine, key)?.status, undefined);
    await cluster.patchStatus(VirtualMachine, key, { status: { ready: true }, spec: { runStrategy: 'Always' } });
    assert.deepEqual([cluster.get(VirtualMachine, key)?.status, cluster.get(VirtualMachine, key)?.metadata?.generation], [{ ready: true }, 1]);
    await cluster.patch(VirtualMachine, key, { status: { ready: false }, spec: { runStrategy: 'Halted' } });
    const { status, spec, metadata } = cluster.get(VirtualMachine, key) ?? {};
    assert.deepEqual([status, spec?.runStrategy, metadata?.generation], [{ ready: true }, 'Halted', 2]);
  });

  it('has no status subresource where KubeVirt has none', async () => {
    const cluster = new FakeCluster();
    await cluster.create(VirtualMachineInstance, { metadata: key, spec: { domain: { devices: {} } }, status: { phase: 'Running' } });
    assert.equal(cluster.get(VirtualMachineInstance, key)?.status?.phase, 'Running');
    await assert.rejects(cluster.patchStatus(VirtualMachineInstance, key, { status: {} }), isNotFound);
  });

  it('a write that changes nothing leaves the resourceVersion', async () => {
    const cluster = new FakeCluster();
    const before = await cluster.create(ConfigMap, { metadata: key, data: { a: '1' } });
    const after = await cluster.patch(ConfigMap, key, { data: { a: '1' } });
    assert.equal(after.metadata?.resourceVersion, before.metadata?.resourceVersion);
  });

  it('finalizers hold an object that is removed, until the last is gone', async () => {
    const cluster = new FakeCluster();
    await cluster.create(ConfigMap, { metadata: { ...key, finalizers: ['a', 'b'] } });
    await cluster.remove(ConfigMap, key);
    assert.ok(cluster.get(ConfigMap, key)?.metadata?.deletionTimestamp !== undefined);
    await cluster.patch(ConfigMap, key, { metadata: { finalizers: ['b'] } });
    assert.ok(cluster.get(ConfigMap, key) !== undefined);
    await cluster.patch(ConfigMap, key, { metadata: { finalizers: null } });
    assert.equal(cluster.get(ConfigMap, key), undefined);
  });

  it('apply takes away what it set before and sets no more, and leaves what others set', async () => {
    const cluster = new FakeCluster();
    await cluster.apply(ConfigMap, { metadata: key, data: { a: '1', b: '2' } });
    await cluster.patch(ConfigMap, key, { data: { theirs: 'x' } });
    await cluster.apply(ConfigMap, { metadata: key, data: { a: '3' } });
    assert.deepEqual(cluster.get(ConfigMap, key)?.data, { a: '3', theirs: 'x' });
  });

  it('collects what lost all its owners, and what that owned', async () => {
    const cluster = new FakeCluster();
    const owner = await cluster.create(ConfigMap, { metadata: key });
    const reference = (name: string, uid = '') => [{ apiVersion: 'v1', kind: 'ConfigMap', name, uid }];
    const child = await cluster.create(Secret, { metadata: { namespace: 'n', name: 'child', ownerReferences: reference('o', owner.metadata?.uid) } });
    await cluster.create(Secret, { metadata: { namespace: 'n', name: 'grandchild', ownerReferences: reference('child', child.metadata?.uid) } });
    cluster.collectGarbage();
    assert.equal(cluster.list(Secret).length, 2);
    await cluster.remove(ConfigMap, key);
    cluster.collectGarbage();
    assert.equal(cluster.list(Secret).length, 0);
  });

  it('fills in the defaults of our kinds, prunes what they do not know and refuses what is wrong', async () => {
    const cluster = new FakeCluster();
    const made = await cluster.create(Ami, { metadata: key, spec: { ...anAmiSpec, unknown: 1 } } as never);
    assert.equal('unknown' in made.spec, false);
    assert.equal(made.spec.architecture, 'x86_64');
    const wrong = cluster.create(Ami, { metadata: { ...key, name: 'p' }, spec: { ...anAmiSpec, architecture: 'vax' } } as never);
    await assert.rejects(wrong, (error) => isInvalid(error) && error.details.causes?.[0]?.field === 'spec.architecture');
  });

  it('refuses verbs that are not declared, and reads of kinds that cannot be cached', async () => {
    const cluster = new FakeCluster({ permissions: [{ group: '', resource: 'configmaps', verbs: ['list', 'watch', 'patch'], reason: 'test' }] });
    cluster.add({ apiVersion: 'v1', kind: 'ConfigMap', metadata: key });
    assert.equal(cluster.list(ConfigMap).length, 1);
    await cluster.patch(ConfigMap, key, { data: { a: '1' } });
    await assert.rejects(cluster.create(ConfigMap, { metadata: { ...key, name: 'p' } }), isForbidden);
    await assert.rejects(cluster.remove(ConfigMap, key), isForbidden);
    assert.throws(() => cluster.list(Pod), /not declared/);
    await assert.rejects(cluster.as([]).patch(ConfigMap, key, {}), isForbidden);
    await cluster.patch(ConfigMap, key, { data: { a: '2' } });
  });

  it('keeps a log of writes, refused ones too, and of events', async () => {
    const cluster = new FakeCluster();
    cluster.failNext('create', 'ConfigMap', new ApiError({ code: 503, reason: 'ServiceUnavailable', message: 'down' }));
    await assert.rejects(cluster.create(ConfigMap, { metadata: key }), { code: 503 });
    await cluster.create(ConfigMap, { metadata: key });
    await cluster.event({ kind: 'ConfigMap', metadata: key }, { type: 'Normal', reason: 'Made', message: 'it is there' });
    assert.deepEqual(cluster.writes.map(({ verb, error }) => [verb, error === undefined]), [['create', false], ['create', true]]);
    assert.deepEqual(cluster.events.map(({ reason, regarding }) => [reason, regarding.name]), [['Made', 'o']]);
  });

  it('returns frozen objects: a cache is nobody\'s to change', async () => {
    const cluster = new FakeCluster();
    const made = await cluster.create(ConfigMap, { metadata: key, data: { a: '1' } });
    assert.throws(() => {
      (made.data as Record<string, string>)['a'] = '2';
    }, TypeError);
  });

  it('finds by index', () => {
    const byData = defineIndex(ConfigMap, 'data', ({ data }) => Object.values(data ?? {}));
    const cluster = new FakeCluster({ objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data: { a: '1' } } as object] });
    assert.deepEqual([cluster.byIndex(byData, '1').length, cluster.byIndex(byData, '2').length], [1, 0]);
  });

  it('names objects by generateName', async () => {
    const { metadata } = await new FakeCluster().create(ConfigMap, { metadata: { namespace: 'n', generateName: 'made-' } });
    assert.match(metadata?.name ?? '', /^made-.{5}$/);
  });
});
