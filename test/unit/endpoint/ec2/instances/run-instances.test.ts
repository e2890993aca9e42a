import assert from 'node:assert/strict';
import type { Reservation, RunInstancesRequest } from '@aws-sdk/client-ec2';
import { INSTANCE_FINALIZER, INSTANCE_ID_LABEL } from '../../../../../operator/api/compute/instance.ts';
import { runInstances } from '../../../../../operator/endpoint/ec2/instances/RunInstances.ts';
import { ApiError } from '../../../../../operator/kubernetes/errors.ts';
import type { Read } from '../../../../../operator/kubernetes/read.ts';
import { Instance, Secret } from '../../../../../operator/kubernetes/resources.ts';
import { aKeyPair, aNode, anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup, anInstance } from '../../../../support/instance-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';

const STORE_AMI = 'ami-00000000000000001';
const EBS_AMI = 'ami-00000000000000002';
const ARM_AMI = 'ami-00000000000000003';
const PENDING_AMI = 'ami-00000000000000004';
const SHARED_AMI = 'ami-00000000000000005';
const SHARED_EBS_AMI = 'ami-00000000000000006';
const SHARED_SNAPSHOT_AMI = 'ami-00000000000000007';
const GROUP = 'sg-00000000000000001';
const ebs = { source: { persistentVolumeClaim: { claimName: 'disk' } } };
const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPTFUfmRSdgSC7JcyR5MaCnpBs8XRlBmeEiMfXAAAAAA ops';

const objects = [
  anAmi(STORE_AMI),
  anAmi(EBS_AMI, { ...ebs, rootVolumeSize: 8 }),
  anAmi(ARM_AMI, { architecture: 'arm64' }),
  anAmi(PENDING_AMI, { status: { state: 'pending' } }),
  anAmi(SHARED_AMI, { namespace: 'stranger', launchPermissionAccountIds: [ACCOUNT_ID] }),
  anAmi(SHARED_EBS_AMI, { ...ebs, namespace: 'stranger', public: true }),
  anAmi(SHARED_SNAPSHOT_AMI, { source: { snapshot: { snapshotId: 'snap-0000000000000000f' } }, namespace: 'stranger', launchPermissionAccountIds: [ACCOUNT_ID] }),
  anAmi('ami-0000000000000000f', { namespace: 'stranger' }),
  anInstanceType('t3.micro', { cpu: 2, annotations: { 'kube-ec2.io/burstable': 'true' } }),
  anInstanceType('m1.small', { cpu: 1 }),
  anInstanceType('m5.large', { cpu: 2 }),
  aSecurityGroup(GROUP, { groupName: 'web' }),
  aSecurityGroup('default-group', { groupName: 'default' }),
  aKeyPair('ops', KEY),
  aNode('node-a', { zone: 'us-east-1a' }),
  aNode('node-b', { zone: 'us-east-1b', cpu: '8' }),
  aNode('node-c', { zone: 'us-east-1c', unschedulable: true }),
];

function clusterOf(quotas: { instances?: number; vcpus?: number } = {}, more: (Instance | ReturnType<typeof aNode>)[] = []): FakeCluster {
  const { apiVersion, kind } = { apiVersion: 'kube-ec2.io/v1alpha1', kind: 'Account' };
  const owners = ['stranger'].map((name) => ({ apiVersion, kind, metadata: { name, uid: name }, spec: { accountId: '222222222222', quotas: {} } }));
  return new FakeCluster({ objects: [theAccount({ quotas }), ...owners, ...objects, ...more] });
}

const minimal: RunInstancesRequest = { ImageId: EBS_AMI, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 };

async function run(input: Partial<RunInstancesRequest>, cluster = clusterOf()): Promise<Reservation> {
  return runInstances({ ...minimal, ...input }, operationContext(cluster));
}

const instancesIn = (cluster: FakeCluster): readonly Instance[] => cluster.list(Instance, NAMESPACE);
const idsOf = ({ Instances }: Reservation): (string | undefined)[] => (Instances ?? []).map(({ InstanceId }) => InstanceId);

async function specOf(input: Partial<RunInstancesRequest>): Promise<Instance['spec']> {
  const cluster = clusterOf();
  await run(input, cluster);
  return instancesIn(cluster)[0]?.spec ?? assert.fail('no instance');
}

