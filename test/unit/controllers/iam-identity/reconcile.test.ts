import assert from 'node:assert/strict';
import { IamUserDefinition } from '../../../../operator/api/identity/iam-user.ts';
import { iamUserController } from '../../../../operator/controllers/iam-identity/controller.ts';
import { IamUser, Role, RoleBinding, ServiceAccount, type Namespace } from '../../../../operator/kubernetes/resources.ts';
import { passUntilQuiet } from '../../../support/controller-pass.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';

const namespace = 'acme';
const endpoint = { namespace: 'kube-ec2', name: 'kube-ec2-endpoint' };
const accountNamespace: Namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: { 'kube-ec2.io/account-id': '123456789012' } } };

function aUser(name: string, spec: object = {}, creationTimestamp = '2026-01-01T00:00:00Z'): IamUser {
  const { apiVersion, kind } = IamUserDefinition;
  return { apiVersion, kind, metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp }, spec: IamUserDefinition.spec.parse(spec) };
}

async function reconciled(user: IamUser, others: readonly (IamUser | Namespace)[] = [accountNamespace]): Promise<{ cluster: FakeCluster; user: IamUser }> {
  const clock = new FakeClock();
  const cluster = new FakeCluster({ clock, objects: [user, ...others] });
  const key = { namespace, name: user.metadata.name };
  await passUntilQuiet(cluster, iamUserController(endpoint), key, clock);
  const found = cluster.get(IamUser, key);
  assert.ok(found);
  return { cluster, user: found };
}

const byText = (one: unknown, other: unknown): number => JSON.stringify(one).localeCompare(JSON.stringify(other));

