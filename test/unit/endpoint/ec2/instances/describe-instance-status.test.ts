import assert from 'node:assert/strict';
import type { DescribeInstanceStatusRequest, InstanceStatus } from '@aws-sdk/client-ec2';
import type { Condition } from '../../../../../operator/api/shared.ts';
import { describeInstanceStatus } from '../../../../../operator/endpoint/ec2/instances/DescribeInstanceStatus.ts';
import { theAccount } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { anInstance } from '../../../../support/instance-objects.ts';
import { operationContext } from '../../../../support/operation-context.ts';

const WELL = 'i-00000000000000001';
const ILL = 'i-00000000000000002';
const NEW = 'i-00000000000000003';
const STOPPED = 'i-00000000000000004';
const BLIND = 'i-00000000000000005';
const since = '2026-01-05T00:00:00Z';

function conditions(system: Condition['status'], instance: Condition['status'], reason = 'Passed'): Condition[] {
  const common = { reason, message: '', lastTransitionTime: since };
  return [
    { type: 'SystemStatusOk', status: system, ...common },
    { type: 'InstanceStatusOk', status: instance, ...common },
  ];
}

const cluster = new FakeCluster({
  objects: [
    theAccount(),
    anInstance(WELL, { status: { availabilityZone: 'us-east-1a', conditions: conditions('True', 'True') } }),
    anInstance(ILL, { status: { availabilityZone: 'us-east-1b', conditions: conditions('True', 'False', 'AgentNotConnected') } }),
    anInstance(NEW, { status: { conditions: conditions('Unknown', 'Unknown', 'Initializing') } }),
    anInstance(STOPPED, { powerState: 'stopped', status: { state: 'stopped', conditions: conditions('Unknown', 'Unknown', 'NotApplicable') } }),
    anInstance(BLIND, { status: { conditions: conditions('Unknown', 'True', 'NodeUnknown') } }),
  ],
});
const context = operationContext(cluster);

async function statusesOf(input: DescribeInstanceStatusRequest): Promise<InstanceStatus[]> {
  return (await describeInstanceStatus(input, context)).InstanceStatuses ?? assert.fail('no list');
}

const idsOf = async (input: DescribeInstanceStatusRequest): Promise<(string | undefined)[]> => (await statusesOf(input)).map(({ InstanceId }) => InstanceId).toSorted();

describe('DescribeInstanceStatus', () => {
  it('lists running instances', async () => assert.deepEqual(await idsOf({}), [WELL, ILL, NEW, BLIND]));
  it('lists all instances if asked to', async () => assert.deepEqual(await idsOf({ IncludeAllInstances: true }), [WELL, ILL, NEW, STOPPED, BLIND]));
  it('leaves a named instance out that does not run', async () => assert.deepEqual(await idsOf({ InstanceIds: [STOPPED, WELL] }), [WELL]));

  const ok = { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] };
  const initializing = { Status: 'initializing', Details: [{ Name: 'reachability', Status: 'initializing' }] };
  const checks: Record<string, { id: string; system: object; instance: object }> = {
    'ok when both checks pass': { id: WELL, system: ok, instance: ok },
    'impaired, and since when': {
      id: ILL,
      system: ok,
      instance: { Status: 'impaired', Details: [{ Name: 'reachability', Status: 'failed', ImpairedSince: new Date(since) }] },
    },
    'initializing at first': { id: NEW, system: initializing, instance: initializing },
    'insufficient data when nothing is known': { id: BLIND, system: { Status: 'insufficient-data', Details: [{ Name: 'reachability', Status: 'insufficient-data' }] }, instance: ok },
    'not applicable to what does not run': { id: STOPPED, system: { Status: 'not-applicable' }, instance: { Status: 'not-applicable' } },
  };
  for (const [name, { id, system, instance }] of Object.entries(checks)) {
    it(`is ${name}`, async () => {
      const [status] = await statusesOf({ InstanceIds: [id], IncludeAllInstances: true });
      assert.deepEqual([status?.SystemStatus, status?.InstanceStatus], [system, instance]);
    });
  }

  it('tells state and zone', async () => {
    const [status] = await statusesOf({ InstanceIds: [WELL] });
    assert.deepEqual([status?.InstanceState, status?.AvailabilityZone, status?.AvailabilityZoneId, status?.Events], [{ Code: 16, Name: 'running' }, 'us-east-1a', 'use1-az1', []]);
  });

  const filters: Record<string, { name: string; values: string[]; want: string[] }> = {
    'by instance status': { name: 'instance-status.status', values: ['impaired'], want: [ILL] },
    'by reachability': { name: 'instance-status.reachability', values: ['passed'], want: [WELL, BLIND] },
    'by system status': { name: 'system-status.status', values: ['ok'], want: [WELL, ILL] },
    'by system reachability': { name: 'system-status.reachability', values: ['initializing'], want: [NEW] },
    'by zone': { name: 'availability-zone', values: ['us-east-1b'], want: [ILL] },
    'by state': { name: 'instance-state-name', values: ['stopped'], want: [STOPPED] },
    'by state code': { name: 'instance-state-code', values: ['80'], want: [STOPPED] },
    'by event, of which there are none': { name: 'event.code', values: ['*'], want: [] },
  };
  for (const [name, { name: filter, values, want }] of Object.entries(filters)) {
    it(`filters ${name}`, async () => assert.deepEqual(await idsOf({ IncludeAllInstances: true, Filters: [{ Name: filter, Values: values }] }), want));
  }

  it('pages', async () => {
    const first = await describeInstanceStatus({ MaxResults: 5 }, context);
    assert.equal(first.InstanceStatuses?.length, 4);
    assert.equal('NextToken' in first, false);
  });

  const refusals: Record<string, { input: DescribeInstanceStatusRequest; code: string }> = {
    'an unknown instance': { input: { InstanceIds: ['i-0000000000000000e'] }, code: 'InvalidInstanceID.NotFound' },
    'pages of named instances': { input: { InstanceIds: [WELL], MaxResults: 5 }, code: 'InvalidParameterCombination' },
    'too small a page': { input: { MaxResults: 4 }, code: 'InvalidParameterValue' },
    'an unknown filter': { input: { Filters: [{ Name: 'tag:Name', Values: ['x'] }] }, code: 'InvalidParameterValue' },
    'a made-up token': { input: { NextToken: 'x' }, code: 'InvalidNextToken' },
  };
  for (const [name, { input, code }] of Object.entries(refusals)) {
    it(`refuses ${name}`, () => assert.rejects(describeInstanceStatus(input, context), { name: 'AwsError', code }));
  }
});
