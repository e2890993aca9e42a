import assert from 'node:assert/strict';
import { Cluster, type LiveRead } from '../../operator/kubernetes/cluster.ts';
import { ApiError } from '../../operator/kubernetes/errors.ts';
import { loadKubeConfig } from '../../operator/kubernetes/kube-config.ts';
import { ConfigMap, Secret } from '../../operator/kubernetes/resources.ts';
import type { Write } from '../../operator/kubernetes/write.ts';
import { silentLogger } from '../../operator/logger.ts';
import { newNamespace, sharedControlPlane } from '../support/control-plane.ts';
import { FakeCluster } from '../support/fake-cluster.ts';
import { openForEachTry } from '../support/tries.ts';
import { installWidgets, Widget } from '../support/widget.ts';

interface Target {
  write: Write;
  live: LiveRead;
  namespace: string;
}

/** Code and reason of a refusal, as far as programs go by them. */
async function refusal(act: Promise<unknown>): Promise<string> {
  return act.then(
    () => 'accepted',
    (error: unknown) => (error instanceof ApiError ? `${error.code} ${error.reason}` : String(error)),
  );
}

/** Each tells what it saw; the fake and a real API server must tell the same. */
const scenarios: Record<string, (target: Target, key: { namespace: string; name: string }) => Promise<unknown>> = {
  'a name that is taken': async ({ write }, key) => {
    await write.create(ConfigMap, { metadata: key });
    return refusal(write.create(ConfigMap, { metadata: key }));
  },
  'a create that carries a resourceVersion': ({ write }, key) => refusal(write.create(ConfigMap, { metadata: { ...key, resourceVersion: '1' } })),
  'writes to what does not exist': async ({ write }, key) => [
    await refusal(write.patch(ConfigMap, key, {})),
    await refusal(write.replace(Widget, { metadata: { ...key, resourceVersion: '1' }, spec: { size: 1 } })),
    await refusal(write.patchStatus(Widget, key, { status: {} })),
    await refusal(write.remove(ConfigMap, key)),
  ],
  'a lost race, in every kind of write': async ({ write }, key) => {
    const made = await write.create(ConfigMap, { metadata: key });
    const old = made.metadata?.resourceVersion ?? '';
    await write.patch(ConfigMap, key, { data: { a: '1' } });
    return [
      await refusal(write.patch(ConfigMap, key, { metadata: { resourceVersion: old }, data: { a: '2' } })),
      await refusal(write.replace(ConfigMap, { metadata: { ...key, resourceVersion: old } })),
      await refusal(write.remove(ConfigMap, key, { resourceVersion: old })),
    ];
  },
  'a lost race for the status': async ({ write }, key) => {
    const made = await write.create(Widget, { metadata: key, spec: { size: 1 } });
    await write.patch(Widget, key, { spec: { size: 2 } });
    return refusal(write.patchStatus(Widget, key, { metadata: { resourceVersion: made.metadata.resourceVersion }, status: { size: 1 } }));
  },
  'another uid': async ({ write }, key) => {
    await write.create(Widget, { metadata: key, spec: { size: 1 } });
    return [
      await refusal(write.patch(Widget, key, { metadata: { uid: 'other' } })),
      await refusal(write.patchStatus(Widget, key, { metadata: { uid: 'other' }, status: { size: 1 } })),
      await refusal(write.remove(Widget, key, { uid: 'other' })),
    ];
  },
  'status and the rest are apart': async ({ write }, key) => {
    const made = await write.create(Widget, { metadata: key, spec: { size: 1 }, status: { size: 9, part: 'x', by: 'me' } });
    const reported = await write.patchStatus(Widget, key, { status: { size: 1, part: 'p', by: 'me' }, spec: { size: 7 } });
    const changed = await write.patch(Widget, key, { status: { size: 8 }, spec: { size: 2 } });
    const taken = await write.patchStatus(Widget, key, { status: { part: null } });
    const left = await write.patch(Widget, key, {});
    return [
      [made, changed, left].map(({ spec, status, metadata }) => ({ spec, status, generation: metadata.generation })),
      [reported, taken].map(({ metadata }) => ({ name: metadata?.name, generation: metadata?.generation })),
    ];
  },
  'labels raise no generation, and a patch without a change no resourceVersion': async ({ write }, key) => {
    const made = await write.create(Widget, { metadata: key, spec: { size: 1 } });
    const labelled = await write.patch(Widget, key, { metadata: { labels: { a: 'b' } } });
    const same = await write.patch(Widget, key, { metadata: { labels: { a: 'b' } }, spec: { size: 1 } });
    return [
      [made, labelled, same].map(({ metadata }) => metadata.generation),
      made.metadata.resourceVersion === labelled.metadata.resourceVersion,
      labelled.metadata.resourceVersion === same.metadata.resourceVersion,
    ];
  },
  'what the server owns cannot be set': async ({ write }, key) => {
    const made = await write.create(ConfigMap, { metadata: { ...key, uid: 'mine', generation: 7, creationTimestamp: '2001-01-01T00:00:00Z' } });
    return [made.metadata?.uid === 'mine', made.metadata?.creationTimestamp?.startsWith('2001')];
  },
  'finalizers hold what is removed': async ({ write, live }, key) => {
    await write.create(ConfigMap, { metadata: { ...key, finalizers: ['example.com/a', 'example.com/b'] } });
    await write.remove(ConfigMap, key);
    const held = await live.fetch(ConfigMap, key);
    await write.remove(ConfigMap, key);
    await write.patch(ConfigMap, key, { metadata: { finalizers: ['example.com/b'] } });
    const still = await live.fetch(ConfigMap, key);
    await write.patch(ConfigMap, key, { metadata: { finalizers: null } });
    const gone = await live.fetch(ConfigMap, key);
    return [held?.metadata?.deletionTimestamp !== undefined, still?.metadata?.finalizers, gone];
  },
  'apply takes away what it set before, and leaves what others set': async ({ write }, key) => {
    await write.apply(ConfigMap, { metadata: { ...key, labels: { a: '1', b: '2' } }, data: { a: '1', b: '2' } });
    await write.patch(ConfigMap, key, { data: { theirs: 'x' } });
    const { data, metadata } = await write.apply(ConfigMap, { metadata: { ...key, labels: { a: '1' } }, data: { a: '3' } });
    return [data, metadata?.labels];
  },
  'apply of the same again changes nothing': async ({ write }, key) => {
    const first = await write.apply(ConfigMap, { metadata: key, data: { a: '1' } });
    const second = await write.apply(ConfigMap, { metadata: key, data: { a: '1' } });
    return first.metadata?.resourceVersion === second.metadata?.resourceVersion;
  },
  'a replacement leaves out what it does not name': async ({ write }, key) => {
    const made = await write.create(ConfigMap, { metadata: { ...key, labels: { a: 'b' } }, data: { a: '1' } });
    const replaced = await write.replace(ConfigMap, { metadata: { ...key, resourceVersion: made.metadata?.resourceVersion ?? '' }, data: { b: '2' } });
    return [replaced.data, replaced.metadata?.labels, replaced.metadata?.uid === made.metadata?.uid];
  },
  'a merge patch merges maps, replaces lists, and null removes': async ({ write }, key) => {
    await write.create(ConfigMap, { metadata: { ...key, finalizers: ['example.com/a'] }, data: { a: '1', b: '2' } });
    const { data, metadata } = await write.patch(ConfigMap, key, { metadata: { finalizers: ['example.com/b'] }, data: { a: null, c: '3' } });
    await write.patch(ConfigMap, key, { metadata: { finalizers: null } });
    return [data, metadata?.finalizers];
  },
  'stringData of a Secret becomes data': async ({ write }, key) => {
    const { data, stringData } = await write.create(Secret, { metadata: key, stringData: { a: 'text' } });
    return [data, stringData];
  },
  'generateName makes a name': async ({ write }, { namespace }) => {
    const { metadata } = await write.create(ConfigMap, { metadata: { namespace, generateName: 'made-' } });
    return [metadata?.generateName, /^made-[a-z0-9]{5}$/.test(metadata?.name ?? '')];
  },
};

describe('FakeCluster does what an API server does', () => {
  let real: Target;
  let cluster: Cluster;
  before(async () => {
    const controlPlane = await sharedControlPlane();
    cluster = new Cluster(loadKubeConfig(controlPlane.kubeconfigPath), silentLogger());
    await installWidgets(cluster);
  });
  openForEachTry(async () => {
    real = { write: cluster.write, live: cluster, namespace: await newNamespace(await sharedControlPlane(), 'fake') };
  });
  after(() => cluster.close());

  for (const [index, [name, scenario]] of Object.entries(scenarios).entries()) {
    it(name, async () => {
      const fake = new FakeCluster();
      const seenByFake = await scenario({ write: fake, live: fake, namespace: 'n' }, { namespace: 'n', name: `s${index}` });
      const seenByReal = await scenario(real, { namespace: real.namespace, name: `s${index}` });
      assert.deepEqual(seenByFake, seenByReal);
      assert.ok(seenByReal !== undefined);
    });
  }
});