describe('an IamUser', () => {
  const policies = {
    inlinePolicies: [{ name: 'a', actions: ['ec2:Describe*'], grants: [{ resource: 'instances', verbs: ['list'] }, { resource: 'secrets', verbs: ['create'] }] }],
    attachedPolicies: [{ arn: 'arn:aws:iam::aws:policy/Some', actions: ['ec2:StopInstances'], grants: [{ resource: 'instances', verbs: ['patch'] }] }],
  };

  it('gets a ServiceAccount with exactly what its policies grant, and the endpoint may act as it', async () => {
    const { cluster, user } = await reconciled(aUser('jo', policies));
    const name = 'iam-user-jo';
    assert.equal(user.status?.serviceAccountName, name);
    assert.equal(user.status.conditions?.[0]?.status, 'True');
    assert.equal(cluster.get(ServiceAccount, { namespace, name })?.automountServiceAccountToken, false);
    assert.deepEqual(cluster.get(Role, { namespace, name })?.rules, [
      { apiGroups: ['kube-ec2.io'], resources: ['instances'], verbs: ['list', 'patch'] },
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    ]);
    assert.deepEqual(cluster.get(RoleBinding, { namespace, name })?.subjects, [{ kind: 'ServiceAccount', name, namespace }]);
    assert.deepEqual(cluster.get(RoleBinding, { namespace, name: 'kube-ec2-endpoint-account' })?.subjects, [{ kind: 'ServiceAccount', ...endpoint }]);
    assert.equal(cluster.get(Role, { namespace, name })?.metadata?.ownerReferences?.[0]?.uid, user.metadata.uid);
  });

  it('gets what the actions of its policies need in this version, whatever was written down when they were put', async () => {
    const former = [{ resource: 'instances', verbs: ['list'] }];
    const spec = {
      inlinePolicies: [{ name: 'old', document: '{}', actions: ['ec2:DescribeI?stances', 'ec2:AssociateIamInstanceProfile'], grants: former }],
      attachedPolicies: [{ arn: 'arn:aws:iam::aws:policy/AmazonEC2ReadOnlyAccess', actions: ['ec2:DescribeKeyPairs'], grants: [] }],
    };
    const { cluster } = await reconciled(aUser('jo', spec));
    assert.deepEqual(cluster.get(Role, { namespace, name: 'iam-user-jo' })?.rules, [
      { apiGroups: ['kube-ec2.io'], resources: ['instances'], verbs: ['list', 'patch'] },
      { apiGroups: ['kube-ec2.io'], resources: ['keypairs'], verbs: ['list'] },
    ]);
  });

  const drifts: Record<string, (cluster: FakeCluster) => Promise<unknown>> = {
    'the RoleBinding is removed': async (cluster) => cluster.remove(RoleBinding, { namespace, name: 'iam-user-jo' }),
    'the RoleBinding names somebody else': async (cluster) => cluster.patch(RoleBinding, { namespace, name: 'iam-user-jo' }, { subjects: [{ kind: 'User', name: 'mallory' }] }),
    'the Role grants more': async (cluster) => cluster.patch(Role, { namespace, name: 'iam-user-jo' }, { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }),
    'the ServiceAccount is without its owner': async (cluster) => cluster.patch(ServiceAccount, { namespace, name: 'iam-user-jo' }, { metadata: { ownerReferences: null } }),
    'the binding of the endpoint is removed': async (cluster) => cluster.remove(RoleBinding, { namespace, name: 'kube-ec2-endpoint-account' }),
  };
  for (const [name, drift] of Object.entries(drifts)) {
    it(`has it mended when ${name}, which wakes its controller, while nothing else is written`, async () => {
      for (const spec of [policies, {}]) {
        const { cluster, user } = await reconciled(aUser('jo', spec));
        const partsOf = (): unknown[] =>
          [...cluster.list(ServiceAccount), ...cluster.list(Role), ...cluster.list(RoleBinding)].map(({ metadata, ...rest }) => [rest, metadata?.name, metadata?.labels, metadata?.ownerReferences]);
        const want = partsOf();
        const controller = iamUserController(endpoint);
        const woken: unknown[] = [];
        const ended = cluster.onChange(({ object, previous }) => {
          for (const watch of controller.watches.filter(({ type }) => type.kind === object.kind)) {
            woken.push(...[object, ...(previous ? [previous] : [])].flatMap((one) => watch.keysOf(one, cluster)).map((key) => key.name));
          }
        });
        await drift(cluster);
        ended();
        assert.ok(woken.includes('jo'));
        const { length } = cluster.writes;
        await passUntilQuiet(cluster, controller, { namespace, name: user.metadata.name }, new FakeClock());
        assert.deepEqual([partsOf().toSorted(byText), cluster.writes.length - length], [want.toSorted(byText), 1]);
      }
    });
  }

  it('without policies is not written again: of its Role’s rules the API server keeps null', async () => {
    const { cluster, user } = await reconciled(aUser('jo'));
    const role = cluster.get(Role, { namespace, name: 'iam-user-jo' });
    cluster.add({ ...role, rules: null } as never);
    const { length } = cluster.writes;
    await passUntilQuiet(cluster, iamUserController(endpoint), { namespace, name: user.metadata.name }, new FakeClock());
    assert.equal(cluster.writes.length, length);
  });

  it('is left alone while its namespace goes', async () => {
    const going = { ...accountNamespace, metadata: { ...accountNamespace.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } };
    const { cluster } = await reconciled(aUser('jo', policies), [going]);
    assert.deepEqual(cluster.writes, []);
  });

  const refused: Record<string, { user: IamUser; others?: readonly (IamUser | Namespace)[]; reason: string }> = {
    'that grants a kind of somebody else': { user: aUser('jo', { inlinePolicies: [{ name: 'a', actions: ['*'], grants: [{ resource: 'pods', verbs: ['create'] }] }] }), reason: 'UnknownGrant' },
    'that grants to list Secrets': { user: aUser('jo', { inlinePolicies: [{ name: 'a', actions: ['*'], grants: [{ resource: 'secrets', verbs: ['list'] }] }] }), reason: 'UnknownGrant' },
    'in a namespace that is no account': { user: aUser('jo', policies), others: [{ ...accountNamespace, metadata: { name: namespace } }], reason: 'NoAccount' },
    'whose name an older one has in other letters': { user: aUser('jo-2', { userName: 'JO' }, '2026-02-01T00:00:00Z'), others: [accountNamespace, aUser('jo')], reason: 'DuplicateName' },
  };
  for (const [name, { user: given, others, reason }] of Object.entries(refused)) {
    it(`${name} gets nothing and says why`, async () => {
      const { cluster, user } = await reconciled(given, others);
      assert.deepEqual(user.status?.conditions?.map((condition) => [condition.status, condition.reason]), [['False', reason]]);
      assert.deepEqual([...cluster.list(ServiceAccount), ...cluster.list(Role), ...cluster.list(RoleBinding)], []);
    });
  }
});
