import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import * as ec2 from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { completeOptions } from '../../hack/control-plane/options.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { simulatedNodes } from '../../hack/control-plane/simulated-nodes.ts';
import { CSI_DRIVER } from '../../hack/control-plane/storage-objects.ts';
import type { Volume } from '../../operator/api/storage/volume.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { storageRemains } from '../support/storage-remains.ts';
import { openForEachTry } from '../support/tries.ts';

type Claimed = AnyObject & { spec: { claimRef?: { name: string; namespace: string }; csi?: { volumeHandle: string; volumeAttributes: { content: string } } } };

describe('storage whose parts fail', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let instances: KubectlInstances;
  const client = (): Cloud['controlPlane']['client'] => cloud.controlPlane.client;
  const get = async (name: string): Promise<Volume> => client().get<Volume & AnyObject>(`/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/volumes/${name}`);
  const apply = async (name: string, spec: object): Promise<void> =>
    cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Volume', metadata: { name, namespace: tenant.account.namespace }, spec: { availabilityZone: 'us-east-1a', ...spec } }]);
  const shows = async (name: string, want: string): Promise<Volume> =>
    eventually(`${name} is ${want}`, 60, async () => {
      const volume = await get(name);
      if (volume.status?.state === want) return volume;
      throw new Error(JSON.stringify(volume.status));
    });
  const disksOf = async (): Promise<Claimed[]> =>
    (await client().get<{ items: Claimed[] }>('/api/v1/persistentvolumes')).items.filter(({ spec }) => spec.claimRef?.namespace === tenant.account.namespace);
  // The driver is common to all accounts: what a first try left there may still get its objects.
  const ownedByNobody = async (): Promise<string[]> => storageRemains(cloud.controlPlane, []);

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('storage-faults');
    instances = new KubectlInstances(cloud.controlPlane, tenant.account.namespace, cloud.operator);
  });

  it('say so while the provisioner is down, and go on when it is back: nothing is made twice', async () => {
    const slow = `slow-${tenant.account.namespace}`;
    await cloud.controlPlane.applier.apply([
      { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: slow }, provisioner: CSI_DRIVER, volumeBindingMode: 'Immediate', parameters: { delay: '1500ms' } },
    ]);
    const provisioner = cloud.controlPlane.component('csi-provisioner');
    const before = { disks: (await disksOf()).length, ownedByNobody: await ownedByNobody() };
    // One is under way when the provisioner dies, a clone among the others that come then.
    await apply('under-way', { size: 1, storageClassName: slow });
    await eventually('its claim is there', 30, async () => (await get('under-way')).status?.storageClassName === slow);
    await provisioner.kill();
    try {
      await apply('blank', { size: 1 });
      await apply('clone', { source: { persistentVolumeClaim: { claimName: 'golden' } } });
      await instances.apply('waits', { imageId: 'ebs' });
      for (const name of ['under-way', 'blank', 'clone']) {
        await eventually(`${name} says what it waits for`, 30, async () => {
          const { state, conditions = [] } = (await get(name)).status ?? {};
          const available = conditions.find(({ type }) => type === 'Available');
          return state === 'creating' && available?.status === 'False' && available.reason === 'Provisioning' && available.message.includes(CSI_DRIVER);
        });
      }
      await instances.shows('waits', 'pending');
    } finally {
      await provisioner.start();
    }
    for (const name of ['under-way', 'blank', 'clone']) await shows(name, 'available');
    await instances.shows('waits', 'running');
    const disks = await disksOf();
    const claims = disks.map(({ spec }) => spec.claimRef?.name ?? '');
    assert.deepEqual([disks.length, new Set(claims).size], [before.disks + 4, before.disks + 4], 'a disk each');
    await eventually('the driver has no other', 30, async () => {
      const others = (await ownedByNobody()).filter((one) => !before.ownedByNobody.includes(one));
      assert.deepEqual(others, []);
      return true;
    });
    const contentOf = (claim: string): string | undefined => disks.find(({ spec }) => spec.claimRef?.name === claim)?.spec.csi?.volumeAttributes.content;
    const { volumeId = '' } = (await get('clone')).status ?? {};
    assert.equal(contentOf(volumeId), contentOf('golden'), 'the clone holds what its source holds');
    await instances.remove('waits');
    await client().remove(`/apis/storage.k8s.io/v1/storageclasses/${slow}`);
  });

  it('on a node that is lost stay in use, forced or not, until the node is fenced off; then other instances get them', async () => {
    const placement = { availabilityZone: 'us-east-1b', tenancy: 'default' } as const;
    const spare = simulatedNodes(completeOptions({ dataDirectory: '', nodes: 1, zones: ['us-east-1b'] })).map((node) => JSON.parse(JSON.stringify(node).replaceAll('node-1', 'spare')) as AnyObject);
    await instances.apply('forced', { imageId: 'ebs', placement });
    await instances.apply('ended', { imageId: 'ebs', placement });
    const { status } = await instances.shows('forced', 'running');
    assert.equal((await instances.shows('ended', 'running')).status?.nodeName, status?.nodeName, 'the zone has one node');
    const node = `/api/v1/nodes/${status?.nodeName ?? ''}`;
    const attached = async (instance: string, device: string): Promise<string> => {
      const { VolumeId = '' } = await tenant.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: 'us-east-1b', Size: 1 }));
      await shows(VolumeId, 'available');
      await attach(VolumeId, instance, device);
      return VolumeId;
    };
    const attach = async (VolumeId: string, instance: string, Device: string): Promise<void> => {
      const InstanceId = (await instances.get(instance))?.status?.instanceId;
      await eventually(`${VolumeId} is being attached`, 30, async () => tenant.ec2.send(new ec2.AttachVolumeCommand({ VolumeId, InstanceId, Device })));
      await eventually(`${VolumeId} is attached`, 60, async () => (await get(VolumeId)).status?.attachment?.state === 'attached');
    };
    const [detached, left] = [await attached('forced', '/dev/sdf'), await attached('ended', '/dev/sdf')];
    await client().patch(node, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/lost': 'true' } } });
    try {
      await instances.claims('forced', 'SystemStatusOk', 'False NodeNotReady', 120);
      assert.deepEqual([(await get(detached)).status?.state, (await instances.get('forced'))?.status?.state], ['in-use', 'running']);
      const { State } = await tenant.ec2.send(new ec2.DetachVolumeCommand({ VolumeId: detached, Force: true }));
      assert.equal(State, 'detaching');
      await tenant.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [(await instances.get('ended'))?.status?.instanceId ?? ''] }));
      await instances.shows('ended', 'shutting-down');
      await delay(3000);
      // Nobody knows whether the guest still writes.
      assert.deepEqual([(await get(detached)).status?.attachment?.state, (await get(left)).status?.state], ['detaching', 'in-use']);

      await cloud.controlPlane.applier.apply(spare);
      await setTaint(node, true);
      await instances.shows('ended', 'terminated', 90);
      for (const name of [detached, left]) await shows(name, 'available');
      await instances.claims('forced', 'SystemStatusOk', 'True Passed', 90);
      await instances.apply('heir', { imageId: 'ebs', placement });
      await instances.shows('heir', 'running');
      await attach(detached, 'heir', '/dev/sdf');
      await attach(left, 'forced', '/dev/sdf');
    } finally {
      await setTaint(node, false);
      await client().patch(node, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/lost': null } } });
      for (const name of ['forced', 'heir']) await instances.remove(name).catch(() => undefined);
      await eventually('the spare node is empty', 60, async () => (await instances.get('forced')) === undefined && (await instances.get('heir')) === undefined);
      await client().remove('/api/v1/nodes/spare').catch(() => undefined);
    }
  }).timeout(400_000);

  async function setTaint(node: string, isThere: boolean): Promise<void> {
    const outOfService = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' };
    const { spec } = await client().get<AnyObject & { spec: { taints?: { key: string }[] } }>(node);
    const others = (spec.taints ?? []).filter(({ key }) => key !== outOfService.key);
    await client().patch(node, 'merge', { spec: { taints: [...others, ...(isThere ? [outOfService] : [])] } });
  }
});
