import assert from 'node:assert/strict';
import { Caches } from '../../../operator/kubernetes/caches.ts';
import { consistentWrite } from '../../../operator/kubernetes/consistent-write.ts';
import type { InformerOptions } from '../../../operator/kubernetes/informer.ts';
import { ConfigMap, Secret } from '../../../operator/kubernetes/resources.ts';
import type { Write } from '../../../operator/kubernetes/write.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { FakeListWatch } from '../../support/fake-list-watch.ts';

const key = { namespace: 'n', name: 'c' };
const present = { apiVersion: 'v1', kind: 'ConfigMap', metadata: key, data: { a: '1' } };

describe('consistentWrite', () => {
  let cluster: FakeCluster;
  let feed: FakeListWatch;
  let caches: Caches;
  let clock: FakeClock;
  let write: Write;

  async function begin(options?: InformerOptions, ...objects: object[]): Promise<void> {
    clock = new FakeClock();
    cluster = new FakeCluster({ clock, objects });
    feed = new FakeListWatch(cluster);
    caches = new Caches(feed, silentLogger(), clock);
    caches.watch(ConfigMap, options);
    caches.start();
    await caches.synced();
    await settled();
    write = consistentWrite(cluster, caches, silentLogger());
  }
  afterEach(() => caches.stop());

  const writes: Record<string, { act: () => Promise<unknown>; want: unknown; begins?: object[] }> = {
    create: { act: () => write.create(ConfigMap, present), want: { a: '1' }, begins: [] },
    apply: { act: () => write.apply(ConfigMap, { metadata: key, data: { a: '2' } }), want: { a: '2' } },
    patch: { act: () => write.patch(ConfigMap, key, { data: { b: '2' } }), want: { a: '1', b: '2' } },
    replace: { act: () => write.replace(ConfigMap, { metadata: key, data: { c: '3' } }), want: { c: '3' } },
    remove: { act: () => write.remove(ConfigMap, key), want: undefined },
    'remove of an object with a finalizer': {
      act: () => write.remove(ConfigMap, key),
      want: { a: '1' },
      begins: [{ ...present, metadata: { ...key, finalizers: ['example.com/f'] } }],
    },
  };
  for (const [name, { act, want, begins }] of Object.entries(writes)) {
    it(`${name} resolves when the cache holds it, not before`, async () => {
      await begin(undefined, ...(begins ?? [present]));
      feed.hold();
      let isDone = false;
      const done = act().then(() => {
        isDone = true;
        assert.deepEqual(caches.get(ConfigMap, key)?.data, want);
      });
      await settled();
      assert.equal(isDone, false);
      feed.release();
      await done;
    });
  }

  it('does not wait when nothing changed', async () => {
    await begin(undefined, present);
    feed.hold();
    await write.patch(ConfigMap, key, { data: { a: '1' } });
  });

  it('does not wait for what the cache does not select', async () => {
    await begin({ labelSelector: 'app=web' });
    await write.create(ConfigMap, present);
    assert.equal(clock.now(), new FakeClock().now());
  });

  it('waits for an object that leaves the selection', async () => {
    await begin({ labelSelector: 'app=web' }, { ...present, metadata: { ...key, labels: { app: 'web' } } });
    feed.hold();
    let isDone = false;
    const done = write.patch(ConfigMap, key, { metadata: { labels: { app: null } } }).then(() => (isDone = true));
    await settled();
    assert.equal(isDone, false);
    feed.release();
    await done;
    assert.equal(caches.get(ConfigMap, key), undefined);
  });

  it('does not wait for kinds that nobody caches', async () => {
    await begin();
    feed.hold();
    await write.create(Secret, { metadata: key });
  });

  it('resolves after five seconds though the cache is behind: the write has happened', async () => {
    await begin();
    feed.hold();
    let isDone = false;
    const done = write.create(ConfigMap, present).then(() => (isDone = true));
    await clock.advance(4999);
    assert.equal(isDone, false);
    await clock.advance(1);
    await done;
    assert.equal(caches.get(ConfigMap, key), undefined);
  });

  it('a refused write is refused at once', async () => {
    await begin(undefined, present);
    feed.hold();
    await assert.rejects(write.create(ConfigMap, present), { reason: 'AlreadyExists' });
    await assert.rejects(write.remove(ConfigMap, { namespace: 'n', name: 'other' }), { reason: 'NotFound' });
  });

  it('reading what is not watched is a programming error', async () => {
    await begin();
    assert.throws(() => caches.get(Secret, key), /not watched/);
  });
});
