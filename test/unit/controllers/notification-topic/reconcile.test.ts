import assert from 'node:assert/strict';
import type { NotificationTopicStatus } from '../../../../operator/api/notification/notification-topic.ts';
import { ACCOUNT_ID_LABEL } from '../../../../operator/api/identity/account.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { defaultControllerSettings } from '../../../../operator/controllers/index.ts';
import { notificationTopicController } from '../../../../operator/controllers/notification-topic/controller.ts';
import type { Destination, Post, Webhook } from '../../../../operator/controllers/notification-topic/webhook.ts';
import { ApiError } from '../../../../operator/kubernetes/errors.ts';
import { outboundPolicyFrom } from '../../../../operator/kubernetes/outbound-policy.ts';
import { Notification, NotificationTopic } from '../../../../operator/kubernetes/resources.ts';
import type { Outcome } from '../../../../operator/runtime/reconcile.ts';
import { pass } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { WORLD_ACCOUNT_ID, WORLD_NAMESPACE } from '../../../support/instance-world.ts';
import { aKeySecret, aNotification, aTopic } from '../../../support/topic-objects.ts';
import { isSignedBy } from '../../../support/webhook-receiver.ts';

const KEY = { namespace: WORLD_NAMESPACE, name: 'hook' };
const account = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: WORLD_NAMESPACE, labels: { [ACCOUNT_ID_LABEL]: WORLD_ACCOUNT_ID } } };
const serverError = { reason: 'AnswerNotSuccessful', message: 'hooks.example.com answered 503' };

/** A topic `hook` with a receiver that answers as the test says. */
class TopicWorld {
  readonly clock = new FakeClock('2026-01-01T10:00:00Z');
  readonly cluster: FakeCluster;
  readonly opened: Destination[] = [];
  readonly posted: Post[] = [];
  addresses: Record<string, string[]> = { 'hooks.example.com': ['93.184.215.14'], 'private.example.com': ['10.0.0.7'] };
  answer: (post: Post) => Awaited<ReturnType<Webhook['post']>> = () => undefined;
  resolve = async (host: string): Promise<string[]> => this.addresses[host] ?? Promise.reject(new Error('no such host'));
  readonly #controller;

  constructor(objects: readonly KubernetesObject[], allow: readonly string[] = []) {
    this.cluster = new FakeCluster({ clock: this.clock, objects: [account, ...objects] });
    const resolve = async (host: string): Promise<string[]> => this.resolve(host);
    this.#controller = notificationTopicController({ ...defaultControllerSettings, webhooks: { policy: outboundPolicyFrom(allow), resolve } }, (destination) => {
      this.opened.push(destination);
      return {
        post: async (post) => {
          this.posted.push(post);
          return this.answer(post);
        },
        close: () => undefined,
      };
    });
  }

  async pass(): Promise<Outcome<unknown> | undefined> {
    return pass(this.cluster, this.#controller, KEY, this.clock);
  }

  get status(): NotificationTopicStatus {
    return this.cluster.get(NotificationTopic, KEY)?.status ?? {};
  }

  get waiting(): string[] {
    return this.cluster.list(Notification, WORLD_NAMESPACE).map(({ metadata }) => metadata.name).sort();
  }

  get conditions(): Record<string, string> {
    return Object.fromEntries((this.status.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]));
  }

  get eventReasons(): string[] {
    return this.cluster.events.map(({ type, reason }) => `${type} ${reason}`);
  }
}

const minutesAgo = (minutes: number): string => new Date(Date.parse('2026-01-01T10:00:00Z') - minutes * 60_000).toISOString().replace('.000Z', 'Z');

