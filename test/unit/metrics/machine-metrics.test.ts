import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Dimension } from '../../../operator/api/monitoring/metric.ts';
import { MetricsUnavailable, UnsupportedMetric } from '../../../operator/metrics/metrics-source.ts';
import { metricsSourceOf } from '../../../operator/metrics/metrics-source-of.ts';
import { FakeCluster } from '../../support/fake-cluster.ts';
import { anInstance } from '../../support/instance-objects.ts';
import { NAMESPACE } from '../../support/operation-context.ts';
import { aGroup } from '../../support/scaling-objects.ts';

const id = (digit: number): string => `i-0000000000000000${String(digit)}`;
const objects = [
  aGroup('web', { autoScalingGroupName: 'Web' }),
  anInstance(id(1), { autoScaling: { groupName: 'web' } }),
  anInstance(id(2), { autoScaling: { groupName: 'web' }, instanceType: 'm5.large' }),
  anInstance(id(3)),
  anInstance(id(4), { status: { state: 'stopped' } }),
  anInstance(id(5), { namespace: 'other' }),
];

describe('metrics of machines', () => {
  let server: Server;
  let asked: URLSearchParams[] = [];
  let answer: unknown;
  const sourceAt = (url: string) => metricsSourceOf({ prometheusUrl: url, prometheusRateSeconds: 120 }, new FakeCluster({ objects }));
  const ask = async (more: { metricName?: string; stat?: string; dimensions?: Dimension[]; periodSeconds?: number } = {}) =>
    sourceAt(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`).datapoints(NAMESPACE, { namespace: 'AWS/EC2', metricName: 'CPUUtilization', dimensions: [], stat: 'Average', periodSeconds: 60, from: 600_000, to: 720_000, ...more });

  before(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push(new URLSearchParams(body));
        response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    asked = [];
    answer = { status: 'success', data: { result: [{ values: [[660, '75.5'], [720, 'NaN']] }] } };
  });

  it('asks for the ends of periods, and names them by their beginnings', async () => {
    assert.deepEqual(await ask(), [{ at: 600_000, value: 75.5 }]);
    assert.deepEqual(['start', 'end', 'step'].map((name) => asked[0]?.get(name)), ['660', '720', '60']);
  });

  const dimensions: Record<string, { dimensions: Dimension[]; want: string[] }> = {
    'all that run': { dimensions: [], want: [id(1), id(2), id(3)] },
    'one': { dimensions: [{ name: 'InstanceId', value: id(3) }], want: [id(3)] },
    'those of a group': { dimensions: [{ name: 'AutoScalingGroupName', value: 'Web' }], want: [id(1), id(2)] },
    'those of a type': { dimensions: [{ name: 'InstanceType', value: 'm5.large' }], want: [id(2)] },
    'one that runs no more': { dimensions: [{ name: 'InstanceId', value: id(4) }], want: [id(4)] },
    "none of another account's": { dimensions: [{ name: 'InstanceId', value: id(5) }], want: [] },
    'none for two dimensions': { dimensions: [{ name: 'InstanceId', value: id(1) }, { name: 'ImageId', value: 'ami-1' }], want: [] },
  };
  for (const [name, { dimensions: given, want }] of Object.entries(dimensions)) {
    it(`are of ${name}`, async () => {
      await ask({ dimensions: given });
      assert.deepEqual(asked.map((one) => /namespace="acme",name=~"([^"]*)"/.exec(one.get('query') ?? '')?.[1]?.split('|')), want.length === 0 ? [] : [want]);
    });
  }

  const statistics: Record<string, string> = { Average: 'sum(sum_over_time(', Sum: 'sum(sum_over_time(', Minimum: 'min(min_over_time(', Maximum: 'max(max_over_time(', SampleCount: 'sum(count_over_time(' };
  for (const [stat, want] of Object.entries(statistics)) {
    it(`are aggregated for ${stat}`, async () => {
      await ask({ stat, periodSeconds: 300 });
      assert.ok(asked[0]?.get('query')?.startsWith(want) && asked[0].get('query')?.includes('[300s:60s]'), asked[0]?.get('query') ?? '');
    });
  }

  it('have percentiles of one machine only, and no other metrics', async () => {
    await ask({ stat: 'p99', dimensions: [{ name: 'InstanceId', value: id(1) }] });
    assert.match(asked[0]?.get('query') ?? '', /^quantile_over_time\(0\.99, /);
    await assert.rejects(ask({ stat: 'p99' }), UnsupportedMetric);
    await assert.rejects(ask({ metricName: 'CPUCreditBalance' }), { reason: 'UnknownMetric' });
    await assert.rejects(ask({ metricName: 'constructor' }), { reason: 'UnknownMetric' });
  });

  it('are unavailable while Prometheus does not answer, or not as it should', async () => {
    answer = { status: 'error', error: 'too many samples' };
    await assert.rejects(ask(), (error) => error instanceof MetricsUnavailable && error.message.includes('too many samples'));
    const source = sourceAt('http://127.0.0.1:1');
    await assert.rejects(source.datapoints(NAMESPACE, { namespace: 'AWS/EC2', metricName: 'CPUUtilization', dimensions: [], stat: 'Sum', periodSeconds: 60, from: 0, to: 60_000 }), MetricsUnavailable);
  });
});
