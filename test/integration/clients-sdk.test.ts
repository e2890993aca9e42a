import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { decode } from 'jpeg-js';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { ec2Operations } from '../../operator/endpoint/ec2/operations.ts';
import { stsOperations } from '../../operator/endpoint/sts/operations.ts';
import { calledInTests } from '../support/called-operations.ts';
import { watchAnswers } from '../support/checked-client.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOw0PvBMlYQrM89XZHXzkoa2WP5kmyGXkKxsmyXs5eGr someone@somewhere';
const USER_DATA = Buffer.from([0, 1, 2, 250, 251, 252]).toString('base64');

describe('the JavaScript SDK', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let client: ec2.EC2Client;
  const watched = { called: new Set<string>(), violations: [] as string[] };
  const patience = (): { client: ec2.EC2Client; maxWaitTime: number; minDelay: number; maxDelay: number } => ({ client, maxWaitTime: 180, minDelay: 1, maxDelay: 2 });

  const launch = async (input: Partial<ec2.RunInstancesCommandInput> = {}): Promise<ec2.Instance[]> => {
    const { Instances = [] } = await client.send(
      new ec2.RunInstancesCommand({ ImageId: tenant.account.ebsImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1, ...input }),
    );
    return Instances;
  };
  const describeOne = async (id: string): Promise<ec2.Instance> => {
    const { Reservations = [] } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
    const instance = Reservations[0]?.Instances?.[0];
    assert.ok(instance);
    return instance;
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('js-sdk');
    client = tenant.ec2;
    watchAnswers(client, new ResponseChecker('@aws-sdk/client-ec2', ec2), watched);
    watchAnswers(tenant.sts, new ResponseChecker('@aws-sdk/client-sts', sts), watched);
  });

  it('leads an instance through its whole life, with waiters', async () => {
    await client.send(new ec2.ImportKeyPairCommand({ KeyName: 'life', PublicKeyMaterial: Buffer.from(PUBLIC_KEY) }));
    const [launched] = await launch({
      KeyName: 'life',
      UserData: USER_DATA,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: '<life> & "more"' }] }],
      DisableApiStop: true,
      InstanceInitiatedShutdownBehavior: 'terminate',
      MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit: 3 },
    });
    const id = launched?.InstanceId ?? '';
    assert.equal(launched?.State?.Name, 'pending');
    const InstanceIds = [id];
    await ec2.waitUntilInstanceExists(patience(), { InstanceIds });
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds });
    await ec2.waitUntilInstanceStatusOk(patience(), { InstanceIds });
    await ec2.waitUntilSystemStatusOk(patience(), { InstanceIds });
    await assert.rejects(client.send(new ec2.StopInstancesCommand({ InstanceIds })), { name: 'OperationNotPermitted' });
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiStop: { Value: false } }));

    await client.send(new ec2.RebootInstancesCommand({ InstanceIds }));
    const path = `/apis/kubevirt.io/v1/namespaces/${tenant.account.namespace}/virtualmachineinstances/${id}`;
    await eventually('the guest was asked to reboot', 60, async () => {
      const { metadata } = await cloud.controlPlane.client.get(path);
      return metadata.annotations?.['simulator.kube-ec2.io/softreboots'] === '1';
    });

    await client.send(new ec2.StopInstancesCommand({ InstanceIds }));
    await ec2.waitUntilInstanceStopped(patience(), { InstanceIds });
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 't3.small' } }));
    await client.send(new ec2.StartInstancesCommand({ InstanceIds }));
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds });
    assert.equal((await describeOne(id)).InstanceType, 't3.small');
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds }));
    await ec2.waitUntilInstanceTerminated(patience(), { InstanceIds });
    assert.deepEqual((await describeOne(id)).State, { Code: 48, Name: 'terminated' });
  });

  it('finds in a running instance what Terraform, CAPA and others look at without asking', async () => {
    const [launched] = await launch({ UserData: USER_DATA, InstanceInitiatedShutdownBehavior: 'terminate', Placement: { AvailabilityZone: 'us-east-1c' } });
    const id = launched?.InstanceId ?? '';
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [id] });
    const instance = await describeOne(id);
    const image = (await client.send(new ec2.DescribeImagesCommand({ ImageIds: [tenant.account.ebsImageId] }))).Images?.[0];
    assert.equal(instance.RootDeviceName, image?.RootDeviceName);
    assert.equal(image?.BlockDeviceMappings?.[0]?.DeviceName, image?.RootDeviceName);
    assert.deepEqual(instance.BlockDeviceMappings?.map(({ DeviceName }) => DeviceName), [instance.RootDeviceName]);
    assert.match(instance.BlockDeviceMappings?.[0]?.Ebs?.VolumeId ?? '', /^vol-[0-9a-f]{17}$/);
    assert.equal(instance.Placement?.AvailabilityZone, 'us-east-1c');
    assert.equal(instance.NetworkInterfaces?.[0]?.Attachment?.DeviceIndex, 0);
    assert.equal(instance.NetworkInterfaces[0].PrivateIpAddress, instance.PrivateIpAddress);
    assert.equal(instance.PrivateDnsName, `${id}.instances.${tenant.account.namespace}.svc.cluster.local`);
    assert.equal(instance.SecurityGroups?.[0]?.GroupName, 'default');
    assert.match(instance.SecurityGroups[0].GroupId ?? '', /^sg-[0-9a-f]{17}$/);
    assert.equal(instance.MetadataOptions?.State, 'applied');
    const attribute = async (name: ec2.InstanceAttributeName): Promise<ec2.InstanceAttribute> =>
      client.send(new ec2.DescribeInstanceAttributeCommand({ InstanceId: id, Attribute: name }));
    assert.deepEqual((await attribute('disableApiStop')).DisableApiStop, { Value: false });
    assert.deepEqual((await attribute('disableApiTermination')).DisableApiTermination, { Value: false });
    assert.deepEqual((await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior, { Value: 'terminate' });
    assert.deepEqual((await attribute('userData')).UserData, { Value: USER_DATA });
    for (const name of ['instanceType', 'groupSet', 'rootDeviceName', 'blockDeviceMapping', 'sourceDestCheck', 'ebsOptimized', 'kernel'] as const) await attribute(name);
    const types = await client.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: [instance.InstanceType ?? 't3.micro'] }));
    assert.deepEqual(types.InstanceTypes?.map(({ ProcessorInfo }) => ProcessorInfo?.SupportedArchitectures), [['x86_64']]);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
  });

  it('reads back the options that it changed', async () => {
    const [launched] = await launch({ ImageId: tenant.account.instanceStoreImageId, CreditSpecification: { CpuCredits: 'unlimited' } });
    const InstanceId = launched?.InstanceId ?? '';
    const credits = async (): Promise<string | undefined> => {
      const { InstanceCreditSpecifications: found } = await client.send(new ec2.DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [InstanceId] }));
      return found?.[0]?.CpuCredits;
    };
    assert.equal(await credits(), 'unlimited');
    await client.send(new ec2.ModifyInstanceCreditSpecificationCommand({ InstanceCreditSpecifications: [{ InstanceId, CpuCredits: 'standard' }] }));
    assert.equal(await credits(), 'standard');
    await client.send(new ec2.ModifyInstanceMetadataOptionsCommand({ InstanceId, HttpTokens: 'required', HttpPutResponseHopLimit: 1 }));
    const { MetadataOptions } = await describeOne(InstanceId);
    assert.deepEqual([MetadataOptions?.HttpTokens, MetadataOptions?.HttpPutResponseHopLimit], ['required', 1]);
    await client.send(new ec2.MonitorInstancesCommand({ InstanceIds: [InstanceId] }));
    assert.equal((await describeOne(InstanceId)).Monitoring?.State, 'enabled');
    await client.send(new ec2.UnmonitorInstancesCommand({ InstanceIds: [InstanceId] }));
    assert.equal((await describeOne(InstanceId)).Monitoring?.State, 'disabled');
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('pages with its paginators', async () => {
    const launched = await Promise.all(Array.from({ length: 7 }, async () => launch({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.nano' })));
    const ids = launched.flat().map(({ InstanceId }) => InstanceId ?? '');
    await client.send(new ec2.CreateTagsCommand({ Resources: ids, Tags: [{ Key: 'page', Value: 'yes' }] }));
    const seen: string[] = [];
    for await (const page of ec2.paginateDescribeInstances({ client, pageSize: 5 }, { Filters: [{ Name: 'tag:page', Values: ['yes'] }] })) {
      const found = (page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId ?? ''));
      assert.ok(found.length > 0 && found.length <= 5);
      seen.push(...found);
    }
    assert.deepEqual(seen.sort(), [...ids].sort());
    const count = async (pages: AsyncIterable<object>, key: string): Promise<number[]> => {
      const sizes: number[] = [];
      for await (const page of pages) sizes.push(((page as Record<string, unknown[] | undefined>)[key] ?? []).length);
      return sizes;
    };
    const sum = (sizes: number[]): number => sizes.reduce((total, size) => total + size, 0);
    const statuses = await count(ec2.paginateDescribeInstanceStatus({ client, pageSize: 5 }, { IncludeAllInstances: true, Filters: [{ Name: 'availability-zone', Values: ['us-east-1*'] }] }), 'InstanceStatuses');
    assert.ok(sum(statuses) >= 7 && statuses.every((size) => size <= 5));
    const types = await count(ec2.paginateDescribeInstanceTypes({ client, pageSize: 20 }, {}), 'InstanceTypes');
    const offerings = await count(ec2.paginateDescribeInstanceTypeOfferings({ client, pageSize: 50 }, { LocationType: 'availability-zone' }), 'InstanceTypeOfferings');
    assert.ok(sum(types) >= 60 && types.length > 3, `types ${types.join()}`);
    assert.ok(sum(offerings) >= sum(types) && offerings.length > 1, `offerings ${offerings.join()}`);
    const tags = await count(ec2.paginateDescribeTags({ client, pageSize: 5 }, { Filters: [{ Name: 'key', Values: ['page'] }] }), 'Tags');
    assert.deepEqual(tags, [5, 2]);
    await client.send(new ec2.DeleteTagsCommand({ Resources: ids, Tags: [{ Key: 'page' }] }));
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: ids }));
  });

  it('makes key pairs and asks about images, zones, regions, the account and itself', async () => {
    const made = await client.send(new ec2.CreateKeyPairCommand({ KeyName: 'made', KeyType: 'rsa', TagSpecifications: [{ ResourceType: 'key-pair', Tags: [{ Key: 'a', Value: 'b' }] }] }));
    assert.match(made.KeyMaterial ?? '', /^-----BEGIN RSA PRIVATE KEY-----/);
    await ec2.waitUntilKeyPairExists(patience(), { KeyNames: ['made'] });
    const { KeyPairs = [] } = await client.send(new ec2.DescribeKeyPairsCommand({ KeyPairIds: [made.KeyPairId ?? ''], IncludePublicKey: true }));
    assert.equal(KeyPairs[0]?.KeyFingerprint, made.KeyFingerprint);
    await client.send(new ec2.DeleteKeyPairCommand({ KeyName: 'made' }));
    await ec2.waitUntilImageAvailable(patience(), { ImageIds: [tenant.account.ebsImageId] });
    const { AvailabilityZones = [] } = await client.send(new ec2.DescribeAvailabilityZonesCommand({}));
    assert.deepEqual(AvailabilityZones.map(({ ZoneName }) => ZoneName).sort(), ['us-east-1a', 'us-east-1b', 'us-east-1c']);
    const { Regions = [] } = await client.send(new ec2.DescribeRegionsCommand({}));
    assert.deepEqual(Regions.map(({ RegionName }) => RegionName), ['us-east-1']);
    const { AccountAttributes = [] } = await client.send(new ec2.DescribeAccountAttributesCommand({}));
    assert.ok(AccountAttributes.length > 0);
    const identity = await tenant.sts.send(new sts.GetCallerIdentityCommand({}));
    assert.equal(identity.Account, tenant.account.accountId);
  });

  it('copies, shares, protects, disables and deregisters an image, and launches from it', async () => {
    const other = await cloud.open('js-sdk-partner');
    const imagesOf = async (whose: ec2.EC2Client, input: ec2.DescribeImagesCommandInput): Promise<ec2.Image[]> => (await whose.send(new ec2.DescribeImagesCommand(input))).Images ?? [];
    const source = { SourceImageId: tenant.account.instanceStoreImageId, SourceRegion: 'us-east-1', Name: 'golden', ClientToken: 'golden-1' };
    const { ImageId = '' } = await client.send(new ec2.CopyImageCommand(source));
    assert.equal((await client.send(new ec2.CopyImageCommand(source))).ImageId, ImageId, 'the same call again');
    await ec2.waitUntilImageAvailable(patience(), { ImageIds: [ImageId] });
    assert.deepEqual((await imagesOf(client, { Owners: ['self'], Filters: [{ Name: 'name', Values: ['golden'] }] })).map(({ SourceImageId }) => SourceImageId), [source.SourceImageId]);

    assert.deepEqual(await imagesOf(other.ec2, { ExecutableUsers: ['self'] }), []);
    const share = { UserId: other.account.accountId };
    await client.send(new ec2.ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [share] } }));
    const attribute = await client.send(new ec2.DescribeImageAttributeCommand({ ImageId, Attribute: 'launchPermission' }));
    assert.deepEqual(attribute.LaunchPermissions, [share]);
    await eventually('the other account sees the image', 60, async () => (await imagesOf(other.ec2, { ImageIds: [ImageId] }).catch(() => [])).length === 1);
    await assert.rejects(other.ec2.send(new ec2.DeregisterImageCommand({ ImageId })), { name: 'AuthFailure' });
    await client.send(new ec2.ResetImageAttributeCommand({ ImageId, Attribute: 'launchPermission' }));

    const [launched] = await launch({ ImageId });
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [launched?.InstanceId ?? ''] });
    await client.send(new ec2.EnableImageDeprecationCommand({ ImageId, DeprecateAt: new Date(Date.now() + 3_600_000) }));
    await client.send(new ec2.DisableImageDeprecationCommand({ ImageId }));
    await client.send(new ec2.DisableImageCommand({ ImageId }));
    await assert.rejects(launch({ ImageId }), { name: 'InvalidAMIID.Unavailable' });
    await client.send(new ec2.EnableImageCommand({ ImageId }));
    await ec2.waitUntilImageAvailable(patience(), { ImageIds: [ImageId] });
    await client.send(new ec2.EnableImageDeregistrationProtectionCommand({ ImageId }));
    await assert.rejects(client.send(new ec2.DeregisterImageCommand({ ImageId })), { name: 'OperationNotPermitted' });
    await client.send(new ec2.DisableImageDeregistrationProtectionCommand({ ImageId }));
    await client.send(new ec2.DeregisterImageCommand({ ImageId }));
    await assert.rejects(imagesOf(client, { ImageIds: [ImageId] }), { name: 'InvalidAMIID.NotFound' });
    assert.equal((await describeOne(launched?.InstanceId ?? '')).State?.Name, 'running', 'machines do not need their image');
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [launched?.InstanceId ?? ''] }));
  });

  it('is told what cannot be otherwise about an instance', async () => {
    const [launched] = await launch();
    const InstanceId = launched?.InstanceId ?? '';
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [InstanceId] });
    assert.equal((await client.send(new ec2.GetPasswordDataCommand({ InstanceId }))).PasswordData, '');
    const { Output = '' } = await client.send(new ec2.GetConsoleOutputCommand({ InstanceId }));
    assert.match(Buffer.from(Output, 'base64').toString(), /^simulated container guest-console-log of pod virt-launcher-/);
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId, SourceDestCheck: { Value: false } }));
    await client.send(new ec2.ResetInstanceAttributeCommand({ InstanceId, Attribute: 'sourceDestCheck' }));
    assert.equal((await describeOne(InstanceId)).SourceDestCheck, true);
    await client.send(new ec2.ModifyInstanceMaintenanceOptionsCommand({ InstanceId, AutoRecovery: 'default' }));
    await client.send(new ec2.ModifyPrivateDnsNameOptionsCommand({ InstanceId, PrivateDnsHostnameType: 'resource-name' }));
    await client.send(new ec2.StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await ec2.waitUntilInstanceStopped(patience(), { InstanceIds: [InstanceId] });
    await eventually('a stopped machine has no console', 60, async () => (await client.send(new ec2.GetConsoleOutputCommand({ InstanceId }))).Output === '');
    const { CoreCount } = (await describeOne(InstanceId)).CpuOptions ?? {};
    assert.equal((await client.send(new ec2.ModifyInstanceCpuOptionsCommand({ InstanceId, CoreCount }))).CoreCount, CoreCount);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('keeps versions of a launch template, launches from one, and takes a template from an instance', async () => {
    const data: ec2.RequestLaunchTemplateData = { ImageId: tenant.account.ebsImageId, InstanceType: 't3.micro' };
    const { LaunchTemplate } = await client.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: 'sdk', LaunchTemplateData: data }));
    const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
    await client.send(new ec2.CreateLaunchTemplateVersionCommand({ LaunchTemplateId, SourceVersion: '1', LaunchTemplateData: { InstanceType: 't3.small' } }));
    await client.send(new ec2.ModifyLaunchTemplateCommand({ LaunchTemplateId, DefaultVersion: '2' }));
    const { Instances } = await client.send(new ec2.RunInstancesCommand({ LaunchTemplate: { LaunchTemplateId }, MinCount: 1, MaxCount: 1 }));
    const InstanceId = Instances?.[0]?.InstanceId ?? '';
    assert.equal(Instances?.[0]?.InstanceType, 't3.small');
    const taken = await client.send(new ec2.GetLaunchTemplateDataCommand({ InstanceId }));
    assert.equal(taken.LaunchTemplateData?.InstanceType, 't3.small');
    const { LaunchTemplateVersions = [] } = await client.send(new ec2.DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['$Latest'] }));
    assert.deepEqual(LaunchTemplateVersions.map(({ VersionNumber }) => VersionNumber), [2]);
    const deleted = await client.send(new ec2.DeleteLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ['1'] }));
    assert.equal(deleted.SuccessfullyDeletedLaunchTemplateVersions?.[0]?.VersionNumber, 1);
    await client.send(new ec2.DeleteLaunchTemplateCommand({ LaunchTemplateId }));
    assert.deepEqual((await client.send(new ec2.DescribeLaunchTemplatesCommand({}))).LaunchTemplates, []);
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('makes a placement group, and a fleet in it', async () => {
    await client.send(new ec2.CreatePlacementGroupCommand({ GroupName: 'sdk', Strategy: 'spread' }));
    const data: ec2.RequestLaunchTemplateData = { ImageId: tenant.account.ebsImageId, InstanceType: 't3.micro', Placement: { GroupName: 'sdk' } };
    await client.send(new ec2.CreateLaunchTemplateCommand({ LaunchTemplateName: 'fleet', LaunchTemplateData: data }));
    const { FleetId = '', Instances = [] } = await client.send(
      new ec2.CreateFleetCommand({
        Type: 'instant',
        TargetCapacitySpecification: { TotalTargetCapacity: 2, DefaultTargetCapacityType: 'on-demand' },
        LaunchTemplateConfigs: [{ LaunchTemplateSpecification: { LaunchTemplateName: 'fleet', Version: '$Latest' }, Overrides: [{ InstanceType: 't3.micro' }] }],
      }),
    );
    const InstanceIds = Instances.flatMap((launched) => launched.InstanceIds ?? []);
    assert.equal(InstanceIds.length, 2);
    assert.equal((await client.send(new ec2.DescribeFleetsCommand({ FleetIds: [FleetId] }))).Fleets?.length, 1);
    // As EC2's reference has it: not for fleets of type instant.
    await assert.rejects(client.send(new ec2.DescribeFleetInstancesCommand({ FleetId })), (error: Error) => error.name !== 'InvalidAction' && error.name !== 'InternalError');
    await assert.rejects(client.send(new ec2.DeletePlacementGroupCommand({ GroupName: 'sdk' })), { name: 'InvalidPlacementGroup.InUse' });
    assert.equal((await client.send(new ec2.DescribePlacementGroupsCommand({}))).PlacementGroups?.[0]?.State, 'available');
    await client.send(new ec2.DeleteFleetsCommand({ FleetIds: [FleetId], TerminateInstances: true }));
    await ec2.waitUntilInstanceTerminated(patience(), { InstanceIds });
    await client.send(new ec2.DeletePlacementGroupCommand({ GroupName: 'sdk' }));
  });

  it('gives an instance an instance profile, another one, and none', async () => {
    const { account } = tenant;
    const access = new iam.IAMClient({ endpoint: cloud.operator.endpointUrl, region: REGION, credentials: account, maxAttempts: 1 });
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
    for (const name of ['first', 'second']) {
      await access.send(new iam.CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
      await access.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: name }));
      await access.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: name, RoleName: name }));
    }
    access.destroy();
    const [launched] = await launch({ ImageId: account.instanceStoreImageId, IamInstanceProfile: { Name: 'first' } });
    const InstanceId = launched?.InstanceId ?? '';
    const shown = async (): Promise<string | undefined> => (await describeOne(InstanceId)).IamInstanceProfile?.Arn;
    assert.equal(await shown(), `arn:aws:iam::${account.accountId}:instance-profile/first`);
    const associations = async (): Promise<ec2.IamInstanceProfileAssociation[]> =>
      (await client.send(new ec2.DescribeIamInstanceProfileAssociationsCommand({ Filters: [{ Name: 'instance-id', Values: [InstanceId] }] }))).IamInstanceProfileAssociations ?? [];
    const [association] = await eventually('the controllers have seen the profile', 60, async () => {
      const found = await associations();
      return found[0]?.State === 'associated' ? found : undefined;
    });
    await client.send(new ec2.ReplaceIamInstanceProfileAssociationCommand({ AssociationId: association?.AssociationId, IamInstanceProfile: { Name: 'second' } }));
    assert.equal(await shown(), `arn:aws:iam::${account.accountId}:instance-profile/second`);
    await client.send(new ec2.DisassociateIamInstanceProfileCommand({ AssociationId: (await associations())[0]?.AssociationId }));
    assert.deepEqual([await shown(), await associations()], [undefined, []]);
    const again = await client.send(new ec2.AssociateIamInstanceProfileCommand({ InstanceId, IamInstanceProfile: { Name: 'first' } }));
    assert.equal(again.IamInstanceProfileAssociation?.AssociationId, association?.AssociationId);
    const path = `/apis/kube-ec2.io/v1alpha1/namespaces/${account.namespace}/instances/${InstanceId}`;
    await eventually('kubectl shows it too', 60, async () => (await cloud.controlPlane.client.get<{ status?: { iamInstanceProfile?: { name: string } } }>(path)).status?.iamInstanceProfile?.name === 'first');
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('sees the screen of a guest, and is refused what cannot be', async () => {
    const [launched] = await launch({ ImageId: tenant.account.instanceStoreImageId });
    const InstanceId = launched?.InstanceId ?? '';
    await ec2.waitUntilInstanceRunning(patience(), { InstanceIds: [InstanceId] });
    const { ImageData = '' } = await client.send(new ec2.GetConsoleScreenshotCommand({ InstanceId }));
    const { width, height } = decode(Buffer.from(ImageData, 'base64'));
    assert.deepEqual([width, height], [64, 48]);
    await assert.rejects(client.send(new ec2.GetInstanceUefiDataCommand({ InstanceId })), { name: 'UnsupportedOperation' });
    await assert.rejects(client.send(new ec2.RequestSpotInstancesCommand({})), { name: 'UnsupportedOperation' });
    await assert.rejects(client.send(new ec2.CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds: ['sir-08b93456'] })), { name: 'InvalidSpotInstanceRequestID.NotFound' });
    assert.deepEqual((await client.send(new ec2.DescribeSpotInstanceRequestsCommand({}))).SpotInstanceRequests, []);
    const lists = [
      client.send(new ec2.DescribeExportTasksCommand({})).then(({ ExportTasks }) => ExportTasks),
      client.send(new ec2.DescribeExportImageTasksCommand({})).then(({ ExportImageTasks }) => ExportImageTasks),
      client.send(new ec2.DescribeStoreImageTasksCommand({})).then(({ StoreImageTaskResults }) => StoreImageTaskResults),
    ];
    assert.deepEqual(await Promise.all(lists), [[], [], []]);
    await assert.rejects(client.send(new ec2.CancelExportTaskCommand({ ExportTaskId: 'export-i-00000001' })), { name: 'InvalidExportTaskID.NotFound' });
    const image = { ImageId: tenant.account.ebsImageId, DiskImageFormat: 'RAW', S3ExportLocation: { S3Bucket: 'images' } } as const;
    await assert.rejects(client.send(new ec2.ExportImageCommand(image)), { name: 'InvalidAction' });
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [InstanceId] }));
  });

  it('has called every implemented operation, here or in another file', () => {
    const implemented = [...Object.keys(ec2Operations), ...Object.keys(stsOperations)];
    const inTests = calledInTests(implemented);
    assert.deepEqual(implemented.filter((name) => !watched.called.has(name) && !inTests.has(name)), []);
  });

  it('got answers that keep to its own schema, enum values included', () => {
    assert.deepEqual(watched.violations, []);
  });
});
