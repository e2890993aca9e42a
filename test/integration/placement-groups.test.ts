import assert from 'node:assert/strict';
import type { TestAccount } from '../support/account.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { KubectlInstances } from '../support/kubectl-instance.ts';
import { openForEachTry } from '../support/tries.ts';

describe('placement groups on the real scheduler', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let account: TestAccount;
  let instances: KubectlInstances;
  const nodeOf = async (name: string): Promise<string> => (await instances.shows(name, 'running')).status?.nodeName ?? assert.fail('no node');
  const makeGroup = async (name: string, spec: object): Promise<void> => {
    await cloud.controlPlane.applier.apply([{ apiVersion: 'kube-ec2.io/v1alpha1', kind: 'PlacementGroup', metadata: { name, namespace: account.namespace }, spec }]);
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('placement');
    ({ account } = tenant);
    instances = new KubectlInstances(cloud.controlPlane, account.namespace, cloud.operator);
  });

  it('keep a spread group on a node each, and leave one that finds no node of its own unplaced', async () => {
    // The group comes last: instances wait for it.
    const names = ['apart-1', 'apart-2', 'apart-3'];
    for (const name of names) await instances.apply(name, { imageId: 'ebs', placement: { groupName: 'apart', tenancy: 'default' } });
    await instances.claims('apart-1', 'Launchable', 'False PlacementGroupNotFound');
    await makeGroup('apart', { strategy: 'spread' });
    const nodes = await Promise.all(names.map(nodeOf));
    assert.equal(new Set(nodes).size, 3);
    await instances.apply('apart-4', { imageId: 'ebs', placement: { groupName: 'apart', tenancy: 'default' } });
    await instances.claims('apart-4', 'Placed', 'False Unschedulable');
    await instances.remove('apart-1');
    await nodeOf('apart-4');
  });

  it('keep a cluster in one zone', async () => {
    await makeGroup('near', { strategy: 'cluster' });
    const names = ['near-1', 'near-2', 'near-3', 'near-4'];
    for (const name of names) await instances.apply(name, { imageId: 'ebs', placement: { groupName: 'near', tenancy: 'default' } });
    const zones = await Promise.all(names.map(async (name) => (await instances.shows(name, 'running')).status?.availabilityZone));
    assert.equal(new Set(zones).size, 1);
  });

  it('decide where disks are made whose class binds at once', async () => {
    const { applier } = cloud.controlPlane;
    const { namespace } = account;
    await applier.apply([
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'golden-at-once', namespace }, spec: { storageClassName: 'immediate', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } },
      { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Ami', metadata: { name: 'at-once', namespace }, spec: { name: 'at once', source: { persistentVolumeClaim: { claimName: 'golden-at-once' } }, rootVolumeSize: 2 } },
    ]);
    await makeGroup('near-at-once', { strategy: 'cluster' });
    await makeGroup('apart-at-once', { strategy: 'spread' });
    const data = [{ deviceName: '/dev/sdb', ebs: { volumeSize: 1 } }];
    const groups = { 'near-at-once': ['close-1', 'close-2', 'close-3'], 'apart-at-once': ['far-1', 'far-2', 'far-3'] };
    for (const [groupName, names] of Object.entries(groups)) {
      for (const name of names) await instances.apply(name, { imageId: 'at-once', placement: { groupName, tenancy: 'default' }, blockDeviceMappings: data });
    }
    const zonesOf = async (names: string[]): Promise<Set<string | undefined>> =>
      new Set(await Promise.all(names.map(async (name) => (await instances.shows(name, 'running')).status?.availabilityZone)));
    assert.equal((await zonesOf(groups['near-at-once'])).size, 1);
    assert.equal((await zonesOf(groups['apart-at-once'])).size, 3);
    for (const name of Object.values(groups).flat()) await instances.remove(name);
  });

  it('share no node between partitions', async () => {
    const result = (await tenant.python(`
import json, boto3
client = boto3.client('ec2')
client.create_placement_group(GroupName='parts', Strategy='partition', PartitionCount=2)
placed = []
for zone in ['us-east-1a', 'us-east-1b', 'us-east-1c']:
    for partition in [1, 2] if zone == 'us-east-1c' else [1 if zone == 'us-east-1a' else 2]:
        instance = client.run_instances(ImageId='${account.ebsImageId}', InstanceType='t3.micro', MinCount=1, MaxCount=1,
            Placement={'GroupName': 'parts', 'PartitionNumber': partition, 'AvailabilityZone': zone})['Instances'][0]
        placed.append([instance['InstanceId'], instance['Placement']['GroupName'], instance['Placement']['PartitionNumber']])
in_use = 'no error'
try: client.delete_placement_group(GroupName='parts')
except client.exceptions.ClientError as error: in_use = error.response['Error']['Code']
print(json.dumps([placed, in_use, client.describe_placement_groups(GroupNames=['parts'])['PlacementGroups'][0]['State']]))`)) as [[string, string, number][], string, string];
    const [placed, inUse, state] = result;
    assert.deepEqual([inUse, state], ['InvalidPlacementGroup.InUse', 'available']);
    assert.deepEqual(placed.map(([, group, partition]) => [group, partition]), [['parts', 1], ['parts', 2], ['parts', 1], ['parts', 2]]);
    const [first, second, third, fourth] = placed.map(([id]) => id) as [string, string, string, string];
    assert.notEqual(await nodeOf(first), await nodeOf(second));
    // The one node of the third zone takes one of the two: which of them, the scheduler decides.
    const states = new Map<string, string>();
    const isSettled = (): boolean => [...states.values()].sort().join() === 'Scheduled,Unschedulable';
    for (let tries = 0; tries < 480 && !isSettled(); tries += 1) {
      for (const id of [third, fourth]) {
        const placedCondition = (await instances.get(id))?.status?.conditions?.find(({ type }) => type === 'Placed');
        if (placedCondition) states.set(id, placedCondition.status === 'True' ? 'Scheduled' : placedCondition.reason);
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    assert.ok(isSettled(), JSON.stringify([...states]));
  });

  it('move a stopped instance at its next start, through the API: it no longer shares the node of the zone', async () => {
    const moved = (await tenant.python(`
import json, boto3
client = boto3.client('ec2')
for name, strategy in [('together', 'cluster'), ('alone', 'spread')]: client.create_placement_group(GroupName=name, Strategy=strategy)
run = lambda group: client.run_instances(ImageId='${account.ebsImageId}', InstanceType='t3.nano', MinCount=1, MaxCount=1,
    Placement={'GroupName': group, 'AvailabilityZone': 'us-east-1a'})['Instances'][0]['InstanceId']
waited = {'Delay': 1, 'MaxAttempts': 180}
ids = [run('alone'), run('together')]
client.get_waiter('instance_running').wait(InstanceIds=ids, WaiterConfig=waited)
early = 'no error'
try: client.modify_instance_placement(InstanceId=ids[1], GroupName='alone')
except client.exceptions.ClientError as error: early = error.response['Error']['Code']
client.stop_instances(InstanceIds=[ids[1]])
client.get_waiter('instance_stopped').wait(InstanceIds=[ids[1]], WaiterConfig=waited)
done = client.modify_instance_placement(InstanceId=ids[1], GroupName='alone')['Return']
client.start_instances(InstanceIds=[ids[1]])
groups = [instance['Placement']['GroupName'] for reservation in client.describe_instances(InstanceIds=ids)['Reservations'] for instance in reservation['Instances']]
print(json.dumps([ids, early, done, groups]))`)) as [[string, string], string, boolean, string[]];
    const [[first, second], early, done, groups] = moved;
    assert.deepEqual([early, done, groups], ['IncorrectInstanceState', true, ['alone', 'alone']]);
    await instances.claims(second, 'UpToDate', 'True UpToDate');
    await instances.claims(second, 'Placed', 'False Unschedulable');
    await instances.remove(first);
    await nodeOf(second);
  });
});
