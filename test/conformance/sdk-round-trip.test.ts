import assert from 'node:assert/strict';
import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as ec2 from '@aws-sdk/client-ec2';
import * as elasticLoadBalancing from '@aws-sdk/client-elastic-load-balancing-v2';
import * as iam from '@aws-sdk/client-iam';
import * as ssm from '@aws-sdk/client-ssm';
import * as sts from '@aws-sdk/client-sts';
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../operator/endpoint/errors.ts';
import type { Answer } from '../../operator/endpoint/answer.ts';
import type { Decoded } from '../../operator/endpoint/protocol/decode.ts';
import { ec2Query } from '../../operator/endpoint/protocol/ec2.ts';
import { withPlainBody } from '../../operator/endpoint/protocol/plain-body.ts';
import { formWire } from '../../operator/endpoint/protocol/form-wire.ts';
import { loadService } from '../../operator/endpoint/protocol/registry.ts';
import type { OperationPlan, Service, ServiceName } from '../../operator/endpoint/protocol/registry.ts';
import { wireOf } from '../../operator/endpoint/protocol/wire-of.ts';
import type { SignedRequest } from '../../operator/endpoint/signature/signed-request.ts';
import { randomValue, seededRandom } from './random-values.ts';
import type { Filling } from './random-values.ts';
import { expectedDocument, expectedInput, expectedOutput } from './expected-values.ts';

// Another seed: KUBE_EC2_TEST_SEED=7 npx mocha test/conformance/sdk-round-trip.test.ts
const seed = Number(process.env['KUBE_EC2_TEST_SEED'] ?? 1);

const plainTexts = ['', 'i-0123456789abcdef0', 'a b', 'x=1&y=2', '100%', 'a+b', '0', 'true', 'NaN', '<tag>"\'&amp;', '[]', 'a/b.c:d'];
const unicodeTexts = ['ключ', '日本語', '🦀🦀', 'a\u0301', '\u00a0', 'ß\u2028x', 'line\nbreak', 'tab\there', 'carriage\rreturn', ']]>'];

const rounds: Readonly<Record<string, Omit<Filling, 'random'>>> = {
  'every member set': { density: 1, texts: plainTexts },
  'some members set': { density: 0.3, texts: plainTexts },
  'nothing set': { density: 0, texts: plainTexts },
  'texts of the whole world': { density: 0.6, texts: unicodeTexts },
};

interface Peer {
  service: ServiceName;
  sdk: Record<string, unknown>;
  client: new (config: object) => SdkClient;
  /** Another protocol than the client's own. */
  config?: object;
  operations: number;
  /** One without required members. */
  operation: string;
  /** Keys of maps, where the SDK's own parser loses some (`__proto__` in JSON and CBOR). */
  mapKeys?: readonly string[];
}

const mapKeys = ['a', 'key two', 'constructor', 'ключ'];

const cloudWatchPeer = { service: 'monitoring', sdk: cloudWatch, client: cloudWatch.CloudWatchClient, operations: 55, operation: 'ListDashboards', mapKeys } as const;

const peers: Readonly<Record<string, Peer>> = {
  ec2: { service: 'ec2', sdk: ec2, client: ec2.EC2Client, operations: 823, operation: 'DescribeRegions' },
  sts: { service: 'sts', sdk: sts, client: sts.STSClient, operations: 12, operation: 'GetCallerIdentity' },
  autoscaling: { service: 'autoscaling', sdk: autoScaling, client: autoScaling.AutoScalingClient, operations: 68, operation: 'DescribeTags' },
  iam: { service: 'iam', sdk: iam, client: iam.IAMClient, operations: 180, operation: 'GetUser' },
  'monitoring in JSON': cloudWatchPeer,
  'monitoring in CBOR': { ...cloudWatchPeer, config: { protocol: AwsSmithyRpcV2CborProtocol } },
  'monitoring in the query form': { ...cloudWatchPeer, config: { protocol: AwsQueryProtocol } },
  elasticloadbalancing: {
    service: 'elasticloadbalancing', sdk: elasticLoadBalancing, client: elasticLoadBalancing.ElasticLoadBalancingV2Client, operations: 51, operation: 'DescribeAccountLimits',
  },
  ssm: { service: 'ssm', sdk: ssm, client: ssm.SSMClient, operations: 154, operation: 'DescribeParameters', mapKeys },
};

interface SdkClient {
  send(command: object): Promise<Record<string, unknown>>;
}

/** An SDK client whose requests end here: `answer` stands for the wire and the server behind it. */
function clientFor({ client, config }: Peer, answer: (request: HttpRequest) => Answer | Promise<Answer>): SdkClient {
  const requestHandler = {
    handle: async (request: HttpRequest) => {
      const { status, contentType, headers, body } = await answer(request);
      const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(typeof body === 'string' ? body : [...body].join(''));
      return { response: new HttpResponse({ statusCode: status, headers: { 'content-type': contentType, 'x-amzn-requestid': 'request-1', ...headers }, body: bytes }) };
    },
  };
  return new client({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler,
    streamCollector: async (body: Uint8Array) => body,
    ...config,
  });
}

function schemaOf(peer: Peer, operation: string, part: 4 | 5): NormalizedSchema {
  const schema = peer.sdk[`${operation}$`] as readonly unknown[];
  return NormalizedSchema.of(schema[part] as never);
}

/** A request of the SDK as the server hands it on. */
function received({ path, headers, body, method }: HttpRequest): SignedRequest {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : (body as Uint8Array);
  return { method, url: path, headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]])), body: bytes };
}

