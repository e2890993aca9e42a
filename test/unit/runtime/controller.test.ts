import assert from 'node:assert/strict';
import { register } from 'prom-client';
import type { KubernetesObject } from '../../../operator/api/shared.ts';
import { Caches } from '../../../operator/kubernetes/caches.ts';
import { ApiError } from '../../../operator/kubernetes/errors.ts';
import type { ResourceType } from '../../../operator/kubernetes/resource-type.ts';
import { ConfigMap, Secret } from '../../../operator/kubernetes/resources.ts';
import { Controller } from '../../../operator/runtime/controller.ts';
import { defineController, TerminalError, watching, watchingOwned, type Reconcile } from '../../../operator/runtime/reconcile.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { FakeListWatch } from '../../support/fake-list-watch.ts';

interface Widget extends KubernetesObject {
  metadata: { name: string; namespace: string } & KubernetesObject['metadata'];
  spec: { size: number };
  status?: Status;
}
interface Status {
  size?: number;
  note?: string;
  parts?: { a?: number; b?: number };
}
const Widget: ResourceType<Widget> = { apiVersion: 'example.com/v1', kind: 'Widget', plural: 'widgets', namespaced: true };

function aWidget(name: string, size = 1, status?: Status): Widget {
  return { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { namespace: 'n', name }, spec: { size }, ...(status === undefined ? {} : { status }) };
}

