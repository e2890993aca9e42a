import assert from 'node:assert/strict';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { watchAnswers } from '../support/checked-client.ts';
import { REGION, sharedCloud, type TenantClients } from '../support/cloud.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { inOrder } from '../support/tries.ts';

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOw0PvBMlYQrM89XZHXzkoa2WP5kmyGXkKxsmyXs5eGr someone@somewhere';
const USER_DATA = Buffer.from('#cloud-config\n').toString('base64');

/** The calls that Terraform's provider makes, in its order, with what it takes for granted in the answers; as read in its source, version 6.58. */
describe("Terraform's calls for aws_instance", () => {
  let tenant: TenantClients;
  let client: ec2.EC2Client;
  let access: iam.IAMClient;
  let id: string;
  let groupId: string;
  const watched = { called: new Set<string>(), violations: [] as string[] };
  const attribute = async (Attribute: ec2.InstanceAttributeName): Promise<ec2.InstanceAttribute> => client.send(new ec2.DescribeInstanceAttributeCommand({ InstanceId: id, Attribute }));
  const one = <T>(list: T[] | undefined, what: string): T => {
    assert.equal(list?.length, 1, `exactly one ${what}`);
    return list[0] as T;
  };
  const instance = async (): Promise<ec2.Instance> => {
    const { Reservations } = await client.send(new ec2.DescribeInstancesCommand({ InstanceIds: [id] }));
    return one(one(Reservations, 'reservation').Instances, 'instance');
  };
  /** A wait that tolerates one state on the way and nothing else. */
  const waitFor = async (wanted: string, ...onTheWay: string[]): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const state = (await instance()).State?.Name ?? '';
      if (state === wanted) return;
      assert.ok(onTheWay.includes(state), `unexpected state ${state}, wanted ${wanted}`);
      assert.ok(tries < 1200, `${wanted} at last`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  /** What a refresh asks for; what it finds is the state that the next plan compares with. */
  const refresh = async (): Promise<Record<string, unknown>> => {
    const found = await instance();
    assert.ok(found.State?.Name && found.Placement?.AvailabilityZone !== undefined && found.Monitoring);
    assert.ok(found.NetworkInterfaces?.every(({ Attachment }) => Attachment?.DeviceIndex !== undefined));
    const type = one((await client.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: [found.InstanceType as ec2._InstanceType] }))).InstanceTypes, 'type');
    const tag = async (key: string): Promise<unknown> =>
      (await client.send(new ec2.DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [id] }, { Name: 'key', Values: [key] }] }))).Tags;
    assert.deepEqual(await tag('aws:ec2launchtemplate:id'), []);
    const vpc = one((await client.send(new ec2.DescribeVpcsCommand({ VpcIds: [found.VpcId ?? ''] }))).Vpcs, 'VPC');
    const shutdown = (await attribute('instanceInitiatedShutdownBehavior')).InstanceInitiatedShutdownBehavior?.Value;
    const stop = (await attribute('disableApiStop')).DisableApiStop?.Value;
    const termination = (await attribute('disableApiTermination')).DisableApiTermination?.Value;
    assert.ok(stop !== undefined && termination !== undefined);
    const userData = (await attribute('userData')).UserData?.Value;
    const ids = (found.BlockDeviceMappings ?? []).map(({ Ebs }) => Ebs?.VolumeId ?? assert.fail('a device without a volume'));
    const { Volumes = [] } = await client.send(new ec2.DescribeVolumesCommand({ VolumeIds: ids }));
    assert.equal(Volumes.length, ids.length);
    const image = one((await client.send(new ec2.DescribeImagesCommand({ ImageIds: [found.ImageId ?? ''] }))).Images, 'image');
    assert.equal(image.RootDeviceName, found.RootDeviceName);
    assert.ok(found.BlockDeviceMappings?.some(({ DeviceName }) => DeviceName === found.RootDeviceName));
    const credits = type.BurstablePerformanceSupported
      ? one((await client.send(new ec2.DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [id] }))).InstanceCreditSpecifications, 'credit specification').CpuCredits
      : undefined;
    return {
      ami: found.ImageId,
      type: found.InstanceType,
      key: found.KeyName,
      zone: found.Placement.AvailabilityZone,
      subnet: found.SubnetId,
      groups: found.SecurityGroups?.map(({ GroupId }) => GroupId),
      isDefaultVpc: vpc.IsDefault,
      hasPublicAddress: found.NetworkInterfaces?.some(({ Association }) => Association !== undefined),
      root: [Volumes[0]?.Size, Volumes[0]?.VolumeType, found.BlockDeviceMappings?.[0]?.Ebs?.DeleteOnTermination],
      metadata: [found.MetadataOptions?.HttpTokens, found.MetadataOptions?.HttpPutResponseHopLimit],
      profile: found.IamInstanceProfile?.Arn?.split('/').at(-1),
      tags: Object.fromEntries((found.Tags ?? []).map(({ Key = '', Value }) => [Key, Value])),
      ...{ shutdown, stop, termination, userData, credits },
    };
  };

  const step = inOrder(async () => {
    const cloud = await sharedCloud();
    tenant = await cloud.open('terraform');
    client = tenant.ec2;
    watchAnswers(client, new ResponseChecker('@aws-sdk/client-ec2', ec2), watched);
    access = new iam.IAMClient({ endpoint: cloud.operator.endpointUrl, region: REGION, credentials: tenant.account, maxAttempts: 1 });
    const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] });
    await access.send(new iam.CreateRoleCommand({ RoleName: 'web', AssumeRolePolicyDocument }));
    await access.send(new iam.CreateInstanceProfileCommand({ InstanceProfileName: 'web' }));
    await access.send(new iam.AddRoleToInstanceProfileCommand({ InstanceProfileName: 'web', RoleName: 'web' }));
  });
  after(() => access.destroy());

  step('start: who am I, the key pair, the group', async () => {
    const { Arn = '' } = await tenant.sts.send(new sts.GetCallerIdentityCommand({}));
    assert.equal(Arn.split(':')[4], tenant.account.accountId);
    await client.send(new ec2.ImportKeyPairCommand({ KeyName: 'deploy', PublicKeyMaterial: Buffer.from(PUBLIC_KEY) }));
    assert.ok(one((await client.send(new ec2.DescribeKeyPairsCommand({ KeyNames: ['deploy'] }))).KeyPairs, 'key pair').KeyFingerprint);
    groupId = one((await client.send(new ec2.DescribeSecurityGroupsCommand({ Filters: [{ Name: 'group-name', Values: ['default'] }] }))).SecurityGroups, 'group').GroupId ?? '';
  });

  step('create, then a refresh that finds what was asked for, and a second one the same', async () => {
    await client.send(new ec2.DescribeInstanceTypesCommand({ InstanceTypes: ['t3.micro'] }));
    const { Instances } = await client.send(
      new ec2.RunInstancesCommand({
        ClientToken: 'terraform-20260101000000000000000001',
        ImageId: tenant.account.ebsImageId,
        InstanceType: 't3.micro',
        MinCount: 1,
        MaxCount: 1,
        KeyName: 'deploy',
        SecurityGroupIds: [groupId],
        UserData: USER_DATA,
        CreditSpecification: { CpuCredits: 'unlimited' },
        DisableApiStop: false,
        DisableApiTermination: false,
        EbsOptimized: false,
        Monitoring: { Enabled: false },
        Placement: { AvailabilityZone: '' },
        IamInstanceProfile: { Name: 'web' },
        MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 2 },
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] }, { ResourceType: 'volume', Tags: [{ Key: 'Name', Value: 'root' }] }],
      }),
    );
    id = one(Instances, 'instance').InstanceId ?? '';
    await waitFor('running', 'pending');
    const state = await refresh();
    const { zone: _zone, subnet, root, ...rest } = state;
    assert.match(String(subnet), /^subnet-/);
    assert.equal((root as unknown[])[2], true);
    assert.deepEqual(rest, {
      ami: tenant.account.ebsImageId, type: 't3.micro', key: 'deploy', groups: [groupId], isDefaultVpc: true, hasPublicAddress: false, metadata: ['required', 2], profile: 'web',
      tags: { Name: 'web' }, shutdown: 'stop', stop: false, termination: false, userData: USER_DATA, credits: 'unlimited',
    });
    assert.deepEqual(await refresh(), state, 'an empty plan');
  });

  step('update: tags, protection, metadata, profile while it runs; type and user data by stop and start', async () => {
    await client.send(new ec2.CreateTagsCommand({ Resources: [id], Tags: [{ Key: 'team', Value: 'a' }] }));
    await client.send(new ec2.ModifyInstanceMetadataOptionsCommand({ InstanceId: id, HttpTokens: 'optional', HttpPutResponseHopLimit: 2, HttpEndpoint: 'enabled' }));
    assert.equal((await instance()).MetadataOptions?.State, 'applied');
    const found = one((await client.send(new ec2.DescribeIamInstanceProfileAssociationsCommand({ Filters: [{ Name: 'instance-id', Values: [id] }] }))).IamInstanceProfileAssociations, 'association');
    await client.send(new ec2.DisassociateIamInstanceProfileCommand({ AssociationId: found.AssociationId }));
    await client.send(new ec2.StopInstancesCommand({ InstanceIds: [id], Force: false }));
    await waitFor('stopped', 'running', 'stopping');
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, InstanceType: { Value: 't3.small' } }));
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, UserData: { Value: Buffer.from('#cloud-config\n# 2\n') } }));
    await client.send(new ec2.StartInstancesCommand({ InstanceIds: [id] }));
    await waitFor('running', 'stopped', 'pending');
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: true } }));
    const state = await refresh();
    assert.deepEqual(
      [state['type'], state['userData'], state['termination'], state['metadata'], state['profile'], state['tags']],
      ['t3.small', Buffer.from('#cloud-config\n# 2\n').toString('base64'), true, ['optional', 2], undefined, { Name: 'web', team: 'a' }],
    );
    assert.deepEqual(await refresh(), state, 'an empty plan');
  });

  step('delete: force_destroy, then terminated is seen', async () => {
    await client.send(new ec2.ModifyInstanceAttributeCommand({ InstanceId: id, DisableApiTermination: { Value: false } }));
    await client.send(new ec2.TerminateInstancesCommand({ InstanceIds: [id] }));
    await waitFor('terminated', 'running', 'shutting-down');
    await client.send(new ec2.DeleteKeyPairCommand({ KeyName: 'deploy' }));
    await assert.rejects(client.send(new ec2.DescribeKeyPairsCommand({ KeyNames: ['deploy'] })), { name: 'InvalidKeyPair.NotFound' });
  });

  it("keeps to the SDK's schema in every answer", () => assert.deepEqual(watched.violations, []));
});
