import assert from 'node:assert/strict';
import type { ControlPlane } from '../../../hack/control-plane/control-plane.ts';
import { isNotFound, KubernetesError } from '../../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../../hack/control-plane/readiness.ts';
import { newNamespace, sharedControlPlane } from '../../support/control-plane.ts';
import { install } from '../../support/install.ts';

const REFUSAL =
  'instance web-1 is protected from termination; set spec.disableApiTermination to false first: ' +
  `kubectl patch instance web-1 -n NAMESPACE --type merge -p '{"spec":{"disableApiTermination":false}}'`;

// In the folder without-operator: the statuses that these tests write must stay as they are. mocha runs that folder first.
describe('termination protection, whatever tool deletes,', () => {
  let plane: ControlPlane;
  let namespace: string;
  const collection = (): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/instances`;

  before(async () => {
    plane = await sharedControlPlane();
    await install(plane);
    namespace = await newNamespace(plane, 'protection');
    await create({ disableApiTermination: true });
    // The API server obeys a new policy some time after it has taken it.
    await eventually('the policies are in force', 30, async () => (await refusalOf(plane.client.remove(`${collection()}/web-1`, { dryRun: ['All'] }))) !== undefined);
  });

  beforeEach(async () => {
    namespace = await newNamespace(plane, 'protection');
  });

  const create = async (spec: object, state?: string): Promise<void> => {
    await plane.client.create(collection(), {
      apiVersion: 'kube-ec2.io/v1alpha1',
      kind: 'Instance',
      metadata: { name: 'web-1' },
      spec: { imageId: 'debian-12', instanceType: 't3.micro', ...spec },
    });
    if (state !== undefined) await plane.client.patch(`${collection()}/web-1/status`, 'merge', { status: { state } });
  };

  const refusalOf = async (request: Promise<unknown>): Promise<string | undefined> =>
    request.then(
      () => undefined,
      (error: unknown) => {
        if (error instanceof KubernetesError && error.code === 403) return error.message;
        throw error;
      },
    );

  const cases = {
    'refuses a protected running instance and says what to do': { spec: { disableApiTermination: true }, state: 'running', isRefused: true },
    'refuses a protected stopped instance': { spec: { disableApiTermination: true, powerState: 'stopped' }, state: 'stopped', isRefused: true },
    'refuses a protected instance without a status': { spec: { disableApiTermination: true }, state: undefined, isRefused: true },
    'lets an unprotected one go': { spec: {}, state: 'running', isRefused: false },
    'lets a protected one go that its guest has terminated': { spec: { disableApiTermination: true }, state: 'terminated', isRefused: false },
    'lets a protected one go that is on its way': { spec: { disableApiTermination: true }, state: 'shutting-down', isRefused: false },
  };
  for (const [name, { spec, state, isRefused }] of Object.entries(cases)) {
    it(name, async () => {
      await create(spec, state);
      const refusal = await refusalOf(plane.client.remove(`${collection()}/web-1`));
      if (isRefused) assert.ok(refusal?.includes(REFUSAL.replace('NAMESPACE', namespace)), refusal);
      else assert.equal(refusal, undefined);
    });
  }

  it('refuses a deletion of all instances as well', async () => {
    await create({ disableApiTermination: true });
    assert.match((await refusalOf(plane.client.remove(collection()))) ?? '', /instance web-1 is protected/);
  });

  it('does what the message says: then the deletion succeeds', async () => {
    await create({ disableApiTermination: true });
    await plane.client.patch(`${collection()}/web-1`, 'merge', { spec: { disableApiTermination: false } });
    assert.equal(await refusalOf(plane.client.remove(`${collection()}/web-1`)), undefined);
  });

  it('protects an image from deregistration until that is disabled', async () => {
    const amis = `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/amis`;
    const spec = { source: { containerDisk: { image: 'containerdisks/debian:12' } }, deregistrationProtection: 'enabled-with-cooldown' };
    await plane.client.create(amis, { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Ami', metadata: { name: 'debian' }, spec });
    const refusal = await refusalOf(plane.client.remove(`${amis}/debian`));
    assert.ok(refusal?.includes(`kubectl patch ami debian -n ${namespace} --type merge -p '{"spec":{"deregistrationProtection":"disabled"}}'`), refusal);
    await plane.client.patch(`${amis}/debian`, 'merge', { spec: { deregistrationProtection: 'disabled' } });
    assert.equal(await refusalOf(plane.client.remove(`${amis}/debian`)), undefined);
  });

  it('lets the namespace go with all that is in it', async () => {
    await create({ disableApiTermination: true });
    await plane.client.remove(`/api/v1/namespaces/${namespace}`);
    await eventually('the namespace is gone', 60, async () =>
      plane.client.get(`/api/v1/namespaces/${namespace}`).then(() => false, (error: unknown) => isNotFound(error)),
    );
  });
});
