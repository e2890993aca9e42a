import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { RunInstancesCommand, waitUntilInstanceRunning } from '@aws-sdk/client-ec2';
import { isDryRunnable, mutated } from '../support/mutated-form.ts';
import { changesBetween, quietSnapshotOf, snapshotOf } from '../support/cluster-snapshot.ts';
import { sharedCloud, type Cloud, type TenantClients } from '../support/cloud.ts';
import { errorIn, formOf, postSigned, send, type RawAnswer, type RequestSettings } from '../support/signed-request.ts';
import { seededRandom } from '../conformance/random-values.ts';
import { ec2Operations } from '../../operator/endpoint/ec2/operations.ts';

/** An id that nothing has. */
const NOBODY = '0123456789abcdef0';
const LARGEST_USER_DATA = 16 * 1024;

interface Case {
  action: string;
  parameters?: (tenant: TenantClients, runningId: string) => Record<string, string>;
  settings?: Partial<RequestSettings>;
  version?: string;
  want: string;
  status?: number;
  message?: RegExp;
}

const launch = (more: Record<string, string>) => ({ account }: TenantClients): Record<string, string> => ({
  ...{ ImageId: account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: '1', MaxCount: '1' },
  ...more,
});
const base64 = (length: number): string => Buffer.alloc(length, 'a').toString('base64');

