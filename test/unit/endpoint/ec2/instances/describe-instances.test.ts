import assert from 'node:assert/strict';
import type { DescribeInstancesRequest, Filter, Instance as SdkInstance } from '@aws-sdk/client-ec2';
import { ec2IdFrom } from '../../../../../operator/api/ec2-id.ts';
import { describeInstances } from '../../../../../operator/endpoint/ec2/instances/DescribeInstances.ts';
import { instanceFilters } from '../../../../../operator/endpoint/ec2/instances/instance-filters.ts';
import { Instance } from '../../../../../operator/kubernetes/resources.ts';
import { anAmi, anInstanceType, theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { aSecurityGroup, anInstance } from '../../../../support/instance-objects.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext } from '../../../../support/operation-context.ts';
import { anAttachedVolume } from '../../../../support/volume-objects.ts';

const AMI = 'ami-00000000000000001';
const RUNNING = 'i-00000000000000001';
const SECOND = 'i-00000000000000002';
const STOPPED = 'i-00000000000000003';
const TERMINATED = 'i-00000000000000004';
const RESERVATION = 'r-00000000000000001';
const GROUP = 'sg-00000000000000001';
const DEFAULT_GROUP = 'sg-00000000000000002';
const WEB_ID = ec2IdFrom('i', 'uid-web');

const launch = { reservationId: RESERVATION, launchIndex: 0, clientToken: 'token-1', parametersHash: 'hash' };
const runningStatus = {
  state: 'running' as const,
  imageId: AMI,
  architecture: 'x86_64',
  instanceType: 't3.micro',
  securityGroupIds: [GROUP],
  launchTime: '2026-01-01T00:01:00Z',
  availabilityZone: 'us-east-1a',
  privateIpAddress: '10.0.0.5',
  privateDnsName: `${RUNNING}.instances.acme.svc.cluster.local`,
  macAddress: '02:00:00:00:00:01',
  rootDeviceName: '/dev/xvda',
  rootDeviceType: 'ebs' as const,
};
const objects = [
  theAccount(),
  anAmi(AMI, { source: { persistentVolumeClaim: { claimName: 'disk' } } }),
  anInstanceType('t3.micro', { cpu: 2 }),
  aSecurityGroup(GROUP, { groupName: 'web' }),
  aSecurityGroup(DEFAULT_GROUP, { groupName: 'default' }),
  anInstance(RUNNING, { launch, keyName: 'ops', securityGroupIds: [GROUP], tags: [{ key: 'team', value: 'a' }], ebsOptimized: true, status: runningStatus }),
  anInstance(SECOND, { launch: { ...launch, launchIndex: 1 }, instanceType: 'm5.large', monitoring: true, creationTimestamp: '2026-01-01T00:00:01Z' }),
  anInstance(STOPPED, {
    launch: { reservationId: 'r-00000000000000002', launchIndex: 0 },
    powerState: 'stopped',
    creationTimestamp: '2026-01-02T00:00:00Z',
    status: {
      state: 'stopped',
      stateReason: { code: 'Client.UserInitiatedShutdown', message: 'Client.UserInitiatedShutdown: User initiated shutdown' },
      stateTransitionTime: '2026-01-03T04:05:06Z',
    },
  }),
  anInstance(TERMINATED, {
    launch: { reservationId: 'r-00000000000000003', launchIndex: 0 },
    powerState: 'terminated',
    creationTimestamp: '2026-01-03T00:00:00Z',
    status: { ...runningStatus, state: 'terminated' },
  }),
  anInstance('web', { creationTimestamp: '2026-01-04T00:00:00Z', imageId: 'golden', status: { state: 'pending' } }),
  anAttachedVolume('vol-00000000000000001', RUNNING, '/dev/xvda'),
  anInstance('i-0000000000000000f', { namespace: 'stranger' }),
  anAmi('golden', { rootDeviceName: '/dev/sda1', architecture: 'arm64', bootMode: 'uefi', platform: 'windows' }),
];
const ALL = [RUNNING, SECOND, STOPPED, TERMINATED, WEB_ID];

function clusterOf(...more: Instance[]): FakeCluster {
  return new FakeCluster({ objects: [...objects, ...more] });
}

const cluster = clusterOf();
const context = operationContext(cluster);

async function instancesOf(input: DescribeInstancesRequest, where = context): Promise<SdkInstance[]> {
  const { Reservations } = await describeInstances(input, where);
  return (Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
}

const idsOf = async (input: DescribeInstancesRequest): Promise<(string | undefined)[]> => (await instancesOf(input)).map(({ InstanceId }) => InstanceId);

async function theInstance(id: string): Promise<SdkInstance> {
  const [instance] = await instancesOf({ InstanceIds: [id] });
  return instance ?? assert.fail(`no instance ${id}`);
}

describe('DescribeInstances', () => {
  it('lists all instances of the account in the order of their making, and nobody else\'s', async () => assert.deepEqual(await idsOf({}), ALL));

  it('groups the instances of one call into one reservation', async () => {
    const { Reservations } = await describeInstances({}, context);
    assert.deepEqual(
      Reservations?.map(({ ReservationId, OwnerId, Instances }) => [ReservationId, OwnerId, Instances?.length]),
      [
        [RESERVATION, ACCOUNT_ID, 2],
        ['r-00000000000000002', ACCOUNT_ID, 1],
        ['r-00000000000000003', ACCOUNT_ID, 1],
        [ec2IdFrom('r', 'uid-web'), ACCOUNT_ID, 1],
      ],
    );
  });

  it('shows a running instance with all that clients need', async () => {
    const instance = await theInstance(RUNNING);
    const { NetworkInterfaces, ...rest } = instance;
    assert.deepEqual(rest, {
      InstanceId: RUNNING,
      ImageId: AMI,
      State: { Code: 16, Name: 'running' },
      StateTransitionReason: '',
      InstanceType: 't3.micro',
      KeyName: 'ops',
      AmiLaunchIndex: 0,
      LaunchTime: new Date('2026-01-01T00:01:00Z'),
      Placement: { AvailabilityZone: 'us-east-1a', AvailabilityZoneId: 'use1-az1', GroupName: '', Tenancy: 'default' },
      Architecture: 'x86_64',
      PlatformDetails: 'Linux/UNIX',
      VirtualizationType: 'hvm',
      Hypervisor: 'xen',
      BootMode: 'legacy-bios',
      CurrentInstanceBootMode: 'legacy-bios',
      CpuOptions: { CoreCount: 2, ThreadsPerCore: 1 },
      EbsOptimized: true,
      EnaSupport: false,
      SourceDestCheck: true,
      PrivateDnsName: `${RUNNING}.instances.acme.svc.cluster.local`,
      PublicDnsName: '',
      PrivateIpAddress: '10.0.0.5',
      SecurityGroups: [{ GroupId: GROUP, GroupName: 'web' }],
      RootDeviceName: '/dev/xvda',
      RootDeviceType: 'ebs',
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeId: 'vol-00000000000000001', Status: 'attached', AttachTime: new Date('2026-01-01T00:00:30Z'), DeleteOnTermination: true } },
      ],
      Monitoring: { State: 'disabled' },
      MetadataOptions: {
        State: 'applied',
        HttpTokens: 'required',
        HttpPutResponseHopLimit: 2,
        HttpEndpoint: 'enabled',
        HttpProtocolIpv6: 'disabled',
        InstanceMetadataTags: 'disabled',
      },
      PrivateDnsNameOptions: { HostnameType: 'resource-name', EnableResourceNameDnsARecord: true, EnableResourceNameDnsAAAARecord: false },
      MaintenanceOptions: { AutoRecovery: 'default' },
      HibernationOptions: { Configured: false },
      EnclaveOptions: { Enabled: false },
      ClientToken: 'token-1',
      ProductCodes: [],
      Tags: [{ Key: 'team', Value: 'a' }],
    });
    const [card] = NetworkInterfaces ?? [];
    assert.match(card?.NetworkInterfaceId ?? '', /^eni-[0-9a-f]{17}$/);
    assert.match(card?.Attachment?.AttachmentId ?? '', /^eni-attach-[0-9a-f]{17}$/);
    assert.equal(card?.Attachment?.DeviceIndex, 0);
    assert.equal(card?.MacAddress, '02:00:00:00:00:01');
    assert.deepEqual(card?.PrivateIpAddresses, [{ Primary: true, PrivateDnsName: instance.PrivateDnsName, PrivateIpAddress: '10.0.0.5' }]);
    assert.deepEqual(card?.Groups, [{ GroupId: GROUP, GroupName: 'web' }]);
    assert.equal(card?.Association, undefined);
  });

  it('shows an instance made with kubectl by derived ids, a Name tag, and the image its name refers to', async () => {
    const { InstanceId, ImageId, Tags, Placement, PrivateDnsName, Architecture, Platform, RootDeviceName, RootDeviceType, SecurityGroups, ClientToken } =
      await theInstance(WEB_ID);
    assert.deepEqual(
      { InstanceId, ImageId, Tags, Placement, PrivateDnsName, Architecture, Platform, RootDeviceName, SecurityGroups, ClientToken },
      {
        InstanceId: WEB_ID,
        ImageId: ec2IdFrom('ami', 'uid-golden'),
        Tags: [{ Key: 'Name', Value: 'web' }],
        Placement: { AvailabilityZone: '', GroupName: '', Tenancy: 'default' },
        PrivateDnsName: '',
        Architecture: 'arm64',
        Platform: 'windows',
        RootDeviceName: '/dev/sda1',
        SecurityGroups: [{ GroupId: DEFAULT_GROUP, GroupName: 'default' }],
        ClientToken: '',
      },
    );
    assert.equal(RootDeviceType, 'ebs', 'what the controllers found goes before the image');
  });

  it('takes addresses, groups and disks away from a terminated instance', async () => {
    const { State, PrivateIpAddress, PrivateDnsName, NetworkInterfaces, SecurityGroups, BlockDeviceMappings } = await theInstance(TERMINATED);
    assert.deepEqual(State, { Code: 48, Name: 'terminated' });
    assert.deepEqual([PrivateIpAddress, PrivateDnsName, NetworkInterfaces, SecurityGroups, BlockDeviceMappings], [undefined, '', [], [], []]);
  });

  it('says who stopped an instance and when', async () => {
    const { StateTransitionReason, StateReason } = await theInstance(STOPPED);
    assert.equal(StateTransitionReason, 'User initiated (2026-01-03 04:05:06 GMT)');
    assert.equal(StateReason?.Code, 'Client.UserInitiatedShutdown');
  });

  const filterCases: Record<string, { filters: Filter[]; want: string[] }> = {
    'by state': { filters: [{ Name: 'instance-state-name', Values: ['running', 'stopped'] }], want: [RUNNING, SECOND, STOPPED] },
    'by state code': { filters: [{ Name: 'instance-state-code', Values: ['48'] }], want: [TERMINATED] },
    'by a tag and a state': { filters: [{ Name: 'tag:team', Values: ['a'] }, { Name: 'instance-state-name', Values: ['running'] }], want: [RUNNING] },
    'by the Name tag that kubectl\'s name is': { filters: [{ Name: 'tag:Name', Values: ['w*'] }], want: [WEB_ID] },
    'by the Name tag that kubectl\'s name is, literally': { filters: [{ Name: 'tag:Name', Values: ['web'] }], want: [WEB_ID] },
    'by several values of a tag, one of them twice': { filters: [{ Name: 'tag:team', Values: ['a', 'b', 'a'] }], want: [RUNNING] },
    'by two tags': { filters: [{ Name: 'tag:team', Values: ['a'] }, { Name: 'tag:Name', Values: ['web'] }], want: [] },
    'by one tag twice': { filters: [{ Name: 'tag:team', Values: ['a'] }, { Name: 'tag:team', Values: ['b'] }], want: [] },
    'by a tag literally and with a wildcard': { filters: [{ Name: 'tag:team', Values: ['x', '?'] }], want: [RUNNING] },
    'by type with a wildcard': { filters: [{ Name: 'instance-type', Values: ['m5.*'] }], want: [SECOND] },
    'by client token': { filters: [{ Name: 'client-token', Values: ['token-1'] }], want: [RUNNING, SECOND] },
    'by group': { filters: [{ Name: 'instance.group-id', Values: [GROUP] }], want: [RUNNING] },
    'by group name': { filters: [{ Name: 'instance.group-name', Values: ['default'] }], want: [SECOND, STOPPED, WEB_ID] },
    'by day of launch': { filters: [{ Name: 'launch-time', Values: ['2026-01-01T*'] }, { Name: 'key-name', Values: ['ops'] }], want: [RUNNING] },
    'by volume': { filters: [{ Name: 'block-device-mapping.volume-id', Values: ['vol-00000000000000001'] }], want: [RUNNING] },
    'by zone': { filters: [{ Name: 'availability-zone', Values: ['us-east-1a'] }, { Name: 'instance-state-name', Values: ['running'] }], want: [RUNNING] },
    'by private address': { filters: [{ Name: 'private-ip-address', Values: ['10.0.0.5'] }], want: [RUNNING] },
    'by reservation': { filters: [{ Name: 'reservation-id', Values: [RESERVATION] }], want: [RUNNING, SECOND] },
    'by monitoring': { filters: [{ Name: 'monitoring-state', Values: ['enabled'] }], want: [SECOND] },
    'by platform': { filters: [{ Name: 'platform', Values: ['windows'] }], want: [WEB_ID] },
    'by a thing that nothing has here': { filters: [{ Name: 'vpc-id', Values: ['*'] }], want: [] },
    'an id that misses the filter gives nothing': { filters: [{ Name: 'instance-id', Values: [RUNNING] }, { Name: 'instance-type', Values: ['m5.large'] }], want: [] },
  };
  for (const [name, { filters, want }] of Object.entries(filterCases)) {
    it(`filters ${name}`, async () => assert.deepEqual(await idsOf({ Filters: filters }), want));
  }

  it('ANDs ids and filters', async () => {
    assert.deepEqual(await idsOf({ InstanceIds: [RUNNING, STOPPED], Filters: [{ Name: 'instance-state-name', Values: ['stopped'] }] }), [STOPPED]);
    assert.deepEqual(await idsOf({ InstanceIds: [RUNNING], Filters: [{ Name: 'instance-state-name', Values: ['stopped'] }] }), []);
  });

  it('has a value for each filter of what a running instance has, and text for each', async () => {
    const [instance] = await instancesOf({ InstanceIds: [RUNNING] });
    assert.ok(instance);
    for (const [name, valuesOf] of Object.entries(instanceFilters)) {
      const view = { instance: cluster.get(Instance, { namespace: NAMESPACE, name: RUNNING }) ?? assert.fail(), sdk: instance, reservation: { OwnerId: ACCOUNT_ID }, publicAddress: undefined, interfaceTags: [] };
      for (const value of valuesOf(view)) assert.ok(value === undefined || (typeof value === 'string' && value !== 'undefined'), name);
    }
  });

  it('pages by instance, stable while instances come and go', async () => {
    const many = Array.from({ length: 7 }, (_, index) => anInstance(`i-1000000000000000${index}`, { creationTimestamp: `2026-02-01T00:00:0${index}Z` }));
    const where = operationContext(clusterOf(...many));
    const first = await describeInstances({ MaxResults: 5 }, where);
    const later = operationContext(clusterOf(...many.slice(1), anInstance('i-20000000000000000', { creationTimestamp: '2025-01-01T00:00:00Z' })));
    const second = await describeInstances({ MaxResults: 1000, ...(first.NextToken !== undefined && { NextToken: first.NextToken }) }, later);
    const ids = second.Reservations?.flatMap(({ Instances }) => (Instances ?? []).map(({ InstanceId }) => InstanceId));
    assert.deepEqual(ids, many.slice(1).map(({ metadata }) => metadata.name));
    assert.equal('NextToken' in second, false);
  });

  it('shows a change at once, of the instance and of what it refers to', async () => {
    const changing = clusterOf();
    const where = operationContext(changing);
    const before = await instancesOf({ InstanceIds: [RUNNING] }, where);
    assert.equal((await instancesOf({ InstanceIds: [RUNNING] }, where))[0], before[0], 'what did not change is not built again');
    changing.add(aSecurityGroup(GROUP, { groupName: 'renamed' }));
    assert.deepEqual((await instancesOf({ InstanceIds: [RUNNING] }, where))[0]?.SecurityGroups, [{ GroupId: GROUP, GroupName: 'renamed' }]);
    await changing.patch(Instance, { namespace: NAMESPACE, name: RUNNING }, { spec: { tags: [] } });
    assert.deepEqual((await instancesOf({ InstanceIds: [RUNNING] }, where))[0]?.Tags, []);
  });

  const refusals: Record<string, { input: DescribeInstancesRequest; code: string; message: RegExp }> = {
    'a malformed id': { input: { InstanceIds: ['x'] }, code: 'InvalidInstanceID.Malformed', message: /^Invalid id: "x"$/ },
    'an unknown id': { input: { InstanceIds: ['i-0000000000000000e'] }, code: 'InvalidInstanceID.NotFound', message: /'i-0000000000000000e' does not exist/ },
    'an id of another account': { input: { InstanceIds: ['i-0000000000000000f'] }, code: 'InvalidInstanceID.NotFound', message: /does not exist/ },
    'an unknown filter': { input: { Filters: [{ Name: 'nope', Values: ['x'] }] }, code: 'InvalidParameterValue', message: /The filter 'nope' is invalid/ },
    'too small a page': { input: { MaxResults: 4 }, code: 'InvalidParameterValue', message: /between 5 and 1000/ },
    'too large a page': { input: { MaxResults: 1001 }, code: 'InvalidParameterValue', message: /between 5 and 1000/ },
    'a page of named instances': { input: { MaxResults: 5, InstanceIds: [RUNNING] }, code: 'InvalidParameterCombination', message: /instancesSet/ },
    'a made-up token': { input: { NextToken: 'abc' }, code: 'InvalidNextToken', message: /NextToken/ },
  };
  for (const [name, { input, code, message }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(describeInstances(input, context), { name: 'AwsError', code, message }));
  }
});
