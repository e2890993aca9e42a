import type { SetInstanceHealthQuery } from '@aws-sdk/client-auto-scaling';
import type { OperationContext } from '../../operation.ts';
import { timestampOf } from '../groups/capacity-change.ts';
import { findMember } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';
import { changeMember, noManagedInstance } from './change-member.ts';

/**
 * Reports the health of an instance; an unhealthy one is replaced.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_SetInstanceHealth.html
 */
export async function setInstanceHealth({ InstanceId = '', HealthStatus, ShouldRespectGracePeriod = true }: SetInstanceHealthQuery, context: OperationContext): Promise<void> {
  if (HealthStatus !== 'Healthy' && HealthStatus !== 'Unhealthy') throw validationError(`Invalid health status '${HealthStatus ?? ''}'. It must be Healthy or Unhealthy.`);
  const found = findMember(InstanceId, context);
  if (found === undefined || found.member.status?.state === 'terminated') throw noManagedInstance(InstanceId);
  const { member, group } = found;
  const since = Date.parse(member.status?.launchTime ?? '') || context.clock.now();
  const isInGrace = context.clock.now() < since + group.spec.healthCheckGracePeriod * 1000;
  if (HealthStatus === 'Unhealthy' && ShouldRespectGracePeriod && isInGrace) return;
  await changeMember(member, (membership) => (membership.healthStatus === HealthStatus ? undefined : { healthStatus: HealthStatus, healthReportedAt: timestampOf(context) }), context.write);
}
