import assert from 'node:assert/strict';
import * as iam from '@aws-sdk/client-iam';
import { credentialsFrom } from '../../../../operator/endpoint/credentials.ts';
import { AwsError } from '../../../../operator/endpoint/errors.ts';
import { iamOperations } from '../../../../operator/endpoint/iam/operations.ts';
import type { Caller, OperationContext } from '../../../../operator/endpoint/operation.ts';
import { assumeRole } from '../../../../operator/endpoint/sts/AssumeRole.ts';
import { getSessionToken } from '../../../../operator/endpoint/sts/GetSessionToken.ts';
import type { Account, Secret } from '../../../../operator/kubernetes/resources.ts';
import { IamUser } from '../../../../operator/kubernetes/resources.ts';
import { theAccount } from '../../../support/cluster-objects.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { ACCOUNT_ID, NAMESPACE, operationContext, rootCaller } from '../../../support/operation-context.ts';
import { ResponseChecker } from '../../../support/response-violations.ts';

type Name = keyof typeof iamOperations;
const checker = new ResponseChecker('@aws-sdk/client-iam', iam);
const policy = (action = 'ec2:Describe*'): string => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
const trust = (...principals: string[]): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: principals }, Action: 'sts:AssumeRole' }] });
const arnOf = (path: string): string => `arn:aws:iam::${ACCOUNT_ID}:${path}`;

const sessionKey: Secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'kube-ec2-session-key', namespace: NAMESPACE, labels: { 'kube-ec2.io/account-id': ACCOUNT_ID } },
  type: 'kube-ec2.io/access-key',
  data: { sessionKey: Buffer.alloc(32, 7).toString('base64') },
};

