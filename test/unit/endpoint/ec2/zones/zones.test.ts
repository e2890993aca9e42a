import assert from 'node:assert/strict';
import type { DescribeAvailabilityZonesRequest, DescribeRegionsRequest } from '@aws-sdk/client-ec2';
import { describeAvailabilityZones } from '../../../../../operator/endpoint/ec2/zones/DescribeAvailabilityZones.ts';
import { describeRegions } from '../../../../../operator/endpoint/ec2/zones/DescribeRegions.ts';
import { zoneIdOf } from '../../../../../operator/endpoint/ec2/zones/zone-id.ts';
import { aNode, type NodeOptions } from '../../../../support/cluster-objects.ts';
import { FakeCluster } from '../../../../support/fake-cluster.ts';
import { operationContext } from '../../../../support/operation-context.ts';

function contextWith(...nodes: NodeOptions[]): ReturnType<typeof operationContext> {
  return operationContext(new FakeCluster({ objects: nodes.map((options, index) => aNode(`node-${index}`, options)) }));
}

describe('zoneIdOf', () => {
  const cases: Record<string, { zone: string; region: string; want: string }> = {
    'has AWS\'s form for a zone named as in AWS': { zone: 'us-east-1a', region: 'us-east-1', want: 'use1-az1' },
    'counts the letters': { zone: 'ap-southeast-2c', region: 'ap-southeast-2', want: 'apse2-az3' },
    'shortens every part of the region': { zone: 'us-gov-west-1b', region: 'us-gov-west-1', want: 'usgw1-az2' },
    'holds any other name as it is': { zone: 'rack-7', region: 'us-east-1', want: 'use1-az-rack-7' },
    'holds a name that only begins like the region': { zone: 'us-east-1-wl1', region: 'us-east-1', want: 'use1-az-us-east-1-wl1' },
    'works for a region that is not AWS\'s': { zone: 'berlin', region: 'on-prem-2', want: 'onp2-az-berlin' },
  };
  for (const [name, { zone, region, want }] of Object.entries(cases)) {
    it(name, () => assert.equal(zoneIdOf(zone, region), want));
  }
});

