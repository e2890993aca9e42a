import type { DescribeTargetHealthInput, DescribeTargetHealthOutput, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { TargetGroup, TargetStatus } from '../../../api/network/target-group.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireTargetGroup } from '../target-groups/find-target-groups.ts';

/**
 * Tells the health of targets, all or some.
 * @throws AwsError TargetGroupNotFound, ValidationError
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetHealth.html
 */
export async function describeTargetHealth({ TargetGroupArn, Targets = [] }: DescribeTargetHealthInput, context: ReadOnlyContext): Promise<DescribeTargetHealthOutput> {
  const group = requireTargetGroup(TargetGroupArn, context);
  const known = targetsOf(group);
  if (Targets.length === 0) return { TargetHealthDescriptions: known.map((target) => descriptionOf(target, group)) };
  const asked = Targets.map(({ Id = '', Port = group.spec.port }): TargetStatus => {
    const target = known.find(({ id, port }) => id === Id && port === Port);
    return target ?? { id: Id, port: Port, state: 'unused', reason: 'Target.NotRegistered', description: 'Target is not registered to the target group' };
  });
  return { TargetHealthDescriptions: asked.map((target) => descriptionOf(target, group)) };
}

/** What the controller has seen, and what was registered since. */
function targetsOf({ spec, status }: TargetGroup): TargetStatus[] {
  const seen = status?.targets ?? [];
  const unseen = (spec.targets ?? []).filter(({ id, port = spec.port }) => !seen.some((target) => target.id === id && target.port === port));
  return [
    ...seen,
    ...unseen.map(({ id, port = spec.port }): TargetStatus => ({ id, port, state: 'initial', reason: 'Elb.RegistrationInProgress', description: 'Target registration is in progress' })),
  ];
}

function descriptionOf({ id, port, state, reason, description }: TargetStatus, { spec }: TargetGroup): TargetHealthDescription {
  const checkedPort = spec.healthCheck.port === 'traffic-port' ? String(port) : spec.healthCheck.port;
  return {
    Target: { Id: id, Port: port },
    HealthCheckPort: checkedPort,
    TargetHealth: { State: state, ...(reason !== undefined && { Reason: reason as never }), ...(description !== undefined && { Description: description }) },
  };
}
