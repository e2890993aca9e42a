import assert from 'node:assert/strict';
import { ACCESS_KEY_SECRET_TYPE, ACCOUNT_ID_LABEL, INSTANCES_SERVICE, ROOT_SERVICE_ACCOUNT } from '../../../../operator/api/identity/account.ts';
import type { KubernetesObject } from '../../../../operator/api/shared.ts';
import { accountController } from '../../../../operator/controllers/account/controller.ts';
import { ROOT_ACCESS_KEY_SECRET } from '../../../../operator/controllers/account/ensure-access-key.ts';
import { ACCOUNT_FINALIZER } from '../../../../operator/controllers/account/reconcile.ts';
import { Account, Namespace, RoleBinding, Secret, SecurityGroup, Service, ServiceAccount, Vpc } from '../../../../operator/kubernetes/resources.ts';
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