const cases: Record<string, Case> = {
  'a count that is no number': { action: 'RunInstances', parameters: launch({ MaxCount: 'many' }), want: 'InvalidParameterValue', message: /many/ },
  'a count of zero': { action: 'RunInstances', parameters: launch({ MinCount: '0', MaxCount: '0' }), want: 'InvalidParameterValue' },
  'a minimum above the maximum': { action: 'RunInstances', parameters: launch({ MinCount: '3' }), want: 'InvalidParameterValue' },
  'a count beyond all bounds': { action: 'RunInstances', parameters: launch({ MaxCount: '99999999999999999999' }), want: 'InvalidParameterValue' },
  'no counts': { action: 'RunInstances', parameters: ({ account }) => ({ ImageId: account.ebsImageId }), want: 'MissingParameter', message: /MaxCount|MinCount/ },
  'no image': { action: 'RunInstances', parameters: launch({ ImageId: '' }), want: 'MissingParameter', message: /ImageId/i },
  'an unknown image': { action: 'RunInstances', parameters: launch({ ImageId: `ami-${NOBODY}` }), want: 'InvalidAMIID.NotFound' },
  'a malformed image id': { action: 'RunInstances', parameters: launch({ ImageId: 'debian' }), want: 'InvalidAMIID.Malformed' },
  'an unknown instance type': { action: 'RunInstances', parameters: launch({ InstanceType: 'z9.vast' }), want: 'InvalidParameterValue', message: /z9\.vast/ },
  'an unknown key pair': { action: 'RunInstances', parameters: launch({ KeyName: 'nobody' }), want: 'InvalidKeyPair.NotFound' },
  'an unknown security group': { action: 'RunInstances', parameters: launch({ 'SecurityGroupId.1': `sg-${NOBODY}` }), want: 'InvalidGroup.NotFound' },
  'an unknown subnet': { action: 'RunInstances', parameters: launch({ SubnetId: `subnet-${NOBODY}` }), want: 'InvalidSubnetID.NotFound' },
  'an unknown zone': { action: 'RunInstances', parameters: launch({ 'Placement.AvailabilityZone': 'us-east-1z' }), want: 'InvalidParameterValue', message: /us-east-1z/ },
  'user data that is no base64': { action: 'RunInstances', parameters: launch({ UserData: '#cloud-config' }), want: 'InvalidUserData.Malformed' },
  'user data one byte too long': { action: 'RunInstances', parameters: launch({ UserData: base64(LARGEST_USER_DATA + 1) }), want: 'InvalidParameterValue', message: /16384/ },
  'a spot instance': { action: 'RunInstances', parameters: launch({ 'InstanceMarketOptions.MarketType': 'spot' }), want: 'UnsupportedOperation' },
  'a launch template that does not exist': {
    action: 'RunInstances',
    parameters: launch({ 'LaunchTemplate.LaunchTemplateName': 'web' }),
    want: 'InvalidLaunchTemplateName.NotFoundException',
  },
  "a tag of the service's own": {
    action: 'RunInstances',
    parameters: launch({ 'TagSpecification.1.ResourceType': 'instance', 'TagSpecification.1.Tag.1.Key': 'aws:mine', 'TagSpecification.1.Tag.1.Value': '' }),
    want: 'InvalidParameterValue',
  },
  'a flag that is neither true nor false': { action: 'RunInstances', parameters: launch({ DryRun: 'perhaps' }), want: 'InvalidParameterValue' },
  'a parameter that is a structure here and a text there': { action: 'RunInstances', parameters: launch({ 'ImageId.1': 'a' }), want: 'InvalidParameterValue' },
  'an unknown instance': { action: 'DescribeInstances', parameters: () => ({ 'InstanceId.1': `i-${NOBODY}` }), want: 'InvalidInstanceID.NotFound' },
  'a known and an unknown instance to terminate': {
    action: 'TerminateInstances',
    parameters: (_tenant, id) => ({ 'InstanceId.1': id, 'InstanceId.2': `i-${NOBODY}` }),
    want: 'InvalidInstanceID.NotFound',
  },
  'a malformed instance id': { action: 'StopInstances', parameters: () => ({ 'InstanceId.1': '../../etc' }), want: 'InvalidInstanceID.Malformed' },
  'an instance store to stop': { action: 'StopInstances', parameters: (_tenant, id) => ({ 'InstanceId.1': id }), want: 'UnsupportedOperation' },
  'no instance to start': { action: 'StartInstances', want: 'MissingParameter' },
  'an unknown filter': { action: 'DescribeInstances', parameters: () => ({ 'Filter.1.Name': 'colour', 'Filter.1.Value.1': 'red' }), want: 'InvalidParameterValue', message: /colour/ },
  'a page too small': { action: 'DescribeInstances', parameters: () => ({ MaxResults: '1' }), want: 'InvalidParameterValue' },
  'a page size and ids': { action: 'DescribeInstances', parameters: (_tenant, id) => ({ MaxResults: '5', 'InstanceId.1': id }), want: 'InvalidParameterCombination' },
  'a page token of somebody else': { action: 'DescribeInstances', parameters: () => ({ MaxResults: '5', NextToken: 'eyJhIjoxfQ.c2ln' }), want: 'InvalidNextToken' },
  'a list index beyond all bounds': { action: 'DescribeInstances', parameters: () => ({ 'InstanceId.9999999999': 'i-1' }), want: 'InvalidParameterValue' },
  'two attributes at once': {
    action: 'ModifyInstanceAttribute',
    parameters: (_tenant, id) => ({ InstanceId: id, 'DisableApiTermination.Value': 'true', 'DisableApiStop.Value': 'true' }),
    want: 'InvalidParameterCombination',
  },
  'another type for a running instance': {
    action: 'ModifyInstanceAttribute',
    parameters: (_tenant, id) => ({ InstanceId: id, 'InstanceType.Value': 't3.small' }),
    want: 'IncorrectInstanceState',
  },
  'an attribute that does not exist': { action: 'DescribeInstanceAttribute', parameters: (_tenant, id) => ({ InstanceId: id, Attribute: 'colour' }), want: 'InvalidParameterValue' },
  'tags for nothing': { action: 'CreateTags', parameters: () => ({ 'ResourceId.1': `i-${NOBODY}`, 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' }), want: 'InvalidInstanceID.NotFound' },
  'tags for an id of no kind': { action: 'CreateTags', parameters: () => ({ 'ResourceId.1': 'web', 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' }), want: 'InvalidID' },
  'a tag key too long': {
    action: 'CreateTags',
    parameters: (_tenant, id) => ({ 'ResourceId.1': id, 'Tag.1.Key': 'k'.repeat(129), 'Tag.1.Value': '' }),
    want: 'InvalidParameterValue',
  },
  'more tags than a resource may have': {
    action: 'CreateTags',
    parameters: (_tenant, id) => ({ 'ResourceId.1': id, ...Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`Tag.${String(index + 1)}.Key`, `k${String(index)}`])) }),
    want: 'TagLimitExceeded',
  },
  'a public key that is none': { action: 'ImportKeyPair', parameters: () => ({ KeyName: 'bad', PublicKeyMaterial: base64(40) }), want: 'InvalidKey.Format' },
  'an unknown owner of images': { action: 'DescribeImages', parameters: () => ({ 'ImageId.1': 'ami-1' }), want: 'InvalidAMIID.Malformed' },
  'an unknown zone to describe': { action: 'DescribeAvailabilityZones', parameters: () => ({ 'ZoneName.1': 'mars-1a' }), want: 'InvalidParameterValue' },
  'an unknown type to describe': { action: 'DescribeInstanceTypes', parameters: () => ({ 'InstanceType.1': 'z9.vast' }), want: 'InvalidInstanceType' },
  'an action that does not exist': { action: 'LaunchRockets', want: 'InvalidAction', message: /LaunchRockets is not valid for this web service/ },
  'an action that is not implemented': { action: 'CreateTransitGateway', want: 'InvalidAction' },
  'an action of JavaScript rather than EC2': { action: 'constructor', want: 'InvalidAction' },
  'an Auto Scaling action': { action: 'LaunchInstances', version: '2011-01-01', settings: { service: 'autoscaling' }, want: 'InvalidAction' },
  'a secret that is wrong': { action: 'DescribeInstances', settings: { secretAccessKey: 'wrong' }, want: 'AuthFailure', status: 401 },
  'a key that does not exist': { action: 'DescribeInstances', settings: { accessKeyId: 'AKIA0000000000000000' }, want: 'AuthFailure', status: 401 },
  'a signature for another region': { action: 'DescribeInstances', settings: { region: 'eu-west-1' }, want: 'AuthFailure', status: 401 },
  'a signature of an hour ago': { action: 'DescribeInstances', settings: { signedAt: new Date(Date.now() - 3_600_000) }, want: 'RequestExpired' },
  'a body that was changed on the way': {
    action: 'TerminateInstances',
    parameters: () => ({ 'InstanceId.1': `i-${NOBODY}` }),
    settings: {
      tamper: (request) => {
        request.body = request.body.replace(NOBODY, 'fedcba98765432100');
      },
    },
    want: 'AuthFailure',
    status: 401,
  },
  'a signature cut short': {
    action: 'DescribeInstances',
    settings: {
      tamper: ({ headers }) => {
        headers['authorization'] = (headers['authorization'] ?? '').slice(0, -3);
      },
    },
    want: 'AuthFailure',
    status: 401,
  },
};

describe('bad input over HTTP', () => {
  let cloud: Cloud;
  let tenant: TenantClients;
  let runningId = '';
  let url = '';
  let atRest: Record<string, string> = {};

  const post = async (form: string, settings: Partial<RequestSettings> = {}): Promise<RawAnswer> =>
    postSigned(form, { endpointUrl: url, accessKeyId: tenant.account.accessKeyId, secretAccessKey: tenant.account.secretAccessKey, ...settings });
  const assertNothingChanged = async (): Promise<void> => {
    assert.deepEqual(changesBetween(atRest, await snapshotOf(cloud.controlPlane.client, tenant.account.namespace)), []);
  };
  const assertRefused = (answer: RawAnswer, { status = 400, want, message }: Pick<Case, 'status' | 'want' | 'message'>): void => {
    const error = errorIn(answer);
    assert.deepEqual({ status: answer.status, code: error.code }, { status, code: want }, answer.body);
    assert.ok(error.message.length > 5);
    if (message) assert.match(error.message, message);
    assert.equal(error.requestId, answer.headers['x-amzn-requestid']);
  };

  before(async () => {
    cloud = await sharedCloud();
    tenant = await cloud.open('bad-input');
    url = cloud.operator.endpointUrl;
    const { Instances = [] } = await tenant.ec2.send(
      new RunInstancesCommand({ ImageId: tenant.account.instanceStoreImageId, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }),
    );
    runningId = Instances[0]?.InstanceId ?? '';
    await waitUntilInstanceRunning({ client: tenant.ec2, maxWaitTime: 180, minDelay: 1, maxDelay: 1 }, { InstanceIds: [runningId] });
    atRest = await quietSnapshotOf(cloud.controlPlane.client, tenant.account.namespace);
  });

  for (const [name, { action, parameters, settings, version, ...want }] of Object.entries(cases)) {
    it(`refuses ${name} with ${want.want}`, async () => {
      assertRefused(await post(formOf(action, parameters?.(tenant, runningId), version), settings), want);
    });
  }

  it('takes user data of exactly 16 KB, in a dry run', async () => {
    assertRefused(await post(formOf('RunInstances', launch({ UserData: base64(LARGEST_USER_DATA), DryRun: 'true' })(tenant))), { status: 412, want: 'DryRunOperation' });
  });

  it('refuses an unsigned request', async () => {
    const form = formOf('DescribeInstances');
    assertRefused(await send(url, 'POST', '/', { 'content-type': 'application/x-www-form-urlencoded' }, form), { want: 'MissingParameter', message: /AWSAccessKeyId/ });
  });

  it('refuses a request without an action', async () => {
    assertRefused(await post('Version=2016-11-15'), { want: 'MissingAction' });
  });

  it('refuses a parameter that is given twice', async () => {
    assertRefused(await post(`${formOf('DescribeInstances')}&MaxResults=5&MaxResults=6`), { want: 'InvalidQueryParameter' });
  });

  it('refuses broken percent escapes', async () => {
    assertRefused(await post(`${formOf('DescribeInstances')}&NextToken=%E0%A4%A`), { want: 'InvalidQueryParameter' });
  });

  it('refuses twenty thousand parameters', async () => {
    const many = Array.from({ length: 20_000 }, (_, index) => `InstanceId.${String(index + 1)}=i-1`).join('&');
    assertRefused(await post(`${formOf('DescribeInstances')}&${many}`), { want: 'InvalidQueryParameter' });
  });

  it('refuses a body of three megabytes', async () => {
    assertRefused(await post(`${formOf('DescribeInstances')}&NextToken=${'a'.repeat(3 * 1024 * 1024)}`), { status: 413, want: 'RequestEntityTooLarge' });
  });

  it('refuses a compressed body', async () => {
    const answer = await post(formOf('DescribeInstances'), { tamper: ({ headers }) => void (headers['content-encoding'] = 'gzip') });
    assertRefused(answer, { status: 415, want: 'InvalidRequest' });
  });

  it('refuses other paths and methods', async () => {
    assertRefused(await send(url, 'GET', '/../../etc/passwd', {}, ''), { status: 404, want: 'InvalidRequest' });
    assertRefused(await send(url, 'PUT', '/', {}, ''), { status: 405, want: 'InvalidRequest' });
  });

  it('answers STS in its own dialect', async () => {
    const answer = await post(formOf('GetCallerIdentity', {}, '2011-06-15'), { service: 'sts', secretAccessKey: 'wrong' });
    assert.equal(answer.status, 403);
    assert.match(answer.body, /<ErrorResponse[^>]*>.*<Code>SignatureDoesNotMatch<\/Code>/s);
  });

  it('changed nothing in the cluster by all that', assertNothingChanged);

  it('never fails itself, whatever the parameters: 1,500 mutated requests', async () => {
    const random = seededRandom(20261124);
    const actions = Object.keys(ec2Operations);
    const failed: string[] = [];
    for (let index = 0; index < 1500; index += 1) {
      const action = actions[index % actions.length] ?? '';
      const form = formOf(action, mutated(action, random, [runningId, tenant.account.ebsImageId, tenant.account.instanceStoreImageId]));
      const answer = await post(form);
      if (answer.status >= 500 || (answer.status !== 200 && errorIn(answer).code === '')) failed.push(`${String(answer.status)} ${form}: ${answer.body.slice(0, 300)}`);
      if (answer.status === 200 && isDryRunnable(action)) failed.push(`a dry run was carried out: ${form}`);
    }
    assert.deepEqual(failed, []);
    await assertNothingChanged();
  });

  it('has not logged a secret', () => {
    const log = readFileSync(cloud.operator.logFile, 'utf8');
    assert.ok(log.includes(tenant.account.accessKeyId));
    assert.ok(!log.includes(tenant.account.secretAccessKey));
    assert.ok(!log.includes(base64(LARGEST_USER_DATA + 1).slice(0, 400)));
  });
});
