import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCertificateAuthority } from '../../../../hack/control-plane/certificate-authority.ts';
import { openWebhook, type Destination } from '../../../../operator/controllers/notification-topic/webhook.ts';
import { webhookReceiver, type WebhookReceiver } from '../../../support/webhook-receiver.ts';

const reasonOf = async (destination: Destination, milliseconds?: number): Promise<string | undefined> => {
  const webhook = openWebhook(destination, milliseconds);
  try {
    return (await webhook.post({ headers: { 'content-type': 'application/json' }, body: '{"a":1}' }))?.reason;
  } finally {
    webhook.close();
  }
};

describe('a webhook', () => {
  let receiver: WebhookReceiver;
  let folder: string;
  const at = (path = '/', addresses: string[] | undefined = undefined): Destination => ({ url: new URL(`http://127.0.0.1:${receiver.port}${path}`), addresses, caBundle: undefined });

  beforeEach(async () => {
    receiver = await webhookReceiver();
    folder = mkdtempSync(join(tmpdir(), 'kube-ec2-webhook-'));
  });
  afterEach(async () => {
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  it('sends the body byte for byte, over one connection for several messages', async () => {
    const webhook = openWebhook(at('/hook?x=1'));
    assert.equal(await webhook.post({ headers: { 'webhook-id': 'one' }, body: '{"ü":1}' }), undefined);
    assert.equal(await webhook.post({ headers: { 'webhook-id': 'two' }, body: '{}' }), undefined);
    webhook.close();
    assert.deepEqual(receiver.received.map(({ headers, body }) => `${String(headers['webhook-id'])} ${body}`), ['one {"ü":1}', 'two {}']);
    assert.equal(receiver.connections(), 1);
  });

  it('connects to the judged address, whatever the name resolves to elsewhere', async () => {
    const destination = { ...at(), url: new URL(`http://nowhere.invalid:${receiver.port}/`), addresses: ['127.0.0.1'] };
    assert.equal(await reasonOf(destination), undefined);
    assert.equal(receiver.received[0]?.headers.host, `nowhere.invalid:${receiver.port}`);
  });

  it('does not follow redirects', async () => {
    receiver.answer = (response) => void response.writeHead(307, { location: `http://127.0.0.1:${receiver.port}/other` }).end();
    assert.equal(await reasonOf(at()), 'Redirected');
    assert.equal(receiver.received.length, 1);
  });

  const refusals: Record<string, { answer: WebhookReceiver['answer']; want: string }> = {
    'takes a 500 for a failure': { answer: (response) => void response.writeHead(500).end('boom'), want: 'AnswerNotSuccessful' },
    'takes a 404 for a failure': { answer: (response) => void response.writeHead(404).end(), want: 'AnswerNotSuccessful' },
    'takes a broken connection for a failure': { answer: (response) => void response.destroy(), want: 'ConnectionFailed' },
    'waits for an answer no longer than it may': { answer: () => undefined, want: 'TimedOut' },
    'waits for the end of an answer no longer than it may': { answer: (response) => void response.writeHead(200).write('and so on'), want: 'TimedOut' },
  };
  for (const [name, { answer, want }] of Object.entries(refusals)) {
    it(name, async () => {
      receiver.answer = answer;
      assert.equal(await reasonOf(at(), 300), want);
    });
  }

  it('reads no more of an answer than it must', async () => {
    receiver.answer = (response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(65536)), 5);
      response.on('close', () => clearInterval(timer));
    };
    assert.equal(await reasonOf(at(), 3000), undefined);
  });

  it('says so if nobody listens, or the name does not exist', async () => {
    const { port } = receiver;
    await receiver.close();
    assert.equal(await reasonOf({ url: new URL(`http://127.0.0.1:${port}`), addresses: undefined, caBundle: undefined }), 'ConnectionFailed');
    assert.equal(await reasonOf({ url: new URL('http://nowhere.invalid/'), addresses: undefined, caBundle: undefined }), 'HostUnresolved');
    receiver = await webhookReceiver();
  });

  it('trusts the authority that it is given, and no other', async () => {
    const authority = openCertificateAuthority(folder, 'receiver-ca');
    const { certificate, key } = authority.issue({ commonName: 'receiver', dnsNames: ['hooks.example.com'], usages: ['server'] });
    const secure = await webhookReceiver({ key, cert: certificate });
    try {
      const destination = { url: new URL(`https://hooks.example.com:${secure.port}/`), addresses: ['127.0.0.1'] };
      const caBundle = authority.certificate;
      assert.equal(await reasonOf({ ...destination, caBundle }), undefined);
      assert.equal(await reasonOf({ ...destination, caBundle: undefined }), 'CertificateRefused');
      assert.equal(await reasonOf({ ...destination, url: new URL(`https://other.example.com:${secure.port}/`), caBundle }), 'CertificateRefused');
      assert.equal(secure.received.length, 1);
    } finally {
      await secure.close();
    }
  });
});
