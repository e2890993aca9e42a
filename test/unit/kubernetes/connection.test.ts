import assert from 'node:assert/strict';
import { Cluster } from '../../../operator/kubernetes/cluster.ts';
import {
  ApiError,
  isAlreadyExists,
  isConflict,
  isForbidden,
  isInvalid,
  isNotFound,
  isUnavailable,
} from '../../../operator/kubernetes/errors.ts';
import { ConfigMap, SubjectAccessReview, VirtualMachineInstance } from '../../../operator/kubernetes/resources.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { hangUp, json, refusal, ScriptedServer, type Script } from '../../support/scripted-server.ts';
import { until } from '../../support/until.ts';

const key = { namespace: 'n', name: 'c' };
const object = { metadata: key };
const fine = json(200, { kind: 'ConfigMap', metadata: { ...key, resourceVersion: '7' } });
const busy = refusal(429, 'TooManyRequests', { 'retry-after': '0' });

describe('requests to the API server', () => {
  let server: ScriptedServer;
  let cluster: Cluster;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    cluster = new Cluster(server.config(), silentLogger());
  });
  afterEach(async () => {
    cluster.close();
    await server.stop();
  });

  const writes: Record<string, { send: () => Promise<unknown>; isRepeatable: boolean }> = {
    create: { send: () => cluster.write.create(ConfigMap, object), isRepeatable: false },
    'subresource': { send: () => cluster.write.putSubresource(VirtualMachineInstance, key, 'softreboot'), isRepeatable: false },
    'remove by name': { send: () => cluster.write.remove(ConfigMap, key), isRepeatable: false },
    'remove by uid': { send: () => cluster.write.remove(ConfigMap, key, { uid: 'u' }), isRepeatable: true },
    apply: { send: () => cluster.write.apply(ConfigMap, object), isRepeatable: true },
    patch: { send: () => cluster.write.patch(ConfigMap, key, { data: { a: 'b' } }), isRepeatable: true },
    replace: { send: () => cluster.write.replace(ConfigMap, object), isRepeatable: true },
    patchStatus: { send: () => cluster.write.patchStatus(ConfigMap, key, { status: {} }), isRepeatable: true },
    'create of a question, which is stored nowhere': { send: () => cluster.write.create(SubjectAccessReview, { spec: { user: 'u' } }), isRepeatable: true },
    fetch: { send: () => cluster.fetch(ConfigMap, key), isRepeatable: true },
  };

  for (const [name, { send, isRepeatable }] of Object.entries(writes)) {
    it(`${name}: a connection that breaks after the request was sent ${isRepeatable ? 'is tried again' : 'is never tried again, for it may have come through'}`, async () => {
      server.script(hangUp, fine);
      const outcome = await send().then(() => 'done', (error: unknown) => error);
      if (isRepeatable) assert.equal(outcome, 'done');
      else assert.ok(isUnavailable(outcome) && outcome.code === 0);
      assert.equal(server.received.length, isRepeatable ? 2 : 1);
    });

    it(`${name}: is sent again after 429, which the server answers before it does anything`, async () => {
      server.script(busy, busy, fine);
      await send();
      assert.equal(server.received.length, 3);
    });

    it(`${name}: an error inside the server ${isRepeatable ? 'is tried again only if it asks for that' : 'is not tried again'}`, async () => {
      server.script(refusal(500, 'InternalError'));
      await assert.rejects(send(), isUnavailable);
      assert.equal(server.received.length, 1);
      server.script(refusal(503, 'ServiceUnavailable', { 'retry-after': '0' }), fine);
      const outcome = await send().then(() => 'done', () => 'failed');
      assert.equal(outcome, isRepeatable ? 'done' : 'failed');
    });
  }

  it('gives up after five attempts', async () => {
    server.script(busy);
    await assert.rejects(cluster.write.patch(ConfigMap, key, {}), (error) => error instanceof ApiError && error.code === 429);
    assert.equal(server.received.length, 5);
  });

  it('does not wait for a Retry-After of minutes', async () => {
    server.script(refusal(429, 'TooManyRequests', { 'retry-after': '300' }));
    await assert.rejects(cluster.write.patch(ConfigMap, key, {}), isUnavailable);
    assert.equal(server.received.length, 1);
  });

  it('asks for fresh credentials once when the server refuses them', async () => {
    server.script(refusal(401, 'Unauthorized'), fine);
    await cluster.write.create(ConfigMap, object);
    server.script(refusal(401, 'Unauthorized'));
    await assert.rejects(cluster.write.create(ConfigMap, object), (error) => error instanceof ApiError && error.code === 401);
    assert.equal(server.received.length, 4);
  });

  const hangs: Record<string, Script> = {
    'a server that never answers': () => undefined,
    'a server that stops in the middle of its answer': (response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"kind":');
    },
  };
  for (const [name, script] of Object.entries(hangs)) {
    it(`${name} is given up after thirty seconds, and not asked again`, async () => {
      const clock = new FakeClock();
      const patient = new Cluster(server.config(), silentLogger(), clock);
      server.script(script);
      const errors: unknown[] = [];
      const done = patient.write.patch(ConfigMap, key, {}).catch((refused: unknown) => errors.push(refused));
      await until('the request has come', () => server.received.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      await clock.advance(29_999);
      assert.deepEqual(errors, []);
      await clock.advance(1);
      await done;
      assert.ok(errors.every((error) => isUnavailable(error) && (error as ApiError).code === 0) && errors.length === 1);
      assert.equal(server.received.length, 1);
      patient.close();
    });
  }

  it('a time of the caller is kept', async () => {
    const clock = new FakeClock();
    const hasty = new Cluster(server.config(), silentLogger(), clock, 5);
    server.script(() => undefined);
    const errors: unknown[] = [];
    const done = hasty.write.patch(ConfigMap, key, {}).catch((refused: unknown) => errors.push(refused));
    await until('the request has come', () => server.received.length === 1);
    await clock.advance(4999);
    assert.deepEqual(errors, []);
    await clock.advance(1);
    await done;
    assert.ok(isUnavailable(errors[0]));
    hasty.close();
  });

  for (const [name, script] of Object.entries(hangs)) {
    it(`${name} holds up nobody who gives up by himself`, async () => {
      const giveUp = new AbortController();
      server.script(script);
      const listed = assert.rejects(cluster.listPage(ConfigMap, {}, 500, undefined, giveUp.signal), isUnavailable);
      await until('the request has come', () => server.received.length === 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
      giveUp.abort();
      await listed;
      assert.equal(server.received.length, 1);
    });
  }

  it('a watch that is never accepted is given up after thirty seconds', async () => {
    const clock = new FakeClock();
    const patient = new Cluster(server.config(), silentLogger(), clock);
    server.script(() => undefined);
    const opened = assert.rejects(patient.openWatch(ConfigMap, {}, '1', 300, new AbortController().signal), isUnavailable);
    await until('the request has come', () => server.received.length === 1);
    await clock.advance(30_000);
    await opened;
    patient.close();
  });

  const refusals: Record<string, { script: Script; want: (error: unknown) => boolean }> = {
    NotFound: { script: refusal(404, 'NotFound'), want: isNotFound },
    Conflict: { script: refusal(409, 'Conflict'), want: isConflict },
    AlreadyExists: { script: refusal(409, 'AlreadyExists'), want: (error) => isAlreadyExists(error) && !isConflict(error) },
    Invalid: { script: refusal(422, 'Invalid', {}, { causes: [{ field: 'spec.x' }] }), want: (error) => isInvalid(error) && error.details.causes?.[0]?.field === 'spec.x' },
    Forbidden: { script: refusal(403, 'Forbidden'), want: isForbidden },
    'a page of a proxy': { script: (response) => void response.writeHead(502).end('<html>bad gateway</html>'), want: (error) => isUnavailable(error) && !error.message.includes('<') },
    'half an answer': {
      script: (response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('{"kind":');
        setImmediate(() => response.socket?.destroy());
      },
      want: isUnavailable,
    },
    'an answer that is not JSON': { script: (response) => void response.writeHead(200).end('hello'), want: isUnavailable },
  };
  for (const [name, { script, want }] of Object.entries(refusals)) {
    it(`${name} is told by the error's class and code`, async () => {
      server.script(script);
      await assert.rejects(cluster.write.create(ConfigMap, object), want);
    });
  }

  describe('a denial', () => {
    const denied = refusal(403, 'Forbidden');
    const notAllowed = json(201, { status: { allowed: false } });
    const allowed = json(201, { status: { allowed: true } });
    const ready: Script = (response) => void response.writeHead(200).end('ok');
    const notReady: Script = (response) => void response.writeHead(500).end('[-]informer-sync failed');
    const ask = (): Promise<unknown> => cluster.write.create(SubjectAccessReview, { spec: { user: 'u' } }).then(({ status }) => status?.allowed);
    const create = (): Promise<unknown> => cluster.write.create(ConfigMap, object).then(() => 'created');

    const cases: Record<string, { scripts: Script[]; send: () => Promise<unknown>; want: unknown; requests: number }> = {
      'is believed at once while nothing failed': { scripts: [denied], send: create, want: 403, requests: 1 },
      'of a server that is back and ready is asked for once more, and then believed': { scripts: [hangUp, denied, ready, denied], send: create, want: 403, requests: 4 },
      'of a server that had not read the roles yet passes': { scripts: [hangUp, denied, notReady, denied, ready, fine], send: create, want: 'created', requests: 6 },
      'of a server that stays unready is no denial but an outage': {
        scripts: [hangUp, ...Array.from({ length: 5 }, () => [denied, notReady]).flat()], send: create, want: 503, requests: 11,
      },
      'in the answer to a question counts no more than a refusal': { scripts: [hangUp, notAllowed, ready, allowed], send: ask, want: true, requests: 4 },
      'in the answer to a question is believed in the end': { scripts: [hangUp, notAllowed, ready, notAllowed], send: ask, want: false, requests: 4 },
      'of a server that denies the question for readiness too passes': { scripts: [hangUp, denied, denied, denied, ready, fine], send: create, want: 'created', requests: 6 },
      'is believed where there is no page for readiness': { scripts: [hangUp, denied, refusal(404, 'NotFound'), denied], send: create, want: 403, requests: 4 },
    };
    for (const [name, { scripts, send, want, requests }] of Object.entries(cases)) {
      it(name, async () => {
        server.script(...scripts);
        if (scripts[0] === hangUp) await assert.rejects(create(), isUnavailable);
        const outcome = await send().catch((error: unknown) => (error instanceof ApiError ? error.code : error));
        assert.equal(outcome, want);
        assert.equal(server.received.length, requests);
      });
    }

    it('is believed again a minute after the last failure', async () => {
      const clock = new FakeClock();
      const patient = new Cluster(server.config(), silentLogger(), clock);
      server.script(hangUp, denied);
      await assert.rejects(patient.write.create(ConfigMap, object), isUnavailable);
      await clock.advance(60_000);
      await assert.rejects(patient.write.create(ConfigMap, object), isForbidden);
      assert.equal(server.received.length, 2);
      patient.close();
    });
  });

  it('a fetch of what does not exist is undefined', async () => {
    server.script(refusal(404, 'NotFound'));
    assert.equal(await cluster.fetch(ConfigMap, key), undefined);
  });

  it('a list of something that is no list fails, and is not taken for an empty one', async () => {
    server.script(json(200, {}));
    await assert.rejects(cluster.listPage(ConfigMap, {}, 500), /no list/);
  });

  it('an empty answer, as of KubeVirt subresources, is fine', async () => {
    server.script((response) => void response.writeHead(202).end());
    await cluster.write.putSubresource(VirtualMachineInstance, key, 'reset');
    assert.equal(server.received[0]?.url.pathname, '/apis/subresources.kubevirt.io/v1/namespaces/n/virtualmachineinstances/c/reset');
    assert.equal(server.received[0].method, 'PUT');
  });

  it('a refused connection is tried again even for a create: nothing was sent', async () => {
    const { config, stop } = await closedServer();
    const refused = new Cluster(config, silentLogger());
    const begun = Date.now();
    await assert.rejects(refused.write.create(ConfigMap, object), (error) => isUnavailable(error) && error.code === 0);
    assert.ok(Date.now() - begun > 500, 'it backs off between attempts');
    await stop();
  });

  it('writes as somebody else carry the impersonation, events stay our own', async () => {
    server.script(fine);
    const write = cluster.writeAs('system:serviceaccount:n:root', ['a', 'b']);
    await write.create(ConfigMap, object);
    await write.event(object, { type: 'Normal', reason: 'Seen', message: 'by us' });
    await cluster.write.create(ConfigMap, object);
    const users = server.received.map(({ headers }) => [headers['impersonate-user'], headers['impersonate-group']]);
    assert.deepEqual(users, [['system:serviceaccount:n:root', 'a, b'], [undefined, undefined], [undefined, undefined]]);
    assert.ok(server.received.every(({ headers }) => headers.authorization === 'Bearer a-token'));
  });

  it('asks for no more than the metadata of what a status was written to, as whoever writes it', async () => {
    server.script(fine);
    const write = cluster.writeAs('system:serviceaccount:n:root');
    await write.patchStatus(ConfigMap, key, { status: {} });
    const [request] = server.received;
    assert.equal(request?.headers.accept, 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json');
    assert.equal(request.headers['impersonate-user'], 'system:serviceaccount:n:root');
  });

  it('server-side apply forces our fields and sends no managedFields', async () => {
    server.script(fine);
    await cluster.write.apply(ConfigMap, { metadata: { ...key, managedFields: [{ manager: 'x' }] } });
    const [request] = server.received;
    assert.equal(request?.headers['content-type'], 'application/apply-patch+yaml');
    assert.equal(request.url.searchParams.get('force'), 'true');
    assert.equal(request.url.searchParams.get('fieldManager'), 'kube-ec2');
    assert.deepEqual(JSON.parse(request.body), { apiVersion: 'v1', kind: 'ConfigMap', metadata: key });
  });
});

async function closedServer(): Promise<{ config: ReturnType<ScriptedServer['config']>; stop: () => Promise<void> }> {
  const server = await ScriptedServer.start();
  const config = server.config();
  await server.stop();
  return { config, stop: () => Promise.resolve() };
}
