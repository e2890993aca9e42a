import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as ec2 from '@aws-sdk/client-ec2';
import { isNotFound, KubernetesError, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { CSI_DRIVER } from '../../hack/control-plane/storage-objects.ts';
import { seededRandom } from '../conformance/random-values.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { crashOperator } from '../support/operator-crash.ts';
import { storageRemains } from '../support/storage-remains.ts';
import { StorageWalk } from '../support/storage-walk.ts';
import { openForEachTry } from '../support/tries.ts';

// More: KUBE_EC2_LEAK_SECONDS=600 KUBE_EC2_TEST_SEED=7 ... mocha test/integration/storage-leaks.test.ts
const SECONDS = Number(process.env['KUBE_EC2_LEAK_SECONDS'] ?? 40);
const SEED = Number(process.env['KUBE_EC2_TEST_SEED'] ?? Date.now() % 1_000_000);
const CLEANUP_SECONDS = 120;
/** One in so many steps is a crash. */
const STEPS_PER_CRASH = 60;

describe('storage that is used at random while the operator is killed', function () {
  this.timeout((SECONDS + CLEANUP_SECONDS + 60) * 1000);
  let cloud: Cloud;
  let tenants: { tenant: TenantClients; stranger: TenantClients };
  let namespaces: string[];
  let base: string[];
  const slowClass = 'leaks-slow';

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenants = { tenant: await cloud.open('leaks'), stranger: await cloud.open('leaks-stranger') };
    namespaces = Object.values(tenants).map(({ account }) => account.namespace);
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: slowClass }, provisioner: CSI_DRIVER, volumeBindingMode: 'WaitForFirstConsumer', allowVolumeExpansion: true, parameters: { delay: '700ms' } },
    ]);
    base = await eventually('the golden disks are there', 30, async () => {
      const remains = await storageRemains(cloud.controlPlane, namespaces);
      return remains.filter((line) => line.startsWith('persistentvolumes ')).length === namespaces.length ? remains : undefined;
    });
  });

  it(`leaves nothing behind once all is deleted (KUBE_EC2_TEST_SEED=${String(SEED)})`, async () => {
    const random = seededRandom(SEED);
    const walk = new StorageWalk(cloud, tenants, slowClass, random);
    const deadline = Date.now() + SECONDS * 1000;
    let crashes = 0;
    let crash: Promise<void> = Promise.resolve();
    while (Date.now() < deadline) {
      if (random() < 1 / STEPS_PER_CRASH) {
        // Calls go on while it is down: they fail, as they would.
        await crash;
        const downMilliseconds = random() * 1000;
        crash = crashOperator(cloud, async () => delay(downMilliseconds));
        crashes += 1;
      }
      await walk.step();
      await delay(random() * 150);
    }
    await crash;
    const steps = [...walk.done.values()].reduce((sum, count) => sum + count, 0);
    console.log(`      KUBE_EC2_TEST_SEED=${String(SEED)}: ${String(steps)} of ${String(walk.told.length)} steps were carried out, ${String(crashes)} crashes`);
    assert.ok(steps > SECONDS && walk.done.size > 10, `too little was done: ${JSON.stringify([...walk.done])}`);
    await deleteEverything();
    await eventually('nothing is left', CLEANUP_SECONDS, async () => {
      const left = (await storageRemains(cloud.controlPlane, namespaces)).filter((line) => !base.includes(line));
      if (left.length === 0) return true;
      throw new Error(left.join('\n'));
    });
  });

  const kubectl = (): Cloud['controlPlane']['client'] => cloud.controlPlane.client;
  const all = async (namespace: string, plural: string): Promise<(AnyObject & { spec: { attachment?: object } })[]> =>
    (await kubectl().get<{ items: (AnyObject & { spec: { attachment?: object } })[] }>(`/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/${plural}`)).items;

  /** Through the API where it has a call for it; what is refused now, because something else needs it, is tried again. */
  async function deleteEverything(): Promise<void> {
    const { tenant } = tenants;
    const ids = (await all(tenant.account.namespace, 'instances')).filter(({ metadata }) => metadata['deletionTimestamp'] === undefined);
    const { Reservations = [] } = await tenant.ec2.send(new ec2.DescribeInstancesCommand({}));
    const InstanceIds = Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ InstanceId, State }) => (State?.Name === 'terminated' || InstanceId === undefined ? [] : [InstanceId])));
    if (InstanceIds.length > 0) await tenant.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
    await eventually(`${String(ids.length)} instances are terminated`, CLEANUP_SECONDS, async () => {
      const { Reservations: described = [] } = await tenant.ec2.send(new ec2.DescribeInstancesCommand({}));
      const left = described.flatMap(({ Instances = [] }) => Instances.filter(({ State }) => State?.Name !== 'terminated'));
      if (left.length === 0) return true;
      throw new Error(JSON.stringify(left.map(({ InstanceId, State, StateReason }) => [InstanceId, State?.Name, StateReason?.Message])));
    });
    await eventually('all resources are deleted', CLEANUP_SECONDS, async () => {
      let left = 0;
      for (const namespace of namespaces) {
        for (const plural of ['instances', 'amis', 'importtasks', 'snapshots', 'volumes']) {
          for (const { metadata, spec } of await all(namespace, plural)) {
            const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/${plural}/${metadata.name ?? ''}`;
            if (base.includes(`${plural} ${namespace}/${metadata.name ?? ''}`)) continue;
            left += 1;
            if (spec.attachment !== undefined) await ignoringRefusal(kubectl().patch(path, 'merge', { spec: { attachment: null } }));
            await ignoringRefusal(kubectl().remove(path));
          }
        }
      }
      return left === 0;
    });
  }

  async function ignoringRefusal(call: Promise<unknown>): Promise<void> {
    await call.catch((error: unknown) => {
      // In use: an admission rule refuses. Gone, or changed meanwhile.
      if (!isNotFound(error) && !(error instanceof KubernetesError && error.code < 500)) throw error;
    });
  }
});