describe('a notification topic', () => {
  it('is ready with its ARN, and writes and looks at nothing while nothing waits', async () => {
    const world = new TopicWorld([aTopic('hook', {}, { topicName: 'Told_Topic' })]);
    await world.pass();
    assert.equal(world.status.topicARN, `arn:aws:sns:us-east-1:${WORLD_ACCOUNT_ID}:Told_Topic`);
    assert.deepEqual(world.conditions, { Ready: 'True Ready' });
    const writes = world.cluster.writes.length;
    assert.equal((await world.pass())?.requeueAfterSeconds, undefined);
    assert.deepEqual([world.cluster.writes.length, world.opened.length, world.eventReasons], [writes, 0, []]);
  });

  it('sends what waits, oldest first, to the addresses that were judged, and takes it away', async () => {
    const world = new TopicWorld([aTopic('hook'), aNotification('b', 'hook', minutesAgo(1)), aNotification('a', 'hook', minutesAgo(2)), aNotification('c', 'other', minutesAgo(2))]);
    await world.pass();
    assert.deepEqual(world.posted.map(({ body }) => body), ['{"name":"a"}', '{"name":"b"}']);
    assert.deepEqual(world.opened.map(({ addresses }) => addresses), [['93.184.215.14']]);
    assert.deepEqual(world.waiting, ['c']);
    assert.deepEqual(world.conditions, { Ready: 'True Ready', Delivering: 'True Delivered' });
    const headers: Post['headers'] = world.posted[0]?.headers ?? {};
    assert.equal(headers['x-amz-sns-topic-arn'], world.status.topicARN);
    assert.deepEqual([headers['x-amz-sns-message-id'], headers['webhook-id'], headers['webhook-timestamp'], headers['webhook-signature']], ['a', 'a', '1767261600', undefined]);
  });

  it('sends a batch at a time', async () => {
    const world = new TopicWorld([aTopic('hook'), ...Array.from({ length: 20 }, (_, index) => aNotification(`m-${String(index).padStart(2, '0')}`, 'hook', minutesAgo(1)))]);
    assert.equal((await world.pass())?.requeueAfterSeconds, 0.1);
    assert.equal(world.posted.length, 8);
    await world.pass();
    await world.pass();
    assert.deepEqual([world.posted.length, world.waiting], [20, []]);
  });

  it('signs with every key of the Secret, raw or in base64', async () => {
    const raw = 'a-key-that-is-long-enough-to-sign';
    const bytes = Buffer.alloc(32, 7);
    const world = new TopicWorld([aTopic('hook', { keySecretName: 'key' }), aKeySecret('key', { old: raw, new: `whsec_${bytes.toString('base64')}\n` }), aNotification('a', 'hook', minutesAgo(1))]);
    await world.pass();
    const [message] = world.posted;
    assert.ok(message !== undefined);
    assert.ok(isSignedBy(Buffer.from(raw), message, world.clock.now()));
    assert.ok(isSignedBy(bytes, message, world.clock.now()));
    assert.ok(!isSignedBy(Buffer.from('another-key-that-is-long-enough'), message, world.clock.now()));
    assert.ok(!isSignedBy(bytes, { ...message, body: '{"name":"b"}' }, world.clock.now()));
    assert.ok(!isSignedBy(bytes, message, world.clock.now() + 600_000));
  });

  const obstacles: Record<string, { topic: NotificationTopic; allow?: string[]; objects?: KubernetesObject[]; want: string; message?: RegExp }> = {
    'a private address is refused': { topic: aTopic('hook', { url: 'https://10.0.0.7/' }), want: 'AddressRefused', message: /KUBE_EC2_WEBHOOK_ALLOW/ },
    'loopback is refused': { topic: aTopic('hook', { url: 'https://127.0.0.1:8443/' }), want: 'AddressRefused' },
    'a name that resolves to a private address is refused': { topic: aTopic('hook', { url: 'https://private.example.com/' }), want: 'AddressRefused' },
    'a Service of the cluster is refused': { topic: aTopic('hook', { url: 'https://receiver.monitoring.svc/' }), want: 'AddressRefused' },
    'the metadata of a cloud is refused': { topic: aTopic('hook', { url: 'https://169.254.169.254/latest' }), want: 'AddressRefused' },
    'a password in the address is refused': { topic: aTopic('hook', { url: 'https://me:secret@hooks.example.com/' }), want: 'AddressRefused' },
    'http is refused over the internet': { topic: aTopic('hook', { url: 'http://hooks.example.com/' }), want: 'AddressRefused', message: /use https/ },
    'http is refused to a public address': { topic: aTopic('hook', { url: 'http://93.184.215.15/' }), want: 'AddressRefused' },
    'a name that does not resolve is told': { topic: aTopic('hook', { url: 'https://gone.example.com/' }), want: 'HostUnresolved' },
    'a Secret that is not there is told': { topic: aTopic('hook', { keySecretName: 'key' }), want: 'KeyNotFound' },
    'a Secret of another type signs nothing': { topic: aTopic('hook', { keySecretName: 'key' }), objects: [aKeySecret('key', { key: 'x'.repeat(40) }, 'kube-ec2.io/access-key')], want: 'KeyUnusable', message: /webhook-key/ },
    'a short key is refused': { topic: aTopic('hook', { keySecretName: 'key' }), objects: [aKeySecret('key', { key: 'short' })], want: 'KeyUnusable', message: /openssl rand/ },
    'an empty Secret is refused': { topic: aTopic('hook', { keySecretName: 'key' }), objects: [aKeySecret('key', {})], want: 'KeyUnusable' },
    'the younger of two topics of one name yields': { topic: aTopic('hook', {}, { topicName: 'told' }, '2026-01-02T00:00:00Z'), objects: [aTopic('told')], want: 'NameTaken', message: /NotificationTopic told already/ },
  };
  for (const [name, { topic, allow, objects = [], want, message }] of Object.entries(obstacles)) {
    it(`${name}, and what waits is kept`, async () => {
      const world = new TopicWorld([topic, ...objects, aNotification('a', 'hook', minutesAgo(1))], allow);
      assert.equal((await world.pass())?.requeueAfterSeconds, 30);
      assert.deepEqual([world.conditions, world.posted.length, world.waiting, world.eventReasons], [{ Ready: `False ${want}` }, 0, ['a'], [`Warning ${want}`]]);
      if (message !== undefined) assert.match(world.status.conditions?.[0]?.message ?? '', message);
      await world.pass();
      assert.equal(world.eventReasons.length, 1, 'it is told once');
      assert.doesNotMatch(JSON.stringify([world.status, world.cluster.events]), /secret@|x{24}/);
    });
  }

  const permitted: Record<string, { url: string; allow: string[] }> = {
    'a network that the administrator allows': { url: 'http://127.0.0.1:8080/', allow: ['127.0.0.0/8'] },
    'a name in such a network': { url: 'http://private.example.com/', allow: ['10.0.0.0/24'] },
    'a Service that the administrator allows': { url: 'http://receiver.monitoring.svc/', allow: ['*.monitoring.svc'] },
  };
  for (const [name, { url, allow }] of Object.entries(permitted)) {
    it(`may lead to ${name}, without TLS too`, async () => {
      const world = new TopicWorld([aTopic('hook', { url }), aNotification('a', 'hook', minutesAgo(1))], allow);
      await world.pass();
      assert.deepEqual([world.conditions['Ready'], world.waiting], ['True Ready', []]);
    });
  }

  it('tries again after pauses that double up to a minute, and tells the failure and its end once', async () => {
    const world = new TopicWorld([aTopic('hook'), aNotification('a', 'hook', minutesAgo(0))]);
    world.answer = () => serverError;
    const pauses: (number | undefined)[] = [];
    for (let count = 0; count < 9; count += 1) {
      const seconds = (await world.pass())?.requeueAfterSeconds;
      pauses.push(seconds);
      const tried = world.posted.length;
      await world.pass();
      assert.equal(world.posted.length, tried, 'not before the pause is over');
      world.clock.set((seconds ?? 0) * 1000);
    }
    assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    assert.deepEqual([world.conditions['Delivering'], world.status.failures], ['False AnswerNotSuccessful', 9]);
    const [left] = world.cluster.list(Notification, WORLD_NAMESPACE);
    assert.deepEqual([left?.status?.attempts, left?.status?.lastFailure], [9, 'hooks.example.com answered 503']);
    world.answer = () => undefined;
    await world.pass();
    assert.deepEqual([world.conditions['Delivering'], world.status.failures, world.status.retryAt, world.waiting], ['True Delivered', undefined, undefined, []]);
    assert.deepEqual(world.eventReasons, ['Warning AnswerNotSuccessful', 'Normal Delivered']);
  });

  it('tries at once when its spec was changed', async () => {
    const world = new TopicWorld([aTopic('hook'), aNotification('a', 'hook', minutesAgo(0))]);
    world.answer = () => serverError;
    await world.pass();
    world.answer = () => undefined;
    await world.cluster.patch(NotificationTopic, KEY, { spec: { webhook: { url: 'https://hooks.example.com/other' } } });
    await world.pass();
    assert.deepEqual([world.opened.at(-1)?.url.pathname, world.waiting], ['/other', []]);
  });

  it('does not let one message that is refused hold up the others', async () => {
    const world = new TopicWorld([aTopic('hook'), aNotification('bad', 'hook', minutesAgo(5)), aNotification('a', 'hook', minutesAgo(1))]);
    world.answer = ({ headers }) => (headers['webhook-id'] === 'bad' ? { reason: 'AnswerNotSuccessful', message: 'hooks.example.com answered 400' } : undefined);
    await world.pass();
    assert.deepEqual([world.waiting, world.conditions['Delivering'], world.status.retryAt], [['bad'], 'True Delivered', undefined]);
    world.cluster.add(...Array.from({ length: 8 }, (_, index) => aNotification(`n-${index}`, 'hook', minutesAgo(0))));
    await world.pass();
    assert.deepEqual(world.waiting, ['bad'], 'the one that was tried comes last');
  });

  it('gives up what was tried for too long, and tells which', async () => {
    const world = new TopicWorld([aTopic('hook', { giveUpAfterSeconds: 600 }), aNotification('old', 'hook', minutesAgo(11)), aNotification('young', 'hook', minutesAgo(5))]);
    world.answer = () => serverError;
    await world.pass();
    assert.deepEqual([world.waiting, world.posted.length], [['young'], 1]);
    const given = world.cluster.events.find(({ reason }) => reason === 'NotificationGivenUp');
    assert.match(given?.message ?? '', /^old, about old, is given up after 0 tries: it was never tried$/);
    world.clock.set(400_000);
    await world.pass();
    assert.deepEqual(world.waiting, []);
    assert.match(world.cluster.events.at(-1)?.message ?? '', /^young, .* after 1 tries: hooks.example.com answered 503/);
  });

  it('does not send again what was taken when the API server was away at the removal', async () => {
    const world = new TopicWorld([aTopic('hook'), aNotification('a', 'hook', minutesAgo(1)), aNotification('b', 'hook', minutesAgo(1))]);
    world.cluster.failNext('remove', 'Notification', new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'no answer' }));
    await assert.rejects(world.pass());
    await world.pass();
    assert.deepEqual([world.posted.length, world.waiting], [2, []]);
  });

  it('does not wait for a name server for ever', async () => {
    const world = new TopicWorld([aTopic('hook'), aNotification('a', 'hook', minutesAgo(1))]);
    world.resolve = () => new Promise(() => undefined);
    await world.pass();
    assert.deepEqual(world.conditions, { Ready: 'False HostUnresolved' });
  });

  it('belongs to an account', async () => {
    const world = new TopicWorld([aTopic('hook'), aNotification('a', 'hook', minutesAgo(1))]);
    world.cluster.add({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: WORLD_NAMESPACE } });
    await world.pass();
    assert.deepEqual(world.conditions, { Ready: 'False NoAccount' });
  });
});
