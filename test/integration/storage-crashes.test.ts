import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import type { AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { liveAndDie, type Deaths } from '../support/mortal-operator.ts';
import { inOrder } from '../support/tries.ts';

type Live = AnyObject & { spec: Record<string, unknown>; status?: Record<string, unknown> & { state?: string; attachment?: { state: string }; capture?: { phase: string } } };
interface Machine extends AnyObject {
  spec: { template: { spec: { volumes: { persistentVolumeClaim?: { claimName: string } }[] } } };
}

const PHASE_SECONDS = 150;
const CSI = '/apis/snapshot.storage.k8s.io/v1';

/** Each step of an attachment, of a copy, of an image. Writes that follow one another on one object are steps too. */
const making: Deaths = {
  'the machine gets the disk': { write: 'PATCH .*/virtualmachines/[^/]+$', times: 1 },
  'the volume tells': { write: 'PATCH .*/volumes/[^/]+/status$', times: 2 },
  'the copy is held': { write: 'PATCH .*/snapshots/copy$', times: 1 },
  'the claim of the copy is made': { write: 'POST .*/persistentvolumeclaims$', times: 1 },
  'the copy tells': { write: 'PATCH .*/snapshots/copy/status$', times: 3 },
  'a disk is cut': { write: 'POST .*/volumesnapshots$', times: 2 },
  'the claim of the copy goes': { write: 'DELETE .*/persistentvolumeclaims/', times: 1 },
  'the image tells': { write: 'PATCH .*/amis/captured/status$', times: 4 },
  'the image is held and let go': { write: 'PATCH .*/amis/captured$', times: 2 },
  'the instance is stopped and started': { write: 'PATCH .*/instances/[^/]+$', times: 2 },
  'the snapshot of the image is made': { write: 'POST .*/snapshots$', times: 1 },
};

/** Each step of a detachment, and of the removal of a snapshot and an image. */
const ending: Deaths = {
  'the machine loses the disk': { write: 'PATCH .*/virtualmachines/[^/]+$', times: 1 },
  'the volume tells': { write: 'PATCH .*/volumes/[^/]+/status$', times: 2 },
  'the CSI snapshot goes': { write: 'DELETE .*/volumesnapshots/', times: 1 },
  'the copy is let go': { write: 'PATCH .*/snapshots/copy$', times: 1 },
};

const removing: Deaths = {
  'the claim goes': { write: 'DELETE .*/persistentvolumeclaims/', times: 1 },
  'the volume is let go': { write: 'PATCH .*/volumes/[^/]+$', times: 1 },
};

describe('volumes, snapshots and images whose operator dies at each of its writes', function () {
  this.timeout(2 * (PHASE_SECONDS + 60) * 1000);
  let cloud: Cloud;
  let tenant: TenantClients;
  let [target, imaged, volumeId, snapshotId] = ['', '', '', ''];
  const client = (): Cloud['controlPlane']['client'] => cloud.controlPlane.client;
  const path = (plural: string, name = ''): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/${plural}${name && `/${name}`}`;
  const get = async (plural: string, name: string): Promise<Live | undefined> =>
    client().find<Live>(path(plural, name));
  const create = async (kind: string, name: string, spec: object): Promise<void> =>
    cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind, metadata: { name, namespace: tenant.account.namespace }, spec }]);
  const claimsOf = async (instanceId: string): Promise<string[]> => {
    const { spec } = await client().get<Machine>(`/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachines/${instanceId}`);
    return spec.template.spec.volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  };
  const patience = (): { client: ec2.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client: tenant.ec2, maxWaitTime: 90, minDelay: 1, maxDelay: 1 });
  const countOf = async (folder: string): Promise<number> => (await client().get<{ items: unknown[] }>(folder)).items.length;

  const step = inOrder(async () => {
    cloud = await sharedCloud();
    await cloud.operator.start(); // an earlier try may have left it stopped
    tenant = await cloud.open('crashes');
    const { Instances = [] } = await tenant.ec2.send(
      new ec2.RunInstancesCommand({ ImageId: tenant.account.ebsImageId, InstanceType: 't3.micro', MinCount: 2, MaxCount: 2, Placement: { AvailabilityZone: 'us-east-1a' } }),
    );
    [target = '', imaged = ''] = Instances.map(({ InstanceId = '' }) => InstanceId);
    ({ VolumeId: volumeId = '' } = await tenant.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', Size: 1 })));
    await ec2.waitUntilVolumeAvailable(patience(), { VolumeIds: [volumeId] });
    ({ SnapshotId: snapshotId = '' } = await tenant.ec2.send(new ec2.CreateSnapshotCommand({ VolumeId: volumeId })));
    await ec2.waitUntilSnapshotCompleted(patience(), { SnapshotIds: [snapshotId] });
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [target, imaged] });
    // Without an agent the machine is stopped for its image and started again.
    const run = `/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstances/${imaged}`;
    await client().patch(run, 'merge', { metadata: { annotations: { 'simulator.kube-ec2.io/guest': 'no-agent' } } });
    await eventually('the agent is gone', 30, async () => {
      const { status } = await client().get<AnyObject & { status?: { conditions?: { type: string }[] } }>(run);
      return !status?.conditions?.some(({ type }) => type === 'AgentConnected');
    });
    await cloud.operator.stop();
  });

  after(async () => {
    await cloud.operator.start();
    await tenant.ec2.send(new ec2.TerminateInstancesCommand({ InstanceIds: [target, imaged] }));
  });

  step('attaches, copies a snapshot and takes an image, once each', async () => {
    await client().patch(path('volumes', volumeId), 'merge', { spec: { attachment: { instanceId: target, device: '/dev/sdf' } } });
    await create('Snapshot', 'copy', { sourceSnapshotId: snapshotId });
    await create('Ami', 'captured', { name: 'captured', source: { instance: { instanceId: imaged } } });
    const died = await liveAndDie(cloud, making, PHASE_SECONDS, async () => {
      const [volume, copy, image, machine] = await Promise.all([get('volumes', volumeId), get('snapshots', 'copy'), get('amis', 'captured'), get('instances', imaged)]);
      const isImaged = image?.status?.state === 'available' && image.metadata['finalizers'] === undefined && machine?.status?.state === 'running';
      return volume?.status?.attachment?.state === 'attached' && copy?.status?.state === 'completed' && isImaged;
    });
    assert.deepEqual([...died.keys()].sort(), Object.keys(making).sort(), 'it died at every step');
    assert.deepEqual((await claimsOf(target)).filter((name) => name === volumeId), [volumeId], 'the disk is in the machine once');
    const folder = `${CSI}/namespaces/${tenant.account.namespace}/volumesnapshots`;
    await eventually('the claim of the copy is gone', 30, async () => (await countOf(`/api/v1/namespaces/${tenant.account.namespace}/persistentvolumeclaims`)) === 4);
    assert.equal(await countOf(folder), 3, 'the first, its copy, and the root of the image');
    assert.equal(await countOf(path('snapshots')), 3);
  });

  step('detaches and deletes', async () => {
    await client().patch(path('volumes', volumeId), 'merge', { spec: { attachment: null } });
    await client().remove(path('snapshots', 'copy'));
    await client().remove(path('amis', 'captured'));
    const died = await liveAndDie(cloud, ending, PHASE_SECONDS, async () => {
      const [volume, copy, image] = await Promise.all([get('volumes', volumeId), get('snapshots', 'copy'), get('amis', 'captured')]);
      return volume?.status?.state === 'available' && copy === undefined && image === undefined;
    });
    assert.deepEqual([...died.keys()].sort(), Object.keys(ending).sort(), 'it died at every step');
    assert.deepEqual((await claimsOf(target)).filter((name) => name === volumeId), []);
    await client().remove(path('volumes', volumeId));
    const diedOfVolume = await liveAndDie(cloud, removing, PHASE_SECONDS, async () => (await get('volumes', volumeId)) === undefined);
    assert.deepEqual([...diedOfVolume.keys()].sort(), Object.keys(removing).sort(), 'it died at every step');
    await eventually('their disks are gone', 30, async () => {
      const { items } = await client().get<{ items: (AnyObject & { spec: { claimRef?: { namespace: string } } })[] }>('/api/v1/persistentvolumes');
      return items.filter(({ spec }) => spec.claimRef?.namespace === tenant.account.namespace).length === 3;
    });
  });
});
