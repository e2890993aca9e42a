import type { TargetGroup as SdkTargetGroup } from '@aws-sdk/client-elastic-load-balancing-v2';
import { targetGroupArnOf, targetGroupNameOf } from '../../../api/network/target-group.ts';
import type { TargetGroup } from '../../../kubernetes/resources.ts';
import { vpcIdOf } from '../../ec2/vpcs/find-vpc.ts';
import type { ReadOnlyContext } from '../../operation.ts';

/** A target group in the API's shape. @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html */
export function sdkTargetGroupFrom(group: TargetGroup, { read, caller, region }: Pick<ReadOnlyContext, 'read' | 'caller' | 'region'>): SdkTargetGroup {
  const { spec } = group;
  const { healthCheck } = spec;
  const vpcId = vpcIdOf(spec.vpcId, caller.namespace, read);
  const isHttp = healthCheck.protocol !== 'TCP';
  return {
    TargetGroupArn: targetGroupArnOf(group, region, caller.accountId),
    TargetGroupName: targetGroupNameOf(group),
    Protocol: spec.protocol,
    ...(spec.protocolVersion !== undefined && { ProtocolVersion: spec.protocolVersion }),
    Port: spec.port,
    ...(vpcId !== undefined && { VpcId: vpcId }),
    HealthCheckProtocol: healthCheck.protocol,
    HealthCheckPort: healthCheck.port,
    HealthCheckEnabled: healthCheck.enabled,
    HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
    HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
    HealthyThresholdCount: healthCheck.healthyThresholdCount,
    UnhealthyThresholdCount: healthCheck.unhealthyThresholdCount,
    ...(isHttp && { HealthCheckPath: healthCheck.path, Matcher: { HttpCode: healthCheck.matcher } }),
    LoadBalancerArns: [],
    TargetType: spec.targetType,
    IpAddressType: 'ipv4',
  };
}
