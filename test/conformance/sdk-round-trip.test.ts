import assert from 'node:assert/strict';
import * as autoScaling from '@aws-sdk/client-auto-scaling';
import * as ec2 from '@aws-sdk/client-ec2';
import * as iam from '@aws-sdk/client-iam';
import * as sts from '@aws-sdk/client-sts';
import { HttpResponse } from '@smithy/core/protocols';
import type { HttpRequest } from '@smithy/core/protocols';
import { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../../operator/endpoint/errors.ts';
import { decode } from '../../operator/endpoint/protocol/decode.ts';
import { encode, encodeError } from '../../operator/endpoint/protocol/encode.ts';
import { ec2Query } from '../../operator/endpoint/protocol/ec2.ts';
import { parseForm, treeFrom } from '../../operator/endpoint/protocol/form.ts';
import { loadService } from '../../operator/endpoint/protocol/registry.ts';
import type { OperationPlan, Service, ServiceName } from '../../operator/endpoint/protocol/registry.ts';
import { randomValue, seededRandom } from './random-values.ts';
import type { Filling } from './random-values.ts';
import { expectedInput, expectedOutput } from './expected-values.ts';

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

const clients: Readonly<Record<ServiceName, { sdk: Record<string, unknown>; client: new (config: object) => SdkClient; operations: number }>> = {
  ec2: { sdk: ec2, client: ec2.EC2Client, operations: 823 },
  sts: { sdk: sts, client: sts.STSClient, operations: 12 },
  autoscaling: { sdk: autoScaling, client: autoScaling.AutoScalingClient, operations: 68 },
  iam: { sdk: iam, client: iam.IAMClient, operations: 180 },
};

interface SdkClient {
  send(command: object): Promise<Record<string, unknown>>;
}

/** An SDK client whose requests end here: `answer` stands for the wire and the server behind it. */
function clientFor(name: ServiceName, answer: (request: HttpRequest) => { status: number; body: string }): SdkClient {
  const requestHandler = {
    handle: async (request: HttpRequest) => {
      const { status, body } = answer(request);
      const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': 'request-1' };
      return { response: new HttpResponse({ statusCode: status, headers, body: new TextEncoder().encode(body) }) };
    },
  };
  return new clients[name].client({
    region: 'us-east-1',
    endpoint: 'http://127.0.0.1:1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler,
    streamCollector: async (body: Uint8Array) => body,
  });
}

function schemaOf(name: ServiceName, operation: string, part: 4 | 5): NormalizedSchema {
  const schema = clients[name].sdk[`${operation}$`] as readonly unknown[];
  return NormalizedSchema.of(schema[part] as never);
}

function decodeRequest(request: HttpRequest, plan: OperationPlan, service: Service): ReturnType<typeof decode> & { action?: string } {
  const pairs = parseForm(String(request.body));
  const own = pairs.filter(([key]) => key !== 'Action' && key !== 'Version');
  const action = pairs.find(([key]) => key === 'Action')?.[1];
  return { ...decode(treeFrom(own), plan.input, service.dialect), ...(action !== undefined && { action }) };
}

// The SDK's own middleware adds members to this one: a presigned URL and the region that it is for.
const addedByTheSdk: Readonly<Record<string, readonly string[]>> = { CopySnapshot: ['DestinationRegion', 'PresignedUrl'] };

async function roundTrip(service: Service, plan: OperationPlan, filling: Filling): Promise<void> {
  const inputSchema = schemaOf(service.name, plan.name, 4);
  const outputSchema = schemaOf(service.name, plan.name, 5);
  const input = (plan.input ? randomValue(inputSchema, filling) : {}) as Record<string, unknown>;
  const output = (plan.output ? randomValue(outputSchema, filling) : {}) as Record<string, unknown>;
  let decoded: ReturnType<typeof decodeRequest> | undefined;
  const client = clientFor(service.name, (request) => {
    decoded = decodeRequest(request, plan, service);
    return { status: 200, body: [...encode(service, plan, output, 'request-1')].join('') };
  });
  const Command = clients[service.name].sdk[`${plan.name}Command`] as new (input: object) => object;
  const { $metadata: _, ...received } = await client.send(new Command(input));
  assert.ok(decoded);
  assert.equal(decoded.action, plan.name);
  assert.deepEqual(decoded.unknown, []);
  for (const [name, member] of plan.input ? inputSchema.structIterator() : []) {
    const isFilledIn = member.isIdempotencyToken() || addedByTheSdk[plan.name]?.includes(name);
    if (!isFilledIn) continue;
    delete decoded.input[name];
    delete input[name];
  }
  assert.deepEqual(decoded.input, plan.input ? expectedInput(inputSchema, input, service.dialect) : {});
  assert.deepEqual(received, plan.output ? expectedOutput(outputSchema, output) : {});
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

for (const name of Object.keys(clients) as ServiceName[]) {
  describe(`every operation of ${name}, the SDK's client at the other end`, () => {
    for (const [round, options] of Object.entries(rounds)) {
      it(`reads what the client writes and writes what it reads: ${round}`, async () => {
        const service = await loadService(name);
        assert.equal(service.operations.size, clients[name].operations);
        const failures: string[] = [];
        for (const plan of service.operations.values()) {
          const random = seededRandom(seed * 7919 + [...plan.name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 0));
          await roundTrip(service, plan, { ...options, random }).catch((error: unknown) => {
            failures.push(`${plan.name}: ${error instanceof Error ? error.message : String(error)}`);
          });
        }
        assert.deepEqual(failures.slice(0, 5), [], `${failures.length} operations failed`);
      }).timeout(60_000);
    }

    it('has its modelled errors arrive as their class, with message, status and request id', async () => {
      const service = await loadService(name);
      const schemas = Object.values(clients[name].sdk).filter((value): value is readonly unknown[] => Array.isArray(value) && value[0] === -3);
      const operation = { ec2: 'DescribeRegions', sts: 'GetCallerIdentity', autoscaling: 'DescribeTags', iam: 'GetUser' }[name];
      const Command = clients[name].sdk[`${operation}Command`] as new (input: object) => object;
      for (const [, , className, traits] of schemas) {
        // An error without the trait goes by its own name; the service's base class stands for codes outside the model.
        const byName = [className as string, 418] as const;
        const [code, status] = (traits as { awsQueryError?: [string, number] }).awsQueryError ?? (byName[0].endsWith('ServiceException') ? (['Some.Code', 418] as const) : byName);
        const error = new AwsError(code, 'It <did> & "went" wrong', { status });
        const client = clientFor(name, () => ({ status, body: encodeError(service, error, 'request-1') }));
        const received = await client.send(new Command({})).then(() => assert.fail('must reject'), (thrown: unknown) => thrown as sts.STSServiceException);
        const isModelled = code !== 'Some.Code';
        assert.equal(received.constructor.name, className);
        assert.equal(received.name, isModelled ? className : code);
        assert.equal(received.message, 'It <did> & "went" wrong');
        assert.equal(received.$metadata.httpStatusCode, status);
        assert.equal(received.$metadata.requestId, 'request-1');
        assert.equal((received as unknown as { Code: string }).Code, code);
      }
    });
  });
}
