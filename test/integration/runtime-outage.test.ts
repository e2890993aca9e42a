import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { register } from 'prom-client';
import { startControlPlane, type ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { Caches } from '../../operator/kubernetes/caches.ts';
import { Cluster } from '../../operator/kubernetes/cluster.ts';
import { consistentWrite } from '../../operator/kubernetes/consistent-write.ts';
import { isAlreadyExists, isConflict } from '../../operator/kubernetes/errors.ts';
import { loadKubeConfig } from '../../operator/kubernetes/kube-config.ts';
import type { ResourceKind } from '../../operator/kubernetes/resource-type.ts';
import { ConfigMap } from '../../operator/kubernetes/resources.ts';
import { silentLogger } from '../../operator/logger.ts';
import { Manager } from '../../operator/runtime/manager.ts';
import { until } from '../support/until.ts';
import { installWidgets, Widget, widgetController } from '../support/widget.ts';

const namespace = 'default';

describe('controllers and caches while the API server and etcd are killed', () => {
  let controlPlane: ControlPlane;
  let dataDirectory: string;
  let cluster: Cluster;
  let caches: Caches;
  let manager: Manager;

  before(async () => {
    dataDirectory = mkdtempSync(join(tmpdir(), 'kube-ec2-outage-'));
    controlPlane = await startControlPlane({ dataDirectory, kubevirt: false, nodes: 0 });
  });
  after(async () => {
    await controlPlane.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    const log = silentLogger();
    cluster = new Cluster(loadKubeConfig(controlPlane.kubeconfigPath), log);
    await installWidgets(cluster);
    caches = new Caches(cluster, log);
    manager = new Manager({ caches, live: cluster, write: cluster.write, controllers: [widgetController('us')], onLeaseLost: () => undefined, log });
    await manager.start();
  });
  afterEach(async () => {
    for (const { metadata } of caches.list(Widget, namespace)) await cluster.write.remove(Widget, metadata);
    await until('all widgets and their parts are gone', () => caches.list(Widget, namespace).length === 0 && parts().length === 0, 150_000);
    await manager.stop();
    await caches.stop();
    cluster.close();
  });

  const parts = (): readonly ConfigMap[] => caches.list(ConfigMap, namespace).filter(({ metadata }) => metadata?.name?.startsWith('part-'));
  const areDone = (count: number) => (): boolean => {
    const widgets = caches.list(Widget, namespace);
    return widgets.length === count && parts().length === count && widgets.every(({ spec, status }) => status?.size === spec.size);
  };

  /** Writes so far by verb and kind. */
  async function writes(): Promise<Record<string, number>> {
    const metric = await register.getSingleMetric('kube_ec2_api_server_requests_total')?.get();
    const counts: Record<string, number> = {};
    for (const { labels, value } of metric?.values ?? []) {
      if (['get', 'list', 'watch'].includes(String(labels['verb']))) continue;
      const name = `${String(labels['verb'])} ${String(labels['kind'])}`;
      counts[name] = (counts[name] ?? 0) + value;
    }
    return counts;
  }

  async function requireCacheEqualsServer(): Promise<void> {
    for (const type of [Widget as ResourceKind, ConfigMap as ResourceKind]) {
      const { items } = await cluster.listPage(type, {}, 0);
      const identify = (objects: readonly { metadata?: { namespace?: string; name?: string; resourceVersion?: string } }[]): string[] =>
        objects.map(({ metadata }) => `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}@${metadata?.resourceVersion ?? ''}`).sort();
      await until(`the cache of ${type.kind} equals the server`, () => identify(caches.list(type)).join() === identify(items).join());
    }
  }

  /** Creates widgets one after the other, as a client that takes an answer for an answer; returns the names that were acknowledged. */
  async function createAll(prefix: string, count: number, outage: (created: number) => Promise<void>): Promise<Set<string>> {
    const acknowledged = new Set<string>();
    for (let position = 0; position < count; position += 1) {
      const name = `${prefix}-${position}`;
      await outage(position);
      await until(`${name} is created`, () =>
        cluster.write.create(Widget, { metadata: { namespace, name }, spec: { size: position } }).then(
          () => Boolean(acknowledged.add(name)),
          // Unknown whether it came through: ask again under the same name.
          (error: unknown) => isAlreadyExists(error),
        ), 120_000);
    }
    return acknowledged;
  }

  const outages: Record<string, () => Promise<void>> = {
    'the API server is killed and comes back at once': async () => {
      await controlPlane.killApiServer();
      await controlPlane.startApiServer();
    },
    'the API server is away for seconds': async () => {
      await controlPlane.killApiServer();
      await new Promise((resolve) => setTimeout(resolve, 4000));
      await controlPlane.startApiServer();
    },
    'etcd is killed and comes back': async () => {
      await controlPlane.killEtcd();
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await controlPlane.startEtcd();
    },
    'both are killed': async () => {
      await Promise.all([controlPlane.killApiServer(), controlPlane.killEtcd()]);
      // The API server waits for etcd, so etcd's start is not told ready before both run.
      await Promise.all([controlPlane.startEtcd(), controlPlane.startApiServer()]);
    },
  };
  for (const [name, outage] of Object.entries(outages)) {
    it(`${name}: all converges, no acknowledged write is lost, nothing is doubled`, async () => {
      const count = 100;
      const begun = Date.now();
      let back = 0;
      let running: Promise<void> = Promise.resolve();
      const acknowledged = await createAll('w', count, async (created) => {
        if (created === 40) running = outage().then(() => void (back = Date.now()));
        await Promise.resolve();
      });
      await running;
      await until('all is done', areDone(count), 150_000);
      console.log(`      back after ${back - begun} ms, all done ${Date.now() - back} ms later`);
      await requireCacheEqualsServer();
      const names = new Set(caches.list(Widget, namespace).map(({ metadata }) => metadata.name));
      assert.deepEqual([...acknowledged].filter((created) => !names.has(created)), []);
      const owners = parts().map(({ metadata }) => metadata?.ownerReferences?.[0]?.uid);
      assert.equal(new Set(owners).size, count);
    });
  }

  it('a create is never sent twice: of names that the server makes up there is at most one per request', async () => {
    const asked = 400;
    const outcomes: Promise<string>[] = [];
    let running: Promise<void> = Promise.resolve();
    for (let position = 0; position < asked; position += 1) {
      if (position === 100) running = outages['the API server is killed and comes back at once']?.() ?? running;
      const metadata = { namespace, generateName: 'unique-', labels: { request: String(position) } };
      outcomes.push(cluster.write.create(ConfigMap, { metadata }).then(() => 'made', () => 'unknown'));
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    const answers = await Promise.all(outcomes);
    await running;
    assert.ok(answers.includes('made') && answers.includes('unknown'), 'the kill hit no request');
    await requireCacheEqualsServer();
    const made = caches.list(ConfigMap, namespace).map(({ metadata }) => Number(metadata?.labels?.['request'] ?? -1)).filter((position) => position >= 0);
    assert.equal(new Set(made).size, made.length, 'doubled');
    const lost = answers.flatMap((answer, position) => (answer === 'made' && !made.includes(position) ? [position] : []));
    assert.deepEqual(lost, [], 'acknowledged but lost');
    for (const { metadata } of caches.list(ConfigMap, namespace)) {
      if (metadata?.labels?.['request'] !== undefined) await cluster.write.remove(ConfigMap, { namespace, name: metadata.name ?? '' });
    }
  });

  it('a thousand objects take one create and one status write each', async () => {
    const count = 1000;
    const before = await writes();
    const begun = Date.now();
    for (let start = 0; start < count; start += 100) {
      const names = Array.from({ length: 100 }, (_, position) => `t-${start + position}`);
      await Promise.all(names.map((name) => cluster.write.create(Widget, { metadata: { namespace, name }, spec: { size: 1 } })));
    }
    await until('all is done', areDone(count), 200_000);
    const seconds = (Date.now() - begun) / 1000;
    const spentSoFar = async (): Promise<Record<string, number>> =>
      Object.fromEntries(Object.entries(await writes()).map(([name, value]) => [name, value - (before[name] ?? 0)] as const).filter(([, value]) => value !== 0));
    // A watch can be quicker than the answer to the write that it tells of.
    await until('the last answers have come', async () => Object.values(await spentSoFar()).reduce((sum, value) => sum + value, 0) >= 3 * count);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const spent = await spentSoFar();
    console.log(`      ${count} widgets in ${seconds.toFixed(1)} s: ${JSON.stringify(spent)}`);
    assert.deepEqual(spent, { 'create Widget': count, 'create ConfigMap': count, 'patchStatus Widget': count });
    await requireCacheEqualsServer();
  });

  it('a write that returns can be read at once, also by many at a time and through conflicts', async () => {
    const write = consistentWrite(cluster.write, caches, silentLogger());
    const key = { namespace, name: 'counter' };
    await write.create(ConfigMap, { metadata: key, data: { count: '0' } });
    const increment = async (): Promise<void> => {
      for (;;) {
        const current = caches.get(ConfigMap, key);
        const next = { metadata: { resourceVersion: current?.metadata?.resourceVersion }, data: { count: String(Number(current?.data?.['count']) + 1) } };
        try {
          const written = await write.patch(ConfigMap, key, next);
          const cached = caches.get(ConfigMap, key)?.metadata?.resourceVersion;
          assert.ok(BigInt(cached ?? 0) >= BigInt(written.metadata?.resourceVersion ?? 0));
          return;
        } catch (error) {
          if (!isConflict(error)) throw error;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
        }
      }
    };
    await Promise.all(Array.from({ length: 40 }, increment));
    assert.equal(caches.get(ConfigMap, key)?.data?.['count'], '40');
    await write.remove(ConfigMap, key);
    assert.equal(caches.get(ConfigMap, key), undefined);
  });
});
