import assert from 'node:assert/strict';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { isNotFound, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { IdentityStatus } from '../../operator/api/identity/iam-identity.ts';
import { iamRoleController, iamUserController } from '../../operator/controllers/iam-identity/controller.ts';
import { openAccount } from '../support/account.ts';
import { sharedCloud, type Cloud } from '../support/cloud.ts';
import { OPERATOR_NAMESPACE } from '../support/install.ts';
import { writtenByNewOperator } from '../support/started-anew.ts';

interface Identity extends AnyObject {
  status?: IdentityStatus;
}

/** A part of an identity, as far as tests look at it. */
interface Part extends AnyObject {
  rules?: unknown[] | null;
  subjects?: { kind: string; name: string }[];
}

const LABEL = 'kube-ec2.io/account-id';
const DIGEST = 'kube-ec2.io/applied-digest';
const apiVersion = 'kube-ec2.io/v1alpha1';
const inlinePolicies = [{ name: 'reads', actions: ['ec2:Describe*'], grants: [{ resource: 'instances', verbs: ['list'] }] }];

describe('IAM users and roles', () => {
  let cloud: Cloud;
  let plane: ControlPlane;
  const rbac = (namespace: string, plural: string, name: string): string => `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/${plural}/${name}`;
  const partsOf = (namespace: string): string[] => [
    ...['iam-user-jo', 'iam-user-idle', 'iam-role-web'].flatMap((name) => [
      `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`,
      rbac(namespace, 'roles', name),
      rbac(namespace, 'rolebindings', name),
    ]),
    rbac(namespace, 'rolebindings', 'kube-ec2-endpoint-account'),
  ];
  // What the operator of the tests takes for its endpoint's, as it is both.
  const endpoint = { namespace: OPERATOR_NAMESPACE, name: 'kube-ec2' };
  const controllers = [iamUserController(endpoint), iamRoleController(endpoint)];

  /** An account with two users, one of them without policies, and a role. */
  async function openWithIdentities(): Promise<{ namespace: string; accountId: string }> {
    const { namespace, accountId } = await openAccount(plane, 'identities');
    await plane.applier.apply([
      { apiVersion, kind: 'IamUser', metadata: { name: 'jo', namespace }, spec: { inlinePolicies } },
      { apiVersion, kind: 'IamUser', metadata: { name: 'idle', namespace }, spec: {} },
      { apiVersion, kind: 'IamRole', metadata: { name: 'web', namespace }, spec: { inlinePolicies } },
    ]);
    for (const path of ['iamusers/jo', 'iamusers/idle', 'iamroles/web']) {
      await eventually(`${path} is ready`, 60, async () => {
        const { status } = await plane.client.get<Identity>(`/apis/${apiVersion}/namespaces/${namespace}/${path}`);
        return status?.conditions?.[0]?.status === 'True';
      });
    }
    return { namespace, accountId };
  }

  before(async () => {
    cloud = await sharedCloud();
    plane = cloud.controlPlane;
  });

  it('are not written to by an operator that starts anew', async () => {
    const { namespace } = await openWithIdentities();
    assert.deepEqual(await writtenByNewOperator(cloud, controllers, namespace, 3), []);
  });

  it('of an installation before this, whose parts have neither label nor digest, are written once', async () => {
    const { namespace, accountId } = await openWithIdentities();
    await cloud.operator.stop();
    try {
      for (const path of partsOf(namespace)) await plane.client.patch(path, 'merge', { metadata: { labels: { [LABEL]: null }, annotations: { [DIGEST]: null } } });
      const written = await writtenByNewOperator(cloud, controllers, namespace, 3);
      // The endpoint's binding is everybody's: several may find it missing at the same time.
      const own = written.filter((part) => !part.endsWith('kube-ec2-endpoint-account'));
      assert.deepEqual([own.length, new Set(written).size], [partsOf(namespace).length - 1, partsOf(namespace).length], written.join());
      for (const path of partsOf(namespace)) {
        const { metadata } = await plane.client.get<Part>(path);
        assert.deepEqual([metadata.labels?.[LABEL], metadata.annotations?.[DIGEST] === undefined], [accountId, false], path);
      }
      assert.deepEqual(await writtenByNewOperator(cloud, controllers, namespace, 3), []);
    } finally {
      await cloud.operator.start();
    }
  });

  const mallory = { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'mallory' };
  const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
  const drifts: Record<string, (namespace: string) => Promise<unknown>> = {
    'a RoleBinding is removed': async (namespace) => plane.client.remove(rbac(namespace, 'rolebindings', 'iam-user-jo')),
    'a RoleBinding names somebody else, too': async (namespace) => {
      const { subjects = [] } = await plane.client.get<Part>(rbac(namespace, 'rolebindings', 'iam-role-web'));
      await plane.client.patch(rbac(namespace, 'rolebindings', 'iam-role-web'), 'merge', { subjects: [...subjects, mallory] });
    },
    'a RoleBinding has lost its label': async (namespace) => plane.client.patch(rbac(namespace, 'rolebindings', 'iam-user-jo'), 'merge', { metadata: { labels: null } }),
    'a Role grants more': async (namespace) => plane.client.patch(rbac(namespace, 'roles', 'iam-user-jo'), 'merge', { rules: [everything] }),
    'a Role of a user without policies grants something': async (namespace) => plane.client.patch(rbac(namespace, 'roles', 'iam-user-idle'), 'merge', { rules: [everything] }),
    'a ServiceAccount is removed': async (namespace) => plane.client.remove(`/api/v1/namespaces/${namespace}/serviceaccounts/iam-role-web`),
    'the binding that the endpoint acts by is removed': async (namespace) => plane.client.remove(rbac(namespace, 'rolebindings', 'kube-ec2-endpoint-account')),
  };
  /** The parts without what each write changes. */
  const shapeOf = async (namespace: string): Promise<unknown[]> =>
    Promise.all(
      partsOf(namespace).map(async (path) => {
        const { metadata, rules, subjects } = await plane.client.get<Part>(path);
        return { name: metadata.name, labels: metadata.labels, owners: metadata.ownerReferences, rules, subjects };
      }),
    );
  for (const [name, drift] of Object.entries(drifts)) {
    it(`have it mended at once when ${name}`, async () => {
      const { namespace } = await openWithIdentities();
      const want = JSON.stringify(await shapeOf(namespace));
      await drift(namespace);
      await eventually('all is as it was', 60, async () => {
        const shape = await shapeOf(namespace).catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
          return undefined;
        });
        return JSON.stringify(shape) === want;
      });
    });
  }
});
