import assert from 'node:assert/strict';
import { Cluster } from '../../../operator/kubernetes/cluster.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { json, refusal, ScriptedServer, type Script } from '../../support/scripted-server.ts';

const pods = (...names: [string, string][]): Script =>
  json(200, { metadata: { resourceVersion: '1' }, items: names.map(([name, creationTimestamp]) => ({ metadata: { name, creationTimestamp } })) });
const text = (content: string): Script => (response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end(content);
const waiting: Script = json(400, { kind: 'Status', code: 400, reason: 'BadRequest', message: 'container "c" in pod "p" is waiting to start: PodInitializing' });

describe('the log of a container', () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(async () => server.stop());

  const read = async (): Promise<string | undefined> => {
    const cluster = new Cluster(server.config(), silentLogger());
    try {
      return (await cluster.liveAs('system:serviceaccount:acme:root').podLog({ namespace: 'acme', labelSelector: 'a=b', container: 'console' }))?.toString();
    } finally {
      cluster.close();
    }
  };

  it('is that of the newest pod, asked for as the caller', async () => {
    server.script(pods(['old', '2026-01-01T00:00:00Z'], ['new', '2026-01-02T00:00:00Z']), text('line\r\nno end'));
    assert.equal(await read(), 'line\r\nno end');
    const [list, log] = server.received;
    assert.deepEqual([list?.url.pathname, list?.url.searchParams.get('labelSelector')], ['/api/v1/namespaces/acme/pods', 'a=b']);
    assert.deepEqual([log?.url.pathname, log?.url.searchParams.get('container')], ['/api/v1/namespaces/acme/pods/new/log', 'console']);
    assert.deepEqual(server.received.map(({ headers }) => headers['impersonate-user']), Array(2).fill('system:serviceaccount:acme:root'));
  });

  const absent: Record<string, Script[]> = {
    'there is no pod': [pods()],
    'the pod went meanwhile': [pods(['p', '']), refusal(404, 'NotFound')],
    'its container has not begun': [pods(['p', '']), waiting],
  };
  for (const [name, scripts] of Object.entries(absent)) {
    it(`is not there where ${name}`, async () => {
      server.script(...scripts);
      assert.equal(await read(), undefined);
    });
  }

  it('is refused to who may not read it, and says so if the node cannot be reached', async () => {
    server.script(pods(['p', '']), refusal(403, 'Forbidden'));
    await assert.rejects(read(), { code: 403 });
    server.script(pods(['p', '']), refusal(500, 'InternalError'));
    await assert.rejects(read(), { code: 500 });
  });
});
