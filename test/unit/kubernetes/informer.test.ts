import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { systemClock } from '../../../operator/kubernetes/clock.ts';
import { Cluster } from '../../../operator/kubernetes/cluster.ts';
import { Informer, type InformerOptions } from '../../../operator/kubernetes/informer.ts';
import { ConfigMap } from '../../../operator/kubernetes/resources.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { hangUp, json, refusal, ScriptedServer, type Script } from '../../support/scripted-server.ts';
import { until } from '../../support/until.ts';

interface Item {
  metadata: { namespace: string; name: string; uid: string; resourceVersion: string; managedFields?: unknown[]; annotations?: Record<string, string> };
}

function item(name: string, version: number, uid = name): Item {
  return { metadata: { namespace: 'n', name, uid, resourceVersion: String(version) } };
}

function page(version: number, items: Item[], next?: string): Script {
  return json(200, { kind: 'ConfigMapList', metadata: { resourceVersion: String(version), ...(next === undefined ? {} : { continue: next }) }, items });
}

/** A watch that tells its events and stays open. */
function watch(...events: (object | string)[]): Script {
  return (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const event of events) response.write(typeof event === 'string' ? event : `${JSON.stringify(event)}\n`);
  };
}

/** The same, closed in the way that the API server ends a watch. */
function closedWatch(...events: (object | string)[]): Script {
  return (response, request) => {
    watch(...events)(response, request);
    response.end();
  };
}

/** The same, broken off. */
function brokenWatch(...events: (object | string)[]): Script {
  return (response: ServerResponse, request) => {
    watch(...events)(response, request);
    setTimeout(() => response.socket?.destroy(), 20);
  };
}

const added = (object: Item): object => ({ type: 'ADDED', object });
const modified = (object: Item): object => ({ type: 'MODIFIED', object });
const deleted = (object: Item): object => ({ type: 'DELETED', object });
const bookmark = (version: number): object => ({ type: 'BOOKMARK', object: { metadata: { resourceVersion: String(version) } } });
const expired = { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: 'too old resource version' } };

