import assert from 'node:assert/strict';
import { ApiError } from '../../../operator/kubernetes/errors.ts';
import { EventRecorder } from '../../../operator/kubernetes/event-recorder.ts';
import { Event } from '../../../operator/kubernetes/resources.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';

const instance = { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Instance', metadata: { namespace: 'n', name: 'i', uid: 'u' } };
const started = { type: 'Normal', reason: 'Started', message: 'it runs' } as const;

describe('EventRecorder', () => {
  let clock: FakeClock;
  let cluster: FakeCluster;
  let events: EventRecorder;
  beforeEach(() => {
    clock = new FakeClock();
    cluster = new FakeCluster({ clock });
    events = new EventRecorder(cluster, silentLogger(), clock);
  });

  it('writes an event about the object, in its namespace', async () => {
    await events.record(instance, started);
    const [event] = cluster.list(Event, 'n');
    assert.deepEqual(event?.involvedObject, { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Instance', namespace: 'n', name: 'i', uid: 'u' });
    assert.deepEqual([event.type, event.reason, event.message, event.count], ['Normal', 'Started', 'it runs', 1]);
  });

  it('writes events about cluster-scoped objects in the namespace default', async () => {
    await events.record({ ...instance, metadata: { name: 'a', uid: 'u' } }, started);
    assert.equal(cluster.list(Event, 'default').length, 1);
  });

  it('counts a repetition instead of writing it again', async () => {
    await events.record(instance, started);
    clock.set(60_000);
    await events.record(instance, started);
    await events.record(instance, { ...started, message: 'another' });
    const got = cluster.list(Event).map(({ message, count, lastTimestamp }) => [message, count, lastTimestamp]);
    assert.deepEqual(got.sort(), [['another', 1, '2026-01-01T00:01:00Z'], ['it runs', 2, '2026-01-01T00:01:00Z']]);
  });

  it('begins anew once the API server has forgotten the event', async () => {
    await events.record(instance, started);
    const [first] = cluster.list(Event);
    await cluster.remove(Event, { namespace: 'n', name: first?.metadata.name ?? '' });
    await events.record(instance, started);
    assert.deepEqual(cluster.list(Event).map(({ count }) => count), [1]);
  });

  it('never rejects', async () => {
    cluster.failNext('create', 'Event', new ApiError({ code: 403, reason: 'Forbidden', message: 'no' }));
    await events.record(instance, started);
    assert.equal(cluster.list(Event).length, 0);
  });

  it('cuts a message that the API server would refuse', async () => {
    await events.record(instance, { ...started, message: 'x'.repeat(5000) });
    assert.equal(cluster.list(Event)[0]?.message?.length, 1024);
  });
});
