import assert from 'node:assert/strict';
import { GetParameterCommand, GetParametersByPathCommand, GetParametersCommand, PutParameterCommand, SSMClient, paginateGetParametersByPath } from '@aws-sdk/client-ssm';
import { createLogger } from 'winston';
import { systemClock } from '../../../../operator/kubernetes/clock.ts';
import { createPipeline, type RequestRecord } from '../../../../operator/endpoint/pipeline.ts';
import { startEndpointServer, type EndpointServer } from '../../../../operator/endpoint/server.ts';
import { ssmOperations } from '../../../../operator/endpoint/ssm/operations.ts';
import { anAccount, anAmi, theAccount } from '../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../support/fake-cluster.ts';
import { rootCaller } from '../../../support/operation-context.ts';

const id = (digit: number): string => `ami-${String(digit).repeat(17)}`;
const LATEST = '/aws/service/debian/12/amd64/latest';
const provider = { ...anAccount('provider', '222222222222') };
const images = [
  anAmi(id(1), { namespace: 'provider', public: true, parameterPaths: [LATEST, '/aws/service/debian/12/amd64/old'], creationTimestamp: '2026-01-01T00:00:00Z' }),
  anAmi(id(2), { namespace: 'provider', public: true, parameterPaths: [LATEST], creationTimestamp: '2026-01-02T00:00:00Z' }),
  anAmi(id(3), { namespace: 'provider', public: true, parameterPaths: [LATEST], creationTimestamp: '2026-01-03T00:00:00Z', status: { state: 'pending' } }),
  anAmi(id(4), { namespace: 'provider', public: true, parameterPaths: [LATEST], creationTimestamp: '2026-01-04T00:00:00Z', disabled: true }),
  anAmi(id(5), { namespace: 'provider', public: true, parameterPaths: [LATEST], creationTimestamp: '2026-01-05T00:00:00Z', deprecationTime: '2026-01-05T00:00:00Z' }),
  anAmi(id(6), { namespace: 'stranger', public: true, parameterPaths: [LATEST, '/aws/service/debian/trap'], creationTimestamp: '2026-01-06T00:00:00Z' }),
  anAmi(id(7), { parameterPaths: ['/golden/web', '/aws/service/own/image'] }),
  ...Array.from({ length: 12 }, (_, index) => anAmi(`ami-${String(index).padStart(17, 'a')}`, { parameterPaths: [`/many/${String.fromCharCode(97 + index)}`, '/many/deep/er'] })),
];

describe('parameters that name images, by the SDK over HTTP', () => {
  let server: EndpointServer;
  let client: SSMClient;
  const records: RequestRecord[] = [];

  before(async () => {
    const cluster = new FakeCluster({
      objects: [theAccount(), { ...provider, spec: { ...provider.spec, imageOwnerAlias: 'amazon' } } as typeof provider, anAccount('stranger', '333333333333'), ...images],
    });
    const log = createLogger({ silent: true });
    const pipeline = await createPipeline({
      tables: { ssm: ssmOperations },
      credentials: { find: async () => ({ secretAccessKey: 'secret', caller: rootCaller }) },
      authorize: async () => true,
      read: cluster,
      liveAs: () => cluster,
      writeAs: () => cluster,
      region: 'us-east-1',
      clock: systemClock,
      log,
      unknownParameters: 'error',
      observe: (record) => records.push(record),
    });
    server = await startEndpointServer({ pipeline, log, isReady: () => true }, '127.0.0.1', 0);
    client = new SSMClient({ region: 'us-east-1', endpoint: `http://127.0.0.1:${server.port}`, credentials: { accessKeyId: 'AKIAABCDEFGHIJKLMNOP', secretAccessKey: 'secret' }, maxAttempts: 1 });
  });
  after(async () => {
    client?.destroy();
    await server?.close(0);
  });

  it('the newest image that can be launched stands behind a name', async () => {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: LATEST, WithDecryption: true }));
    assert.deepEqual(Parameter, {
      Name: LATEST,
      Type: 'String',
      Value: id(2),
      LastModifiedDate: new Date('2026-01-02T00:00:00Z'),
      ARN: `arn:aws:ssm:us-east-1::parameter${LATEST}`,
      DataType: 'aws:ec2:image',
    });
    const byArn = await client.send(new GetParameterCommand({ Name: Parameter.ARN }));
    assert.equal(byArn.Parameter?.Value, id(2));
    assert.deepEqual([records[0]?.service, records[0]?.action, records[0]?.code], ['ssm', 'GetParameter', 'Success']);
  });

  const refused: Record<string, { name: string; want: string }> = {
    'of which there is none': { name: '/aws/service/debian/13', want: 'ParameterNotFound' },
    'that an account without an owner alias claims': { name: '/aws/service/debian/trap', want: 'ParameterNotFound' },
    'with a version': { name: `${LATEST}:1`, want: 'ParameterVersionNotFound' },
    'that is too long': { name: `/${'x'.repeat(2048)}`, want: 'ValidationException' },
  };
  for (const [name, { name: Name, want }] of Object.entries(refused)) {
    it(`a name ${name} is ${want}`, () => assert.rejects(client.send(new GetParameterCommand({ Name })), { name: want, $fault: 'client' }));
  }

  it('what is not implemented is an unknown operation, and a wrong request tells why', async () => {
    await assert.rejects(client.send(new PutParameterCommand({ Name: '/x', Value: 'y' })), { name: 'UnknownOperationException' });
    await assert.rejects(client.send(new GetParameterCommand({ Name: undefined })), { name: 'ValidationException', message: /Value null at 'name'/ });
    await assert.rejects(client.send(new GetParametersCommand({ Names: [] })), { name: 'ValidationException' });
  });

  it('several names at once, those without a parameter apart', async () => {
    const { Parameters, InvalidParameters } = await client.send(new GetParametersCommand({ Names: ['/golden/web', '/x', LATEST, `${LATEST}:3`] }));
    assert.deepEqual(Parameters?.map(({ Value }) => Value), [id(7), id(2)]);
    assert.deepEqual(InvalidParameters, ['/x', `${LATEST}:3`]);
  });

  it('a path holds its own level, or all below it, in pages', async () => {
    const direct: (string | undefined)[] = [];
    for await (const { Parameters = [] } of paginateGetParametersByPath({ client, pageSize: 5 }, { Path: '/many' })) direct.push(...Parameters.map(({ Name }) => Name));
    assert.deepEqual(direct, Array.from({ length: 12 }, (_, index) => `/many/${String.fromCharCode(97 + index)}`));
    const { Parameters = [] } = await client.send(new GetParametersByPathCommand({ Path: '/aws/service/', Recursive: true }));
    assert.deepEqual(Parameters.map(({ Name }) => Name), [LATEST, '/aws/service/debian/12/amd64/old', '/aws/service/own/image'].sort());
    await assert.rejects(client.send(new GetParametersByPathCommand({ Path: '/many', NextToken: 'made up' })), { name: 'InvalidNextToken' });
    await assert.rejects(client.send(new GetParametersByPathCommand({ Path: '/many', MaxResults: 11 })), { name: 'ValidationException' });
    await assert.rejects(client.send(new GetParametersByPathCommand({ Path: '/many', ParameterFilters: [{ Key: 'Type' }] })), { name: 'InvalidFilterKey' });
  });
});
