import assert from 'node:assert/strict';
import { Registry } from 'prom-client';
import type { RequestRecord } from '../../../operator/endpoint/pipeline.ts';
import { requestMetrics } from '../../../operator/endpoint/request-metrics.ts';

const record: RequestRecord = { requestId: 'r', service: 'ec2', action: 'RunInstances', isKnownAction: true, code: 'Success', status: 200, milliseconds: 40 };

const cases: Readonly<Record<string, { record: RequestRecord; want: string }>> = {
  'counts a call under its service, action and code': { record, want: '_count{service="ec2",action="RunInstances",code="Success"} 1' },
  'measures in seconds': { record, want: '_sum{service="ec2",action="RunInstances",code="Success"} 0.04' },
  'puts all names that callers made up under one label': {
    record: { ...record, service: 'nonsense', action: 'x'.repeat(100), isKnownAction: false, code: 'InvalidAction' },
    want: '_count{service="unknown",action="unknown",code="InvalidAction"} 1',
  },
};

describe('requestMetrics', () => {
  for (const [name, { record: seen, want }] of Object.entries(cases)) {
    it(name, async () => {
      const registry = new Registry();
      requestMetrics(registry)(seen);
      assert.ok((await registry.metrics()).includes(`kube_ec2_endpoint_request_duration_seconds${want}`));
    });
  }
});
