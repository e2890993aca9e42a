import assert from 'node:assert/strict';
import { CloudWatchClient, DescribeAlarmsCommand, DisableAlarmActionsCommand, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { PutMetricDataInput } from '@aws-sdk/client-cloudwatch';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import winston from 'winston';
import { systemClock } from '../../../operator/kubernetes/clock.ts';
import { AwsError } from '../../../operator/endpoint/errors.ts';
import { createPipeline } from '../../../operator/endpoint/pipeline.ts';
import { startEndpointServer } from '../../../operator/endpoint/server.ts';
import type { EndpointServer } from '../../../operator/endpoint/server.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { rootCaller } from '../../support/operation-context.ts';

const secretAccessKey = 'hush/secret+access+key';
/** What PutMetricData was given. */
const received: PutMetricDataInput[] = [];

const tables = {
  monitoring: {
    DescribeAlarms: { access: [], run: async () => ({ MetricAlarms: [{ AlarmName: 'a', StateUpdatedTimestamp: new Date(1_700_000_000_123) }] }) },
    ListMetrics: { access: [], run: async () => Promise.reject(new AwsError('InvalidParameterValue', 'no')) },
    PutMetricData: { access: [], run: async (input: PutMetricDataInput) => void received.push(input) },
  },
  ssm: { GetParameter: { access: [], run: async () => Promise.reject(new AwsError('ParameterNotFound', 'none')) } },
};

const protocols = { JSON: undefined, CBOR: AwsSmithyRpcV2CborProtocol, 'the query form': AwsQueryProtocol };

describe('the endpoint, asked in other forms', () => {
  let server: EndpointServer;

  before(async () => {
    const cluster = new FakeCluster();
    const log = winston.createLogger({ silent: true, transports: [new winston.transports.Console()] });
    const pipeline = await createPipeline({
      tables,
      credentials: { find: async () => ({ secretAccessKey, caller: rootCaller }) },
      authorize: async () => true,
      read: cluster,
      liveAs: () => ({ fetch: async () => undefined, podLog: async () => undefined, screenshot: async () => undefined }),
      writeAs: () => cluster,
      region: 'us-east-1',
      clock: systemClock,
      log,
      unknownParameters: 'ignore',
    });
    server = await startEndpointServer({ pipeline, log, isReady: () => true }, '127.0.0.1', 0);
  });
  after(() => server.close(1000));

  const settings = (secret = secretAccessKey) => ({
    endpoint: `http://127.0.0.1:${server.port}`, region: 'us-east-1', maxAttempts: 1, credentials: { accessKeyId: 'AKIAROOT', secretAccessKey: secret },
  });

  for (const [name, protocol] of Object.entries(protocols)) {
    // In CBOR the SDK's client states the length that the data had before it compressed them, so no server could read them.
    const isCompressing = name !== 'CBOR';
    const client = (secret?: string): CloudWatchClient => new CloudWatchClient({ ...settings(secret), disableRequestCompression: !isCompressing, ...(protocol && { protocol }) });

    it(`answers CloudWatch in ${name}: data, errors, refused signatures, actions that are not there`, async () => {
      const { MetricAlarms, CompositeAlarms } = await client().send(new DescribeAlarmsCommand({}));
      assert.deepEqual([MetricAlarms, CompositeAlarms], [[{ AlarmName: 'a', StateUpdatedTimestamp: new Date(1_700_000_000_123) }], []]);
      await assert.rejects(client().send(new ListMetricsCommand({})), { name: 'InvalidParameterValueException', message: 'no', Code: 'InvalidParameterValue' });
      await assert.rejects(client('wrong').send(new DescribeAlarmsCommand({})), { name: 'SignatureDoesNotMatch' });
      await assert.rejects(client().send(new DisableAlarmActionsCommand({ AlarmNames: ['a'] })), { name: 'InvalidAction' });
      await assert.rejects(client().send(new PutMetricDataCommand({ Namespace: undefined })), /Value null at 'namespace' failed to satisfy constraint/);
    });

    it(`takes ${isCompressing ? 'compressed' : 'many'} data in ${name}`, async () => {
      received.length = 0;
      const MetricData = Array.from({ length: 500 }, (_, index) => ({ MetricName: `metric-${String(index)}`, Value: index, Timestamp: new Date(1_700_000_000_000) }));
      await client().send(new PutMetricDataCommand({ Namespace: 'n', MetricData }));
      assert.deepEqual(received, [{ Namespace: 'n', MetricData }]);
    });
  }

  it('answers SSM in its own words', async () => {
    const ask = (secret?: string): Promise<unknown> => new SSMClient(settings(secret)).send(new GetParameterCommand({ Name: 'x' }));
    await assert.rejects(ask(), { name: 'ParameterNotFound', message: 'none' });
    await assert.rejects(ask('wrong'), { name: 'InvalidSignatureException' });
  });

  it('answers a target that is not of the service that was signed for, and no JSON', async () => {
    const client = new CloudWatchClient(settings());
    client.middlewareStack.add((next) => (call) => {
      (call.request as { headers: Record<string, string> }).headers['x-amz-target'] = 'AmazonSSM.DescribeAlarms';
      return next(call);
    }, { step: 'build' });
    await assert.rejects(client.send(new DescribeAlarmsCommand({})), { name: 'InvalidAction' });
    const unsigned = await fetch(settings().endpoint, { method: 'POST', body: '{', headers: { 'x-amz-target': 'AmazonSSM.GetParameter' } });
    assert.deepEqual([unsigned.status, unsigned.headers.get('content-type'), ((await unsigned.json()) as { __type: string }).__type], [400, 'application/x-amz-json-1.1', 'MissingAuthenticationTokenException']);
    const broken = new CloudWatchClient(settings());
    broken.middlewareStack.add((next) => (call) => {
      Object.assign(call.request as object, { body: '{}{' });
      (call.request as { headers: Record<string, string> }).headers['content-length'] = '3';
      return next(call);
    }, { step: 'build' });
    await assert.rejects(broken.send(new DescribeAlarmsCommand({})), { name: 'MalformedQueryString' });
  });
});
