import assert from 'node:assert/strict';
import { ACCESS_KEY_SECRET_TYPE, ACCOUNT_ID_LABEL, INSTANCES_SERVICE, ROOT_SERVICE_ACCOUNT } from '../../../../operator/api/identity/account.ts';
import { SESSION_KEY_SECRET } from '../../../../operator/api/identity/iam-identity.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { accountController } from '../../../../operator/controllers/account/controller.ts';
import { ROOT_ACCESS_KEY_SECRET } from '../../../../operator/controllers/account/ensure-access-key.ts';
import { ACCOUNT_FINALIZER } from '../../../../operator/controllers/account/reconcile.ts';
import { ObservedWrite } from '../../../../operator/kubernetes/observed-write.ts';
import type { ObjectKey } from '../../../../operator/kubernetes/read.ts';
import type { ResourceKind, ResourceType } from '../../../../operator/kubernetes/resource-type.ts';
import { Account, Namespace, RoleBinding, Secret, SecurityGroup, Service, ServiceAccount, Vpc } from '../../../../operator/kubernetes/resources.ts';
import { silentLogger } from '../../../../operator/logger.ts';
import { anAccount } from '../../../support/cluster-objects.ts';
import { pass } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';

const accountId = '111122223333';
const namespaceOf = (name: string, labels: Record<string, string> = {}): KubernetesObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });

async function reconciled(account: Account, ...more: KubernetesObject[]): Promise<{ cluster: FakeCluster; account: Account | undefined; again: () => Promise<void> }> {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects: [account, ...more] });
  const key = { name: account.metadata.name };
  const again = async (): Promise<void> => {
    for (let count = 0; count < 3; count += 1) await pass(cluster, accountController(), key, clock);
  };
  await again();
  return { cluster, account: cluster.get(Account, key), again };
}

const reasonOf = (account: Account | undefined): string => `${account?.status?.conditions?.[0]?.status ?? ''} ${account?.status?.conditions?.[0]?.reason ?? ''}`;
const textOf = (secret: Secret | undefined, key: string): string => Buffer.from(secret?.data?.[key] ?? '', 'base64').toString();