describe('Informer', () => {
  let server: ScriptedServer;
  let cluster: Cluster;
  let informer: Informer | undefined;
  let told: string[];

  beforeEach(async () => {
    server = await ScriptedServer.start();
    cluster = new Cluster(server.config(), silentLogger());
    told = [];
  });
  afterEach(async () => {
    await informer?.stop();
    cluster.close();
    await server.stop();
  });

  function start(options: InformerOptions = {}): Informer {
    const times = { watch: 300_000, idle: 60_000, backOffStart: 5, backOffMax: 20, ...options.times };
    informer = new Informer(cluster, ConfigMap, { ...options, times }, silentLogger(), systemClock);
    informer.addHandler({
      add: ({ metadata }) => told.push(`+${metadata.name}`),
      update: ({ metadata }, previous) => told.push(`${metadata.name}:${previous.metadata.resourceVersion}>${metadata.resourceVersion}`),
      delete: ({ metadata }) => told.push(`-${metadata.name}`),
    });
    informer.start();
    return informer;
  }

  const names = (cached: Informer): string[] => cached.store.list().map(({ metadata }) => `${metadata.name}@${metadata.resourceVersion ?? ''}`).sort();
  const listsSeen = (): number => server.received.filter(({ url }) => !url.searchParams.has('watch')).length;
  const positions = (): (string | null)[] => server.received.filter(({ url }) => url.searchParams.has('watch')).map(({ url }) => url.searchParams.get('resourceVersion'));

  // Each ends with the store at a@5 and c@4 whatever happens on the way.
  const want = ['a@5', 'c@4'];
  const cases: Record<string, { scripts: Script[]; lists: number; watchedFrom: string[]; options?: InformerOptions }> = {
    'lists and then watches': {
      scripts: [page(3, [item('a', 1), item('b', 2)]), watch(added(item('c', 4)), modified(item('a', 5)), deleted(item('b', 6)))],
      lists: 1,
      watchedFrom: ['3'],
    },
    'reads a list in pages': {
      scripts: [page(3, [item('a', 1)], 'next'), page(3, [item('b', 2)]), watch(added(item('c', 4)), modified(item('a', 5)), deleted(item('b', 6)))],
      lists: 2,
      watchedFrom: ['3'],
    },
    'reads a list whose pages expire in one piece': {
      scripts: [page(2, [item('a', 1)], 'next'), refusal(410, 'Expired'), page(6, [item('a', 5), item('c', 4)]), watch()],
      lists: 3,
      watchedFrom: ['6'],
    },
    'goes on from where a watch was closed': {
      scripts: [page(3, [item('a', 1)]), closedWatch(added(item('c', 4))), watch(modified(item('a', 5)))],
      lists: 1,
      watchedFrom: ['3', '4'],
    },
    'goes on from where a watch broke off': {
      scripts: [page(3, [item('a', 1)]), brokenWatch(added(item('c', 4))), hangUp, hangUp, watch(modified(item('a', 5)))],
      lists: 1,
      watchedFrom: ['3', '4', '4', '4'],
    },
    'goes on from a bookmark': {
      scripts: [page(3, [item('a', 1), item('c', 2)]), closedWatch(bookmark(40)), watch(modified(item('a', 5)), modified(item('c', 4)))],
      lists: 1,
      watchedFrom: ['3', '40'],
    },
    'leaves out a line that was cut off, and gets it again': {
      scripts: [page(3, [item('a', 1), item('c', 4)]), brokenWatch('{"type":"MODIFIED","object":{"metadata":{"na'), watch(modified(item('a', 5)))],
      lists: 1,
      watchedFrom: ['3', '3'],
    },
    'waits out an API server that refuses': {
      scripts: [hangUp, refusal(503, 'ServiceUnavailable'), page(3, [item('a', 5), item('c', 4)]), refusal(500, 'InternalError'), watch()],
      lists: 7,
      watchedFrom: ['3', '3'],
    },
    'lists anew when the position has expired, told by an event': {
      scripts: [page(3, [item('a', 1), item('b', 2)]), closedWatch(expired), page(6, [item('a', 5), item('c', 4)]), watch()],
      lists: 2,
      watchedFrom: ['3', '6'],
    },
    'lists anew when the position has expired, told by the status': {
      scripts: [page(3, [item('a', 1), item('b', 2)]), refusal(410, 'Gone'), page(6, [item('a', 5), item('c', 4)]), watch()],
      lists: 2,
      watchedFrom: ['3', '6'],
    },
    'lists anew when the server sends nothing but garbage': {
      scripts: [page(3, [item('a', 1)]), watch('garbage\n'), watch('{"type":"ADDED"}\n'), watch('[]\n'), page(6, [item('a', 5), item('c', 4)]), watch()],
      lists: 2,
      watchedFrom: ['3', '3', '3', '6'],
    },
    'gives up a watch that is silent': {
      scripts: [page(3, [item('a', 1), item('c', 4)]), watch(), watch(modified(item('a', 5)))],
      lists: 1,
      watchedFrom: ['3', '3'],
      options: { times: { idle: 150 } },
    },
    'lists anew when the server stays silent about a position': {
      scripts: [page(3, [item('a', 1)]), watch(), watch(), watch(), page(6, [item('a', 5), item('c', 4)]), watch()],
      lists: 2,
      watchedFrom: ['3', '3', '3', '6'],
      options: { times: { idle: 100 } },
    },
  };
  for (const [name, { scripts, lists, watchedFrom, options }] of Object.entries(cases)) {
    it(name, async () => {
      server.script(...scripts);
      const cached = start(options);
      await until('the store is as wanted', () => names(cached).join() === want.join() && positions().length >= watchedFrom.length);
      assert.ok(cached.hasSynced);
      await cached.synced;
      assert.deepEqual(positions().slice(0, watchedFrom.length), watchedFrom);
      if (name !== 'waits out an API server that refuses') assert.equal(listsSeen(), lists);
    });
  }

  it('tells each change once, a re-list only what differs, what is gone as deleted', async () => {
    server.script(
      page(3, [item('a', 1), item('b', 2), item('d', 3)]),
      closedWatch(modified(item('a', 4)), expired),
      page(9, [item('a', 4), item('d', 8, 'another'), item('e', 9)]),
      watch(added(item('e', 9)), bookmark(10)),
    );
    const cached = start();
    await until('the bookmark has come', () => cached.hasReached('10'));
    assert.deepEqual(told, ['+a', '+b', '+d', 'a:1>4', '-b', 'd:3>8', '+e']);
  });

  it('keeps neither managedFields nor the last applied manifest, and knows apiVersion and kind', async () => {
    const heavy = item('a', 1);
    heavy.metadata.managedFields = [{ manager: 'kubectl' }];
    heavy.metadata.annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{}', mine: 'yes' };
    server.script(page(3, [heavy]), watch());
    const cached = start();
    await cached.synced;
    assert.deepEqual(cached.store.list(), [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'n', name: 'a', uid: 'a', resourceVersion: '1', annotations: { mine: 'yes' } } },
    ]);
  });

  it('asks for what was selected only, with bookmarks, and for an end within four to six minutes', async () => {
    server.script(page(3, []), watch());
    start({ namespace: 'n', labelSelector: 'a=b', fieldSelector: 'type=t' });
    await until('it watches', () => positions().length === 1);
    for (const { url } of server.received) {
      assert.equal(url.pathname, '/api/v1/namespaces/n/configmaps');
      assert.deepEqual([url.searchParams.get('labelSelector'), url.searchParams.get('fieldSelector')], ['a=b', 'type=t']);
    }
    const query = server.received[1]?.url.searchParams;
    assert.equal(query?.get('allowWatchBookmarks'), 'true');
    const seconds = Number(query.get('timeoutSeconds'));
    assert.ok(seconds >= 240 && seconds <= 360, `timeoutSeconds=${seconds}`);
  });

  it('backs off: a server that breaks everything is not stormed', async () => {
    server.script(page(3, []), hangUp);
    start({ times: { backOffStart: 100, backOffMax: 400 } });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.ok(positions().length <= 9, `${positions().length} watches within a second`);
  });

  it('a watch that is closed at once without a word, over and over, is not opened in a storm', async () => {
    server.script(page(3, []), closedWatch());
    start({ times: { backOffStart: 100, backOffMax: 400 } });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.ok(positions().length <= 9, `${positions().length} watches within a second`);
    assert.equal(listsSeen(), 1);
  });

  it('is stale while nothing comes', async () => {
    server.script(page(3, []), watch());
    const cached = start();
    await until('it watches', () => positions().length === 1);
    await until('it grows stale', () => cached.stalenessSeconds > 0.2);
  });

  it('says whether it watches', async () => {
    server.script(page(3, []), brokenWatch(bookmark(4)), refusal(503, 'ServiceUnavailable'), watch());
    const cached = start({ times: { backOffStart: 100, backOffMax: 100 } });
    const seen = [cached.isWatching];
    for (const next of [true, false, true]) {
      await until(`it ${next ? 'watches' : 'does not watch'}`, () => cached.isWatching === next);
      seen.push(cached.isWatching);
    }
    assert.deepEqual([seen, positions()], [[false, true, false, true], ['3', '4', '4']]);
    await cached.stop();
    assert.equal(cached.isWatching, false);
  });

  it('a handler that throws harms no other, nor the cache', async () => {
    server.script(page(3, [item('a', 1)]), watch(added(item('c', 4)), modified(item('a', 5))));
    const cached = start();
    cached.addHandler({
      add: () => {
        throw new Error('bug');
      },
    });
    await until('all is there', () => names(cached).join() === want.join());
    assert.deepEqual(told, ['+a', '+c', 'a:1>5']);
  });

  it('a handler that comes late is told what is there', async () => {
    server.script(page(3, [item('a', 1), item('b', 2)]), watch());
    const cached = start();
    await cached.synced;
    const late: string[] = [];
    const end = cached.addHandler({ add: ({ metadata }) => late.push(metadata.name) });
    assert.deepEqual(late, ['a', 'b']);
    end();
  });

  it('is empty while the cluster lacks an optional kind, without a storm, fills once it is there, and is empty again when it goes', async () => {
    const missing = refusal(404, 'NotFound');
    server.script(missing, missing, page(3, [item('a', 1)]), closedWatch(added(item('c', 4))), missing, missing);
    const cached = start({ isOptional: true, times: { absent: 20 } });
    await cached.synced;
    assert.deepEqual(names(cached), []);
    // It is full for a moment only: told is what it was.
    await until('it was filled, and is empty again', () => told.includes('-c'));
    assert.deepEqual(told, ['+a', '+c', '-a', '-c']);
    assert.deepEqual(names(cached), []);
    const before = server.received.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(server.received.length - before < 10, 'it is looked for now and then');
    assert.ok(cached.stalenessSeconds < 1, 'an answer is an answer');
  });

  it('waits for a kind that it needs', async () => {
    server.script(refusal(404, 'NotFound'));
    const cached = start();
    await until('it has asked a few times', () => server.received.length > 3);
    assert.equal(cached.hasSynced, false);
  });

  it('stops at once, in the middle of a watch and of a wait', async () => {
    server.script(page(3, []), watch());
    const watching = start();
    await until('it watches', () => positions().length === 1);
    await watching.stop();
    server.script(hangUp);
    const failing = start({ times: { backOffStart: 60_000, backOffMax: 60_000 } });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = Date.now();
    await failing.stop();
    assert.ok(Date.now() - begun < 1000);
  });
});