describe('Controller', () => {
  let clock: FakeClock;
  let cluster: FakeCluster;
  let feed: FakeListWatch;
  let caches: Caches;
  let controller: Controller;

  async function run(reconcile: Reconcile<Widget, Status>, objects: readonly KubernetesObject[] = [aWidget('w')], concurrency = 2): Promise<void> {
    clock = new FakeClock();
    cluster = new FakeCluster({ clock, objects });
    feed = new FakeListWatch(cluster);
    caches = new Caches(feed, silentLogger(), clock);
    const definition = defineController<Widget, Status>({
      name: 'widgets',
      type: Widget,
      watches: [
        watchingOwned(Secret, Widget),
        watching(ConfigMap, (map) => [{ namespace: map.metadata?.namespace, name: map.data?.['widget'] ?? '' }]),
      ],
      permissions: [],
      concurrency,
      reconcile,
    });
    controller = new Controller(definition, { caches, live: cluster, write: cluster, clock, log: silentLogger(), queue: { random: () => 1 } });
    controller.subscribe();
    caches.start();
    await caches.synced();
    controller.start();
    await settled(10);
  }
  afterEach(async () => {
    await controller.stop();
    await caches.stop();
  });

  const widget = (name = 'w'): Widget | undefined => cluster.get(Widget, { namespace: 'n', name });
  const statusWrites = (): unknown[] => cluster.writes.filter(({ verb }) => verb === 'patchStatus').map(({ body }) => (body as { status: unknown }).status);

  it('reconciles what is there at the start and what comes later', async () => {
    await run((object) => Promise.resolve({ status: { size: object.spec.size } }));
    cluster.add(aWidget('later', 3));
    await settled(10);
    assert.deepEqual([widget()?.status, widget('later')?.status], [{ size: 1 }, { size: 3 }]);
  });

  it('writes the status once, and not again when nothing changed', async () => {
    let passes = 0;
    await run((object) => Promise.resolve({ status: { size: object.spec.size, note: String((passes += 1) > 0) } }));
    await cluster.patch(Widget, { namespace: 'n', name: 'w' }, { metadata: { labels: { a: 'b' } } });
    await settled(10);
    assert.ok(passes >= 3, `${passes} passes`);
    assert.equal(statusWrites().length, 1);
  });

  const statuses: Record<string, { before: Status; after: Status; want: unknown[] }> = {
    'a changed field is all that is sent': { before: { size: 2, note: 'x' }, after: { size: 1, note: 'x' }, want: [{ size: 1 }] },
    'a field that is gone is removed': { before: { size: 1, note: 'x', parts: { a: 1, b: 2 } }, after: { size: 1, parts: { b: 2 } }, want: [{ note: null, parts: { a: null } }] },
    'the same status is not sent': { before: { size: 1 }, after: { size: 1 }, want: [] },
  };
  for (const [name, { before, after, want }] of Object.entries(statuses)) {
    it(name, async () => {
      await run(() => Promise.resolve({ status: after }), [aWidget('w', 1, before)]);
      assert.deepEqual(statusWrites(), want);
      assert.deepEqual(widget()?.status, after);
    });
  }

  it('tells events after a status that changed, and never twice', async () => {
    await run((object) => Promise.resolve({ status: { size: object.spec.size }, events: [{ type: 'Normal', reason: 'Sized', message: 'it has a size' }] }));
    await cluster.patch(Widget, { namespace: 'n', name: 'w' }, { metadata: { labels: { a: 'b' } } });
    await settled(10);
    assert.deepEqual(cluster.events.map(({ reason }) => reason), ['Sized']);
  });

  it('wakes for owned objects and for those that a watch names, of a change on both sides', async () => {
    const seen: string[] = [];
    await run((object) => {
      seen.push(object.metadata.name);
      return Promise.resolve(undefined);
    }, [aWidget('a'), aWidget('b'), aWidget('c')]);
    assert.deepEqual(seen.splice(0).sort(), ['a', 'b', 'c']);
    const uid = widget('a')?.metadata.uid ?? '';
    await cluster.create(Secret, { metadata: { namespace: 'n', name: 's', ownerReferences: [{ ...Widget, apiVersion: 'example.com/v1', name: 'a', uid }] } });
    await settled(10);
    assert.deepEqual(seen.splice(0), ['a']);
    await cluster.create(ConfigMap, { metadata: { namespace: 'n', name: 'm' }, data: { widget: 'b' } });
    await settled(10);
    assert.deepEqual(seen.splice(0), ['b']);
    await cluster.patch(ConfigMap, { namespace: 'n', name: 'm' }, { data: { widget: 'c' } });
    await settled(10);
    assert.deepEqual(seen.splice(0).sort(), ['b', 'c']);
    await cluster.remove(ConfigMap, { namespace: 'n', name: 'm' });
    await settled(10);
    assert.deepEqual(seen.splice(0), ['c']);
  });

  it('comes back after the time that a pass asked for', async () => {
    let passes = 0;
    await run(() => {
      passes += 1;
      return Promise.resolve({ status: { size: 1 }, requeueAfterSeconds: 30 });
    }, [aWidget('w', 1, { size: 1 })]);
    assert.equal(passes, 1);
    await clock.advance(29_999);
    assert.equal(passes, 1);
    await clock.advance(1);
    assert.equal(passes, 2);
  });

  it('tries again with back-off after an error, and again from the start after a success', async () => {
    let failures = 4;
    const times: number[] = [];
    await run(() => {
      times.push(clock.now());
      failures -= 1;
      if (failures >= 0) throw new Error('the world is broken');
      return Promise.resolve({ status: { size: 1 } });
    });
    await clock.advance(10_000);
    assert.deepEqual(times.slice(1).map((time, position) => time - (times[position] ?? 0)).slice(0, 4), [50, 100, 200, 400]);
    assert.deepEqual(widget()?.status, { size: 1 });
  });

  it('a terminal error is written as status and not tried again until the object changes', async () => {
    let passes = 0;
    await run((object) => {
      passes += 1;
      throw new TerminalError<Status>('size cannot be', { note: `no size ${object.spec.size}` });
    });
    await clock.advance(600_000);
    assert.deepEqual(widget()?.status, { note: 'no size 1' });
    const before = passes;
    await cluster.patch(Widget, { namespace: 'n', name: 'w' }, { spec: { size: 2 } });
    await settled(10);
    assert.deepEqual(widget()?.status, { note: 'no size 2' });
    assert.ok(passes > before);
  });

  it('a conflict is tried again', async () => {
    await run((object) => Promise.resolve({ status: { size: object.spec.size } }), []);
    cluster.failNext('patchStatus', 'Widget', new ApiError({ code: 409, reason: 'Conflict', message: 'changed' }));
    cluster.add(aWidget('w'));
    await clock.advance(1000);
    assert.deepEqual(widget()?.status, { size: 1 });
  });

  it('an object that goes away during its pass is no error', async () => {
    const errorsBefore = await errorsCounted();
    await run(async (object) => {
      await cluster.remove(Widget, { namespace: 'n', name: object.metadata.name });
      return { status: { size: 1 } };
    });
    await clock.advance(60_000);
    assert.equal(statusWrites().length, 1);
    assert.equal(await errorsCounted(), errorsBefore);
  });

  it('another object that has taken the name during the pass ends up with its own status, and no event of the other', async () => {
    let isFirst = true;
    await run(async (object) => {
      const { size } = object.spec;
      if (isFirst) {
        isFirst = false;
        await cluster.remove(Widget, { namespace: 'n', name: 'w' });
        cluster.add(aWidget('w', 99));
      }
      return { status: { size }, events: [{ type: 'Normal', reason: `Sized${size}`, message: '' }] };
    });
    await clock.advance(1000);
    assert.deepEqual(widget()?.status, { size: 99 });
    assert.deepEqual(cluster.events.map(({ reason }) => reason), ['Sized99']);
  });

  it('no object is worked on twice at once, and as many at once as it may', async () => {
    const working = new Set<string>();
    let most = 0;
    await run(async (object) => {
      assert.ok(!working.has(object.metadata.name));
      working.add(object.metadata.name);
      most = Math.max(most, working.size);
      await settled(3);
      working.delete(object.metadata.name);
      return undefined;
    }, [aWidget('a'), aWidget('b'), aWidget('c'), aWidget('d')], 3);
    for (let round = 0; round < 20; round += 1) {
      await cluster.patch(Widget, { namespace: 'n', name: 'a' }, { spec: { size: round } });
      await settled(1);
    }
    await settled(30);
    assert.equal(most, 3);
  });

  it('never begins a pass on data that is older than what it wrote itself', async () => {
    // Without that, the second pass would not find the Secret of the first in its cache and make another.
    await run(async (object, { read, write }) => {
      const made = read.list(Secret, 'n').filter(({ metadata }) => metadata?.labels?.['widget'] === object.metadata.name);
      if (made.length === 0) await write.create(Secret, { metadata: { namespace: 'n', generateName: 'part-', labels: { widget: object.metadata.name } } });
      return { status: { size: made.length } };
    }, []);
    feed.hold('Secret');
    cluster.add(aWidget('w'));
    await settled(10);
    await cluster.patch(Widget, { namespace: 'n', name: 'w' }, { spec: { size: 2 } });
    await clock.advance(12_000);
    assert.deepEqual([cluster.list(Secret).length, widget()?.status], [1, { size: 0 }]);
    feed.release();
    await clock.advance(20_000);
    assert.deepEqual([cluster.list(Secret).length, widget()?.status], [1, { size: 1 }]);
  });

  it('goes on after a minute though the cache never shows what it wrote', async () => {
    let passes = 0;
    await run(async (_object, { write }) => {
      passes += 1;
      await write.patch(Secret, { namespace: 'n', name: 's' }, { data: { pass: String(passes) } });
      return undefined;
    }, [aWidget('w'), { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'n', name: 's' } }]);
    feed.hold('Secret');
    await cluster.patch(Widget, { namespace: 'n', name: 'w' }, { spec: { size: 2 } });
    await settled(10);
    const before = passes;
    await cluster.patch(Widget, { namespace: 'n', name: 'w' }, { spec: { size: 3 } });
    await clock.advance(50_000);
    assert.equal(passes, before);
    await clock.advance(60_000);
    assert.ok(passes > before);
  });

  it('stops only when running passes have ended, and begins none', async () => {
    let finish = (): void => undefined;
    const begun: string[] = [];
    await run(async (object) => {
      begun.push(object.metadata.name);
      await new Promise<void>((resolve) => (finish = resolve));
      return { status: { size: 5 } };
    }, [aWidget('a'), aWidget('b')], 1);
    let hasStopped = false;
    const stopped = controller.stop().then(() => (hasStopped = true));
    await settled(5);
    assert.equal(hasStopped, false);
    finish();
    await stopped;
    assert.deepEqual(begun, ['a']);
    assert.deepEqual(widget('a')?.status, { size: 5 });
  });

  it('declares the permissions that its watches imply', () => {
    const { permissions } = defineController<Widget, Status>({
      name: 'w', type: Widget, watches: [watchingOwned(Secret, Widget)], permissions: [], concurrency: 1, reconcile: () => Promise.resolve(undefined),
    });
    assert.deepEqual(permissions.map(({ group, resource, verbs }) => [group, resource, ...verbs]), [
      ['example.com', 'widgets', 'list', 'watch'],
      ['', 'secrets', 'list', 'watch'],
      ['example.com', 'widgets/status', 'patch'],
    ]);
  });
});

async function errorsCounted(): Promise<number> {
  const metric = await register.getSingleMetric('kube_ec2_reconcile_total')?.get();
  const values = metric?.values.filter(({ labels }) => labels['result'] === 'error') ?? [];
  return values.reduce((sum, { value }) => sum + value, 0);
}
