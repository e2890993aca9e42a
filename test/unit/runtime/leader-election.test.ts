import assert from 'node:assert/strict';
import { Cluster } from '../../../operator/kubernetes/cluster.ts';
import { ApiError } from '../../../operator/kubernetes/errors.ts';
import { Lease } from '../../../operator/kubernetes/resources.ts';
import { LEASE_REQUEST_SECONDS, LeaderElection } from '../../../operator/runtime/leader-election.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { json, ScriptedServer, type Script } from '../../support/scripted-server.ts';
import { until } from '../../support/until.ts';

const key = { namespace: 'kube-ec2', name: 'controllers' };
const outage = new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'nobody there' });

/** A process that wants to lead: what it sees of the cluster can be cut. */
class Candidate {
  readonly election: LeaderElection;
  isCut = false;
  hangs = false;
  reads = 0;
  hasAcquired = false;
  lost = 0;

  constructor(identity: string, cluster: FakeCluster, clock: FakeClock) {
    const reach = <T>(act: () => Promise<T>): Promise<T> => {
      if (this.hangs) return new Promise(() => undefined);
      return this.isCut ? Promise.reject(outage) : act();
    };
    const cut = {
      fetch: ((type, object) => {
        this.reads += 1;
        return reach(() => cluster.fetch(type, object));
      }) as FakeCluster['fetch'],
      write: {
        create: ((type, object) => reach(() => cluster.create(type, object))) as FakeCluster['create'],
        replace: ((type, object) => reach(() => cluster.replace(type, object))) as FakeCluster['replace'],
      },
    };
    this.election = new LeaderElection({ cluster: cut, ...key, identity, clock, log: silentLogger() });
  }

  run(): this {
    void this.election.acquire(() => (this.lost += 1)).then((acquired) => (this.hasAcquired = acquired));
    return this;
  }
}

