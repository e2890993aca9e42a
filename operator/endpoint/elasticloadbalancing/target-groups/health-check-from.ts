import type { CreateTargetGroupInput } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { HealthCheck } from '../../../api/network/target-group.ts';
import { requireOneOf, validationError, wholeWithin } from '../../model-constraints.ts';
import { invalidConfiguration } from '../invalid-configuration.ts';

type Requested = Pick<
  CreateTargetGroupInput,
  | 'HealthCheckEnabled' | 'HealthCheckIntervalSeconds' | 'HealthCheckPath' | 'HealthCheckPort' | 'HealthCheckProtocol' | 'HealthCheckTimeoutSeconds'
  | 'HealthyThresholdCount' | 'Matcher' | 'UnhealthyThresholdCount'
>;

/** Health checks as a request changes them. @throws AwsError ValidationError, InvalidConfigurationRequest */
export function healthCheckFrom(input: Requested, before: HealthCheck): HealthCheck {
  const check: HealthCheck = {
    enabled: input.HealthCheckEnabled ?? before.enabled,
    protocol: input.HealthCheckProtocol === undefined ? before.protocol : protocolFrom(input.HealthCheckProtocol),
    port: input.HealthCheckPort === undefined ? before.port : portFrom(input.HealthCheckPort),
    path: input.HealthCheckPath ?? before.path,
    intervalSeconds: wholeWithin(input.HealthCheckIntervalSeconds ?? before.intervalSeconds, 'Health check interval', 5, 300),
    timeoutSeconds: wholeWithin(input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds, 'Health check timeout', 2, 120),
    healthyThresholdCount: wholeWithin(input.HealthyThresholdCount ?? before.healthyThresholdCount, 'Healthy threshold count', 2, 10),
    unhealthyThresholdCount: wholeWithin(input.UnhealthyThresholdCount ?? before.unhealthyThresholdCount, 'Unhealthy threshold count', 2, 10),
    matcher: input.Matcher?.HttpCode ?? before.matcher,
  };
  if (input.Matcher?.GrpcCode !== undefined) throw invalidConfiguration('Health checks by gRPC codes are not supported');
  if (!/^[0-9]{3}([-,][0-9]{3})*$/.test(check.matcher) || check.matcher.length > 64) throw validationError(`Health check matcher HTTP code '${check.matcher.slice(0, 64)}' must be within '200-499' inclusive`);
  if (!/^\/[\x21-\x7e]{0,1023}$/.test(check.path)) throw validationError(`Health check path '${check.path.slice(0, 64)}' must begin with a '/' character`);
  if (check.timeoutSeconds >= check.intervalSeconds) throw validationError(`Health check timeout '${String(check.timeoutSeconds)}' must be smaller than the interval '${String(check.intervalSeconds)}'`);
  return check;
}

function protocolFrom(protocol: string): HealthCheck['protocol'] {
  return requireOneOf(protocol, 'healthCheckProtocol', ['HTTP', 'HTTPS', 'TCP'] as const);
}

function portFrom(port: string): string {
  if (port === 'traffic-port') return port;
  return String(wholeWithin(Number(port), 'Health check port', 1, 65_535));
}