describe('DescribeAvailabilityZones', () => {
  it('describes a zone in the terms of EC2', async () => {
    const { AvailabilityZones } = await describeAvailabilityZones({}, contextWith({ zone: 'us-east-1a' }));
    assert.deepEqual(AvailabilityZones, [
      {
        ZoneName: 'us-east-1a',
        ZoneId: 'use1-az1',
        State: 'available',
        Messages: [],
        RegionName: 'us-east-1',
        ZoneType: 'availability-zone',
        GroupName: 'us-east-1',
        NetworkBorderGroup: 'us-east-1',
        OptInStatus: 'opt-in-not-required',
      },
    ]);
  });

  const zone = 'us-east-1a';
  const states: Record<string, { nodes: NodeOptions[]; want: [string, number] }> = {
    'available while one node of several can take machines': { nodes: [{ zone, isReady: false }, { zone }], want: ['available', 0] },
    'impaired when all ready nodes are cordoned': { nodes: [{ zone, unschedulable: true }, { zone, isReady: false }], want: ['impaired', 1] },
    'impaired when all ready nodes are tainted': { nodes: [{ zone, taint: 'NoSchedule' }, { zone, taint: 'NoExecute' }], want: ['impaired', 1] },
    'available when a taint is only a preference': { nodes: [{ zone, taint: 'PreferNoSchedule' }], want: ['available', 0] },
    'impaired when KubeVirt serves none of its nodes': { nodes: [{ zone, isServedByKubevirt: false }], want: ['impaired', 1] },
    'unavailable when no node is ready': { nodes: [{ zone, isReady: false }], want: ['unavailable', 1] },
  };
  for (const [name, { nodes, want }] of Object.entries(states)) {
    it(`is ${name}`, async () => {
      const { AvailabilityZones } = await describeAvailabilityZones({}, contextWith(...nodes));
      assert.deepEqual(AvailabilityZones?.map(({ State, Messages }) => [State, Messages?.length]), [want]);
    });
  }

  const unlabelled: Record<string, { nodes: NodeOptions[]; want: string[][] }> = {
    'are in zone a of the region': { nodes: [{}, {}], want: [['us-east-1a', 'use1-az1', 'available']] },
    'stand beside labelled ones of that zone': { nodes: [{ zone: 'us-east-1a', isReady: false }, {}], want: [['us-east-1a', 'use1-az1', 'available']] },
    'stand beside other zones': { nodes: [{ zone: 'rack-7' }, {}], want: [['rack-7', 'use1-az-rack-7', 'available'], ['us-east-1a', 'use1-az1', 'available']] },
    'do so with an empty label too': { nodes: [{ zone: '' }], want: [['us-east-1a', 'use1-az1', 'available']] },
  };
  for (const [name, { nodes, want }] of Object.entries(unlabelled)) {
    it(`nodes without the label ${name}`, async () => {
      const { AvailabilityZones } = await describeAvailabilityZones({}, contextWith(...nodes));
      assert.deepEqual(AvailabilityZones?.map(({ ZoneName, ZoneId, State }) => [ZoneName, ZoneId, State]), want);
    });
  }

  const context = contextWith({ zone: 'us-east-1b' }, { zone: 'us-east-1a', isReady: false }, { zone: 'rack-7' });
  const cases: Record<string, { input: DescribeAvailabilityZonesRequest; want: string[] }> = {
    'lists the zones by name': { input: {}, want: ['rack-7', 'us-east-1a', 'us-east-1b'] },
    'has no further zones to opt in to': { input: { AllAvailabilityZones: true }, want: ['rack-7', 'us-east-1a', 'us-east-1b'] },
    'finds by name': { input: { ZoneNames: ['us-east-1b'] }, want: ['us-east-1b'] },
    'finds by id': { input: { ZoneIds: ['use1-az1', 'use1-az-rack-7'] }, want: ['rack-7', 'us-east-1a'] },
    'filters by state': { input: { Filters: [{ Name: 'state', Values: ['available'] }] }, want: ['rack-7', 'us-east-1b'] },
    'filters by message': { input: { Filters: [{ Name: 'message', Values: ['*ready*'] }] }, want: ['us-east-1a'] },
    'filters by opt-in status': { input: { Filters: [{ Name: 'opt-in-status', Values: ['opted-in'] }] }, want: [] },
    'filters by region': { input: { Filters: [{ Name: 'region-name', Values: ['us-east-2'] }] }, want: [] },
    'filters by zone name and zone type': {
      input: { Filters: [{ Name: 'zone-name', Values: ['us-*'] }, { Name: 'zone-type', Values: ['availability-zone'] }] },
      want: ['us-east-1a', 'us-east-1b'],
    },
    'filters by zone id': { input: { Filters: [{ Name: 'zone-id', Values: ['use1-az2'] }] }, want: ['us-east-1b'] },
    'filters by group name': { input: { Filters: [{ Name: 'group-name', Values: ['us-east-1'] }] }, want: ['rack-7', 'us-east-1a', 'us-east-1b'] },
    'filters by parent zone, which no zone has': { input: { Filters: [{ Name: 'parent-zone-name', Values: ['*'] }] }, want: [] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual((await describeAvailabilityZones(input, context)).AvailabilityZones?.map(({ ZoneName }) => ZoneName), want));
  }

  const refused: Record<string, { input: DescribeAvailabilityZonesRequest; message: string }> = {
    'an unknown name': { input: { ZoneNames: ['us-east-1b', 'us-east-1z'] }, message: 'Invalid availability zone: [us-east-1z]' },
    'unknown names, each told once': { input: { ZoneNames: ['x', 'y', 'x'] }, message: 'Invalid availability zones: [x, y]' },
    'an unknown id': { input: { ZoneIds: ['use1-az9'] }, message: 'Invalid availability zone: [use1-az9]' },
    'an unknown filter': { input: { Filters: [{ Name: 'color', Values: ['red'] }] }, message: "The filter 'color' is invalid" },
  };
  for (const [name, { input, message }] of Object.entries(refused)) {
    it(`refuses ${name}`, () => assert.rejects(describeAvailabilityZones(input, context), { code: 'InvalidParameterValue', message }));
  }
});

describe('DescribeRegions', () => {
  const context = operationContext(new FakeCluster());
  const cases: Record<string, { input: DescribeRegionsRequest; want: string[] }> = {
    'lists the one region': { input: {}, want: ['us-east-1'] },
    'lists no more when asked for all': { input: { AllRegions: true }, want: ['us-east-1'] },
    'finds by name': { input: { RegionNames: ['us-east-1'] }, want: ['us-east-1'] },
    'filters by name': { input: { Filters: [{ Name: 'region-name', Values: ['eu-*'] }] }, want: [] },
    'filters by opt-in status': { input: { Filters: [{ Name: 'opt-in-status', Values: ['opt-in-not-required', 'opted-in'] }] }, want: ['us-east-1'] },
    'filters by endpoint, which it does not claim to know': { input: { Filters: [{ Name: 'endpoint', Values: ['*'] }] }, want: [] },
  };
  for (const [name, { input, want }] of Object.entries(cases)) {
    it(name, async () => assert.deepEqual((await describeRegions(input, context)).Regions?.map(({ RegionName }) => RegionName), want));
  }
  it('refuses any other region', () =>
    assert.rejects(describeRegions({ RegionNames: ['eu-west-1'] }, context), { code: 'InvalidParameterValue', message: /eu-west-1/ }));
});
