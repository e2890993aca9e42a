import assert from 'node:assert/strict';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as sdkSts from '@aws-sdk/client-sts';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { eventually } from '../../hack/control-plane/readiness.ts';
import { REGION, sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { ResponseChecker } from '../support/response-violations.ts';
import { openForEachTry } from '../support/tries.ts';

interface Keys {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

const readOnly = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['ec2:Describe*'], Resource: '*' }] });
const checker = new ResponseChecker('@aws-sdk/client-iam', iam);
const stsChecker = new ResponseChecker('@aws-sdk/client-sts', sdkSts);

describe('IAM and STS on the real control plane', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let root: iam.IAMClient;
  const opened: { destroy(): void }[] = [];

  function settings(credentials: Keys): { endpoint: string; region: string; credentials: Keys; maxAttempts: number } {
    return { endpoint: cloud.operator.endpointUrl, region: REGION, credentials, maxAttempts: 1 };
  }

  function clientsOf(keys: Keys): { ec2: EC2Client; sts: STSClient; iam: iam.IAMClient } {
    const clients = { ec2: new EC2Client(settings(keys)), sts: new STSClient(settings(keys)), iam: new iam.IAMClient(settings(keys)) };
    opened.push(clients.ec2, clients.sts, clients.iam);
    return clients;
  }

  /** Sends to IAM as root and checks the answer by the SDK's schema. */
  async function asRoot<Output extends object>(command: { constructor: { name: string } }): Promise<Output> {
    const answer = (await root.send(command as never)) as Output;
    assert.deepEqual(checker.violations(command.constructor.name.replace(/Command$/, ''), answer), []);
    return answer;
  }

  async function codeOf(call: Promise<unknown>): Promise<string> {
    return call.then(
      () => 'no error',
      (error: unknown) => (error as { Code?: string; name: string }).Code ?? (error as Error).name,
    );
  }

  async function newUser(name: string, policy?: string): Promise<Keys> {
    await asRoot(new iam.CreateUserCommand({ UserName: name }));
    if (policy !== undefined) await asRoot(new iam.PutUserPolicyCommand({ UserName: name, PolicyName: 'all', PolicyDocument: policy }));
    return newKeys(name);
  }

  async function newKeys(userName: string): Promise<Keys> {
    const { AccessKey } = await asRoot<iam.CreateAccessKeyResponse>(new iam.CreateAccessKeyCommand({ UserName: userName }));
    return { accessKeyId: AccessKey?.AccessKeyId ?? '', secretAccessKey: AccessKey?.SecretAccessKey ?? '' };
  }

  const describing = async (ec2: EC2Client): Promise<string> => codeOf(ec2.send(new DescribeInstancesCommand({})));
  const becomes = async (wanted: string, look: () => Promise<string>): Promise<void> => {
    let last = '';
    await eventually(`the answer becomes ${wanted}`, 60, async () => (last = await look()) === wanted).catch((error: unknown) => assert.equal(last, wanted, String(error)));
  };

  openForEachTry(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('access');
    root = clientsOf(tenant.account).iam;
  });
  after(() => opened.forEach((client) => client.destroy()));

  it('a user whose policy is to read may describe and not run', async () => {
    const keys = await newUser('Reader', readOnly);
    const { ec2, sts, iam: own } = clientsOf(keys);
    const { Arn } = await sts.send(new GetCallerIdentityCommand({}));
    assert.equal(Arn, `arn:aws:iam::${tenant.account.accountId}:user/Reader`);
    await becomes('no error', async () => describing(ec2));
    assert.equal(await codeOf(ec2.send(new RunInstancesCommand({ ImageId: tenant.account.ebsImageId, MinCount: 1, MaxCount: 1 }))), 'UnauthorizedOperation');
    assert.equal(await codeOf(own.send(new iam.CreateUserCommand({ UserName: 'mallory' }))), 'AccessDenied');
  });

  it('a user with full access to EC2 runs instances as itself, with user data, and makes no users', async () => {
    const keys = await newUser('runner');
    await asRoot(new iam.AttachUserPolicyCommand({ UserName: 'runner', PolicyArn: 'arn:aws:iam::aws:policy/AmazonEC2FullAccess' }));
    const { ec2, iam: own } = clientsOf(keys);
    const run = new RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, MinCount: 1, MaxCount: 1, UserData: 'aGVsbG8=' });
    let instanceId: string | undefined;
    await eventually('the user can run an instance', 60, async () => {
      instanceId = await ec2.send(run).then(({ Instances }) => Instances?.[0]?.InstanceId, (error: unknown) => {
        if ((error as Error).name !== 'UnauthorizedOperation') throw error;
        return undefined;
      });
      return instanceId !== undefined;
    });
    assert.match(instanceId ?? '', /^i-/);
    assert.equal(await codeOf(own.send(new iam.CreateUserCommand({ UserName: 'mallory' }))), 'AccessDenied');
  });

  it('an administrator makes users, and has all rights in the account', async () => {
    const keys = await newUser('admin');
    await asRoot(new iam.AttachUserPolicyCommand({ UserName: 'admin', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' }));
    const { ec2, iam: own } = clientsOf(keys);
    await becomes('no error', async () => describing(ec2));
    await becomes('no error', async () => codeOf(own.send(new iam.CreateUserCommand({ UserName: 'made-by-admin' }))));
    assert.equal(await codeOf(own.send(new iam.CreateAccessKeyCommand({ UserName: 'made-by-admin' }))), 'no error');
    assert.equal(await codeOf(own.send(new iam.PutUserPolicyCommand({ UserName: 'made-by-admin', PolicyName: 'p', PolicyDocument: readOnly }))), 'no error');
  });

  it('keys rotate: a second one, the first switched off and removed, while a third is too many', async () => {
    const first = await newUser('rotating', readOnly);
    await becomes('no error', async () => describing(clientsOf(first).ec2));
    const second = await newKeys('rotating');
    assert.equal(await codeOf(newKeys('rotating')), 'LimitExceeded');
    await asRoot(new iam.UpdateAccessKeyCommand({ UserName: 'rotating', AccessKeyId: first.accessKeyId, Status: 'Inactive' }));
    await becomes('AuthFailure', async () => describing(clientsOf(first).ec2));
    assert.equal(await describing(clientsOf(second).ec2), 'no error');
    await asRoot(new iam.UpdateAccessKeyCommand({ UserName: 'rotating', AccessKeyId: first.accessKeyId, Status: 'Active' }));
    await becomes('no error', async () => describing(clientsOf(first).ec2));
    await asRoot(new iam.DeleteAccessKeyCommand({ UserName: 'rotating', AccessKeyId: first.accessKeyId }));
    await becomes('AuthFailure', async () => describing(clientsOf(first).ec2));
    const { AccessKeyMetadata } = await asRoot<iam.ListAccessKeysResponse>(new iam.ListAccessKeysCommand({ UserName: 'rotating' }));
    assert.deepEqual(AccessKeyMetadata?.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]), [[second.accessKeyId, 'Active']]);
  });

  it('a role is assumed by whom it trusts, with its own rights, and the session ends with the role', async () => {
    const keys = await newUser('assumer');
    const roleArn = `arn:aws:iam::${tenant.account.accountId}:role/looker`;
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${tenant.account.accountId}:user/assumer` }, Action: 'sts:AssumeRole' }],
    });
    await asRoot(new iam.CreateRoleCommand({ RoleName: 'looker', AssumeRolePolicyDocument: trust }));
    await asRoot(new iam.PutRolePolicyCommand({ RoleName: 'looker', PolicyName: 'read', PolicyDocument: readOnly }));
    const assume = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'mine' });
    const { sts, ec2 } = clientsOf(keys);
    assert.equal(await describing(ec2), 'UnauthorizedOperation');
    const answer = await sts.send(assume);
    assert.deepEqual(stsChecker.violations('AssumeRole', answer), []);
    const { Credentials } = answer;
    const session = { accessKeyId: Credentials?.AccessKeyId ?? '', secretAccessKey: Credentials?.SecretAccessKey ?? '', sessionToken: Credentials?.SessionToken ?? '' };
    const assumed = clientsOf(session);
    assert.equal((await assumed.sts.send(new GetCallerIdentityCommand({}))).Arn, `arn:aws:sts::${tenant.account.accountId}:assumed-role/looker/mine`);
    await becomes('no error', async () => describing(assumed.ec2));
    assert.equal(await codeOf(assumed.ec2.send(new RunInstancesCommand({ ImageId: tenant.account.ebsImageId, MinCount: 1, MaxCount: 1 }))), 'UnauthorizedOperation');
    assert.equal(await codeOf(assumed.sts.send(new GetSessionTokenCommand({}))), 'AccessDenied');
    assert.equal(await codeOf(clientsOf(await newUser('stranger')).sts.send(assume)), 'AccessDenied');
    assert.equal(await codeOf(tenant.sts.send(assume)), 'AccessDenied');
    const forged = clientsOf({ ...session, sessionToken: `${session.sessionToken.slice(0, -2)}AA` });
    assert.equal(await describing(forged.ec2), 'AuthFailure');

    await asRoot(new iam.DeleteRolePolicyCommand({ RoleName: 'looker', PolicyName: 'read' }));
    await becomes('UnauthorizedOperation', async () => describing(assumed.ec2));
    await asRoot(new iam.DeleteRoleCommand({ RoleName: 'looker' }));
    await becomes('AuthFailure', async () => describing(assumed.ec2));
  });

  it("a user's temporary credentials end with the key that asked for them", async () => {
    const keys = await newUser('temporary', readOnly);
    const answer = await clientsOf(keys).sts.send(new GetSessionTokenCommand({ DurationSeconds: 900 }));
    assert.deepEqual(stsChecker.violations('GetSessionToken', answer), []);
    const { Credentials } = answer;
    const { ec2 } = clientsOf({ accessKeyId: Credentials?.AccessKeyId ?? '', secretAccessKey: Credentials?.SecretAccessKey ?? '', sessionToken: Credentials?.SessionToken ?? '' });
    await becomes('no error', async () => describing(ec2));
    await asRoot(new iam.DeleteAccessKeyCommand({ UserName: 'temporary', AccessKeyId: keys.accessKeyId }));
    await becomes('AuthFailure', async () => describing(ec2));
  });

  it("a deleted user's key stops within seconds, and all that was made for the user goes", async () => {
    const keys = await newUser('leaver', readOnly);
    const { ec2 } = clientsOf(keys);
    await becomes('no error', async () => describing(ec2));
    assert.equal(await codeOf(root.send(new iam.DeleteUserCommand({ UserName: 'leaver' }))), 'DeleteConflict');
    const { namespace } = tenant.account;
    const { client } = cloud.controlPlane;
    await client.remove(`/apis/kube-ec2.io/v1alpha1/namespaces/${namespace}/iamusers/leaver`);
    await becomes('AuthFailure', async () => describing(ec2));
    await eventually('the garbage collector has removed what was made for the user', 60, async () => {
      const roles = await client.get<{ items: { metadata: { name: string } }[] }>(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles`);
      const secrets = await client.get<{ items: { metadata: { name: string } }[] }>(`/api/v1/namespaces/${namespace}/secrets`);
      const names = [...roles.items, ...secrets.items].map(({ metadata }) => metadata.name);
      return !names.includes('iam-user-leaver') && !names.includes(`access-key-${keys.accessKeyId.toLowerCase()}`);
    });
  });

  it('boto3 walks through users, roles and instance profiles as Terraform and Packer do', async () => {
    const result = await tenant.python(`
import json, boto3, botocore.exceptions
client = boto3.client('iam')
def code_of(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response['Error']['Code']
    return 'no error'
trust = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'ec2.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]})
policy = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Action': 'ec2:DescribeInstances', 'Resource': '*'}]})
made = client.create_role(RoleName='packer', Path='/build/', AssumeRolePolicyDocument=trust, Tags=[{'Key': 'a', 'Value': 'b'}])['Role']
client.put_role_policy(RoleName='packer', PolicyName='p', PolicyDocument=policy)
client.create_instance_profile(InstanceProfileName='packer')
client.add_role_to_instance_profile(InstanceProfileName='packer', RoleName='packer')
profile = client.get_instance_profile(InstanceProfileName='packer')['InstanceProfile']
out = [
    made['Arn'].split(':', 5)[5], made['AssumeRolePolicyDocument'] == json.loads(trust), made['RoleId'][:4],
    [role['RoleName'] for role in profile['Roles']],
    client.get_role_policy(RoleName='packer', PolicyName='p')['PolicyDocument'] == json.loads(policy),
    [p['InstanceProfileName'] for p in client.list_instance_profiles_for_role(RoleName='packer')['InstanceProfiles']],
    code_of(client.create_role, RoleName='PACKER', AssumeRolePolicyDocument=trust),
    code_of(client.add_role_to_instance_profile, InstanceProfileName='packer', RoleName='packer'),
    code_of(client.delete_role, RoleName='packer'),
    code_of(client.put_role_policy, RoleName='packer', PolicyName='q', PolicyDocument=policy.replace('Allow', 'Deny')),
    code_of(client.attach_role_policy, RoleName='packer', PolicyArn='arn:aws:iam::aws:policy/AmazonS3FullAccess'),
    client.get_user()['User']['Arn'].split(':')[-1],
    [user['UserName'] for page in client.get_paginator('list_users').paginate(PaginationConfig={'PageSize': 1}) for user in page['Users']] == sorted([user['UserName'] for user in client.list_users()['Users']], key=str.lower),
]
client.remove_role_from_instance_profile(InstanceProfileName='packer', RoleName='packer')
client.delete_instance_profile(InstanceProfileName='packer')
client.delete_role_policy(RoleName='packer', PolicyName='p')
client.delete_role(RoleName='packer')
out.append(code_of(client.get_role, RoleName='packer'))
print(json.dumps(out))`);
    assert.deepEqual(result, [
      'role/build/packer', true, 'AROA', ['packer'], true, ['packer'], 'EntityAlreadyExists', 'LimitExceeded', 'DeleteConflict', 'MalformedPolicyDocument', 'NoSuchEntity', 'root', true, 'NoSuchEntity',
    ]);
  });
});