describe('an account', () => {
  it('gets its namespace, root, names, default group and access key', async () => {
    const { cluster, account } = await reconciled(anAccount('team', accountId));
    assert.equal(reasonOf(account), 'True Ready');
    const namespace = 'team';
    assert.equal(cluster.get(Namespace, { name: namespace })?.metadata?.labels?.[ACCOUNT_ID_LABEL], accountId);
    assert.ok(cluster.get(ServiceAccount, { namespace, name: ROOT_SERVICE_ACCOUNT }) !== undefined);
    assert.deepEqual(cluster.get(RoleBinding, { namespace, name: ROOT_SERVICE_ACCOUNT })?.roleRef.name, 'kube-ec2-account-root');
    assert.equal(cluster.get(Service, { namespace, name: INSTANCES_SERVICE })?.spec?.clusterIP, 'None');
    const group = cluster.get(SecurityGroup, { namespace, name: account?.status?.defaultSecurityGroupId ?? '' });
    assert.deepEqual([group?.spec.groupName, group?.spec.ingress[0]?.referencedGroup?.groupId], ['default', group?.metadata.name]);
    const secret = cluster.get(Secret, { namespace, name: account?.status?.rootAccessKeySecret ?? '' });
    assert.equal(secret?.type, ACCESS_KEY_SECRET_TYPE);
    assert.match(textOf(secret, 'accessKeyId'), /^AKIA[A-Z2-7]{16}$/);
    assert.match(textOf(secret, 'secretAccessKey'), /^[A-Za-z0-9+/]{40}$/);
    assert.equal(secret.metadata?.labels?.['kube-ec2.io/access-key-id'], textOf(secret, 'accessKeyId'));
  });

  it('gets its default VPC once: one that is deleted does not come back', async () => {
    const { cluster, account, again } = await reconciled(anAccount('team', accountId));
    const [vpc, ...others] = cluster.list(Vpc);
    assert.deepEqual([vpc?.metadata.name, vpc?.spec.isDefault, vpc?.spec.cidrBlock, others.length], ['default', true, '172.31.0.0/16', 0]);
    assert.match(account?.status?.defaultVpcId ?? '', /^vpc-[0-9a-f]{17}$/);
    await cluster.remove(Vpc, { namespace: 'team', name: 'default' });
    await again();
    assert.deepEqual(cluster.list(Vpc), []);
    assert.equal(cluster.get(Account, { name: 'team' })?.status?.defaultVpcId, undefined);
  });

  it('keeps its access key for ever, and gets a new one when it is deleted', async () => {
    const { cluster, again } = await reconciled(anAccount('team', accountId));
    const key = { namespace: 'team', name: ROOT_ACCESS_KEY_SECRET };
    const before = textOf(cluster.get(Secret, key), 'accessKeyId');
    await again();
    assert.equal(textOf(cluster.get(Secret, key), 'accessKeyId'), before);
    await cluster.remove(Secret, key);
    await again();
    assert.match(textOf(cluster.get(Secret, key), 'accessKeyId'), /^AKIA/);
    assert.notEqual(textOf(cluster.get(Secret, key), 'accessKeyId'), before);
  });

  it('gets a new session key when it is deleted, which ends all sessions', async () => {
    const { cluster, again } = await reconciled(anAccount('team', accountId));
    const key = { namespace: 'team', name: SESSION_KEY_SECRET };
    const before = cluster.get(Secret, key)?.data;
    await cluster.remove(Secret, key);
    await again();
    assert.deepEqual(Object.keys(cluster.get(Secret, key)?.data ?? {}), Object.keys(before ?? {}));
    assert.notDeepEqual(cluster.get(Secret, key)?.data, before);
  });

  it('is not written to again once it is set up, not even by another process', async () => {
    const { cluster, again } = await reconciled(anAccount('team', accountId));
    const before = cluster.writes.length;
    await again();
    assert.deepEqual(cluster.writes.slice(before), []);
  });

  const namespace = 'team';
  const drifts: Record<string, { type: ResourceType<KubernetesObject>; name: string; drift: (cluster: FakeCluster, key: ObjectKey) => Promise<unknown> }> = {
    'whose ServiceAccount is removed': { type: ServiceAccount as ResourceKind, name: ROOT_SERVICE_ACCOUNT, drift: (cluster, key) => cluster.remove(ServiceAccount, key) },
    'whose ServiceAccount is to get tokens mounted': {
      type: ServiceAccount as ResourceKind, name: ROOT_SERVICE_ACCOUNT, drift: (cluster, key) => cluster.patch(ServiceAccount, key, { automountServiceAccountToken: true }),
    },
    'whose RoleBinding is removed': { type: RoleBinding as ResourceKind, name: ROOT_SERVICE_ACCOUNT, drift: (cluster, key) => cluster.remove(RoleBinding, key) },
    'whose RoleBinding gives its rights to somebody else, too': {
      type: RoleBinding as ResourceKind,
      name: ROOT_SERVICE_ACCOUNT,
      drift: (cluster, key) => {
        const subjects = cluster.get(RoleBinding, key)?.subjects ?? [];
        return cluster.patch(RoleBinding, key, { subjects: [...subjects, { kind: 'User', name: 'mallory' }] as never });
      },
    },
    'whose RoleBinding has lost its label': { type: RoleBinding as ResourceKind, name: ROOT_SERVICE_ACCOUNT, drift: (cluster, key) => cluster.patch(RoleBinding, key, { metadata: { labels: null } }) },
    'whose Service is removed': { type: Service as ResourceKind, name: INSTANCES_SERVICE, drift: (cluster, key) => cluster.remove(Service, key) },
    'whose Service has lost its label': { type: Service as ResourceKind, name: INSTANCES_SERVICE, drift: (cluster, key) => cluster.patch(Service, key, { metadata: { labels: null } }) },
  };
  for (const [name, { type, name: object, drift }] of Object.entries(drifts)) {
    it(`${name} is woken and has it mended`, async () => {
      const { cluster, again } = await reconciled(anAccount('team', accountId));
      const key = { namespace, name: object };
      const contentOf = (): unknown => {
        const { metadata, ...rest } = (cluster.get(type, key) ?? {});
        return JSON.parse(JSON.stringify({ ...rest, labels: metadata?.labels, annotations: metadata?.annotations }));
      };
      const [before, seen] = [contentOf(), cluster.get(type, key) ?? {}];
      await drift(cluster, key);
      assert.notDeepEqual(contentOf(), before);
      const woken = accountController().watches.filter((watch) => watch.type.kind === type.kind).flatMap((watch) => watch.keysOf(seen, cluster));
      assert.deepEqual(woken, [{ name: 'team' }]);
      await again();
      assert.deepEqual(contentOf(), before);
    });
  }

  it('leaves alone what the cluster and others add to what it has', async () => {
    const { cluster, again } = await reconciled(anAccount('team', accountId));
    const service = { namespace, name: INSTANCES_SERVICE };
    await cluster.patch(Service, service, { metadata: { labels: { team: 'blue' } }, spec: { clusterIPs: ['None'], type: 'ClusterIP', sessionAffinity: 'None' } });
    const before = cluster.writes.length;
    await again();
    assert.deepEqual(cluster.writes.slice(before), []);
  });

  it('loses what a former version of the operator applied and this one does not want', async () => {
    const { cluster, again } = await reconciled(anAccount('team', accountId));
    const { resourceVersion: _, ...metadata } = cluster.get(Service, { namespace, name: INSTANCES_SERVICE })?.metadata ?? {};
    const annotations = Object.fromEntries(Object.keys(metadata.annotations ?? {}).map((annotation) => [annotation, 'of-a-former-version']));
    await cluster.apply(Service, { apiVersion: 'v1', kind: 'Service', metadata: { ...metadata, annotations }, spec: { clusterIP: 'None', selector: { 'kube-ec2.io/instance': 'yes' } } });
    await again();
    assert.deepEqual(cluster.get(Service, { namespace, name: INSTANCES_SERVICE })?.spec, { clusterIP: 'None' });
  });

  it('is set up whole whichever write the operator dies after', async () => {
    const contents = (cluster: FakeCluster): unknown =>
      [Namespace, ServiceAccount, RoleBinding, Service, SecurityGroup, Vpc, Secret].map((type) => cluster.list(type as ResourceKind).map(({ kind, metadata }) => `${kind ?? ''}/${metadata?.name ?? ''}`));
    const whole = await reconciled(anAccount('team', accountId));
    for (let last = 1; ; last += 1) {
      const clock = new FakeClock();
      const cluster = new FakeCluster({ clock, objects: [anAccount('team', accountId)] });
      let count = 0;
      const written = (): void => {
        count += 1;
        if (count === last) throw new Error('crash');
      };
      const write = new ObservedWrite(cluster, { written, removing: () => written });
      const account = cluster.get(Account, { name: 'team' });
      assert.ok(account);
      const died = await accountController().reconcile(account, { read: cluster, live: cluster, write, clock, log: silentLogger() }).then(() => false, () => true);
      if (!died) {
        assert.equal(last, 10, 'finalizer, namespace, ServiceAccount, RoleBinding, Service, VPC, group and two Secrets');
        return;
      }
      for (let round = 0; round < 3; round += 1) await pass(cluster, accountController(), { name: 'team' }, clock);
      assert.deepEqual([contents(cluster), reasonOf(cluster.get(Account, { name: 'team' }))], [contents(whole.cluster), 'True Ready'], `died after write ${String(last)}`);
      const before = cluster.writes.length;
      await pass(cluster, accountController(), { name: 'team' }, clock);
      assert.deepEqual(cluster.writes.slice(before), []);
    }
  });

  it('never tells its secret key to anybody', async () => {
    const { cluster, account } = await reconciled(anAccount('team', accountId));
    const secretAccessKey = textOf(cluster.get(Secret, { namespace: 'team', name: ROOT_ACCESS_KEY_SECRET }), 'secretAccessKey');
    assert.ok(!JSON.stringify([account, cluster.events]).includes(secretAccessKey));
  });

  const refusals: Record<string, { more: KubernetesObject[]; want: string }> = {
    'whose id an older one has stands back': { more: [{ ...anAccount('other', accountId), metadata: { name: 'other', uid: 'o', creationTimestamp: '2020-01-01T00:00:00Z' } }], want: 'False AccountIdTaken' },
    'whose namespace an older one has stands back': {
      more: [{ ...anAccount('other', '999988887777', { namespace: 'team' }), metadata: { name: 'other', uid: 'o', creationTimestamp: '2020-01-01T00:00:00Z' } }],
      want: 'False NamespaceTaken',
    },
    'does not take a namespace over that was there': { more: [namespaceOf('team')], want: 'False NamespaceNotOurs' },
    'does not take the namespace of another account': { more: [namespaceOf('team', { [ACCOUNT_ID_LABEL]: '999988887777' })], want: 'False NamespaceTaken' },
  };
  for (const [name, { more, want }] of Object.entries(refusals)) {
    it(name, async () => {
      const account = anAccount('team', accountId);
      account.metadata.creationTimestamp = '2026-01-01T00:00:00Z';
      const { cluster, account: found } = await reconciled(account, ...more);
      assert.equal(reasonOf(found), want);
      assert.deepEqual([cluster.list(Secret), cluster.list(RoleBinding)], [[], []]);
      assert.equal(found?.status?.namespace, undefined, 'its keys would be worth something otherwise');
    });
  }

  it('takes a namespace that was labelled for it', async () => {
    const { account } = await reconciled(anAccount('team', accountId), namespaceOf('team', { [ACCOUNT_ID_LABEL]: accountId }));
    assert.equal(reasonOf(account), 'True Ready');
  });

  it('that is deleted leaves its namespace with all in it, and says so', async () => {
    const { cluster, account, again } = await reconciled(anAccount('team', accountId));
    assert.deepEqual(account?.metadata.finalizers, [ACCOUNT_FINALIZER]);
    await cluster.remove(Account, { name: 'team' });
    await again();
    assert.equal(cluster.get(Account, { name: 'team' }), undefined);
    assert.ok(cluster.get(Namespace, { name: 'team' }) !== undefined);
    assert.equal(cluster.events.at(-1)?.reason, 'NamespaceKept');
  });
});