describe('LeaderElection', () => {
  let clock: FakeClock;
  let cluster: FakeCluster;
  beforeEach(() => {
    clock = new FakeClock();
    cluster = new FakeCluster({ clock });
  });
  const candidate = (identity: string): Candidate => new Candidate(identity, cluster, clock);
  const holder = (): string | undefined => cluster.get(Lease, key)?.spec?.holderIdentity;

  it('takes a Lease that nobody has, and renews it', async () => {
    const a = candidate('a').run();
    await settled();
    assert.ok(a.hasAcquired && a.election.isLeading);
    await clock.advance(60_000);
    assert.ok(a.election.isLeading);
    const renewed = Date.parse(cluster.get(Lease, key)?.spec?.renewTime ?? '');
    assert.ok(clock.now() - renewed <= 3000);
    assert.equal(cluster.get(Lease, key)?.spec?.leaseTransitions, 0);
  });

  it('renews with one request, and reads what it knows only once', async () => {
    const a = candidate('a').run();
    await clock.advance(60_000);
    assert.deepEqual([a.election.isLeading, a.reads], [true, 1]);
  });

  it('exactly one of several leads, for as long as it lives', async () => {
    const all = ['a', 'b', 'c'].map((identity) => candidate(identity).run());
    for (let second = 0; second < 120; second += 1) {
      await clock.advance(1000);
      assert.equal(all.filter(({ election }) => election.isLeading).length, 1);
    }
    assert.equal(all.reduce((sum, { lost }) => sum + lost, 0), 0);
  });

  it('a process that loses the cluster stops leading before another begins', async () => {
    const a = candidate('a').run();
    await settled();
    const b = candidate('b').run();
    await clock.advance(5000);
    a.isCut = true;
    let bothLed = 0;
    let lostAt = 0;
    let takenAt = 0;
    for (let step = 1; step <= 400; step += 1) {
      await clock.advance(100);
      if (a.election.isLeading && b.election.isLeading) bothLed += 1;
      if (lostAt === 0 && a.lost > 0) lostAt = step * 100;
      if (takenAt === 0 && b.election.isLeading) takenAt = step * 100;
    }
    assert.equal(bothLed, 0);
    assert.equal(a.lost, 1);
    assert.ok(lostAt <= 10_100, `told after ${lostAt} ms`);
    assert.ok(takenAt > lostAt && takenAt < 25_000, `taken over after ${takenAt} ms`);
    assert.equal(cluster.get(Lease, key)?.spec?.leaseTransitions, 1);
  });

  it('a request that hangs for ever loses the lease in time', async () => {
    const a = candidate('a').run();
    await clock.advance(3000);
    a.hangs = true;
    await clock.advance(12_500);
    assert.equal(a.lost, 1);
    assert.equal(a.election.isLeading, false);
  });

  it('a renewal on a connection to a server that is gone is given up in time for another', async () => {
    const server = await ScriptedServer.start();
    const reach = new Cluster(server.config(), silentLogger(), clock, LEASE_REQUEST_SECONDS);
    const lease = (spec: object): Script => json(200, { kind: 'Lease', metadata: { ...key, resourceVersion: '7' }, spec });
    const ours = lease({ holderIdentity: 'a', leaseDurationSeconds: 15 });
    server.script(lease({}), ours, () => undefined, ours);
    const election = new LeaderElection({ cluster: reach, ...key, identity: 'a', clock, log: silentLogger() });
    let lost = 0;
    assert.ok(await election.acquire(() => (lost += 1)));
    await clock.advance(2000);
    await until('the renewal that hangs has come', () => server.received.length === 3);
    await clock.advance(LEASE_REQUEST_SECONDS * 1000);
    for (const next of [4, 5]) {
      await until(`request ${String(next)} has come`, async () => {
        await clock.advance(50);
        return server.received.length >= next;
      });
    }
    assert.deepEqual(server.received.map(({ method }) => method), ['GET', 'PUT', 'PUT', 'PUT', 'PUT']);
    assert.deepEqual([lost, election.isLeading], [0, true]);
    await election.release();
    reach.close();
    await server.stop();
  });

  it('a short outage is no loss', async () => {
    const a = candidate('a').run();
    await clock.advance(3000);
    a.isCut = true;
    await clock.advance(6000);
    a.isCut = false;
    await clock.advance(30_000);
    assert.deepEqual([a.lost, a.election.isLeading], [0, true]);
  });

  it('a process that was suspended knows at once that it leads no more', async () => {
    const a = candidate('a').run();
    await settled();
    const asleep = clock.now();
    clock.now = () => asleep + 11_000;
    assert.equal(a.election.isLeading, false);
  });

  it('a Lease that somebody else took is lost', async () => {
    const a = candidate('a').run();
    await clock.advance(1000);
    await cluster.patch(Lease, key, { spec: { holderIdentity: 'thief' } });
    await clock.advance(3000);
    assert.deepEqual([a.lost, a.election.isLeading, holder()], [1, false, 'thief']);
  });

  it('a Lease that was deleted is taken again', async () => {
    const a = candidate('a').run();
    await clock.advance(1000);
    await cluster.remove(Lease, key);
    await clock.advance(5000);
    assert.deepEqual([a.lost, holder()], [0, 'a']);
  });

  it('a released Lease is taken over within seconds', async () => {
    const a = candidate('a').run();
    await settled();
    const b = candidate('b').run();
    await clock.advance(5000);
    const released = a.election.release();
    await clock.advance(0);
    await released;
    assert.equal(a.election.isLeading, false);
    await clock.advance(3000);
    assert.deepEqual([b.election.isLeading, a.lost], [true, 0]);
  });

  it('gives up waiting when released', async () => {
    candidate('a').run();
    await settled();
    const b = candidate('b');
    const acquired = b.election.acquire(() => undefined);
    await clock.advance(3000);
    await b.election.release();
    assert.equal(await acquired, false);
    assert.equal(holder(), 'a');
  });
});
