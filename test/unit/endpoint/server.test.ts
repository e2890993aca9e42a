import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { AutoScalingClient, DescribeAutoScalingGroupsCommand, SetDesiredCapacityCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateKeyPairCommand,
  DescribeInstancesCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { DescribeInstancesRequest } from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { STSServiceException } from '@aws-sdk/client-sts';
import winston from 'winston';
import { ApiError } from '../../../operator/kubernetes/errors.ts';
import { Instance } from '../../../operator/kubernetes/resources.ts';
import { systemClock } from '../../../operator/kubernetes/clock.ts';
import { AwsError } from '../../../operator/endpoint/errors.ts';
import type { Caller, OperationContext, OperationTable } from '../../../operator/endpoint/operation.ts';
import { createPipeline } from '../../../operator/endpoint/pipeline.ts';
import type { Pipeline, PipelineOptions, RequestRecord } from '../../../operator/endpoint/pipeline.ts';
import { startEndpointServer } from '../../../operator/endpoint/server.ts';
import type { EndpointServer } from '../../../operator/endpoint/server.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { until } from '../../support/until.ts';

const secretAccessKey = 'hush/secret+access+key';
const caller: Caller = {
  accountId: '123456789012',
  namespace: 'main',
  arn: 'arn:aws:iam::123456789012:root',
  userId: '123456789012',
  accessKeyId: 'AKIAROOT',
  kubernetesUser: 'system:serviceaccount:main:kube-ec2-root',
};
const reader: Caller = { ...caller, arn: 'arn:aws:iam::123456789012:user/reader', accessKeyId: 'AKIAREADER', kubernetesUser: 'system:serviceaccount:main:reader' };

/** The world that the operations of this test change: what is running. */
const running = new Set<string>();
/** Launches of ami-slow that are in work: each ends when it is told to. */
const slow: (() => void)[] = [];

const ec2Table = {
  DescribeInstances: {
    access: [{ verb: 'list', resource: Instance }],
    run: async ({ MaxResults = 0, InstanceIds = [] }: DescribeInstancesRequest, context: OperationContext) => {
      if (MaxResults < 0) throw new AwsError('InvalidParameterValue', 'MaxResults');
      if (InstanceIds.includes('i-world')) return { Reservations: [{ OwnerId: `can write: ${'write' in context}` }] };
      return { Reservations: Array.from({ length: MaxResults }, (_, index) => ({ ReservationId: `r-${index}`, Instances: [{ InstanceId: 'x'.repeat(500) }] })) };
    },
  },
  RunInstances: {
    access: [{ verb: 'create', resource: Instance }],
    run: async ({ ImageId = '' }: { ImageId?: string }) => {
      const problems: Readonly<Record<string, Error>> = {
        'ami-bug': new TypeError(`cannot read properties of ${secretAccessKey}`),
        'ami-forbidden': new ApiError({ code: 403, reason: 'Forbidden', message: 'quota' }),
        'ami-invalid': new ApiError({ code: 422, reason: 'Invalid', message: 'i', details: { causes: [{ field: 'spec.hostname', message: 'must be a DNS label' }] } }),
        'ami-outage': new ApiError({ code: 0, reason: 'ConnectionFailed', message: 'refused' }),
        'ami-conflict': new ApiError({ code: 409, reason: 'Conflict', message: 'changed' }),
      };
      if (problems[ImageId]) throw problems[ImageId];
      if (ImageId === 'ami-slow') await new Promise<void>((resolve) => slow.push(resolve));
      running.add(ImageId);
      return { ReservationId: 'r-1', Instances: [] };
    },
  },
  StopInstances: { access: [], run: async () => ({ StoppingInstances: 'not a list' }) },
  TerminateInstances: { access: [{ verb: 'delete', resource: Instance }], run: async () => ({ TerminatingInstances: [] }) },
} satisfies OperationTable;

const tables = {
  ec2: ec2Table as OperationTable,
  sts: { GetCallerIdentity: { access: [], run: async (_input: never, context: OperationContext) => ({ Account: context.caller.accountId }) } } satisfies OperationTable,
  autoscaling: {
    DescribeAutoScalingGroups: { access: [{ verb: 'list', resource: Instance }], run: async () => ({}) },
    SetDesiredCapacity: { access: [{ verb: 'patch', resource: Instance }], run: async () => undefined },
  } satisfies OperationTable,
};

describe('the endpoint, asked over HTTP', () => {
  const records: RequestRecord[] = [];
  const logged: string[] = [];
  let server: EndpointServer;
  let startStrictServer: () => Promise<EndpointServer>;
  let isReady = true;

  before(async () => {
    const transport = new winston.transports.Stream({
      stream: new (await import('node:stream')).Writable({ write: (chunk: Buffer, _encoding, done) => (logged.push(chunk.toString()), done()) }),
    });
    const log = winston.createLogger({ transports: [transport], format: winston.format.json() });
    const cluster = new FakeCluster();
    const options: PipelineOptions = {
      tables,
      credentials: { find: async (accessKeyId) => [caller, reader].filter((one) => one.accessKeyId === accessKeyId).map((one) => ({ secretAccessKey, caller: one }))[0] },
      authorize: async ({ accessKeyId }, { verb }) => accessKeyId === caller.accessKeyId || verb === 'list',
      read: cluster,
      liveAs: () => ({ fetch: async () => undefined, podLog: async () => undefined, screenshot: async () => undefined }),
      writeAs: () => cluster,
      region: 'us-east-1',
      clock: systemClock,
      log,
      unknownParameters: 'ignore',
      observe: (record) => records.push(record),
    };
    const start = async (pipeline: Pipeline) => startEndpointServer({ pipeline, log, isReady: () => isReady, bodyLimit: 100_000 }, '127.0.0.1', 0);
    server = await start(await createPipeline(options));
    startStrictServer = async () => start(await createPipeline({ ...options, unknownParameters: 'error' }));
  });
  after(() => server.close(1000));
  beforeEach(() => {
    records.length = 0;
    logged.length = 0;
    running.clear();
  });

  const settings = (overrides: object = {}): { region: string; endpoint: string; maxAttempts: number; credentials: { accessKeyId: string; secretAccessKey: string } } => ({
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${server.port}`,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAROOT', secretAccessKey },
    ...overrides,
  });
  const ec2 = (overrides?: object) => new EC2Client(settings(overrides));
  const sts = (overrides?: object) => new STSClient(settings(overrides));
  const autoScaling = (overrides?: object) => new AutoScalingClient(settings(overrides));
  const wrongSecret = { credentials: { accessKeyId: 'AKIAROOT', secretAccessKey: 'wrong' } };
  const unknownKey = { credentials: { accessKeyId: 'AKIANOBODY', secretAccessKey } };
  const asReader = { credentials: { accessKeyId: 'AKIAREADER', secretAccessKey } };
  const withToken = { credentials: { accessKeyId: 'AKIAROOT', secretAccessKey, sessionToken: 'x' } };
  const skewed = { systemClockOffset: -20 * 60_000 };
  const run = (input: object = {}) => new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ImageId: 'ami-1', ...input });

  it('answers a signed call, with the request id in body and header and a Date', async () => {
    const { Reservations, $metadata } = await ec2().send(new DescribeInstancesCommand({ MaxResults: 2 }));
    assert.deepEqual(Reservations?.map(({ ReservationId }) => ReservationId), ['r-0', 'r-1']);
    assert.match($metadata.requestId ?? '', /^[0-9a-f-]{36}$/);
    const response = await fetch(settings().endpoint, { method: 'POST', body: 'Action=DescribeInstances' });
    assert.ok((await response.text()).includes(`<RequestID>${response.headers.get('x-amzn-requestid')}</RequestID>`));
    assert.ok(Math.abs(Date.parse(response.headers.get('date') ?? '') - Date.now()) < 5000);
    assert.equal(response.headers.get('content-type'), 'text/xml;charset=UTF-8');
    assert.equal(response.headers.get('x-powered-by'), null);
  });

  it('routes by the service that the request was signed for', async () => {
    assert.equal((await sts().send(new GetCallerIdentityCommand({}))).Account, '123456789012');
    assert.deepEqual((await autoScaling().send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups, []);
  });

  it('streams a large answer whole', async () => {
    const { Reservations } = await ec2().send(new DescribeInstancesCommand({ MaxResults: 5000 }));
    assert.equal(Reservations?.length, 5000);
    assert.ok(Reservations.every(({ Instances }) => Instances?.[0]?.InstanceId === 'x'.repeat(500)));
  });

  it('gives a describing operation nothing to write with', async () => {
    const { Reservations } = await ec2().send(new DescribeInstancesCommand({ InstanceIds: ['i-world'] }));
    assert.equal(Reservations?.[0]?.OwnerId, 'can write: false');
  });

  it('answers reads while launches are in work, few of which are at a time', async () => {
    const launches = Array.from({ length: 20 }, async () => ec2().send(run({ ImageId: 'ami-slow' })));
    await until('eight are in work', () => slow.length === 8);
    for (let read = 0; read < 5; read += 1) assert.equal((await ec2().send(new DescribeInstancesCommand({ MaxResults: 1 }))).Reservations?.length, 1);
    assert.equal(slow.length, 8);
    for (let ended = 0; ended < 20; ended += 1) {
      await until('another is in work', () => slow.length > 0);
      slow.shift()?.();
    }
    assert.ok((await Promise.all(launches)).every(({ ReservationId }) => ReservationId === 'r-1'));
  });

  const refusals: Readonly<Record<string, { call: () => Promise<unknown>; want: [code: string, status: number, message: RegExp]; refusal?: string }>> = {
    'a wrong secret (EC2)': { call: () => ec2(wrongSecret).send(run()), want: ['AuthFailure', 401, /not able to validate/], refusal: 'mismatch' },
    'an unknown key (EC2)': { call: () => ec2(unknownKey).send(run()), want: ['AuthFailure', 401, /not able to validate/], refusal: 'unknown key' },
    'a token that no key has (EC2)': { call: () => ec2(withToken).send(run()), want: ['AuthFailure', 401, /not able to validate/], refusal: 'wrong token' },
    'a clock 20 minutes behind (EC2)': { call: () => ec2(skewed).send(run()), want: ['RequestExpired', 400, /expired/], refusal: 'expired' },
    'another region (EC2)': { call: () => ec2({ region: 'eu-west-1' }).send(run()), want: ['AuthFailure', 401, /'eu-west-1'.*'us-east-1'/], refusal: 'wrong scope' },
    'a wrong secret (STS)': { call: () => sts(wrongSecret).send(new GetCallerIdentityCommand({})), want: ['SignatureDoesNotMatch', 403, /does not match/], refusal: 'mismatch' },
    'an unknown key (STS)': { call: () => sts(unknownKey).send(new GetCallerIdentityCommand({})), want: ['InvalidClientTokenId', 403, /invalid/], refusal: 'unknown key' },
    'a clock 20 minutes behind (STS)': { call: () => sts(skewed).send(new GetCallerIdentityCommand({})), want: ['RequestExpired', 400, /expired/], refusal: 'expired' },
    'another region (STS)': { call: () => sts({ region: 'eu-west-1' }).send(new GetCallerIdentityCommand({})), want: ['SignatureDoesNotMatch', 403, /'eu-west-1'/], refusal: 'wrong scope' },
    'an action that is not implemented': { call: () => ec2().send(new DescribeVpcsCommand({})), want: ['InvalidAction', 400, /^The action DescribeVpcs is not valid for this web service\.$/] },
    'a missing parameter (EC2)': { call: () => ec2().send(new TerminateInstancesCommand({} as never)), want: ['MissingParameter', 400, /^The request must contain the parameter InstanceId$/] },
    'a missing parameter (Auto Scaling)': {
      call: () => autoScaling().send(new SetDesiredCapacityCommand({} as never)),
      want: ['ValidationError', 400, /^2 validation errors detected: Value null at 'autoScalingGroupName' failed .* not be null; Value null at 'desiredCapacity'/],
    },
    'a number that is none': { call: () => ec2().send(new DescribeInstancesCommand({ MaxResults: 'ten' as never })), want: ['InvalidParameterValue', 400, /MaxResults/] },
    'a call without permission (EC2)': { call: () => ec2(asReader).send(run()), want: ['UnauthorizedOperation', 403, /not authorized/] },
    'a call without permission (Auto Scaling)': {
      call: () => autoScaling(asReader).send(new SetDesiredCapacityCommand({ AutoScalingGroupName: 'g', DesiredCapacity: 1 })),
      want: ['AccessDenied', 403, /^User: arn:aws:iam::123456789012:user\/reader is not authorized to perform: autoscaling:SetDesiredCapacity$/],
    },
    'a dry run that would succeed': { call: () => ec2().send(run({ DryRun: true })), want: ['DryRunOperation', 412, /^Request would have succeeded, but DryRun flag is set\.$/] },
    'a dry run without permission': { call: () => ec2(asReader).send(run({ DryRun: true })), want: ['UnauthorizedOperation', 403, /not authorized/] },
    'an error of the operation itself': { call: () => ec2().send(new DescribeInstancesCommand({ MaxResults: -1 })), want: ['InvalidParameterValue', 400, /^MaxResults$/] },
    'a mistake of ours, without its details': { call: () => ec2().send(run({ ImageId: 'ami-bug' })), want: ['InternalError', 500, /^An internal error has occurred$/] },
    'an output that does not fit the model': { call: () => ec2().send(new StopInstancesCommand({ InstanceIds: ['i'] })), want: ['InternalError', 500, /^An internal error has occurred$/] },
    'a refusal by the API server': { call: () => ec2().send(run({ ImageId: 'ami-forbidden' })), want: ['UnauthorizedOperation', 403, /not authorized/] },
    'an object that the API server finds invalid': { call: () => ec2().send(run({ ImageId: 'ami-invalid' })), want: ['InvalidParameterValue', 400, /^spec\.hostname: must be a DNS label$/] },
    'an outage of the API server': { call: () => ec2().send(run({ ImageId: 'ami-outage' })), want: ['ServiceUnavailable', 503, /temporary/] },
    'a lost race': { call: () => ec2().send(run({ ImageId: 'ami-conflict' })), want: ['ServiceUnavailable', 503, /temporary/] },
    'an unimplemented action that creates secrets': { call: () => ec2().send(new CreateKeyPairCommand({ KeyName: 'k' })), want: ['InvalidAction', 400, /CreateKeyPair/] },
  };
  for (const [name, { call, want: [code, status, message], refusal }] of Object.entries(refusals)) {
    it(`answers ${name} with ${code}, and nothing changes`, async () => {
      const error = await call().then(() => assert.fail('must be refused'), (thrown: unknown) => thrown as STSServiceException);
      assert.equal((error as unknown as { Code?: string }).Code, code);
      assert.equal(error.$metadata.httpStatusCode, status);
      assert.match(error.message, message);
      assert.equal(running.size, 0);
      const [record] = records;
      assert.equal(record?.code, code);
      assert.equal(record.refusal, refusal);
      assert.equal(record.requestId, error.$metadata.requestId);
    });
  }

  /** A client that sends more than its SDK knows. */
  const sendingToo = (client: EC2Client, more: string): EC2Client => {
    client.middlewareStack.add(
      (next) => (call) => {
        (call as unknown as { request: { body: string } }).request.body += more;
        return next(call);
      },
      { step: 'build', priority: 'high' },
    );
    return client;
  };
  const extras: Readonly<Record<string, { more: string; want: string }>> = {
    'a parameter outside the model is ignored': { more: '&Colour=red', want: 'Success' },
    'the names of the old signature are ignored': { more: '&SignatureVersion=2&Timestamp=x&AWSAccessKeyId=y', want: 'Success' },
    'a parameter twice is refused': { more: '&MaxResults=1&MaxResults=1', want: 'InvalidQueryParameter' },
    'a second action is refused': { more: '&Action=TerminateInstances', want: 'InvalidQueryParameter' },
    'a broken escape is refused': { more: '&MaxResults=%zz', want: 'InvalidQueryParameter' },
    'ten thousand parameters and more are refused': { more: '&a=1'.repeat(10_001), want: 'InvalidQueryParameter' },
  };
  for (const [name, { more, want }] of Object.entries(extras)) {
    it(name, async () => {
      await sendingToo(ec2(), more).send(new DescribeInstancesCommand({})).catch(() => undefined);
      assert.deepEqual(records.map(({ code }) => code), [want]);
    });
  }

  it('refuses a parameter outside the model where that is the setting', async () => {
    const strict = await startStrictServer();
    const client = sendingToo(ec2({ endpoint: `http://127.0.0.1:${strict.port}` }), '&Filter.1.Colour=red');
    await assert.rejects(client.send(new DescribeInstancesCommand({})), { name: 'UnknownParameter', message: 'The parameter Filter.1.Colour is not recognized' });
    await strict.close(0);
  });

  it('writes one audit line per call and no secret into any line', async () => {
    await ec2().send(run({ UserData: 'aHVzaA==' }));
    await ec2().send(run({ ImageId: 'ami-bug', UserData: 'aHVzaA==' })).catch(() => undefined);
    const audit = logged.map((line) => JSON.parse(line) as Record<string, unknown>).filter(({ message }) => message === 'request');
    assert.deepEqual(audit.map(({ action, code, accountId, service }) => [action, code, accountId, service]), [
      ['RunInstances', 'Success', '123456789012', 'ec2'],
      ['RunInstances', 'InternalError', '123456789012', 'ec2'],
    ]);
    assert.ok(!logged.join('').includes('aHVzaA=='));
  });

  const post = (body: string, headers: Record<string, string> = {}) => fetch(settings().endpoint, { method: 'POST', body, headers });
  const rawRefusals: Readonly<Record<string, { send: () => Promise<Response>; want: [status: number, code: string] }>> = {
    'an unsigned call (EC2)': { send: () => post('Action=DescribeInstances&Version=2016-11-15'), want: [400, 'MissingParameter'] },
    'an unsigned call (STS)': { send: () => post('Action=GetCallerIdentity&Version=2011-06-15'), want: [403, 'MissingAuthenticationToken'] },
    'an unsigned GET (Auto Scaling)': { send: () => fetch(`${settings().endpoint}/?Action=DescribeTags&Version=2011-01-01`), want: [403, 'MissingAuthenticationToken'] },
    'an empty request': { send: () => post(''), want: [400, 'MissingParameter'] },
    'an Authorization header of another kind': { send: () => post('', { authorization: 'Bearer x' }), want: [401, 'AuthFailure'] },
    'a body that is too large': { send: () => post('x'.repeat(100_001)), want: [413, 'RequestEntityTooLarge'] },
    'a compressed body': { send: () => post('x', { 'content-encoding': 'gzip' }), want: [400, 'MissingParameter'] },
    'another method': { send: () => fetch(settings().endpoint, { method: 'DELETE' }), want: [405, 'InvalidRequest'] },
    'another path': { send: () => fetch(`${settings().endpoint}/latest/meta-data/`), want: [404, 'InvalidRequest'] },
    'a path that cannot be decoded': { send: () => fetch(`${settings().endpoint}/%ff%zz`), want: [404, 'InvalidRequest'] },
    'a query that cannot be decoded': { send: () => fetch(`${settings().endpoint}/?Action=%ff&X-Amz-Signature=1`), want: [401, 'AuthFailure'] },
  };
  for (const [name, { send, want }] of Object.entries(rawRefusals)) {
    it(`answers ${name} with ${want[0]} ${want[1]} in EC2's form`, async () => {
      const response = await send();
      const body = await response.text();
      assert.deepEqual([response.status, /<Code>(.*?)<\/Code>/.exec(body)?.[1]], want);
      assert.ok(body.includes(response.headers.get('x-amzn-requestid') ?? 'no request id'));
    });
  }

  it('answers garbage on the socket with a 4xx and stays up', async () => {
    const garbage = ['GET http://[ HTTP/1.1\r\nHost: a\r\n\r\n', 'GET //// HTTP/1.1\r\nHost: a\r\n\r\n', '\u0000\u0001\r\n\r\n', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
      'GET / HTTP/1.1\r\n\r\n', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(70_000)}\r\n\r\n`, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n', 'GET /\u00ff%zz?%%% HTTP/1.1\r\nHost: a\r\n\r\n',
      'GET /?Action HTTP/1.1\r\nHost: a\r\nAuthorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=z\r\nX-Amz-Date: 20260101T000000Z\r\n\r\n', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n'];
    for (const text of garbage) {
      const answer = await rawExchange(server.port, text);
      assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${JSON.stringify(text.slice(0, 40))}: ${answer.slice(0, 200)}`);
    }
    assert.equal((await sts().send(new GetCallerIdentityCommand({}))).Account, '123456789012');
  });

  it('tells live from ready', async () => {
    const statusOf = async (path: string) => (await fetch(settings().endpoint + path)).status;
    assert.deepEqual([await statusOf('/healthz'), await statusOf('/readyz')], [200, 200]);
    isReady = false;
    assert.deepEqual([await statusOf('/healthz'), await statusOf('/readyz')], [200, 503]);
    await assert.rejects(ec2().send(new DescribeInstancesCommand({})), { name: 'ServiceUnavailable', message: 'The service is starting. Try again.' });
    isReady = true;
  });
});

/** Sends bytes and reads until the other side is done or silent. */
async function rawExchange(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(500, () => socket.destroy());
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString('latin1');
    if (answer.includes('\r\n\r\n')) socket.end();
  });
  socket.on('error', () => undefined);
  socket.write(Buffer.from(text, 'latin1'));
  await new Promise((resolve) => socket.on('close', resolve));
  return answer;
}