async function decodeRequest(httpRequest: HttpRequest, plan: OperationPlan, service: Service): Promise<Decoded & { action: string | undefined }> {
  const request = await withPlainBody(received(httpRequest), service.takesGzip === true);
  const open = wireOf(request).open(request, service);
  assert.ok(open.modelName === undefined || open.modelName === service.modelName);
  return { ...open.inputFor(service, plan), action: open.action };
}

// The SDK's own middleware adds members to this one: a presigned URL and the region that it is for.
const addedByTheSdk: Readonly<Record<string, readonly string[]>> = { CopySnapshot: ['DestinationRegion', 'PresignedUrl'] };

async function roundTrip(peer: Peer, service: Service, plan: OperationPlan, filling: Filling): Promise<void> {
  const inputSchema = schemaOf(peer, plan.name, 4);
  const outputSchema = schemaOf(peer, plan.name, 5);
  const input = (plan.input ? randomValue(inputSchema, filling) : {}) as Record<string, unknown>;
  const output = (plan.output ? randomValue(outputSchema, filling) : {}) as Record<string, unknown>;
  let decoded: Awaited<ReturnType<typeof decodeRequest>> | undefined;
  let isDocument = false;
  const client = clientFor(peer, async (request) => {
    const wire = wireOf(received(request));
    isDocument = wire !== formWire;
    decoded = await decodeRequest(request, plan, service);
    return wire.answer(service, plan, output, 'request-1');
  });
  const Command = peer.sdk[`${plan.name}Command`] as new (input: object) => object;
  const { $metadata: _, ...parsed } = await client.send(new Command(input));
  assert.ok(decoded);
  assert.equal(decoded.action, plan.name);
  assert.deepEqual(decoded.unknown, []);
  for (const [name, member] of plan.input ? inputSchema.structIterator() : []) {
    const isFilledIn = member.isIdempotencyToken() || addedByTheSdk[plan.name]?.includes(name);
    if (!isFilledIn) continue;
    delete decoded.input[name];
    delete input[name];
  }
  const expected = isDocument ? expectedDocument : (schema: NormalizedSchema, value: Record<string, unknown>) => expectedInput(schema, value, service.dialect);
  assert.deepEqual(decoded.input, plan.input ? expected(inputSchema, input) : {});
  // In CBOR the SDK's client wraps bytes.
  for (const [name, value] of Object.entries(parsed)) if (value instanceof Uint8Array) parsed[name] = Uint8Array.from(value);
  assert.deepEqual(parsed, plan.output ? expectedOutput(outputSchema, output) : {});
}

describe('the strings whose emptiness means something', () => {
  for (const path of ec2Query.meaningfulBlanks) {
    it(`${path} is a string of the model`, () => {
      const [structure = '', member = ''] = path.split('.');
      const schema = NormalizedSchema.of((ec2 as Record<string, unknown>)[`${structure}$`] as never);
      assert.ok(schema.getMemberSchema(member).isStringSchema());
    });
  }
});

for (const [name, peer] of Object.entries(peers)) {
  describe(`every operation of ${name}, the SDK's client at the other end`, () => {
    for (const [round, options] of Object.entries(rounds)) {
      it(`reads what the client writes and writes what it reads: ${round}`, async () => {
        const service = await loadService(peer.service);
        assert.equal(service.operations.size, peer.operations);
        const failures: string[] = [];
        for (const plan of service.operations.values()) {
          const random = seededRandom(seed * 7919 + [...plan.name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0));
          await roundTrip(peer, service, plan, { ...options, random, ...(peer.mapKeys && { mapKeys: peer.mapKeys }) }).catch((error: unknown) => {
            failures.push(`${plan.name}: ${error instanceof Error ? error.message : String(error)}`);
          });
        }
        assert.deepEqual(failures.slice(0, 5), [], `${failures.length} operations failed`);
      }).timeout(60_000);
    }

    it('has its modelled errors arrive as their class, with message, status and request id', async () => {
      const service = await loadService(peer.service);
      const schemas = Object.values(peer.sdk).filter((value): value is readonly unknown[] => Array.isArray(value) && value[0] === -3);
      const Command = peer.sdk[`${peer.operation}Command`] as new (input: object) => object;
      for (const [, , className, traits] of schemas) {
        // An error without the trait goes by its own name; the service's base class stands for codes outside the model.
        const byName = [className as string, 418] as const;
        const [code, status] = (traits as { awsQueryError?: [string, number] }).awsQueryError ?? (byName[0].endsWith('ServiceException') ? (['Some.Code', 418] as const) : byName);
        // Of two errors with one code only the one of that very name can arrive.
        if (schemas.some(([, , other]) => other === code && other !== className)) continue;
        const error = new AwsError(code, 'It <did> & "went" wrong', { status });
        const client = clientFor(peer, (request) => wireOf(received(request)).error(service, error, 'request-1'));
        const caught = await client.send(new Command({})).then(() => assert.fail('must reject'), (thrown: unknown) => thrown as sts.STSServiceException);
        const isModelled = code !== 'Some.Code';
        assert.equal(caught.constructor.name, className);
        assert.equal(caught.name, isModelled ? className : code);
        assert.equal(caught.message, 'It <did> & "went" wrong');
        assert.equal(caught.$metadata.httpStatusCode, status);
        assert.equal(caught.$metadata.requestId, 'request-1');
        // Services that were born with JSON know no other code than the error's name.
        if (service.name !== 'ssm') assert.equal((caught as unknown as { Code: string }).Code, code);
      }
    });
  });
}
