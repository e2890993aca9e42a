import assert from 'node:assert/strict';
import { grantableKinds } from '../../../../operator/controllers/iam-identity/parts.ts';
import { AwsError } from '../../../../operator/endpoint/errors.ts';
import { meaningOfPolicy, principalsOfTrustPolicy } from '../../../../operator/endpoint/iam/policy-document.ts';

const account = '123456789012';
const policy = (statement: unknown): string => JSON.stringify({ Version: '2012-10-17', Statement: statement });
const allow = (more: object = {}): object => ({ Effect: 'Allow', Action: 'ec2:Describe*', Resource: '*', ...more });

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof AwsError);
    assert.equal(error.code, 'MalformedPolicyDocument');
    return error.message;
  }
  return assert.fail('it was accepted');
}

describe('a permissions policy', () => {
  it('comes down to actions, and to what they need in Kubernetes', () => {
    const { actions, grants } = meaningOfPolicy(policy({ Effect: 'Allow', Action: ['ec2:DescribeInstances', 'ec2:StopInstances'], Resource: '*' }), account);
    assert.deepEqual(actions, ['ec2:DescribeInstances', 'ec2:StopInstances']);
    assert.deepEqual(grants, [{ resource: 'instances', verbs: ['list', 'patch'] }]);
  });

  it('provides for what an operation does beside its main object', () => {
    const { grants } = meaningOfPolicy(policy(allow({ Action: 'ec2:RunInstances' })), account);
    assert.deepEqual(grants.find(({ resource }) => resource === 'secrets')?.verbs, ['create', 'delete', 'get', 'patch']);
    assert.deepEqual(grants.find(({ resource }) => resource === 'instances')?.verbs, ['create', 'delete', 'patch']);
  });

  it('grants no writing for reading', () => {
    const { grants } = meaningOfPolicy(policy(allow({ Action: ['ec2:Describe*', 'iam:List*', 'iam:Get*'] })), account);
    assert.ok(grants.length > 0);
    assert.deepEqual(grants.flatMap(({ verbs }) => verbs.filter((verb) => verb !== 'get' && verb !== 'list')), []);
  });

  it('that allows everything grants nothing that the controller refuses to give', () => {
    const { grants } = meaningOfPolicy(policy(allow({ Action: '*' })), account);
    const given = new Map(grants.map(({ resource, verbs }) => [resource, verbs]));
    assert.deepEqual([...given.keys()].filter((resource) => resource !== 'secrets' && !grantableKinds.includes(resource)), [], 'a row of an operation table names a kind that policies cannot grant');
    assert.deepEqual(given.get('secrets'), ['create', 'delete', 'get', 'patch']);
  });

  it('allows actions that are not there yet, which need nothing', () => {
    assert.deepEqual(meaningOfPolicy(policy(allow({ Action: 'ec2:AcceptAddressTransfer' })), account).grants, []);
  });

  const accepted: Record<string, string> = {
    'a list of statements': policy([allow(), allow({ Sid: 'second' })]),
    'all resources of the account': policy(allow({ Resource: `arn:aws:ec2:*:${account}:*` })),
    'all resources of all kinds': policy(allow({ Resource: 'arn:aws:ec2:us-east-1:*:*/*' })),
    'no version': JSON.stringify({ Statement: allow() }),
  };
  for (const [name, document] of Object.entries(accepted)) it(`may have ${name}`, () => assert.ok(meaningOfPolicy(document, account).actions.length > 0));

  const refused: Record<string, [document: string, message: RegExp]> = {
    'text that is no JSON': ['{', /invalid Json/],
    'JSON that is no policy': ['[]', /Syntax errors/],
    'no statement': [JSON.stringify({ Version: '2012-10-17' }), /Statement/],
    'an empty list of statements': [policy([]), /Syntax errors/],
    'a denial': [policy(allow({ Effect: 'Deny' })), /Deny/],
    'an effect that is none': [policy(allow({ Effect: 'Maybe' })), /Maybe/],
    'a condition': [policy(allow({ Condition: { Bool: { 'aws:SecureTransport': 'true' } } })), /Condition/],
    'all actions but some': [policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }), /NotAction/],
    'all resources but some': [policy({ Effect: 'Allow', Action: '*', NotResource: 'x' }), /NotResource/],
    'a principal': [policy(allow({ Principal: '*' })), /Principal/],
    'an element that nobody knows': [policy(allow({ Colour: 'red' })), /Syntax errors/],
    'a single resource': [policy(allow({ Resource: `arn:aws:ec2:us-east-1:${account}:instance/i-0123456789abcdef0` })), /instance\/i-0123456789abcdef0/],
    'all resources of a kind': [policy(allow({ Resource: `arn:aws:ec2:us-east-1:${account}:instance/*` })), /instance\/\*/],
    'resources of another account': [policy(allow({ Resource: 'arn:aws:ec2:*:999999999999:*' })), /999999999999/],
    'a service that is not here': [policy(allow({ Action: 's3:GetObject' })), /s3:GetObject/],
    'an action without a service': [policy(allow({ Action: 'RunInstances' })), /vendor/],
    'one bad action among good ones': [policy(allow({ Action: ['ec2:*', 's3:*'] })), /s3:\*/],
    'a version of the future': [JSON.stringify({ Version: '2030-01-01', Statement: allow() }), /Version/],
  };
  for (const [name, [document, message]] of Object.entries(refused)) {
    it(`with ${name} is refused, and the message names it`, () => assert.match(refusalOf(() => meaningOfPolicy(document, account)), message));
  }
});

describe('a trust policy', () => {
  const trust = (more: object = {}): string => policy({ Effect: 'Allow', Principal: { AWS: account }, Action: 'sts:AssumeRole', ...more });

  it('names principals, an account by the ARN of its root', () => {
    const user = `arn:aws:iam::${account}:user/team/jo`;
    assert.deepEqual(principalsOfTrustPolicy(trust({ Principal: { AWS: [account, user], Service: 'ec2.amazonaws.com' } })), [`arn:aws:iam::${account}:root`, user, 'ec2.amazonaws.com']);
  });

  const refused: Record<string, [document: string, message: RegExp]> = {
    'everybody as principal': [trust({ Principal: '*' }), /Syntax errors/],
    'every account as principal': [trust({ Principal: { AWS: '*' } }), /"\*"/],
    'a federated principal': [trust({ Principal: { Federated: 'accounts.example' } }), /Syntax errors/],
    'a condition': [trust({ Condition: { StringEquals: { 'sts:ExternalId': 'x' } } }), /Condition/],
    'another action': [trust({ Action: 'sts:AssumeRoleWithSAML' }), /AssumeRoleWithSAML/],
    'a denial': [trust({ Effect: 'Deny' }), /Deny/],
    'a resource': [trust({ Resource: '*' }), /Syntax errors/],
  };
  for (const [name, [document, message]] of Object.entries(refused)) {
    it(`with ${name} is refused`, () => assert.match(refusalOf(() => principalsOfTrustPolicy(document)), message));
  }
});