describe('IAM operations', () => {
  let cluster: FakeCluster;
  let clock: FakeClock;
  let context: OperationContext;

  beforeEach(() => {
    clock = new FakeClock();
    const account: Account = { ...theAccount(), status: { accountId: ACCOUNT_ID, namespace: NAMESPACE } };
    cluster = new FakeCluster({ clock, objects: [account, sessionKey] });
    context = operationContext(cluster, { clock });
  });

  /** Calls an operation and checks its answer by the SDK's schema. */
  async function call<Output = Record<string, unknown>>(name: Name, input: object = {}, caller: Caller = rootCaller): Promise<Output> {
    const run = iamOperations[name].run as (input: object, context: OperationContext) => Promise<object | undefined>;
    const answer = (await run(input, { ...context, caller })) ?? {};
    assert.deepEqual(checker.violations(name, answer), []);
    return answer as Output;
  }

  async function codeOf(act: Promise<unknown>): Promise<string> {
    return act.then(
      () => 'no error',
      (error: unknown) => (assert.ok(error instanceof AwsError, String(error)), error.code),
    );
  }

  async function callerOf(accessKeyId: string, sessionToken?: string): Promise<Caller | undefined> {
    return (await credentialsFrom(cluster, () => true).find(accessKeyId, sessionToken))?.caller;
  }

  async function newUser(UserName: string, PolicyDocument?: string): Promise<Caller> {
    await call('CreateUser', { UserName });
    if (PolicyDocument !== undefined) await call('PutUserPolicy', { UserName, PolicyName: 'p', PolicyDocument });
    const { AccessKey } = await call<iam.CreateAccessKeyResponse>('CreateAccessKey', { UserName });
    const caller = await callerOf(AccessKey?.AccessKeyId ?? '');
    assert.ok(caller);
    return caller;
  }

  it('a user of whatever name and path is known by both, and acts as a ServiceAccount of its own', async () => {
    await call('CreateUser', { UserName: 'Jo+Doe@example.com', Path: '/team/' });
    const { AccessKey } = await call<iam.CreateAccessKeyResponse>('CreateAccessKey', { UserName: 'jo+doe@EXAMPLE.com' });
    const caller = await callerOf(AccessKey?.AccessKeyId ?? '');
    assert.equal(caller?.arn, arnOf('user/team/Jo+Doe@example.com'));
    assert.match(caller.kubernetesUser, /^system:serviceaccount:acme:iam-user-x-[0-9a-f]{40}$/);
    assert.deepEqual(caller.allowedActions, []);
    const { User } = await call<iam.GetUserResponse>('GetUser', {}, caller);
    assert.deepEqual([User?.UserName, User?.Path, User?.UserId], ['Jo+Doe@example.com', '/team/', caller.userId]);
  });

  it('a user cannot take the ServiceAccount of root by its name', async () => {
    const caller = await newUser('kube-ec2-root', policy('*'));
    assert.equal(caller.kubernetesUser, 'system:serviceaccount:acme:iam-user-kube-ec2-root');
  });

  it('managed policies give what their names say', async () => {
    const caller = await newUser('jo');
    for (const [name, action] of [['AdministratorAccess', '*'], ['AmazonEC2FullAccess', 'ec2:*'], ['AmazonEC2ReadOnlyAccess', 'ec2:Describe*']] as const) {
      const PolicyArn = `arn:aws:iam::aws:policy/${name}`;
      await call('AttachUserPolicy', { UserName: 'jo', PolicyArn });
      assert.ok((await callerOf(caller.accessKeyId))?.allowedActions?.includes(action), name);
      await call('DetachUserPolicy', { UserName: 'jo', PolicyArn });
    }
    assert.deepEqual((await callerOf(caller.accessKeyId))?.allowedActions, []);
  });

  it('an inline policy is shown as it was given, URL-encoded', async () => {
    await newUser('jo', policy());
    const { PolicyDocument } = await call<iam.GetUserPolicyResponse>('GetUserPolicy', { UserName: 'jo', PolicyName: 'p' });
    assert.equal(decodeURIComponent(PolicyDocument ?? ''), policy());
    assert.deepEqual(await call('ListUserPolicies', { UserName: 'jo' }), { PolicyNames: ['p'], IsTruncated: false });
  });

  it("a new user of an old name has none of the old one's keys", async () => {
    const caller = await newUser('jo');
    const user = cluster.get(IamUser, { namespace: NAMESPACE, name: 'jo' });
    cluster.add({ ...user, metadata: { ...user?.metadata, uid: 'another' } });
    assert.equal(await callerOf(caller.accessKeyId), undefined);
    assert.deepEqual((await call<iam.ListAccessKeysResponse>('ListAccessKeys', { UserName: 'jo' })).AccessKeyMetadata, []);
  });

  const refusals: Record<string, [act: () => Promise<unknown>, code: string]> = {
    'a name that is taken': [async () => (await newUser('jo'), call('CreateUser', { UserName: 'JO' })), 'EntityAlreadyExists'],
    'a name with bad letters': [async () => call('CreateUser', { UserName: 'a b' }), 'ValidationError'],
    'a name that is too long': [async () => call('CreateUser', { UserName: 'a'.repeat(65) }), 'ValidationError'],
    'a path that is none': [async () => call('CreateUser', { UserName: 'jo', Path: 'team' }), 'ValidationError'],
    'a permissions boundary': [async () => call('CreateUser', { UserName: 'jo', PermissionsBoundary: 'arn:aws:iam::aws:policy/AdministratorAccess' }), 'ValidationError'],
    'one tag twice': [async () => call('CreateUser', { UserName: 'jo', Tags: [{ Key: 'a', Value: '' }, { Key: 'A', Value: '' }] }), 'InvalidInput'],
    'a user that is not there': [async () => call('GetUser', { UserName: 'nobody' }), 'NoSuchEntity'],
    'a key that is not there': [async () => (await newUser('jo'), call('DeleteAccessKey', { UserName: 'jo', AccessKeyId: 'AKIANOSUCHKEY1234567' })), 'NoSuchEntity'],
    "somebody else's key": [async () => call('DeleteAccessKey', { UserName: (await newUser('jo'), await newUser('jane'), 'jane'), AccessKeyId: (await call<iam.ListAccessKeysResponse>('ListAccessKeys', { UserName: 'jo' })).AccessKeyMetadata?.[0]?.AccessKeyId }), 'NoSuchEntity'],
    'a status that is none': [async () => call('UpdateAccessKey', { UserName: 'jo', AccessKeyId: 'x', Status: 'Sleepy' }), 'ValidationError'],
    'a third key': [async () => (await newUser('jo'), await call('CreateAccessKey', { UserName: 'jo' }), call('CreateAccessKey', { UserName: 'jo' })), 'LimitExceeded'],
    'deleting a user with a key': [async () => (await newUser('jo'), call('DeleteUser', { UserName: 'jo' })), 'DeleteConflict'],
    'a policy that is not there': [async () => (await newUser('jo'), call('DeleteUserPolicy', { UserName: 'jo', PolicyName: 'x' })), 'NoSuchEntity'],
    'detaching what is not attached': [async () => (await newUser('jo'), call('DetachUserPolicy', { UserName: 'jo', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })), 'NoSuchEntity'],
    'an unknown managed policy': [async () => (await newUser('jo'), call('AttachUserPolicy', { UserName: 'jo', PolicyArn: 'arn:aws:iam::aws:policy/constructor' })), 'NoSuchEntity'],
    'policies of more than 10240 characters': [async () => (await newUser('jo'), call('PutUserPolicy', { UserName: 'jo', PolicyName: 'p', PolicyDocument: policy(`ec2:${'A'.repeat(10_300)}`) })), 'LimitExceeded'],
    'a made-up marker': [async () => call('ListUsers', { Marker: 'x' }), 'ValidationError'],
    'a page of nothing': [async () => call('ListUsers', { MaxItems: 0 }), 'ValidationError'],
    'a role that outlasts its limit': [async () => call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust(ACCOUNT_ID), MaxSessionDuration: 50_000 }), 'ValidationError'],
  };
  for (const [name, [act, code]] of Object.entries(refusals)) {
    it(`${name} is refused with ${code}`, async () => assert.equal(await codeOf(act()), code));
  }

  describe('sessions', () => {
    const assume = async (caller: Caller, input: object = {}) =>
      assumeRole({ RoleArn: arnOf('role/r'), RoleSessionName: 'mine', ...input }, { ...context, caller });
    const newRole = async (...principals: string[]) => call('CreateRole', { RoleName: 'r', AssumeRolePolicyDocument: trust(...principals) });

    it('of a role have its rights, not those of who asked, and expire', async () => {
      const jo = await newUser('jo');
      await newRole(jo.arn);
      await call('PutRolePolicy', { RoleName: 'r', PolicyName: 'p', PolicyDocument: policy() });
      const { Credentials } = await assume(jo, { DurationSeconds: 900 });
      const found = await credentialsFrom(cluster, () => true).find(Credentials?.AccessKeyId ?? '', Credentials?.SessionToken);
      assert.equal(found?.secretAccessKey, Credentials?.SecretAccessKey);
      assert.equal(found?.expiresAt, Math.floor(clock.now() / 1000) * 1000 + 900_000);
      assert.deepEqual([found?.caller.arn, found?.caller.allowedActions], [`arn:aws:sts::${ACCOUNT_ID}:assumed-role/r/mine`, ['ec2:Describe*']]);
    });

    const outcomes: Record<string, { principals: string[]; document?: string; code: string }> = {
      'a user that is named needs no policy of its own': { principals: [arnOf('user/jo')], code: 'no error' },
      'the account as a whole lets in whose policy allows it': { principals: [ACCOUNT_ID], document: policy('sts:AssumeRole'), code: 'no error' },
      'the account as a whole lets in nobody else': { principals: [ACCOUNT_ID], document: policy('ec2:*'), code: 'AccessDenied' },
      'another user stays outside': { principals: [arnOf('user/jane')], document: policy('*'), code: 'AccessDenied' },
      'another account is another matter': { principals: ['999999999999'], document: policy('*'), code: 'AccessDenied' },
    };
    for (const [name, { principals, document, code }] of Object.entries(outcomes)) {
      it(name, async () => {
        const jo = await newUser('jo', document);
        await newRole(...principals);
        assert.equal(await codeOf(assume(jo)), code);
      });
    }

    const refused: Record<string, [input: object, code: string]> = {
      'a role that is not there': [{ RoleArn: arnOf('role/none') }, 'AccessDenied'],
      'an ARN that is none': [{ RoleArn: 'role/r' }, 'ValidationError'],
      'a session longer than the role allows': [{ DurationSeconds: 3601 }, 'ValidationError'],
      'a session that is too short': [{ DurationSeconds: 899 }, 'ValidationError'],
      'a bad name of the session': [{ RoleSessionName: 'a/b' }, 'ValidationError'],
      'a session policy': [{ Policy: policy() }, 'ValidationError'],
      'a second factor': [{ SerialNumber: 'x', TokenCode: '123456' }, 'ValidationError'],
    };
    for (const [name, [input, code]] of Object.entries(refused)) {
      it(`${name} is refused with ${code}`, async () => {
        const jo = await newUser('jo');
        await newRole(jo.arn);
        assert.equal(await codeOf(assume(jo, input)), code);
      });
    }

    it('are not for root', async () => {
      await newRole(ACCOUNT_ID);
      assert.equal(await codeOf(assume(rootCaller)), 'AccessDenied');
    });

    it('stand and fall with token, id, role, and the key of the account', async () => {
      const jo = await newUser('jo');
      await newRole(jo.arn);
      const { Credentials } = await assume(jo);
      const { AccessKeyId: id = '', SessionToken: token = '' } = Credentials ?? {};
      const [body = '', mac = ''] = token.split('.');
      const claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as object;
      const rewritten = (more: object): string => `${Buffer.from(JSON.stringify({ ...claims, ...more })).toString('base64url')}.${mac}`;
      const bad = ['', '.', 'x', body, `${body}.`, `${token}x`, `${token}.x`, `${body}.${mac.slice(1)}`, `${body}.\u00e9${mac.slice(1)}`, `${mac}.${body}`, rewritten({ expiresAt: 9e15 }), rewritten({ accountId: '999999999999' }), 'a'.repeat(100_000)];
      for (const wrong of bad) assert.equal(await callerOf(id, wrong), undefined, wrong.slice(0, 100));
      assert.equal(await callerOf('ASIAABCDEFGHIJKLMNOP', token), undefined);
      assert.ok(await callerOf(id, token));
      cluster.add({ ...sessionKey, data: { sessionKey: Buffer.alloc(32, 8).toString('base64') } } as Secret);
      assert.equal(await callerOf(id, token), undefined);
      cluster.add(sessionKey);
      assert.ok(await callerOf(id, token));
      await call('DeleteRole', { RoleName: 'r' });
      assert.equal(await callerOf(id, token), undefined);
      await newRole(jo.arn);
      assert.equal(await callerOf(id, token), undefined, 'a new role of the same name');
    });

    it('of a user have its rights and end when its key is switched off', async () => {
      const jo = await newUser('jo', policy());
      const { Credentials } = await getSessionToken({}, { ...context, caller: jo });
      const look = async () => callerOf(Credentials?.AccessKeyId ?? '', Credentials?.SessionToken);
      const session = await look();
      assert.deepEqual([session?.arn, session?.kubernetesUser, session?.allowedActions], [jo.arn, jo.kubernetesUser, ['ec2:Describe*']]);
      assert.equal(await codeOf(getSessionToken({}, { ...context, caller: session ?? jo })), 'AccessDenied');
      await call('UpdateAccessKey', { UserName: 'jo', AccessKeyId: jo.accessKeyId, Status: 'Inactive' });
      assert.equal(await look(), undefined);
    });
  });
});