describe('RunInstances', () => {
  it('makes an Instance named by its id, held by the finalizer, and answers with its reservation', async () => {
    const cluster = clusterOf();
    const { ReservationId, OwnerId, Groups, Instances } = await run({}, cluster);
    const [instance] = instancesIn(cluster);
    assert.match(instance?.metadata.name ?? '', /^i-[0-9a-f]{17}$/);
    assert.deepEqual(instance?.metadata.finalizers, [INSTANCE_FINALIZER]);
    assert.match(ReservationId ?? '', /^r-[0-9a-f]{17}$/);
    assert.deepEqual([OwnerId, Groups], [ACCOUNT_ID, []]);
    assert.deepEqual(
      Instances?.map(({ InstanceId, State, ImageId, InstanceType, RootDeviceType, SecurityGroups, Placement }) => ({ InstanceId, State, ImageId, InstanceType, RootDeviceType, SecurityGroups: SecurityGroups?.length, Zone: Placement?.AvailabilityZone })),
      [{ InstanceId: instance?.metadata.name, State: { Code: 0, Name: 'pending' }, ImageId: EBS_AMI, InstanceType: 't3.micro', RootDeviceType: 'ebs', SecurityGroups: 1, Zone: 'us-east-1a' }],
    );
    assert.equal(cluster.writes.length, 1);
  });

  it('makes MaxCount instances of one reservation, in order, in one zone', async () => {
    const cluster = clusterOf();
    const reservation = await run({ MinCount: 1, MaxCount: 30 }, cluster);
    assert.deepEqual(reservation.Instances?.map(({ AmiLaunchIndex }) => AmiLaunchIndex), Array.from({ length: 30 }, (_, index) => index));
    assert.equal(new Set(idsOf(reservation)).size, 30);
    assert.equal(new Set(instancesIn(cluster).map(({ spec }) => spec.placement.availabilityZone)).size, 1);
    assert.deepEqual(new Set(instancesIn(cluster).map(({ spec }) => spec.launch?.reservationId)), new Set([reservation.ReservationId]));
  });

  const specs: Record<string, { input: Partial<RunInstancesRequest>; want: Partial<Instance['spec']> }> = {
    'the default type of EC2 without a type': { input: { InstanceType: undefined }, want: { instanceType: 'm1.small' } },
    'protections, monitoring and EBS optimization as asked': {
      input: { DisableApiTermination: true, DisableApiStop: true, Monitoring: { Enabled: true }, EbsOptimized: true },
      want: { disableApiTermination: true, disableApiStop: true, monitoring: true, ebsOptimized: true },
    },
    'the shutdown behaviour as asked': { input: { InstanceInitiatedShutdownBehavior: 'terminate' }, want: { instanceInitiatedShutdownBehavior: 'terminate' } },
    'terminate as the shutdown behaviour of an instance-store root': { input: { ImageId: STORE_AMI }, want: { instanceInitiatedShutdownBehavior: 'terminate' } },
    'an image of somebody else made of a snapshot that is not shared: launch permission suffices': { input: { ImageId: SHARED_SNAPSHOT_AMI }, want: { imageId: SHARED_SNAPSHOT_AMI } },
    'the key': { input: { KeyName: 'ops' }, want: { keyName: 'ops' } },
    'groups by id and by name, each once': { input: { SecurityGroupIds: [GROUP], SecurityGroups: ['web'] }, want: { securityGroupIds: [GROUP] } },
    'the groups of the one network interface': { input: { NetworkInterfaces: [{ DeviceIndex: 0, Groups: [GROUP], AssociatePublicIpAddress: false }] }, want: { securityGroupIds: [GROUP] } },
    'the zone as asked': { input: { Placement: { AvailabilityZone: 'us-east-1b', Tenancy: 'default' } }, want: { placement: { availabilityZone: 'us-east-1b', tenancy: 'default' } } },
    'the zone by its id': { input: { Placement: { AvailabilityZoneId: 'use1-az2' } }, want: { placement: { availabilityZone: 'us-east-1b', tenancy: 'default' } } },
    'tags': {
      input: { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }, { Key: 'flag' }] }] },
      want: { tags: [{ key: 'Name', value: 'web' }, { key: 'flag', value: '' }] },
    },
    'credits of a burstable type': { input: { CreditSpecification: { CpuCredits: 'unlimited' } }, want: { creditSpecification: 'unlimited' } },
    'metadata options, the rest by default': {
      input: { MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 3 } },
      want: { metadataOptions: { httpTokens: 'optional', httpPutResponseHopLimit: 3, httpEndpoint: 'enabled', httpProtocolIpv6: 'disabled', instanceMetadataTags: 'disabled' } },
    },
    'a larger root and another volume': {
      input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, VolumeType: 'gp3', DeleteOnTermination: false } }, { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5 } }] },
      want: {
        blockDeviceMappings: [
          { deviceName: '/dev/xvda', ebs: { volumeSize: 20, volumeType: 'gp3', deleteOnTermination: false } },
          { deviceName: '/dev/sdf', ebs: { volumeSize: 5 } },
        ],
      },
    },
    'instance store volumes, for the type to decide': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' }] }, want: { blockDeviceMappings: [{ deviceName: '/dev/sdb', virtualName: 'ephemeral0' }] } },
    'the mapping that leaves a device out': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdb', NoDevice: '' }] }, want: { blockDeviceMappings: [{ deviceName: '/dev/sdb', noDevice: true }] } },
    'what is so anyway': {
      input: {
        HibernationOptions: { Configured: false },
        EnclaveOptions: { Enabled: false },
        CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
        CapacityReservationSpecification: { CapacityReservationPreference: 'open' },
        MaintenanceOptions: { AutoRecovery: 'default' },
        PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true },
        NetworkPerformanceOptions: { BandwidthWeighting: 'default' },
        Ipv6AddressCount: 0,
      },
      want: {},
    },
  };
  for (const [name, { input, want }] of Object.entries(specs)) {
    it(`writes down ${name}`, async () => {
      const spec = await specOf(input);
      const shown = Object.fromEntries(Object.keys(want).map((field) => [field, spec[field as keyof typeof spec]]));
      assert.deepEqual(shown, want);
      if (Object.keys(want).length === 0) assert.deepEqual({ ...spec, launch: undefined }, { ...(await specOf({})), launch: undefined });
    });
  }

  describe('without a zone', () => {
    it('takes the zone with the fewest vCPUs of instances for its size', async () => {
      const busy = (name: string, availabilityZone: string): Instance => anInstance(name, { instanceType: 'm5.large', status: { availabilityZone } });
      const cluster = clusterOf({}, [busy('i-0000000000000000a', 'us-east-1a'), busy('i-0000000000000000b', 'us-east-1b')]);
      const { Instances } = await run({}, cluster);
      assert.equal(Instances?.[0]?.Placement?.AvailabilityZone, 'us-east-1b', '2 vCPUs on 8 CPUs are less than 2 on 4');
    });
    it('spreads calls that come at the same time', async () => {
      const cluster = clusterOf();
      const reservations = await Promise.all(Array.from({ length: 6 }, () => run({}, cluster)));
      const zones = reservations.map(({ Instances }) => Instances?.[0]?.Placement?.AvailabilityZone);
      assert.deepEqual(zones.toSorted(), ['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b', 'us-east-1b', 'us-east-1b']);
    });
    it('takes zone a of the region if no node names its zone', async () => {
      const cluster = new FakeCluster({ objects: [theAccount(), anAmi(EBS_AMI, ebs), anInstanceType('t3.micro'), aNode('plain')] });
      assert.equal((await run({}, cluster)).Instances?.[0]?.Placement?.AvailabilityZone, 'us-east-1a');
    });
    it('leaves it to the scheduler if no node could take it', async () => {
      const cluster = new FakeCluster({ objects: [theAccount(), anAmi(EBS_AMI, ebs), anInstanceType('t3.micro'), aNode('plain', { isReady: false })] });
      assert.equal((await run({}, cluster)).Instances?.[0]?.Placement?.AvailabilityZone, '');
    });
  });

  describe('with user data', () => {
    const text = '#!/bin/sh\necho "hello"\n';
    it('puts it into a labelled Secret before the Instance refers to it', async () => {
      const cluster = clusterOf();
      await run({ UserData: Buffer.from(text).toString('base64') }, cluster);
      const [instance] = instancesIn(cluster);
      const name = instance?.metadata.name ?? '';
      const secret = cluster.get(Secret, { namespace: NAMESPACE, name: `${name}-user-data` });
      assert.equal(Buffer.from(secret?.data?.['userdata'] ?? '', 'base64').toString(), text);
      assert.deepEqual(secret?.metadata?.labels, { [INSTANCE_ID_LABEL]: name });
      assert.deepEqual(instance?.spec.userDataSecretRef, { name: `${name}-user-data`, key: 'userdata' });
      assert.equal(instance?.spec.userData, undefined);
      assert.deepEqual(cluster.writes.map(({ kind }) => kind), ['Secret', 'Instance']);
    });
    it('takes 16 KB and line breaks in the base64', async () => {
      const data = Buffer.alloc(16384, 'x').toString('base64').replace(/(.{76})/g, '$1\n');
      assert.ok((await specOf({ UserData: data })).userDataSecretRef);
    });
    it('takes empty user data for none', async () => assert.equal((await specOf({ UserData: '' })).userDataSecretRef, undefined));
  });

  describe('with a client token', () => {
    const token = { ClientToken: 'retry-1' };
    it('answers a repeated call with the same instances', async () => {
      const cluster = clusterOf();
      const first = await run({ ...token, MinCount: 3, MaxCount: 3 }, cluster);
      const again = await run({ ...token, MinCount: 3, MaxCount: 3 }, cluster);
      assert.deepEqual(idsOf(again), idsOf(first));
      assert.equal(again.ReservationId, first.ReservationId);
      assert.equal(instancesIn(cluster).length, 3);
    });
    it('makes one set in calls at the same time, with user data too', async () => {
      const cluster = clusterOf();
      const input = { ...token, MinCount: 5, MaxCount: 5, UserData: Buffer.from('hi').toString('base64') };
      const reservations = await Promise.all(Array.from({ length: 4 }, () => run(input, cluster)));
      assert.equal(new Set(reservations.map((reservation) => idsOf(reservation).join())).size, 1);
      assert.equal(instancesIn(cluster).length, 5);
    });
    it('answers calls at the same time with the whole set, though less would do', async () => {
      const cluster = clusterOf();
      const input = { ...token, MinCount: 1, MaxCount: 20 };
      const reservations = await Promise.all([run(input, cluster), run(input, cluster), run(input, cluster)]);
      assert.deepEqual(reservations.map(({ Instances }) => Instances?.length), [20, 20, 20]);
    });
    it('makes one set even where each replica sees none of the other\'s', async () => {
      const cluster = clusterOf();
      const input = { ...minimal, ...token, MinCount: 2, MaxCount: 2 };
      const blind: Read = {
        get: (type, key) => cluster.get(type, key),
        list: (type, namespace) => cluster.list(type, namespace),
        byIndex: (index, value) => (index.name === 'reservation-id' ? [] : cluster.byIndex(index, value)),
      };
      const first = await runInstances(input, operationContext(cluster));
      const second = await runInstances(input, operationContext(cluster, { read: blind }));
      assert.deepEqual(idsOf(second), idsOf(first));
      await assert.rejects(runInstances({ ...input, InstanceType: 'm5.large' }, operationContext(cluster, { read: blind })), { code: 'IdempotentParameterMismatch' });
      assert.equal(instancesIn(cluster).length, 2, 'what others made is not taken back');
    });
    it('completes what a crash cut short', async () => {
      const cluster = clusterOf();
      const input = { ...token, MinCount: 4, MaxCount: 4 };
      const whole = await run(input, clusterOf());
      const one = await run(input, cluster);
      for (const { metadata } of instancesIn(cluster).slice(1, 3)) {
        await cluster.patch(Instance, { namespace: NAMESPACE, name: metadata.name }, { metadata: { finalizers: null } });
        await cluster.remove(Instance, { namespace: NAMESPACE, name: metadata.name });
      }
      assert.equal(instancesIn(cluster).length, 2);
      const again = await run(input, cluster);
      assert.deepEqual(idsOf(again).toSorted(), idsOf(one).toSorted());
      assert.deepEqual(idsOf(one), idsOf(whole), 'names follow from account and token');
    });
    for (const [name, other] of Object.entries({ 'another type': { InstanceType: 'm5.large' as const }, 'another count': { MaxCount: 2 }, 'other user data': { UserData: 'aGk=' } })) {
      it(`refuses ${name}`, async () => {
        const cluster = clusterOf();
        await run(token, cluster);
        await assert.rejects(run({ ...token, ...other }, cluster), { code: 'IdempotentParameterMismatch' });
        assert.equal(instancesIn(cluster).length, 1);
      });
    }
    it('does not mistake another account\'s call for its own', async () => {
      const other = new FakeCluster({ objects: [theAccount(), ...objects] });
      const mine = await run(token, clusterOf());
      const theirs = await runInstances({ ...minimal, ...token }, operationContext(other, { caller: { ...operationContext(other).caller, accountId: '999999999999' } }));
      assert.notDeepEqual(idsOf(mine), idsOf(theirs));
    });
  });

  describe('when a create fails', () => {
    const forbidden = (message: string): ApiError => new ApiError({ code: 403, reason: 'Forbidden', message });
    const unavailable = new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'connection lost' });
    const userData = Buffer.from('hi').toString('base64');

    it('makes none if not all can be made', async () => {
      const cluster = clusterOf();
      cluster.failNext('create', 'Instance', forbidden('no'));
      await assert.rejects(run({ MinCount: 3, MaxCount: 3, DisableApiTermination: true, UserData: userData }, cluster), { name: 'ApiError', code: 403 });
      const living = instancesIn(cluster).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      assert.deepEqual(living, []);
      assert.ok(instancesIn(cluster).every(({ spec }) => !spec.disableApiTermination));
      assert.deepEqual(cluster.list(Secret, NAMESPACE), []);
    });
    it('keeps what it could make down to MinCount', async () => {
      const cluster = clusterOf();
      cluster.failNext('create', 'Instance', forbidden('no'));
      const { Instances = [] } = await run({ MinCount: 2, MaxCount: 4 }, cluster);
      assert.equal(Instances.length, 3);
      assert.equal(instancesIn(cluster).length, 3);
    });
    it('leaves nothing behind that it does not tell of, although it does not know what became of a create', async () => {
      const cluster = clusterOf();
      let calls = 0;
      const losing = {
        ...operationContext(cluster).write,
        create: async (type: typeof Instance, object: Instance) => {
          calls += 1;
          const isSecond = calls === 2;
          const created = await cluster.create(type, object);
          if (isSecond) throw unavailable;
          return created;
        },
        patch: cluster.patch.bind(cluster),
        remove: cluster.remove.bind(cluster),
      };
      const { Instances = [] } = await runInstances({ ...minimal, MinCount: 1, MaxCount: 3 }, operationContext(cluster, { write: losing as never }));
      const living = instancesIn(cluster).filter(({ metadata }) => metadata.deletionTimestamp === undefined);
      assert.deepEqual(living.map(({ metadata }) => metadata.name), Instances.map(({ InstanceId }) => InstanceId));
      assert.equal(living.length, 2);
    });
    it('takes a ResourceQuota\'s refusal for the instance limit', async () => {
      const cluster = clusterOf();
      cluster.failNext('create', 'Instance', forbidden('instances.kube-ec2.io "x" is forbidden: exceeded quota: limit'));
      await assert.rejects(run({}, cluster), { name: 'AwsError', code: 'InstanceLimitExceeded' });
    });
    it('asks to try again while a new ResourceQuota is being counted', async () => {
      const cluster = clusterOf();
      cluster.failNext('create', 'Instance', forbidden('instances.kube-ec2.io "x" is forbidden: status unknown for quota: few'));
      await assert.rejects(run({}, cluster), { name: 'AwsError', code: 'ServiceUnavailable', status: 503 });
    });
    it('does not take instances that are being removed for those of the next try', async () => {
      const cluster = clusterOf();
      const input = { ClientToken: 'removed', MinCount: 3, MaxCount: 3 };
      cluster.failNext('create', 'Instance', forbidden('no'));
      await assert.rejects(run(input, cluster), { name: 'ApiError' });
      await assert.rejects(run(input, cluster), { name: 'AwsError', code: 'ServiceUnavailable', status: 503 });
      for (const { metadata } of instancesIn(cluster)) await cluster.patch(Instance, { namespace: NAMESPACE, name: metadata.name }, { metadata: { finalizers: null } });
      assert.equal((await run(input, cluster)).Instances?.length, 3);
    });
    it('lets the client\'s next try complete a launch that the API server broke off', async () => {
      const cluster = clusterOf();
      const input = { ClientToken: 'again', MinCount: 3, MaxCount: 3 };
      cluster.failNext('create', 'Instance', unavailable);
      await assert.rejects(run(input, cluster), { name: 'ApiError', code: 0 });
      assert.equal(instancesIn(cluster).length, 2);
      assert.equal((await run(input, cluster)).Instances?.length, 3);
      assert.equal(instancesIn(cluster).length, 3);
    });
    it('takes all back without a token, since no next try would find it', async () => {
      const cluster = clusterOf();
      cluster.failNext('create', 'Instance', unavailable);
      await assert.rejects(run({ MinCount: 3, MaxCount: 3 }, cluster), { name: 'ApiError' });
      assert.ok(instancesIn(cluster).every(({ metadata }) => metadata.deletionTimestamp !== undefined));
    });
  });

  describe('within quotas', () => {
    const running = (name: string): Instance => anInstance(name);
    it('launches as many as there is room for', async () => {
      const { Instances = [] } = await run({ MinCount: 1, MaxCount: 10 }, clusterOf({ instances: 4 }, [running('i-0000000000000000a')]));
      assert.equal(Instances.length, 3);
    });
    it('counts neither terminated instances nor the vCPUs of stopped ones', async () => {
      const gone = anInstance('i-0000000000000000a', { powerState: 'terminated', status: { state: 'terminated' } });
      const stopped = anInstance('i-0000000000000000b', { powerState: 'stopped', status: { state: 'stopped' } });
      const { Instances = [] } = await run({ MinCount: 1, MaxCount: 10 }, clusterOf({ instances: 4, vcpus: 4 }, [gone, stopped]));
      assert.equal(Instances.length, 2);
    });
    it('does not exceed them by calls at the same time', async () => {
      const cluster = clusterOf({ instances: 3 });
      const results = await Promise.allSettled(Array.from({ length: 6 }, () => run({}, cluster)));
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 3);
      assert.equal(instancesIn(cluster).length, 3);
    });
    it('counts the same launch once, however often it is called at the same time', async () => {
      const cluster = clusterOf({ instances: 2 });
      const input = { ClientToken: 'once', MinCount: 2, MaxCount: 2 };
      const reservations = await Promise.all([run(input, cluster), run(input, cluster)]);
      assert.deepEqual(idsOf(reservations[0]), idsOf(reservations[1]));
    });
  });

  const refusals: Record<string, { input: Partial<RunInstancesRequest>; quotas?: { instances?: number; vcpus?: number }; code: string; message: RegExp }> = {
    'no image': { input: { ImageId: undefined }, code: 'MissingParameter', message: /ImageId/ },
    'a malformed image id': { input: { ImageId: 'debian' }, code: 'InvalidAMIID.Malformed', message: /Invalid id: "debian"/ },
    'an unknown image': { input: { ImageId: 'ami-0000000000000000e' }, code: 'InvalidAMIID.NotFound', message: /'\[ami-0000000000000000e\]' does not exist/ },
    'an image of somebody else': { input: { ImageId: 'ami-0000000000000000f' }, code: 'InvalidAMIID.NotFound', message: /does not exist/ },
    'an image that is not ready': { input: { ImageId: PENDING_AMI }, code: 'InvalidAMIID.Unavailable', message: /not available/ },
    'a shared image whose root cannot be cloned': { input: { ImageId: SHARED_EBS_AMI }, code: 'UnsupportedOperation', message: /another account/ },
    'an unknown type': { input: { InstanceType: 'x9.huge' as never }, code: 'InvalidParameterValue', message: /do not exist: \[x9\.huge\]/ },
    'a type of another architecture': { input: { ImageId: ARM_AMI }, code: 'InvalidParameterValue', message: /'x86_64' of the specified instance type does not match the architecture 'arm64'/ },
    'an unknown key': { input: { KeyName: 'nope' }, code: 'InvalidKeyPair.NotFound', message: /^The key pair 'nope' does not exist$/ },
    'an unknown group': { input: { SecurityGroupIds: ['sg-0000000000000000e'] }, code: 'InvalidGroup.NotFound', message: /'sg-0000000000000000e' does not exist/ },
    'an unknown group name': { input: { SecurityGroups: ['nope'] }, code: 'InvalidGroup.NotFound', message: /'nope' does not exist/ },
    'a malformed group id': { input: { SecurityGroupIds: ['web'] }, code: 'InvalidGroupId.Malformed', message: /"web"/ },
    'a subnet': { input: { SubnetId: 'subnet-00000000000000009' }, code: 'InvalidSubnetID.NotFound', message: /'subnet-00000000000000009' does not exist/ },
    'groups beside network interfaces': {
      input: { SecurityGroupIds: [GROUP], NetworkInterfaces: [{ DeviceIndex: 0 }] },
      code: 'InvalidParameterCombination',
      message: /Network interfaces/,
    },
    'two network interfaces': { input: { NetworkInterfaces: [{ DeviceIndex: 0 }, { DeviceIndex: 1 }] }, code: 'UnsupportedOperation', message: /More than one/ },
    'an existing network interface': { input: { NetworkInterfaces: [{ NetworkInterfaceId: 'eni-00000000000000009' }] }, code: 'InvalidNetworkInterfaceID.NotFound', message: /eni-0/ },
    'a network interface with secondary addresses': { input: { NetworkInterfaces: [{ SecondaryPrivateIpAddressCount: 2 }] }, code: 'UnsupportedOperation', message: /SecondaryPrivateIpAddressCount/ },
    'a network interface that stays': { input: { NetworkInterfaces: [{ DeleteOnTermination: false }] }, code: 'UnsupportedOperation', message: /Keeping/ },
    'an interface for HPC': { input: { NetworkInterfaces: [{ InterfaceType: 'efa' }] }, code: 'UnsupportedOperation', message: /efa/ },
    'an interface in a subnet': { input: { NetworkInterfaces: [{ SubnetId: 'subnet-00000000000000009' }] }, code: 'InvalidSubnetID.NotFound', message: /subnet-0/ },
    'a private address of one\'s own': { input: { PrivateIpAddress: '10.0.0.1' }, code: 'UnsupportedOperation', message: /private IP/ },
    'IPv6 addresses': { input: { Ipv6AddressCount: 1 }, code: 'UnsupportedOperation', message: /IPv6/ },
    'secondary interfaces': { input: { SecondaryInterfaces: [{}] }, code: 'UnsupportedOperation', message: /Secondary/ },
    'an instance profile': { input: { IamInstanceProfile: { Name: 'role' } }, code: 'InvalidParameterValue', message: /iamInstanceProfile\.name is invalid\. Invalid IAM Instance Profile name/ },
    'Spot': { input: { InstanceMarketOptions: { MarketType: 'spot' } }, code: 'UnsupportedOperation', message: /'spot'/ },
    'hibernation': { input: { HibernationOptions: { Configured: true } }, code: 'UnsupportedOperation', message: /Hibernation/ },
    'an enclave': { input: { EnclaveOptions: { Enabled: true } }, code: 'UnsupportedOperation', message: /Enclaves/ },
    'elastic GPUs': { input: { ElasticGpuSpecification: [{ Type: 'eg1.medium' }] }, code: 'UnsupportedOperation', message: /GPUs/ },
    'inference accelerators': { input: { ElasticInferenceAccelerators: [{ Type: 'eia1.medium' }] }, code: 'UnsupportedOperation', message: /inference/ },
    'licences': { input: { LicenseSpecifications: [{ LicenseConfigurationArn: 'arn' }] }, code: 'UnsupportedOperation', message: /License/ },
    'a capacity reservation': { input: { CapacityReservationSpecification: { CapacityReservationTarget: { CapacityReservationId: 'cr-1' } } }, code: 'UnsupportedOperation', message: /Capacity/ },
    'a kernel': { input: { KernelId: 'aki-1' }, code: 'UnsupportedOperation', message: /Kernel/ },
    'no recovery': { input: { MaintenanceOptions: { AutoRecovery: 'disabled' } }, code: 'UnsupportedOperation', message: /recovery/ },
    'bandwidth weighting': { input: { NetworkPerformanceOptions: { BandwidthWeighting: 'vpc-1' } }, code: 'UnsupportedOperation', message: /Bandwidth/ },
    'IP-based names': { input: { PrivateDnsNameOptions: { HostnameType: 'ip-name' } }, code: 'UnsupportedOperation', message: /resource name/ },
    'a managed instance': { input: { Operator: { Principal: 'x' } }, code: 'UnsupportedOperation', message: /Managed/ },
    'additional info': { input: { AdditionalInfo: 'x' }, code: 'UnsupportedOperation', message: /AdditionalInfo/ },
    'a launch template that is not there': { input: { LaunchTemplate: { LaunchTemplateName: 'x' } }, code: 'InvalidLaunchTemplateName.NotFoundException', message: /template name x/ },
    'a placement group': { input: { Placement: { GroupName: 'pg' } }, code: 'InvalidPlacementGroup.Unknown', message: /'pg' is unknown/ },
    'a host': { input: { Placement: { HostId: 'h-1' } }, code: 'InvalidHostID.NotFound', message: /h-1/ },
    'dedicated tenancy': { input: { Placement: { Tenancy: 'dedicated' } }, code: 'Unsupported', message: /not supported/ },
    'a partition without a group': { input: { Placement: { PartitionNumber: 1 } }, code: 'InvalidParameterCombination', message: /placement group/ },
    'an unknown zone': { input: { Placement: { AvailabilityZone: 'mars-1a' } }, code: 'InvalidParameterValue', message: /Invalid availability zone: \[mars-1a\]/ },
    'a zone and the id of another': { input: { Placement: { AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az2' } }, code: 'InvalidParameterValue', message: /us-east-1a, use1-az2/ },
    'CPU options that the type does not have': { input: { CpuOptions: { CoreCount: 1, ThreadsPerCore: 2 } }, code: 'Unsupported', message: /2 cores with 1 threads/ },
    'credits of a type without any': { input: { InstanceType: 'm5.large', CreditSpecification: { CpuCredits: 'standard' } }, code: 'InvalidParameterCombination', message: /m5\.large/ },
    'credits of an unknown kind': { input: { CreditSpecification: { CpuCredits: 'endless' } }, code: 'InvalidParameterValue', message: /endless/ },
    'an unknown shutdown behaviour': { input: { InstanceInitiatedShutdownBehavior: 'explode' as never }, code: 'InvalidParameterValue', message: /explode/ },
    'a stop of an instance-store root': { input: { ImageId: STORE_AMI, InstanceInitiatedShutdownBehavior: 'stop' }, code: 'UnsupportedOperation', message: /instance-store/ },
    'metadata options that are none': { input: { MetadataOptions: { HttpTokens: 'never' as never } }, code: 'InvalidParameterValue', message: /metadataOptions\.httpTokens/ },
    'a hop limit out of bounds': { input: { MetadataOptions: { HttpPutResponseHopLimit: 65 } }, code: 'InvalidParameterValue', message: /httpPutResponseHopLimit/ },
    'user data that is no base64': { input: { UserData: '#!/bin/sh' }, code: 'InvalidUserData.Malformed', message: /BASE64/ },
    'more than 16 KB of user data': { input: { UserData: Buffer.alloc(16385).toString('base64') }, code: 'InvalidParameterValue', message: /limited to 16384 bytes/ },
    'tags of something else': { input: { TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: 'a' }] }] }, code: 'InvalidParameterValue', message: /'snapshot'/ },
    'a reserved tag': { input: { TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'AWS:x' }] }] }, code: 'InvalidParameterValue', message: /reserved/ },
    'a root that is too small': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 7 } }] }, code: 'InvalidBlockDeviceMapping', message: /expect size >= 8GB/ },
    'a mapping without a device': { input: { BlockDeviceMappings: [{ Ebs: { VolumeSize: 7 } }] }, code: 'InvalidBlockDeviceMapping', message: /device name/ },
    'two mappings of a device': {
      input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeSize: 7 } }, { DeviceName: 'sdf', Ebs: { VolumeSize: 7 } }] },
      code: 'InvalidBlockDeviceMapping',
      message: /more than one/,
    },
    'a mapping of nothing': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdf' }] }, code: 'InvalidBlockDeviceMapping', message: /exactly one/ },
    'a root left out': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', NoDevice: '' }] }, code: 'InvalidBlockDeviceMapping', message: /root device/ },
    'an instance store volume for the root': { input: { BlockDeviceMappings: [{ DeviceName: 'xvda', VirtualName: 'ephemeral0' }] }, code: 'InvalidBlockDeviceMapping', message: /root/ },
    'an unknown virtual name': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', VirtualName: 'disk0' }] }, code: 'InvalidBlockDeviceMapping', message: /disk0/ },
    'a device name of another form': { input: { BlockDeviceMappings: [{ DeviceName: 'C:', Ebs: { VolumeSize: 7 } }] }, code: 'InvalidBlockDeviceMapping', message: /'C:'/ },
    'a volume without a size': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: {} }] }, code: 'InvalidBlockDeviceMapping', message: /size/ },
    'a volume on an instance-store root': { input: { ImageId: STORE_AMI, BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 9 } }] }, code: 'InvalidBlockDeviceMapping', message: /instance store/ },
    'an unknown snapshot': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { SnapshotId: 'snap-00000000000000001' } }] }, code: 'InvalidSnapshot.NotFound', message: /snap-00000000000000001/ },
    'another snapshot for the root': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: 'snap-1' } }] }, code: 'InvalidBlockDeviceMapping', message: /snapshotId/ },
    'encryption': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true } }] }, code: 'UnsupportedOperation', message: /Encryption/ },
    'IOPS of a type without any': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp2', Iops: 200 } }] }, code: 'InvalidParameterCombination', message: /iops/ },
    'provisioned IOPS without a figure': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'io1' } }] }, code: 'MissingParameter', message: /iops/ },
    'throughput of a type without any': { input: { BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeType: 'gp2', Throughput: 200 } }] }, code: 'InvalidParameterCombination', message: /throughput/ },
    'a maximum that is no 32-bit integer': { input: { MaxCount: 99_999_999_999 }, code: 'InvalidParameterValue', message: /maxCount.* 2147483647/ },
    'no instances at all': { input: { MinCount: 0 }, code: 'InvalidParameterValue', message: /minCount/ },
    'half an instance': { input: { MaxCount: 1.5 }, code: 'InvalidParameterValue', message: /maxCount/ },
    'more at least than at most': { input: { MinCount: 2, MaxCount: 1 }, code: 'InvalidParameterValue', message: /must not exceed/ },
    'more than one call may launch': { input: { MinCount: 1001, MaxCount: 1001 }, code: 'InstanceLimitExceeded', message: /1000/ },
    'more than the account may have': { input: { MinCount: 3, MaxCount: 3 }, quotas: { instances: 2 }, code: 'InstanceLimitExceeded', message: /\(3\).*limit of 2/ },
    'more vCPUs than the account may have': { input: { MinCount: 2, MaxCount: 2 }, quotas: { vcpus: 3 }, code: 'VcpuLimitExceeded', message: /limit of 3/ },
    'a token that is too long': { input: { ClientToken: 'x'.repeat(65) }, code: 'InvalidParameterValue', message: /ClientToken/ },
    'a token beyond ASCII': { input: { ClientToken: 'é' }, code: 'InvalidParameterValue', message: /ASCII/ },
  };
  for (const [name, { input, quotas, code, message }] of Object.entries(refusals)) {
    it(`refuses ${name} and makes nothing`, async () => {
      const cluster = clusterOf(quotas);
      await assert.rejects(run(input, cluster), { name: /^(AwsError|Refusal)$/, code, message });
      assert.deepEqual(cluster.writes, []);
    });
  }

  it('launches an image that another account shares', async () => assert.equal((await specOf({ ImageId: SHARED_AMI })).imageId, SHARED_AMI));
});
