import assert from 'node:assert/strict';
import { Caches } from '../../../operator/kubernetes/caches.ts';
import { ConfigMap, Lease } from '../../../operator/kubernetes/resources.ts';
import { LeaderElection } from '../../../operator/runtime/leader-election.ts';
import { Manager, NotLeadingError } from '../../../operator/runtime/manager.ts';
import { defineController, type AnyController, type ReconcileContext } from '../../../operator/runtime/reconcile.ts';
import { silentLogger } from '../../../operator/logger.ts';
import { FakeClock, settled } from '../../support/fake-clock.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { FakeListWatch } from '../../support/fake-list-watch.ts';

const leaseKey = { namespace: 'kube-ec2', name: 'controllers' };
const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'n', name: 'm' } };

describe('Manager', () => {
  let clock: FakeClock;
  let cluster: FakeCluster;
  beforeEach(() => {
    clock = new FakeClock();
    cluster = new FakeCluster({ clock, objects: [map] });
  });

  function controllerOf(reconcile: (context: ReconcileContext) => Promise<void>): AnyController {
    return defineController({
      name: 'maps',
      type: ConfigMap,
      watches: [],
      permissions: [],
      concurrency: 1,
      reconcile: async (_object, context) => {
        await reconcile(context);
        return undefined;
      },
    });
  }

  function managerOf(identity: string, reconcile: (context: ReconcileContext) => Promise<void>): { manager: Manager; lost: () => number } {
    let lost = 0;
    const caches = new Caches(new FakeListWatch(cluster), silentLogger(), clock);
    const election = new LeaderElection({ cluster: { fetch: cluster.fetch.bind(cluster), write: cluster }, ...leaseKey, identity, clock, log: silentLogger() });
    const manager = new Manager({
      caches, live: cluster, write: cluster, controllers: [controllerOf(reconcile)], election, onLeaseLost: () => (lost += 1), log: silentLogger(), clock,
    });
    return { manager, lost: () => lost };
  }

  it('begins no pass before the caches are filled and the lease is taken', async () => {
    await cluster.create(Lease, { metadata: leaseKey, spec: { holderIdentity: 'other', leaseDurationSeconds: 15 } });
    let passes = 0;
    const { manager } = managerOf('us', () => Promise.resolve(void (passes += 1)));
    void manager.start();
    await clock.advance(14_000);
    assert.deepEqual([passes, manager.isRunning], [0, false]);
    await clock.advance(6000);
    assert.deepEqual([passes, manager.isRunning], [1, true]);
    await manager.stop();
  });

  it('at a stop lets running passes end, begins none, and gives the lease back', async () => {
    let finish = (): void => undefined;
    let passes = 0;
    const { manager } = managerOf('us', async ({ write }) => {
      passes += 1;
      await new Promise<void>((resolve) => (finish = resolve));
      await write.patch(ConfigMap, map.metadata, { data: { pass: 'ended' } });
    });
    await manager.start();
    await settled(10);
    const stopped = manager.stop();
    cluster.add({ ...map, metadata: { namespace: 'n', name: 'another' } });
    await settled(10);
    assert.equal(cluster.get(Lease, leaseKey)?.spec?.holderIdentity, 'us');
    finish();
    await stopped;
    assert.equal(passes, 1);
    assert.deepEqual(cluster.get(ConfigMap, map.metadata)?.data, { pass: 'ended' });
    assert.equal(cluster.get(Lease, leaseKey)?.spec?.holderIdentity, '');
  });

  it('leaves the lease to expire when a pass does not end: it may still write', async () => {
    const { manager } = managerOf('us', () => new Promise<void>(() => undefined));
    await manager.start();
    await settled(10);
    const stopped = manager.stop(5000);
    await clock.advance(5000);
    await stopped;
    assert.equal(cluster.get(Lease, leaseKey)?.spec?.holderIdentity, 'us');
  });

  it('a pass that goes on after the lease is lost can write nothing any more', async () => {
    let finish = (): void => undefined;
    let refusal: unknown;
    const { manager, lost } = managerOf('us', async ({ write }) => {
      await new Promise<void>((resolve) => (finish = resolve));
      await write.patch(ConfigMap, map.metadata, { data: { late: 'yes' } }).catch((error: unknown) => (refusal = error));
    });
    await manager.start();
    await settled(10);
    await cluster.patch(Lease, leaseKey, { spec: { holderIdentity: 'thief' } });
    await clock.advance(4000);
    assert.equal(lost(), 1);
    finish();
    await settled(10);
    assert.ok(refusal instanceof NotLeadingError);
    assert.equal(cluster.get(ConfigMap, map.metadata)?.data, undefined);
    await manager.stop();
  });

  it('a pass that throws anything ends no process and no worker', async () => {
    let passes = 0;
    const { manager } = managerOf('us', () => {
      passes += 1;
      // eslint-disable-next-line @typescript-eslint/only-throw-error -- code does that
      throw passes === 1 ? null : 'text';
    });
    await manager.start();
    await clock.advance(1000);
    assert.ok(passes > 3, `${passes} passes`);
    await manager.stop();
  });
});
