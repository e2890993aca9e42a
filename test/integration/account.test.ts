import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { isNotFound, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { AccountStatus } from '../../operator/api/identity/account.ts';
import { accountController } from '../../operator/controllers/account/controller.ts';
import { openAccount } from '../support/account.ts';
import { sharedCloud, type Cloud } from '../support/cloud.ts';
import { newNamespace } from '../support/control-plane.ts';
import { writtenByNewOperator } from '../support/started-anew.ts';

interface LiveAccount extends AnyObject {
  status?: AccountStatus;
}

interface RoleBinding extends AnyObject {
  subjects?: { kind: string; name: string }[];
}

describe('an Account', () => {
  let cloud: Cloud;
  let plane: ControlPlane;
  const bindingOf = (namespace: string): string => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/kube-ec2-root`;
  const path = (name: string): string => `/apis/kube-ec2.io/v1alpha1/accounts/${name}`;
  const apply = async (name: string, spec: Record<string, unknown>): Promise<void> =>
    plane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Account', metadata: { name }, spec }]);
  const shows = async (name: string, reason: string): Promise<LiveAccount> =>
    eventually(`Account ${name} is ${reason}`, 60, async () => {
      const account = await plane.client.get<LiveAccount>(path(name));
      return account.status?.conditions?.[0]?.reason === reason ? account : undefined;
    });

  before(async () => {
    cloud = await sharedCloud();
    plane = cloud.controlPlane;
  });

  it('gets all that it needs, and nothing is written again when the operator looks again', async () => {
    const { namespace, accountId } = await openAccount(plane, 'whole');
    const { metadata, status } = await shows(namespace, 'Ready');
    assert.equal(status?.accountId, accountId);
    for (const [kind, name] of [['serviceaccounts', 'kube-ec2-root'], ['services', 'instances']]) await plane.client.get(`/api/v1/namespaces/${namespace}/${kind ?? ''}/${name ?? ''}`);
    await plane.client.patch(`/api/v1/namespaces/${namespace}`, 'merge', { metadata: { annotations: { touched: 'yes' } } });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal((await plane.client.get<LiveAccount>(path(namespace))).metadata.resourceVersion, metadata.resourceVersion);
  });

  it('is not written to by an operator that starts anew', async () => {
    const { namespace } = await openAccount(plane, 'restart');
    await shows(namespace, 'Ready');
    assert.deepEqual(await writtenByNewOperator(cloud, [accountController()], namespace), []);
  });

  const drifts: Record<string, (namespace: string) => Promise<unknown>> = {
    'whose RoleBinding is removed': async (namespace) => plane.client.remove(bindingOf(namespace)),
    'whose RoleBinding names somebody else, too': async (namespace) => {
      const { subjects = [] } = await plane.client.get<RoleBinding>(bindingOf(namespace));
      await plane.client.patch(bindingOf(namespace), 'merge', { subjects: [...subjects, { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'mallory' }] });
    },
    'whose RoleBinding has lost its label': async (namespace) => plane.client.patch(bindingOf(namespace), 'merge', { metadata: { labels: null } }),
    'whose ServiceAccount is removed': async (namespace) => plane.client.remove(`/api/v1/namespaces/${namespace}/serviceaccounts/kube-ec2-root`),
    'whose Service is removed': async (namespace) => plane.client.remove(`/api/v1/namespaces/${namespace}/services/instances`),
  };
  for (const [name, drift] of Object.entries(drifts)) {
    it(`${name} has it mended at once`, async () => {
      const { namespace } = await openAccount(plane, 'drift');
      await shows(namespace, 'Ready');
      await drift(namespace);
      await eventually('all is as it was', 60, async () => {
        const { metadata, subjects = [] } = await plane.client.get<RoleBinding>(bindingOf(namespace));
        for (const path of ['serviceaccounts/kube-ec2-root', 'services/instances']) await plane.client.get(`/api/v1/namespaces/${namespace}/${path}`);
        return metadata.labels?.['kube-ec2.io/account-id'] !== undefined && subjects.length === 1;
      });
    });
  }

  it('with the id of another stands back', async () => {
    const { accountId, namespace } = await openAccount(plane, 'first');
    const second = `second-with-the-id-of-${namespace}`;
    await new Promise((resolve) => setTimeout(resolve, 1100)); // ages are told in seconds
    await apply(second, { accountId });
    await shows(second, 'AccountIdTaken');
    await assert.rejects(plane.client.get(`/api/v1/namespaces/${second}`), isNotFound);
  });

  it('does not take a namespace over, until it is labelled for it', async () => {
    const namespace = await newNamespace(plane, 'foreign');
    const taker = `taker-of-${namespace}`;
    await apply(taker, { accountId: String(100_000_000_000 + randomInt(100_000_000_000)), namespace });
    const { status } = await shows(taker, 'NamespaceNotOurs');
    const hint = /kubectl label namespace \S+ (\S+)=(\S+)/.exec(status?.conditions?.[0]?.message ?? '');
    assert.ok(hint, 'it says how');
    await plane.client.patch(`/api/v1/namespaces/${namespace}`, 'merge', { metadata: { labels: { [hint[1] ?? '']: hint[2] } } });
    await shows(taker, 'Ready');
  });

  it('that is deleted leaves its namespace', async () => {
    const { namespace } = await openAccount(plane, 'leaver');
    await plane.client.remove(path(namespace));
    await eventually('the Account is gone', 60, async () => plane.client.get(path(namespace)).then(() => false, isNotFound));
    const found = await plane.client.get(`/api/v1/namespaces/${namespace}`);
    assert.equal(found.metadata.deletionTimestamp, undefined);
  });
});
