import type { Registry } from 'prom-client';
import type { Logger } from 'winston';
import { ACCESS_KEY_SECRET_TYPE } from './api/identity/account.ts';
import type { Config } from './config.ts';
import { authorizeBy } from './endpoint/authorize.ts';
import { autoScalingOperations } from './endpoint/autoscaling/operations.ts';
import { CREDENTIAL_KINDS, credentialsFrom } from './endpoint/credentials.ts';
import { ec2Operations } from './endpoint/ec2/operations.ts';
import { elasticLoadBalancingOperations } from './endpoint/elasticloadbalancing/operations.ts';
import { iamOperations } from './endpoint/iam/operations.ts';
import { monitoringOperations } from './endpoint/monitoring/operations.ts';
import { endpointCaches } from './endpoint/permissions.ts';
import { createPipeline } from './endpoint/pipeline.ts';
import { requestMetrics } from './endpoint/request-metrics.ts';
import { startEndpointServer, type EndpointServer } from './endpoint/server.ts';
import { ssmOperations } from './endpoint/ssm/operations.ts';
import { stsOperations } from './endpoint/sts/operations.ts';
import { throttleBy } from './endpoint/throttle.ts';
import type { Caches } from './kubernetes/caches.ts';
import { systemClock } from './kubernetes/clock.ts';
import type { Cluster } from './kubernetes/cluster.ts';
import { consistentWrite } from './kubernetes/consistent-write.ts';
import { Secret } from './kubernetes/resources.ts';
import { metricsSourceOf } from './metrics/metrics-source-of.ts';

/** Makes the kinds readable that operations read. Of Secrets only access keys are kept: nobody else's secrets are this process's business. */
export function watchForEndpoint(caches: Caches): void {
  caches.watch(Secret, { fieldSelector: `type=${ACCESS_KEY_SECRET_TYPE}` });
  for (const type of endpointCaches) if (type.kind !== Secret.kind) caches.watch(type);
}

/** Starts to answer AWS requests. Not ready until the caches are filled. */
export async function startEndpoint(config: Config, cluster: Cluster, caches: Caches, log: Logger, registry: Registry): Promise<EndpointServer> {
  const pipeline = await createPipeline({
    tables: {
      ec2: ec2Operations,
      sts: stsOperations,
      autoscaling: autoScalingOperations,
      iam: iamOperations,
      monitoring: monitoringOperations,
      elasticloadbalancing: elasticLoadBalancingOperations,
      ssm: ssmOperations,
    },
    credentials: credentialsFrom(caches, () => caches.isWatching(CREDENTIAL_KINDS)),
    authorize: authorizeBy(cluster.write, systemClock),
    ...(config.throttleFactor !== undefined && { throttle: throttleBy(systemClock, config.throttleFactor) }),
    read: caches,
    // Without groups: the API server then adds those of the ServiceAccount by itself.
    liveAs: ({ kubernetesUser }) => cluster.liveAs(kubernetesUser),
    writeAs: ({ kubernetesUser }) => consistentWrite(cluster.writeAs(kubernetesUser), caches, log),
    metrics: metricsSourceOf(config, caches),
    region: config.region,
    imports: config.imports,
    clock: systemClock,
    log,
    unknownParameters: config.unknownParameters,
    observe: requestMetrics(registry),
  });
  return startEndpointServer({ pipeline, log, isReady: () => caches.hasSynced }, config.endpoint.host, config.endpoint.port);
}
