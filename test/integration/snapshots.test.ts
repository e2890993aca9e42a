import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import { isNotFound, type AnyObject } from '../../hack/control-plane/kubernetes-client.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import type { Snapshot } from '../../operator/api/storage/snapshot.ts';
import { watchAnswers } from '../support/checked-client.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { diskContentOf } from '../support/disk-content.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

interface Content extends AnyObject {
  spec: { deletionPolicy: string; volumeSnapshotRef: { name: string; namespace: string } };
}

describe('snapshots', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let stranger: TenantClients;
  let client: ec2.EC2Client;
  let instanceId: string;
  const watched = { called: new Set<string>(), violations: [] as string[] };
  const patience = (of = client): { client: ec2.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client: of, maxWaitTime: 180, minDelay: 1, maxDelay: 1 });
  const kubernetes = (): Cloud['controlPlane']['client'] => cloud.controlPlane.client;
  const snapshotPath = (name: string): string => `/apis/kube-ec2.io/v1alpha1/namespaces/${tenant.account.namespace}/snapshots/${name}`;
  const get = async (name: string): Promise<Snapshot> => kubernetes().get<Snapshot & AnyObject>(snapshotPath(name));
  const refused = (code: string): object => ({ name: code });
  const volumeFrom = async (snapshotId: string, of: TenantClients, more: Partial<ec2.CreateVolumeCommandInput> = {}): Promise<string> => {
    const { VolumeId = '' } = await of.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: 'us-east-1b', SnapshotId: snapshotId, ...more }));
    await ec2.waitUntilVolumeAvailable(patience(of.ec2), { VolumeIds: [VolumeId] });
    return VolumeId;
  };
  const contentOf = async (claim: string, { account }: TenantClients): Promise<string> => diskContentOf(kubernetes(), account.namespace, claim);
  const contents = async (): Promise<Content[]> => (await kubernetes().get<{ items: Content[] }>('/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents')).items;

  openForEachTry(async () => {
    cloud = await sharedCloud();
    [tenant, stranger] = await Promise.all([cloud.open('snapshots'), cloud.open('stranger')]);
    client = tenant.ec2;
    watchAnswers(client, new ResponseChecker('@aws-sdk/client-ec2', ec2), watched);
    const { Instances = [] } = await client.send(
      new ec2.RunInstancesCommand({
        ImageId: tenant.account.ebsImageId,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        BlockDeviceMappings: [{ DeviceName: '/dev/sdb', Ebs: { VolumeSize: 1 } }],
      }),
    );
    instanceId = Instances[0]?.InstanceId ?? '';
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [instanceId] });
  });

  it('of all volumes of a running instance are cut at one moment, with the guest held still', async () => {
    const { Snapshots = [] } = await client.send(new ec2.CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: instanceId }, Description: 'both' }));
    assert.deepEqual(Snapshots.map(({ VolumeSize }) => VolumeSize).sort(), [1, 2]);
    const ids = Snapshots.map(({ SnapshotId = '' }) => SnapshotId);
    await ec2.waitUntilSnapshotCompleted(patience(), { SnapshotIds: ids });
    for (const id of ids) assert.equal((await get(id)).status?.consistency, 'filesystem');
    await eventually('the guest goes on', 60, async () => {
      const machine = await kubernetes().get<AnyObject & { status?: { fsFreezeStatus?: string } }>(`/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstances/${instanceId}`);
      return machine.status?.fsFreezeStatus === undefined;
    });
    for (const id of ids) await client.send(new ec2.DeleteSnapshotCommand({ SnapshotId: id }));
    await eventually('nothing of them is left', 60, async () => (await contents()).every(({ spec }) => !ids.includes(spec.volumeSnapshotRef.name)));
  });

  it('make volumes that are larger, outlive their volume, are copied and shared, and leave nothing behind', async () => {
    const [volumeId, snapshotId, progress] = (await tenant.python(`
import json, boto3
client = boto3.client('ec2')
volume = client.create_volume(AvailabilityZone='us-east-1a', Size=2)['VolumeId']
client.get_waiter('volume_available').wait(VolumeIds=[volume], WaiterConfig={'Delay': 1, 'MaxAttempts': 180})
snapshot = client.create_snapshot(VolumeId=volume, Description='golden', TagSpecifications=[{'ResourceType': 'snapshot', 'Tags': [{'Key': 'a', 'Value': 'b'}]}])['SnapshotId']
client.get_waiter('snapshot_completed').wait(SnapshotIds=[snapshot], WaiterConfig={'Delay': 1, 'MaxAttempts': 180})
client.delete_volume(VolumeId=volume)
client.get_waiter('volume_deleted').wait(VolumeIds=[volume], WaiterConfig={'Delay': 1, 'MaxAttempts': 180})
print(json.dumps([volume, snapshot, client.describe_snapshots(OwnerIds=['self'], Filters=[{'Name': 'tag:a', 'Values': ['b']}])['Snapshots'][0]['Progress']]))`)) as [string, string, string];
    assert.equal(progress, '100%');
    const content = (await contents()).find(({ spec }) => spec.volumeSnapshotRef.name === snapshotId) ?? assert.fail('no content');
    const larger = await volumeFrom(snapshotId, tenant, { Size: 5 });
    const held = await contentOf(larger, tenant);
    assert.match(held, /^pvc-/);
    await assert.rejects(client.send(new ec2.CreateVolumeCommand({ AvailabilityZone: 'us-east-1b', SnapshotId: snapshotId, Size: 1 })), refused('InvalidParameterValue'));

    await assert.rejects(stranger.ec2.send(new ec2.DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] })), refused('InvalidSnapshot.NotFound'));
    await client.send(new ec2.ModifySnapshotAttributeCommand({ SnapshotId: snapshotId, CreateVolumePermission: { Add: [{ UserId: stranger.account.accountId }] } }));
    const { Snapshots: shared = [] } = await stranger.ec2.send(new ec2.DescribeSnapshotsCommand({ RestorableByUserIds: ['self'] }));
    assert.deepEqual(shared.map(({ SnapshotId, OwnerId }) => [SnapshotId, OwnerId]), [[snapshotId, tenant.account.accountId]]);
    const theirs = await volumeFrom(snapshotId, stranger);
    assert.equal(await contentOf(theirs, stranger), held, 'it holds what the snapshot holds, across accounts');
    const { SnapshotId: copy = '' } = await stranger.ec2.send(new ec2.CopySnapshotCommand({ SourceRegion: 'us-east-1', SourceSnapshotId: snapshotId, Description: 'mine now' }));
    await ec2.waitUntilSnapshotCompleted(patience(stranger.ec2), { SnapshotIds: [copy] });
    const { CreateVolumePermissions } = await client.send(new ec2.DescribeSnapshotAttributeCommand({ SnapshotId: snapshotId, Attribute: 'createVolumePermission' }));
    assert.deepEqual(CreateVolumePermissions, [{ UserId: stranger.account.accountId }]);
    await client.send(new ec2.ResetSnapshotAttributeCommand({ SnapshotId: snapshotId, Attribute: 'createVolumePermission' }));
    await assert.rejects(stranger.ec2.send(new ec2.CreateVolumeCommand({ AvailabilityZone: 'us-east-1b', SnapshotId: snapshotId })), refused('InvalidSnapshot.NotFound'));

    await client.send(new ec2.DeleteSnapshotCommand({ SnapshotId: snapshotId }));
    await eventually('it is gone', 60, async () => kubernetes().get(snapshotPath(snapshotId)).then(() => false, isNotFound));
    const fromCopy = await volumeFrom(copy, stranger);
    assert.equal(await contentOf(fromCopy, stranger), held, 'the copy needs its source no more');
    await client.send(new ec2.DeleteVolumeCommand({ VolumeId: larger }));
    for (const id of [theirs, fromCopy]) await stranger.ec2.send(new ec2.DeleteVolumeCommand({ VolumeId: id }));
    await stranger.ec2.send(new ec2.DeleteSnapshotCommand({ SnapshotId: copy }));
    const ours = [volumeId, snapshotId, larger, theirs, copy, fromCopy];
    await eventually('nothing is left of any', 200, async () => {
      const left = (await contents()).filter(({ spec, metadata }) => ours.some((id) => spec.volumeSnapshotRef.name.startsWith(id) || metadata.name === content.metadata.name));
      const claims = await Promise.all(
        [tenant, stranger].map(async ({ account }) => (await kubernetes().get<{ items: AnyObject[] }>(`/api/v1/namespaces/${account.namespace}/persistentvolumeclaims`)).items),
      );
      return left.length === 0 && claims.flat().every(({ metadata }) => !ours.some((id) => metadata.name?.startsWith(id)));
    });
  });

  it('that an image is made of cannot be deleted, by the API or kubectl', async () => {
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({ Filters: [{ Name: 'attachment.device', Values: ['/dev/sdb'] }] }));
    const { SnapshotId = '' } = await client.send(new ec2.CreateSnapshotCommand({ VolumeId: Volumes[0]?.VolumeId }));
    await ec2.waitUntilSnapshotCompleted(patience(), { SnapshotIds: [SnapshotId] });
    const { ImageId = '' } = await client.send(
      new ec2.RegisterImageCommand({ Name: 'of a snapshot', RootDeviceName: '/dev/xvda', Architecture: 'x86_64', VirtualizationType: 'hvm', BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId } }] }),
    );
    await assert.rejects(client.send(new ec2.DeleteSnapshotCommand({ SnapshotId })), refused('InvalidSnapshot.InUse'));
    await eventually('kubectl is refused too', 60, async () => kubernetes().patch(snapshotPath(SnapshotId), 'merge', {}).then(async () => ((await get(SnapshotId)).status?.imageIds ?? []).includes(ImageId)));
    await assert.rejects(kubernetes().remove(snapshotPath(SnapshotId)), /in use by ami-/);
    await client.send(new ec2.DeregisterImageCommand({ ImageId }));
    await eventually('it can go then', 60, async () => client.send(new ec2.DeleteSnapshotCommand({ SnapshotId })).then(() => true));
  });

  it('whose class is broken say why', async () => {
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({ Filters: [{ Name: 'attachment.device', Values: ['/dev/sdb'] }] }));
    const classPath = '/apis/snapshot.storage.k8s.io/v1/volumesnapshotclasses/standard';
    const original = await kubernetes().get<AnyObject>(classPath);
    const setDefault = async (value: string): Promise<unknown> => kubernetes().patch(classPath, 'merge', { metadata: { annotations: { 'snapshot.storage.kubernetes.io/is-default-class': value } } });
    await setDefault('false');
    try {
      const { SnapshotId = '' } = await client.send(new ec2.CreateSnapshotCommand({ VolumeId: Volumes[0]?.VolumeId }));
      await eventually('it says why', 60, async () => /default/.test((await get(SnapshotId)).status?.stateMessage ?? ''));
      await client.send(new ec2.DeleteSnapshotCommand({ SnapshotId }));
      await eventually('it is gone', 60, async () => kubernetes().get(snapshotPath(SnapshotId)).then(() => false, isNotFound));
    } finally {
      await setDefault(original.metadata.annotations?.['snapshot.storage.kubernetes.io/is-default-class'] ?? 'true');
    }
  });

  it('got answers that keep to the SDK schema', () => assert.deepEqual(watched.violations, []));
});
