import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunInstancesCommand } from '@aws-sdk/client-ec2';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { openForEachTry } from '../support/tries.ts';

interface CliInstance {
  InstanceId: string;
  State: { Name: string };
}

const USER_DATA = '#cloud-config\nruncmd: [echo "über"]\n';
/** What the aws CLI ends with when the service says no. */
const REFUSED = [254, 255];

describe('the aws CLI', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  const aws = async <T = unknown>(...words: string[]): Promise<T> => (await tenant.aws(...words)) as T;
  const ec2 = async <T = unknown>(...words: string[]): Promise<T> => aws<T>('ec2', ...words);
  const refusal = async (...words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await tenant.awsResult(...words);
    assert.ok(REFUSED.includes(code), `aws ${words.join(' ')} ended with ${String(code)}: ${stdout}${stderr}`);
    assert.equal(stdout, '');
    return stderr.trim();
  };
  const run = async (...words: string[]): Promise<string[]> => {
    const { Instances } = await ec2<{ Instances: CliInstance[] }>('run-instances', '--instance-type', 't3.micro', ...words);
    return Instances.map(({ InstanceId }) => InstanceId);
  };
  const stateOf = async (id: string): Promise<string> => ec2('describe-instances', '--instance-ids', id, '--query', 'Reservations[0].Instances[0].State.Name');

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('aws-cli');
  });

  it('leads an instance through its whole life', async () => {
    const file = join(cloud.controlPlane.dataDirectory, 'user-data.txt');
    writeFileSync(file, USER_DATA);
    await ec2('create-key-pair', '--key-name', 'life', '--key-type', 'ed25519');
    const launch = [
      ...['--image-id', tenant.account.ebsImageId, '--key-name', 'life', '--user-data', `file://${file}`, '--client-token', 'life-1', '--count', '1'],
      ...['--tag-specifications', 'ResourceType=instance,Tags=[{Key=Name,Value=life},{Key=stage,Value=test}]', '--placement', 'AvailabilityZone=us-east-1b'],
    ];
    const [id = ''] = await run(...launch);
    assert.match(id, /^i-[0-9a-f]{17}$/);
    assert.deepEqual(await run(...launch), [id], 'the same client token is the same instance');
    await ec2('wait', 'instance-running', '--instance-ids', id);

    const rows = await ec2<string[][]>(
      ...['describe-instances', '--filters', 'Name=tag:stage,Values=te*', 'Name=instance-state-name,Values=running', 'Name=availability-zone,Values=us-east-1b'],
      ...['--query', 'Reservations[].Instances[].[InstanceId, KeyName, Placement.AvailabilityZone, PrivateIpAddress, Tags[?Key==`Name`]|[0].Value]'],
    );
    assert.equal(rows.length, 1);
    const [foundId, keyName, zone, address, name] = rows[0] ?? [];
    assert.deepEqual([foundId, keyName, zone, name], [id, 'life', 'us-east-1b', 'life']);
    assert.match(address ?? '', /^10\.244\.\d+\.\d+$/);
    const attribute = await ec2<{ UserData: { Value: string } }>('describe-instance-attribute', '--instance-id', id, '--attribute', 'userData');
    assert.equal(Buffer.from(attribute.UserData.Value, 'base64').toString('utf8'), USER_DATA);

    await ec2('wait', 'instance-status-ok', '--instance-ids', id);
    await ec2('reboot-instances', '--instance-ids', id);
    const stopping = await ec2<{ StoppingInstances: { PreviousState: { Name: string }; CurrentState: { Name: string } }[] }>('stop-instances', '--instance-ids', id);
    assert.equal(stopping.StoppingInstances[0]?.PreviousState.Name, 'running');
    assert.match(stopping.StoppingInstances[0].CurrentState.Name, /^stopp(ing|ed)$/);
    await ec2('wait', 'instance-stopped', '--instance-ids', id);
    await ec2('modify-instance-attribute', '--instance-id', id, '--instance-type', 'Value=t3.small');
    await ec2('start-instances', '--instance-ids', id);
    await ec2('wait', 'instance-running', '--instance-ids', id);
    assert.equal(await ec2('describe-instances', '--instance-ids', id, '--query', 'Reservations[0].Instances[0].InstanceType'), 't3.small');

    await ec2('modify-instance-attribute', '--instance-id', id, '--disable-api-termination');
    assert.match(await refusal('ec2', 'terminate-instances', '--instance-ids', id), /OperationNotPermitted/);
    await ec2('modify-instance-attribute', '--instance-id', id, '--no-disable-api-termination');
    await ec2('terminate-instances', '--instance-ids', id);
    await ec2('wait', 'instance-terminated', '--instance-ids', id);
    assert.equal(await stateOf(id), 'terminated');
  });

  it('refuses the same client token with other parameters', async () => {
    await run('--image-id', tenant.account.instanceStoreImageId, '--client-token', 'token-2');
    const stderr = await refusal('ec2', 'run-instances', '--image-id', tenant.account.instanceStoreImageId, '--instance-type', 't3.small', '--client-token', 'token-2');
    assert.match(stderr, /\(IdempotentParameterMismatch\) when calling the RunInstances operation/);
  });

  it('pages through instances without losing or repeating any', async () => {
    // One reservation each: the CLI counts those.
    const launch = new RunInstancesCommand({
      ImageId: tenant.account.instanceStoreImageId,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'page', Value: 'yes' }] }],
    });
    const launched = await Promise.all(Array.from({ length: 7 }, async () => tenant.ec2.send(launch)));
    const ids = launched.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId = '' }) => InstanceId));
    const describe = ['describe-instances', '--filters', 'Name=tag:page,Values=yes'];
    const query = ['--query', 'Reservations[].Instances[].InstanceId'];
    assert.deepEqual((await ec2<string[]>(...describe, '--page-size', '5', ...query)).sort(), [...ids].sort());
    const first = await ec2<{ NextToken?: string; Reservations: { Instances: CliInstance[] }[] }>(...describe, '--page-size', '5', '--max-items', '5');
    assert.ok(first.NextToken, 'there is more');
    const second = await ec2<{ NextToken?: string; Reservations: { Instances: CliInstance[] }[] }>(...describe, '--page-size', '5', '--starting-token', first.NextToken);
    assert.equal(second.NextToken, undefined);
    const paged = [first, second].flatMap(({ Reservations }) => Reservations.flatMap(({ Instances }) => Instances.map(({ InstanceId }) => InstanceId)));
    assert.deepEqual(paged.sort(), [...ids].sort());
    await ec2('terminate-instances', '--instance-ids', ...ids);
  });

  it('says that an instance-store machine cannot be stopped', async () => {
    const [id = ''] = await run('--image-id', tenant.account.instanceStoreImageId);
    await ec2('wait', 'instance-running', '--instance-ids', id);
    assert.match(await refusal('ec2', 'stop-instances', '--instance-ids', id), /\(UnsupportedOperation\)/);
    assert.equal(await stateOf(id), 'running');
    await ec2('terminate-instances', '--instance-ids', id);
  });

  it('makes, imports, shows and deletes key pairs', async () => {
    const created = await ec2<{ KeyMaterial: string; KeyPairId: string; KeyFingerprint: string }>('create-key-pair', '--key-name', 'made');
    assert.match(created.KeyMaterial, /^-----BEGIN RSA PRIVATE KEY-----/);
    const file = join(cloud.controlPlane.dataDirectory, 'key.pub');
    writeFileSync(file, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOw0PvBMlYQrM89XZHXzkoa2WP5kmyGXkKxsmyXs5eGr someone@somewhere\n');
    await ec2('import-key-pair', '--key-name', 'imported', '--public-key-material', `fileb://${file}`);
    await ec2('wait', 'key-pair-exists', '--key-names', 'made', 'imported');
    const { KeyPairs } = await ec2<{ KeyPairs: { KeyName: string; KeyFingerprint: string; KeyType: string }[] }>('describe-key-pairs', '--key-names', 'made', 'imported');
    assert.deepEqual(Object.fromEntries(KeyPairs.map(({ KeyName, KeyType }) => [KeyName, KeyType])), { made: 'rsa', imported: 'ed25519' });
    assert.equal(KeyPairs.find(({ KeyName }) => KeyName === 'made')?.KeyFingerprint, created.KeyFingerprint);
    assert.match(await refusal('ec2', 'create-key-pair', '--key-name', 'made'), /\(InvalidKeyPair.Duplicate\)/);
    await ec2('delete-key-pair', '--key-name', 'made');
    await ec2('delete-key-pair', '--key-pair-id', created.KeyPairId);
    assert.match(await refusal('ec2', 'describe-key-pairs', '--key-names', 'made'), /\(InvalidKeyPair.NotFound\)/);
  });

  it('tags and untags', async () => {
    const [id = ''] = await run('--image-id', tenant.account.instanceStoreImageId);
    await ec2('create-tags', '--resources', id, tenant.account.ebsImageId, '--tags', 'Key=cost,Value=a b&c', 'Key=empty,Value=');
    const query = ['--query', 'sort(Tags[].join(`=`, [ResourceId, Key, Value]))'];
    const tags = await ec2<string[]>('describe-tags', '--filters', 'Name=key,Values=cost,empty', ...query);
    assert.deepEqual(tags, [`${tenant.account.ebsImageId}=cost=a b&c`, `${tenant.account.ebsImageId}=empty=`, `${id}=cost=a b&c`, `${id}=empty=`]);
    await ec2('delete-tags', '--resources', id, '--tags', 'Key=cost,Value=other', 'Key=empty');
    assert.deepEqual(await ec2('describe-tags', '--filters', `Name=resource-id,Values=${id}`, ...query), [`${id}=cost=a b&c`]);
    await ec2('terminate-instances', '--instance-ids', id);
  });

  it('describes types, offerings, zones, regions, images and the account', async () => {
    const [types, offerings, zones, regions, images, identity] = await Promise.all([
      ec2<number[]>('describe-instance-types', '--instance-types', 'm5.large', '--query', 'InstanceTypes[0].[VCpuInfo.DefaultVCpus, MemoryInfo.SizeInMiB]'),
      ec2<string[]>(
        ...['describe-instance-type-offerings', '--location-type', 'availability-zone', '--filters', 'Name=instance-type,Values=t3.micro'],
        ...['--query', 'sort(InstanceTypeOfferings[].Location)'],
      ),
      ec2<string[]>('describe-availability-zones', '--query', 'sort(AvailabilityZones[?State==`available`].ZoneName)'),
      ec2<string[]>('describe-regions', '--query', 'Regions[].RegionName'),
      ec2<string[]>('describe-images', '--owners', 'self', '--filters', 'Name=name,Values=ebs*', '--query', 'Images[].[ImageId, OwnerId, RootDeviceType, State][]'),
      aws<{ Account: string; Arn: string }>('sts', 'get-caller-identity'),
    ]);
    assert.deepEqual(types, [2, 8192]);
    assert.deepEqual(offerings, ['us-east-1a', 'us-east-1b', 'us-east-1c']);
    assert.deepEqual(zones, ['us-east-1a', 'us-east-1b', 'us-east-1c']);
    assert.deepEqual(regions, ['us-east-1']);
    assert.deepEqual(images, [tenant.account.ebsImageId, tenant.account.accountId, 'ebs', 'available']);
    assert.equal(identity.Account, tenant.account.accountId);
    assert.equal(identity.Arn, `arn:aws:iam::${tenant.account.accountId}:root`);
  });

  const refusals: Record<string, { words: (account: TenantClients['account']) => string[]; want: string }> = {
    'a dry run': {
      words: ({ ebsImageId }) => ['run-instances', '--image-id', ebsImageId, '--instance-type', 't3.micro', '--dry-run'],
      want: 'An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded, but DryRun flag is set.',
    },
    'an unknown instance': {
      words: () => ['describe-instances', '--instance-ids', 'i-0123456789abcdef0'],
      want: "An error occurred (InvalidInstanceID.NotFound) when calling the DescribeInstances operation: The instance ID 'i-0123456789abcdef0' does not exist",
    },
    'a malformed instance id': {
      words: () => ['terminate-instances', '--instance-ids', 'web-1'],
      want: 'An error occurred (InvalidInstanceID.Malformed) when calling the TerminateInstances operation: Invalid id: "web-1"',
    },
    'an unknown image': {
      words: () => ['run-instances', '--image-id', 'ami-0123456789abcdef0', '--instance-type', 't3.micro'],
      want: "An error occurred (InvalidAMIID.NotFound) when calling the RunInstances operation: The image id '[ami-0123456789abcdef0]' does not exist",
    },
    'an unknown key pair': {
      words: ({ ebsImageId }) => ['run-instances', '--image-id', ebsImageId, '--instance-type', 't3.micro', '--key-name', 'nobody'],
      want: "An error occurred (InvalidKeyPair.NotFound) when calling the RunInstances operation: The key pair 'nobody' does not exist",
    },
    'an action that is not implemented': {
      words: () => ['create-transit-gateway'],
      want: 'An error occurred (InvalidAction) when calling the CreateTransitGateway operation: The action CreateTransitGateway is not valid for this web service.',
    },
  };
  for (const [name, { words, want }] of Object.entries(refusals)) {
    it(`shows the error of ${name} in EC2's words`, async () => {
      // Newer CLIs say "aws: [ERROR]: " before it.
      assert.equal((await refusal('ec2', ...words(tenant.account))).replace(/^aws: \[ERROR\]: /, '').split('\n')[0], want);
    });
  }
});
