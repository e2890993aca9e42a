import assert from 'node:assert/strict';
import { AwsError } from '../../../../operator/endpoint/errors.ts';
import { encode, encodeError } from '../../../../operator/endpoint/protocol/encode.ts';
import { loadService } from '../../../../operator/endpoint/protocol/registry.ts';
import type { ServiceName } from '../../../../operator/endpoint/protocol/registry.ts';

async function chunksOf(serviceName: ServiceName, operation: string, output: unknown): Promise<string[]> {
  const service = await loadService(serviceName);
  const plan = service.operations.get(operation);
  assert.ok(plan);
  return [...encode(service, plan, output, 'r-1')];
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
const documents: Readonly<Record<string, { service: ServiceName; operation: string; output: unknown; want: string }>> = {
  'has an element for a list that nobody set, since botocore users index it': {
    service: 'ec2',
    operation: 'DescribeInstances',
    output: {},
    want: '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><reservationSet></reservationSet></DescribeInstancesResponse>',
  },
  'leaves an empty page token out, since some clients would ask for ever': {
    service: 'ec2',
    operation: 'DescribeInstances',
    output: { Reservations: [], NextToken: '' },
    want: '<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><reservationSet></reservationSet></DescribeInstancesResponse>',
  },
  'answers true where EC2 has nothing to say': {
    service: 'ec2',
    operation: 'RebootInstances',
    output: undefined,
    want: '<RebootInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><return>true</return></RebootInstancesResponse>',
  },
  'wraps the result in the other services': {
    service: 'sts',
    operation: 'GetCallerIdentity',
    output: { Arn: 'a', Account: '1', UserId: 'u' },
    want:
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><UserId>u</UserId><Account>1</Account><Arn>a</Arn>' +
      '</GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
  },
  'has no result where the other services have nothing to say': {
    service: 'autoscaling',
    operation: 'SetDesiredCapacity',
    output: undefined,
    want: '<SetDesiredCapacityResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></SetDesiredCapacityResponse>',
  },
};

describe('encode', () => {
  for (const [name, { service, operation, output, want }] of Object.entries(documents)) {
    it(name, async () => assert.equal((await chunksOf(service, operation, output)).join(''), declaration + want));
  }

  it('hands a large answer on in pieces', async () => {
    const Reservations = Array.from({ length: 2000 }, (_, index) => ({ ReservationId: `r-${index}`, OwnerId: '123456789012', Instances: [{ InstanceId: 'i-1' }] }));
    const chunks = await chunksOf('ec2', 'DescribeInstances', { Reservations });
    assert.ok(chunks.length > 2);
    assert.ok(chunks.every((chunk) => chunk.length < 80_000));
    assert.equal(chunks.join('').match(/<instanceId>/g)?.length, 2000);
  });

  it('hands on the instances of one large reservation in chunks too', async () => {
    const Instances = Array.from({ length: 2000 }, (_, index) => ({ InstanceId: `i-${String(index).padStart(17, '0')}`, Tags: [{ Key: 'Name', Value: 'x'.repeat(200) }] }));
    const chunks = await chunksOf('ec2', 'DescribeInstances', { Reservations: [{ ReservationId: 'r-1', Instances }] });
    assert.ok(chunks.every((chunk) => chunk.length < 80_000));
    assert.equal(chunks.join('').match(/<instanceId>/g)?.length, 2000);
  });

  const mistakes: Readonly<Record<string, unknown>> = {
    'a number for a text': { NextToken: 5 },
    'a text for a list': { Reservations: 'r-1' },
    'a list for a structure': { Reservations: [[]] },
    'a number that is not finite': { Reservations: [{ Instances: [{ AmiLaunchIndex: Number.NaN }] }] },
    'a time that is none': { Reservations: [{ Instances: [{ LaunchTime: new Date(Number.NaN) }] }] },
    'a text for a time': { Reservations: [{ Instances: [{ LaunchTime: '2026-01-01' }] }] },
  };
  for (const [name, output] of Object.entries(mistakes)) {
    it(`refuses to write ${name}`, () => assert.rejects(chunksOf('ec2', 'DescribeInstances', output), (error) => error instanceof TypeError || error instanceof RangeError));
  }

  it('does not repeat a value in its complaint: it may be secret', () =>
    assert.rejects(chunksOf('ec2', 'CreateKeyPair', { KeyMaterial: ['hush'] }), (error: Error) => !error.message.includes('hush')));
});

describe('encodeError', () => {
  it('writes both forms, with the request id where each parser looks for it', async () => {
    const error = new AwsError('InvalidInstanceID.NotFound', "The instance ID '<x>' does not exist");
    assert.equal(
      encodeError(await loadService('ec2'), error, 'r-1'),
      `${declaration}<Response><Errors><Error><Code>InvalidInstanceID.NotFound</Code><Message>The instance ID &apos;&lt;x&gt;&apos; does not exist</Message></Error></Errors><RequestID>r-1</RequestID></Response>`,
    );
    assert.equal(
      encodeError(await loadService('sts'), new AwsError('InternalFailure', 'm', { status: 500 }), 'r-1'),
      `${declaration}<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Receiver</Type><Code>InternalFailure</Code><Message>m</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
    );
  });
});
