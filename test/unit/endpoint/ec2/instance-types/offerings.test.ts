import assert from 'node:assert/strict';
import type { DescribeInstanceTypeOfferingsRequest, LocationType } from '@aws-sdk/client-ec2';
import { describeInstanceTypeOfferings } from '../../../../../operator/endpoint/ec2/instance-types/DescribeInstanceTypeOfferings.ts';
import { aNode, anInstanceType } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { operationContext } from '../../../../support/operation-context.ts';

const objects = [
  anInstanceType('small.x86', { cpu: 2, memory: '4Gi' }),
  anInstanceType('whole.node', { cpu: 4, memory: '15Gi' }),
  anInstanceType('large.x86', { cpu: 8, memory: '8Gi' }),
  anInstanceType('disk.x86', { cpu: 1, memory: '1Gi', annotations: { 'kube-ec2.io/instance-storage': '2x300' } }),
  anInstanceType('memory.x86', { cpu: 1, memory: '64Gi' }),
  anInstanceType('small.arm', { cpu: 2, memory: '4Gi', labels: { 'kube-ec2.io/architecture': 'arm64' } }),
  // The kubelet keeps a part of a CPU and of the memory for itself.
  aNode('a', { zone: 'us-east-1a', cpu: '3920m', memory: '15921136Ki' }),
  aNode('b', { zone: 'us-east-1b', cpu: '16', memory: '32Gi' }),
  aNode('c', { zone: 'us-east-1c', arch: 'arm64' }),
  aNode('cordoned', { zone: 'us-east-1d', cpu: '64', memory: '256Gi', unschedulable: true }),
];
const context = operationContext(new FakeCluster({ objects }));

async function offered(input: DescribeInstanceTypeOfferingsRequest): Promise<string[]> {
  const { InstanceTypeOfferings } = await describeInstanceTypeOfferings(input, context);
  return (InstanceTypeOfferings ?? []).map(({ InstanceType, Location }) => `${InstanceType} ${Location}`);
}

describe('DescribeInstanceTypeOfferings', () => {
  const cases: Record<string, { input: DescribeInstanceTypeOfferingsRequest; want: string[] }> = {
    'lists by region unless asked otherwise, what no node can hold left out': {
      input: {},
      want: ['large.x86 us-east-1', 'small.arm us-east-1', 'small.x86 us-east-1', 'whole.node us-east-1'],
    },
    'lists per zone where a usable node of the architecture is large enough': {
      input: { LocationType: 'availability-zone' },
      want: ['large.x86 us-east-1b', 'small.arm us-east-1c', 'small.x86 us-east-1a', 'small.x86 us-east-1b', 'whole.node us-east-1a', 'whole.node us-east-1b'],
    },
    'lists per zone id': {
      input: { LocationType: 'availability-zone-id', Filters: [{ Name: 'instance-type', Values: ['small.*'] }] },
      want: ['small.arm use1-az3', 'small.x86 use1-az1', 'small.x86 use1-az2'],
    },
    'filters by location': {
      input: { LocationType: 'availability-zone', Filters: [{ Name: 'location', Values: ['us-east-1c', 'us-east-1d'] }] },
      want: ['small.arm us-east-1c'],
    },
    'knows no outposts': { input: { LocationType: 'outpost' }, want: [] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual(await offered(input), want));
  }

  it('says the location type in each offering', async () => {
    const { InstanceTypeOfferings } = await describeInstanceTypeOfferings({ LocationType: 'availability-zone' }, context);
    assert.deepEqual([...new Set(InstanceTypeOfferings?.map(({ LocationType }) => LocationType))], ['availability-zone']);
  });

  it('offers what nodes without a zone label hold in zone a', async () => {
    const unlabelled = operationContext(new FakeCluster({ objects: [anInstanceType('small.x86', { cpu: 2, memory: '4Gi' }), aNode('node')] }));
    const { InstanceTypeOfferings } = await describeInstanceTypeOfferings({ LocationType: 'availability-zone' }, unlabelled);
    assert.deepEqual(InstanceTypeOfferings, [{ InstanceType: 'small.x86', LocationType: 'availability-zone', Location: 'us-east-1a' }]);
  });

  it('pages', async () => {
    const first = await describeInstanceTypeOfferings({ LocationType: 'availability-zone', MaxResults: 5 }, context);
    assert.equal(first.InstanceTypeOfferings?.length, 5);
    const second = await describeInstanceTypeOfferings({ LocationType: 'availability-zone', MaxResults: 5, NextToken: first.NextToken ?? '' }, context);
    assert.deepEqual(second.InstanceTypeOfferings?.map(({ Location }) => Location), ['us-east-1b']);
    assert.equal(second.NextToken, undefined);
  });

  const refused: Record<string, { input: DescribeInstanceTypeOfferingsRequest; want: string }> = {
    'an unknown location type': { input: { LocationType: 'planet' as LocationType }, want: 'InvalidParameterValue' },
    'an unknown filter': { input: { Filters: [{ Name: 'color', Values: ['red'] }] }, want: 'InvalidParameterValue' },
    'too small a page': { input: { MaxResults: 4 }, want: 'InvalidParameterValue' },
    'a made-up token': { input: { NextToken: 'abc' }, want: 'InvalidNextToken' },
  };
  for (const [name, { input, want }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.rejects(describeInstanceTypeOfferings(input, context), { code: want }));
  }
});
