import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import * as sts from '@aws-sdk/client-sts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { watchAnswers } from '../support/checked-client.ts';
import { REGION, sharedCloud, type TenantClients } from '../support/cloud.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { errorIn, formOf, postSigned, type RawAnswer } from '../support/signed-request.ts';
import { openForEachTry } from '../support/tries.ts';

/** Order of EC2's states within one change of power. */
const ORDERS = { launch: ['pending', 'running'], stop: ['running', 'stopping', 'stopped'], start: ['stopped', 'pending', 'running'], end: ['running', 'shutting-down', 'terminated'] };

/** What naive endpoints get wrong and clients fall over: a row for each that no other test has. Numbers are those of the list in the notes on clients. */
describe('what clients stumble over', () => {
  let tenant: TenantClients;
  let client: ec2.EC2Client;
  let accountId: string;
  let raw: (action: string, parameters?: Record<string, string>) => Promise<RawAnswer>;
  const watched = { called: new Set<string>(), violations: [] as string[] };
  const patience = (): { client: ec2.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client, maxWaitTime: 180, minDelay: 1, maxDelay: 1 });
  const codeOf = async (act: Promise<unknown>): Promise<string> => act.then(() => 'no error', (error: Error) => error.name);
  const launch = async (input: Partial<ec2.RunInstancesCommandInput> = {}): Promise<ec2.Instance> => {
    const { Instances = [] } = await client.send(
      new ec2.RunInstancesCommand({ ImageId: tenant.account.ebsImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }),
    );
    return Instances[0] ?? assert.fail('no instance');
  };
  const describeOne = async (InstanceId: string): Promise<ec2.Instance> =>
    (await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [InstanceId] }))).Reservations?.[0]?.Instances?.[0] ?? assert.fail('no instance');
  /** States that a client sees when it asks without a pause, until the last of the order; a state outside of it fails. */
  const statesUntil = async (id: string, order: readonly string[]): Promise<string[]> => {
    const seen: string[] = [];
    await eventually(`${id} is ${order.at(-1) ?? ''}`, 120, async () => {
      for (let look = 0; look < 10; look += 1) {
        const state = (await describeOne(id)).State?.Name ?? '';
        if (seen.at(-1) !== state) seen.push(state);
      }
      return seen.at(-1) === order.at(-1);
    });
    return seen;
  };
  const assertInOrder = (seen: readonly string[], order: readonly string[]): void => {
    const positions = seen.map((state) => order.indexOf(state));
    assert.ok(!positions.includes(-1) && positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? 0)), `${seen.join()} within ${order.join()}`);
    assert.equal(seen.at(-1), order.at(-1));
  };

  /** One instance that stays, for all rows that only look. */
  let steady: ec2.Instance;
  let steadyId: string;

  openForEachTry(async () => {
    const cloud = await sharedCloud();
    tenant = await cloud.open('gotchas');
    client = tenant.ec2;
    ({ accountId } = tenant.account);
    watchAnswers(client, new ResponseChecker('@aws-sdk/client-ec2', ec2), watched);
    raw = async (action, parameters = {}) => postSigned(formOf(action, parameters), { endpointUrl: cloud.operator.endpointUrl, ...tenant.account });
    steadyId = (await launch({ TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'role', Value: 'steady' }] }] })).InstanceId ?? '';
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [steadyId] });
    steady = await describeOne(steadyId);
  });

  it('2: protection and shutdown behaviour of RunInstances are kept', async () => {
    const { InstanceId = '' } = await launch({ DisableApiStop: true, DisableApiTermination: true, InstanceInitiatedShutdownBehavior: 'terminate' });
    const attribute = async (Attribute: ec2.InstanceAttributeName): Promise<ec2.InstanceAttribute> => client.send(new ec2.DescribeInstanceAttributeCommand({ InstanceId, Attribute }));
    assert.equal((await attribute('disableApiStop')).DisableApiStop?.Value, true);
    assert.equal((await attribute('disableApiTermination')).DisableApiTermination?.Value, true);
    assert.equal((await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior?.Value, 'terminate');
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: false } }));
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('3: credits are told for a burstable instance, and UnsupportedOperation for another', async () => {
    const { InstanceCreditSpecifications } = await client.send(new ec2.DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [steadyId] }));
    assert.deepEqual(InstanceCreditSpecifications, [{ InstanceId: steadyId, CpuCredits: 'unlimited' }]);
    const { InstanceId = '' } = await launch({ InstanceType: 'm5.large' });
    assert.equal(await codeOf(client.send(new ec2.DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [InstanceId] }))), 'UnsupportedOperation');
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it("4: a type that an instance has is described once, with all that Terraform's data source takes for granted", async () => {
    const { InstanceTypes = [] } = await client.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: ['t3.micro'] }));
    assert.equal(InstanceTypes.length, 1);
    const [type] = InstanceTypes;
    assert.equal(type?.BurstablePerformanceSupported, true);
    assert.deepEqual(type.ProcessorInfo?.SupportedArchitectures, ['x86_64']);
    for (const part of ['VCpuInfo', 'MemoryInfo', 'EbsInfo', 'NetworkInfo', 'PlacementGroupInfo'] as const) assert.ok(type[part], part);
  });

  it('6, 7: states come in order, however often one looks', async () => {
    const { InstanceId = '' } = await launch();
    const InstanceIds = [InstanceId];
    assertInOrder(await statesUntil(InstanceId, ORDERS.launch), ORDERS.launch);
    await client.send(new ec2.StopInstancesCommand({ InstanceIds }));
    assertInOrder(await statesUntil(InstanceId, ORDERS.stop), ORDERS.stop);
    await client.send(new ec2.StartInstancesCommand({ InstanceIds }));
    assertInOrder(await statesUntil(InstanceId, ORDERS.start), ORDERS.start);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
    assertInOrder(await statesUntil(InstanceId, ORDERS.end), ORDERS.end);
  });

  it('8: TerminateInstances answers each id with where it goes, also a second time', async () => {
    const { Instances = [] } = await client.send(new ec2.RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: 3, MaxCount: 3 }));
    const InstanceIds = Instances.map(({ InstanceId }) => InstanceId ?? '');
    for (let time = 0; time < 2; time += 1) {
      const { TerminatingInstances = [] } = await client.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
      assert.deepEqual(TerminatingInstances.map(({ InstanceId }) => InstanceId), InstanceIds);
      assert.ok(TerminatingInstances.every(({ CurrentState }) => ['shutting-down', 'terminated'].includes(CurrentState?.Name ?? '')));
    }
  });

  it("10: every device has its volume, which DescribeVolumes describes", async () => {
    const ids = (steady.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.VolumeId ?? assert.fail('no volume'));
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({ VolumeIds: ids }));
    assert.deepEqual(Volumes.map(({ VolumeId, State, Attachments = [] }) => [VolumeId, State, Attachments.map(({ InstanceId, Device }) => [InstanceId, Device])]), [[ids[0], 'in-use', [[steadyId, steady.RootDeviceName]]]]);
    for (const volume of Volumes) for (const member of ['Size', 'VolumeType', 'Encrypted', 'SnapshotId'] as const) assert.notEqual(volume[member], undefined, member);
  });

  it('11: interfaces have their attachment, and an association only with a public address', () => {
    assert.deepEqual(steady.NetworkInterfaces?.map(({ Attachment }) => Attachment?.DeviceIndex), [0]);
    assert.ok(steady.NetworkInterfaces?.every(({ Association }) => Association === undefined));
  });

  it('12, 13, 15: what must always be there is, from the first answer on, and what was not given is not', async () => {
    const launched = await launch({ ImageId: tenant.account.instanceStoreImageId });
    assert.match(launched.Placement?.AvailabilityZone ?? '', /^us-east-1[abc]$/);
    assert.match(launched.Placement?.AvailabilityZoneId ?? '', /^use1-az\d$/);
    assert.notEqual(launched.PrivateDnsName, undefined);
    const { body } = await raw('DescribeInstances', { 'InstanceId.1': launched.InstanceId ?? '' });
    assert.match(body, /<privateDnsName(\/>|>)/);
    const { UserData } = await client.send(new ec2.DescribeInstanceAttributeCommand({ InstanceId: launched.InstanceId, Attribute: 'userData' }));
    assert.equal(UserData?.Value, undefined);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [launched.InstanceId ?? ''] }));
    await ec2.waitUntilInstanceTerminated(patience(), { InstanceIds: [launched.InstanceId ?? ''] });
    assert.match((await raw('DescribeInstances', { 'InstanceId.1': launched.InstanceId ?? '' })).body, /<privateDnsName(\/>|><\/privateDnsName>)/);
  });

  it('14: groups have id and name, and VPC and subnet agree with what describes them', async () => {
    assert.ok(steady.SecurityGroups?.every(({ GroupId, GroupName }) => /^sg-[0-9a-f]{17}$/.test(GroupId ?? '') && GroupName === 'default'));
    const { Vpcs = [] } = await client.send(new ec2.DescribeVpcsCommand({ VpcIds: [steady.VpcId ?? ''] }));
    assert.deepEqual(Vpcs.map(({ VpcId, IsDefault, OwnerId }) => [VpcId, IsDefault, OwnerId]), [[steady.VpcId, true, accountId]]);
    const { Subnets = [] } = await client.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [steady.SubnetId ?? ''] }));
    assert.deepEqual(Subnets.map(({ VpcId, AvailabilityZone }) => [VpcId, AvailabilityZone]), [[steady.VpcId, steady.Placement?.AvailabilityZone]]);
    assert.deepEqual([steady.NetworkInterfaces?.[0]?.VpcId, steady.NetworkInterfaces?.[0]?.SubnetId], [steady.VpcId, steady.SubnetId]);
  });

  it('16: metadata options are applied, with all five', () => {
    const { State, ...options } = steady.MetadataOptions ?? {};
    assert.equal(State, 'applied');
    for (const name of ['HttpTokens', 'HttpEndpoint', 'HttpPutResponseHopLimit', 'HttpProtocolIpv6', 'InstanceMetadataTags'] as const) assert.notEqual(options[name], undefined, name);
  });

  it('17: where an instance of a template came from is in tags that only the service can write', async () => {
    const LaunchTemplateData = { ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano' } as const;
    const { LaunchTemplate } = await client.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: 'origin', LaunchTemplateData }));
    const { InstanceId = '' } = await launch({ ImageId: undefined, InstanceType: undefined, LaunchTemplate: { LaunchTemplateName: 'origin', Version: '$Latest' } });
    const tag = async (Key: string): Promise<(string | undefined)[]> =>
      ((await client.send(new ec2.DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [InstanceId] }, { Name: 'key', Values: [Key] }] }))).Tags ?? []).map(({ Value }) => Value);
    assert.deepEqual(await tag('aws:ec2launchtemplate:id'), [LaunchTemplate?.LaunchTemplateId]);
    assert.deepEqual(await tag('aws:ec2launchtemplate:version'), ['1']);
    assert.equal(await codeOf(client.send(new ec2.CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'aws:mine', Value: 'x' }] }))), 'InvalidParameterValue');
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('18: empty texts mean absent', async () => {
    const answer = await raw('RunInstances', {
      ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: '1', MaxCount: '1',
      SubnetId: '', KeyName: '', UserData: '', 'IamInstanceProfile.Name': '', 'Placement.AvailabilityZone': '', 'Placement.GroupName': '', 'BlockDeviceMapping.1.DeviceName': '/dev/sdb', 'BlockDeviceMapping.1.NoDevice': '',
    });
    assert.equal(answer.status, 200, answer.body);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [/<instanceId>([^<]+)/.exec(answer.body)?.[1] ?? ''] }));
  });

  it('19: tags for instance, volume and interface at once, and what an interface specification says', async () => {
    const tagged = (['instance', 'volume', 'network-interface'] as const).map((ResourceType) => ({ ResourceType, Tags: [{ Key: 'cluster', Value: ResourceType }] }));
    const { SecurityGroups = [] } = await client.send(new ec2.DescribeSecurityGroupsCommand({ GroupNames: ['default'] }));
    const NetworkInterfaces = [{ DeviceIndex: 0, SubnetId: steady.SubnetId, Groups: [SecurityGroups[0]?.GroupId ?? ''], AssociatePublicIpAddress: false }];
    const launched = await launch({ TagSpecifications: tagged, NetworkInterfaces });
    assert.deepEqual([launched.SubnetId, launched.SecurityGroups?.map(({ GroupName }) => GroupName)], [steady.SubnetId, ['default']]);
    const tagOf = async (id: string): Promise<(string | undefined)[]> =>
      ((await client.send(new ec2.DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }, { Name: 'key', Values: ['cluster'] }] }))).Tags ?? []).map(({ Value }) => Value);
    assert.deepEqual(await tagOf(launched.InstanceId ?? ''), ['instance']);
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [launched.InstanceId ?? ''] });
    const { BlockDeviceMappings = [], NetworkInterfaces: shown = [] } = await describeOne(launched.InstanceId ?? '');
    assert.deepEqual(await tagOf(BlockDeviceMappings[0]?.Ebs?.VolumeId ?? ''), ['volume']);
    assert.deepEqual(await tagOf(shown[0]?.NetworkInterfaceId ?? ''), ['network-interface']);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [launched.InstanceId ?? ''] }));
  });

  it('20: a repeated RunInstances is the same reservation, and other parameters are a mismatch', async () => {
    const input = { ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano', MinCount: 2, MaxCount: 2, ClientToken: 'again' } as const;
    const both = await Promise.all([client.send(new ec2.RunInstancesCommand(input)), client.send(new ec2.RunInstancesCommand(input))]);
    const third = await client.send(new ec2.RunInstancesCommand(input));
    const idsOf = ({ ReservationId, Instances = [] }: ec2.RunInstancesCommandOutput): (string | undefined)[] => [ReservationId, ...Instances.map(({ InstanceId }) => InstanceId)];
    assert.deepEqual(idsOf(both[0]), idsOf(third));
    assert.deepEqual(idsOf(both[1]), idsOf(third));
    assert.equal(await codeOf(client.send(new ec2.RunInstancesCommand({ ...input, InstanceType: 't3.micro' }))), 'IdempotentParameterMismatch');
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: (third.Instances ?? []).map(({ InstanceId }) => InstanceId ?? '') }));
  });

  it('21, 22: there is no empty nextToken, an empty token is none, and empty lists are there', async () => {
    const none = { 'Filter.1.Name': 'tag:nobody', 'Filter.1.Value.1': 'has this' };
    const lists: [string, Record<string, string>, string][] = [
      ['DescribeInstances', none, 'reservationSet'],
      ['DescribeKeyPairs', none, 'keySet'],
      ['DescribeImages', none, 'imagesSet'],
      ['DescribeTags', { 'Filter.1.Name': 'key', 'Filter.1.Value.1': 'nobody has this' }, 'tagSet'],
      ['DescribeLaunchTemplates', none, 'launchTemplates'],
      ['DescribePlacementGroups', none, 'placementGroupSet'],
      ['DescribeInstanceStatus', { 'Filter.1.Name': 'availability-zone', 'Filter.1.Value.1': 'none' }, 'instanceStatusSet'],
      ['DescribeSecurityGroups', none, 'securityGroupInfo'],
      ['DescribeVpcs', none, 'vpcSet'],
      ['DescribeVolumes', none, 'volumeSet'],
      ['DescribeSnapshots', none, 'snapshotSet'],
      ['DescribeAddresses', none, 'addressesSet'],
      ['DescribeNetworkInterfaces', none, 'networkInterfaceSet'],
      ['DescribeSubnets', none, 'subnetSet'],
      ['DescribeIamInstanceProfileAssociations', {}, 'iamInstanceProfileAssociationSet'],
    ];
    for (const [action, parameters, element] of lists) {
      const { status, body } = await raw(action, action === 'DescribeInstances' ? { ...parameters, NextToken: '' } : parameters);
      assert.equal(status, 200, `${action}: ${body}`);
      assert.match(body, new RegExp(`<${element}(/>|></${element}>)`), action);
      assert.doesNotMatch(body, /<nextToken\/>|<nextToken><\/nextToken>/, action);
    }
  });

  it('24: an action that does not exist is InvalidAction with 400, in words that clients know', async () => {
    const answer = await raw('DescribeAddressesOfTheMoon');
    assert.deepEqual([answer.status, errorIn(answer).code], [400, 'InvalidAction']);
    assert.match(errorIn(answer).message, /not valid for this web service/);
  });

  it('25: Karpenter starts: DryRun is honoured by what it asks before and by what it would do', async () => {
    const LaunchTemplateData = { ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano' } as const;
    await client.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: 'karpenter.k8s.aws/1', LaunchTemplateData }));
    const fleet: ec2.CreateFleetCommandInput = {
      DryRun: true,
      Type: 'instant',
      TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: 'on-demand' },
      LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'karpenter.k8s.aws/1', Version: '$Latest' }, Overrides: [{ InstanceType: 't3.nano', AvailabilityZone: 'us-east-1a' }] }],
    };
    assert.deepEqual(
      [
        await codeOf(client.send(new ec2.DescribeInstanceTypesCommand({ DryRun: true }))),
        await codeOf(client.send(new ec2.CreateFleetCommand(fleet))),
        await codeOf(client.send(new ec2.RunInstancesCommand({ DryRun: true, MinCount: 1, MaxCount: 1, LaunchTemplate: { LaunchTemplateName: 'karpenter.k8s.aws/1' } }))),
        await codeOf(client.send(new ec2.CreateLaunchTemplateCommand({ DryRun: true, LaunchTemplateName: 'x', LaunchTemplateData: { InstanceType: 't3.nano' } }))),
      ],
      ['DryRunOperation', 'DryRunOperation', 'DryRunOperation', 'DryRunOperation'],
    );
    const hardware = [{ Name: 'supported-virtualization-type', Values: ['hvm'] }, { Name: 'processor-info.supported-architecture', Values: ['x86_64', 'arm64'] }];
    assert.equal((await client.send(new ec2.DescribeInstanceTypesCommand({ Filters: hardware, MaxResults: 100 }))).InstanceTypes?.every(({ InstanceType }) => InstanceType), true);
    assert.ok(((await client.send(new ec2.DescribeInstanceTypeOfferingsCommand({ LocationType: 'availability-zone' }))).InstanceTypeOfferings ?? []).length > 0);
    assert.deepEqual((await client.send(new ec2.DescribeSpotPriceHistoryCommand({ ProductDescriptions: ['Linux/UNIX', 'Linux/UNIX (Amazon VPC)'] }))).SpotPriceHistory, []);
    assert.deepEqual((await client.send(new ec2.DescribeCapacityReservationsCommand({ Filters: [{ Name: 'state', Values: ['active'] }] }))).CapacityReservations, []);
    assert.equal(await codeOf(client.send(new ec2.DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['none'] }))), 'InvalidLaunchTemplateName.NotFoundException');
  });

  it('26: filters are alternatives by value and conditions by name, with wildcards and the spellings of old', async () => {
    const found = async (...Filters: ec2.Filter[]): Promise<number> => ((await client.send(new ec2.DescribeInstancesCommand({ Filters }))).Reservations ?? []).length;
    const role = { Name: 'tag:role', Values: ['st*y', 'other'] };
    assert.equal(await found(role), 1);
    assert.equal(await found(role, { Name: 'tag-key', Values: ['none'] }), 0);
    assert.equal(await found(role, { Name: 'instance-type', Values: ['t?.micro'] }), 1);
    for (const Name of ['is-default', 'isDefault']) assert.equal((await client.send(new ec2.DescribeVpcsCommand({ Filters: [{ Name, Values: ['true'] }] }))).Vpcs?.length, 1, Name);
    for (const Name of ['default-for-az', 'defaultForAz']) assert.equal((await client.send(new ec2.DescribeSubnetsCommand({ Filters: [{ Name, Values: ['true'] }] }))).Subnets?.length, 3, Name);
    for (const Name of ['availability-zone', 'availabilityZone']) assert.equal((await client.send(new ec2.DescribeSubnetsCommand({ Filters: [{ Name, Values: ['us-east-1b'] }] }))).Subnets?.length, 1, Name);
  });

  it('27: ids and filters both count: a miss is an empty list, an unknown id an error', async () => {
    const Filters = [{ Name: 'instance-state-name', Values: ['terminated'] }];
    assert.deepEqual((await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [steadyId], Filters }))).Reservations, []);
    assert.equal(await codeOf(client.send(new ec2.DescribeInstancesCommand({ InstanceIds: ['i-0123456789abcdef0'], Filters }))), 'InvalidInstanceID.NotFound');
  });

  it('28: each kind has its own spelling of not found', async () => {
    const id = (prefix: string): string => `${prefix}-0123456789abcdef0`;
    const want: [string, Promise<unknown>][] = [
      ['InvalidInstanceID.NotFound', client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id('i')] }))],
      ['InvalidAMIID.NotFound', client.send(new ec2.DescribeImagesCommand({ ImageIds: [id('ami')] }))],
      ['InvalidGroup.NotFound', client.send(new ec2.DescribeSecurityGroupsCommand({ GroupIds: [id('sg')] }))],
      ['InvalidVolume.NotFound', client.send(new ec2.DescribeVolumesCommand({ VolumeIds: [id('vol')] }))],
      ['InvalidSnapshot.NotFound', client.send(new ec2.DescribeSnapshotsCommand({ SnapshotIds: [id('snap')] }))],
      ['InvalidAllocationID.NotFound', client.send(new ec2.DescribeAddressesCommand({ AllocationIds: [id('eipalloc')] }))],
      ['InvalidRouteTableID.NotFound', client.send(new ec2.DescribeRouteTablesCommand({ RouteTableIds: [id('rtb')] }))],
      ['InvalidKeyPair.NotFound', client.send(new ec2.DescribeKeyPairsCommand({ KeyNames: ['none'] }))],
      ['InvalidPlacementGroup.Unknown', client.send(new ec2.DescribePlacementGroupsCommand({ GroupNames: ['none'] }))],
      ['InvalidLaunchTemplateName.NotFoundException', client.send(new ec2.DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['none'] }))],
      ['InvalidLaunchTemplateId.NotFound', client.send(new ec2.DescribeLaunchTemplatesCommand({ LaunchTemplateIds: [id('lt')] }))],
      ['InvalidVpcID.NotFound', client.send(new ec2.DescribeVpcsCommand({ VpcIds: [id('vpc')] }))],
      ['InvalidSubnetID.NotFound', client.send(new ec2.DescribeSubnetsCommand({ SubnetIds: [id('subnet')] }))],
      ['InvalidAssociationID.NotFound', client.send(new ec2.DisassociateIamInstanceProfileCommand({ AssociationId: id('iip-assoc') }))],
    ];
    assert.deepEqual(await Promise.all(want.map(async ([, act]) => codeOf(act))), want.map(([code]) => code));
  });

  it('29: the account is one number everywhere, in a partition that clients know', async () => {
    const identity = await tenant.sts.send(new sts.GetCallerIdentityCommand({}));
    const { Reservations } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [steadyId] }));
    const { Vpcs = [] } = await client.send(new ec2.DescribeVpcsCommand({}));
    const { SecurityGroups = [] } = await client.send(new ec2.DescribeSecurityGroupsCommand({}));
    const owners = [identity.Account, identity.Arn?.split(':')[4], Reservations?.[0]?.OwnerId, steady.NetworkInterfaces?.[0]?.OwnerId, ...[...Vpcs, ...SecurityGroups].map(({ OwnerId }) => OwnerId)];
    assert.deepEqual([...new Set(owners)], [accountId]);
    assert.match(identity.Arn ?? '', /^arn:aws:/);
  });

  it('30: what was just made can be tagged at once', async () => {
    const { InstanceId = '' } = await launch({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano' });
    await client.send(new ec2.CreateTagsCommand({ Resources: [InstanceId], Tags: [{ Key: 'Name', Value: 'late' }] }));
    assert.deepEqual((await describeOne(InstanceId)).Tags, [{ Key: 'Name', Value: 'late' }]);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('44: $Default and $Latest name versions, and the default can be filtered for', async () => {
    const LaunchTemplateName = 'versions';
    await client.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: { InstanceType: 't3.nano' } }));
    for (const InstanceType of ['t3.micro', 't3.small'] as const) await client.send(new ec2.CreateLaunchTemplateVersionCommand({ LaunchTemplateName, LaunchTemplateData: { InstanceType } }));
    const numbers = async (input: Partial<ec2.DescribeLaunchTemplateVersionsCommandInput>): Promise<(number | undefined)[]> =>
      ((await client.send(new ec2.DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName, ...input }))).LaunchTemplateVersions ?? []).map(({ VersionNumber }) => VersionNumber);
    assert.deepEqual(await numbers({ Versions: ['$Default', '$Latest'] }), [3, 1]);
    assert.deepEqual(await numbers({ Filters: [{ Name: 'is-default-version', Values: ['true'] }] }), [1]);
  });

  it('46: an instant fleet says for each result which override it came from', async () => {
    const LaunchTemplateData = { ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano' } as const;
    await client.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: 'fleet', LaunchTemplateData }));
    const { Instances = [], Errors = [], FleetId = '' } = await client.send(
      new ec2.CreateFleetCommand({
        Type: 'instant',
        TargetCapacitySpecification: { TotalTargetCapacity: 1, DefaultTargetCapacityType: 'on-demand' },
        LaunchTemplateConfigs: [
          { LaunchTemplateSpecification: { LaunchTemplateName: 'fleet', Version: '$Latest' }, Overrides: [{ InstanceType: 'u-6tb1.metal' }, { InstanceType: 't3.nano', AvailabilityZone: 'us-east-1b' }] },
        ],
      }),
    );
    assert.deepEqual(Instances.map(({ LaunchTemplateAndOverrides: from }) => [from?.Overrides?.InstanceType, from?.Overrides?.AvailabilityZone]), [['t3.nano', 'us-east-1b']]);
    assert.deepEqual(Errors.map(({ LaunchTemplateAndOverrides: from }) => from?.Overrides?.InstanceType), ['u-6tb1.metal']);
    await client.send(new ec2.DeleteFleetsCommand({ FleetIds: [FleetId], TerminateInstances: true }));
  });

  it('Packer finds its way from nothing to a stopped machine; images-of-snapshots.test.ts goes on from there', async () => {
    const images = async (input: ec2.DescribeImagesCommandInput): Promise<ec2.Image[]> => (await client.send(new ec2.DescribeImagesCommand(input))).Images ?? [];
    assert.ok((await client.send(new ec2.DescribeRegionsCommand({}))).Regions?.some(({ RegionName }) => RegionName === REGION));
    assert.deepEqual(await images({ Owners: ['self'], Filters: [{ Name: 'name', Values: ['packer-new'] }] }), [], 'the name is free');
    const [source] = await images({ ImageIds: [tenant.account.ebsImageId] });
    assert.deepEqual([source?.RootDeviceType, source?.VirtualizationType, source?.State], ['ebs', 'hvm', 'available']);
    const { Vpcs = [] } = await client.send(new ec2.DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
    const VpcId = Vpcs[0]?.VpcId ?? assert.fail('no default VPC');
    const { Subnets = [] } = await client.send(new ec2.DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }, { Name: 'default-for-az', Values: ['true'] }] }));
    const offering: ec2.DescribeInstanceTypeOfferingsCommandInput = { LocationType: 'availability-zone', Filters: [{ Name: 'instance-type', Values: ['t3.micro'] }] };
    const zones = ((await client.send(new ec2.DescribeInstanceTypeOfferingsCommand(offering))).InstanceTypeOfferings ?? []).map(({ Location }) => Location);
    const subnet = Subnets.find(({ AvailabilityZone }) => zones.includes(AvailabilityZone)) ?? assert.fail('no subnet in a zone that offers the type');
    const { KeyMaterial = '' } = await client.send(new ec2.CreateKeyPairCommand({ KeyName: 'packer_1', KeyType: 'rsa' }));
    assert.match(KeyMaterial, /^-----BEGIN RSA PRIVATE KEY-----/);
    const { GroupId = '' } = await client.send(new ec2.CreateSecurityGroupCommand({ GroupName: 'packer_1', Description: 'Temporary group for Packer', VpcId }));
    await ec2.waitUntilSecurityGroupExists(patience(), { GroupIds: [GroupId] });
    await client.send(new ec2.AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] }));
    const tags = [{ Key: 'Name', Value: 'Packer Builder' }];
    const { InstanceId = '' } = await launch({
      UserData: '', IamInstanceProfile: { Name: '' }, Placement: { AvailabilityZone: '' }, EbsOptimized: false, InstanceInitiatedShutdownBehavior: 'stop',
      KeyName: 'packer_1', SubnetId: subnet.SubnetId, SecurityGroupIds: [GroupId], TagSpecifications: [{ ResourceType: 'instance', Tags: tags }, { ResourceType: 'volume', Tags: tags }],
    });
    const InstanceIds = [InstanceId];
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds });
    const machine = await describeOne(InstanceId);
    assert.deepEqual(
      [machine.VpcId, machine.SubnetId, machine.KeyName, machine.SecurityGroups?.map((group) => group.GroupId), machine.Tags],
      [VpcId, subnet.SubnetId, 'packer_1', [GroupId], tags],
    );
    assert.match(machine.PrivateIpAddress ?? '', /^\d+\./, 'where it would go on by SSH');
    await client.send(new ec2.StopInstancesCommand({ InstanceIds }));
    await ec2.waitUntilInstanceStopped(patience(), { InstanceIds });
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
    await ec2.waitUntilInstanceTerminated(patience(), { InstanceIds });
    const volumeIds = (machine.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.VolumeId ?? '');
    const left = async (): Promise<ec2.Volume[]> => (await client.send(new ec2.DescribeVolumesCommand({ Filters: [{ Name: 'volume-id', Values: volumeIds }] }))).Volumes ?? [];
    await eventually('no volume is left behind', 60, async () => (await left()).length === 0);
    await client.send(new ec2.DeleteSecurityGroupCommand({ GroupId }));
    await client.send(new ec2.DeleteKeyPairCommand({ KeyName: 'packer_1' }));
  });

  it("keeps to the SDK's schema in every answer", () => assert.deepEqual(watched.violations, []));
});
