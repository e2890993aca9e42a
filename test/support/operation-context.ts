import { createLogger } from 'winston';
import { publicOnly } from '../../operator/kubernetes/outbound-policy.ts';
import type { Caller, OperationContext } from '../../operator/endpoint/operation.ts';
import { customMetricsOnly, metricsSourceOf } from '../../operator/metrics/metrics-source-of.ts';
import { FakeClock } from './fake-clock.ts';
import type { FakeCluster } from './fake-cluster.ts';

/** Namespace of the account that calls. */
export const NAMESPACE = 'acme';
/** Account that calls. */
export const ACCOUNT_ID = '123456789012';

/** The root of the account that calls. */
export const rootCaller: Caller = {
  accountId: ACCOUNT_ID,
  namespace: NAMESPACE,
  arn: `arn:aws:iam::${ACCOUNT_ID}:root`,
  userId: ACCOUNT_ID,
  accessKeyId: 'AKIAABCDEFGHIJKLMNOP',
  kubernetesUser: `system:serviceaccount:${NAMESPACE}:kube-ec2-root`,
};

/** What an operation is given: the cluster as cache and as what is written to, a clock that stands still, and nobody who listens to the log. */
export function operationContext(cluster: FakeCluster, overrides: Partial<OperationContext> = {}): OperationContext {
  return {
    read: cluster,
    live: cluster,
    write: cluster,
    metrics: metricsSourceOf(customMetricsOnly, cluster),
    caller: rootCaller,
    region: 'us-east-1',
    imports: { policy: publicOnly, s3Endpoint: undefined },
    requestId: '00000000-0000-0000-0000-000000000000',
    clock: new FakeClock(),
    log: createLogger({ silent: true }),
    ...overrides,
  };
}
