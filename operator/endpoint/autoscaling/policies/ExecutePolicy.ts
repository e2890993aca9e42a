import type { ExecutePolicyType } from '@aws-sdk/client-auto-scaling';
import { AutoScalingGroup, ScalingPolicy } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requirePolicy } from './find-policies.ts';
import { validationError } from '../../model-constraints.ts';

/**
 * Carries a simple or step policy out as if its alarm had gone off.
 * @throws AwsError ValidationError, ScalingActivityInProgress - the cooldown that is to be honoured is not over
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExecutePolicy.html
 */
export async function executePolicy(input: ExecutePolicyType, context: OperationContext): Promise<void> {
  const { PolicyName, AutoScalingGroupName, HonorCooldown = false, MetricValue, BreachThreshold } = input;
  const { read, write, clock, requestId } = context;
  const policy = requirePolicy(PolicyName, AutoScalingGroupName, context);
  const { namespace, name } = policy.metadata;
  if (policy.spec.policyType === 'TargetTrackingScaling') throw validationError('ExecutePolicy is not supported for policies of type TargetTrackingScaling');
  const isStep = policy.spec.policyType === 'StepScaling';
  if (isStep && (MetricValue === undefined || BreachThreshold === undefined)) throw validationError('MetricValue and BreachThreshold must be specified for policies of type StepScaling');
  if (!isStep && (MetricValue !== undefined || BreachThreshold !== undefined)) throw validationError('MetricValue and BreachThreshold are not supported for policies of type SimpleScaling');
  const group = read.get(AutoScalingGroup, { namespace, name: policy.spec.autoScalingGroup });
  if (!group) throw validationError(`AutoScalingGroup '${policy.spec.autoScalingGroup}' not found`);
  const lastChange = Math.max(Date.parse(group.spec.capacityChange?.at ?? '') || 0, Date.parse(policy.status?.lastScaledAt ?? '') || 0);
  const cooldown = (policy.spec.cooldown ?? group.spec.defaultCooldown) * 1000;
  if (HonorCooldown && !isStep && clock.now() < lastChange + cooldown) {
    throw new AwsError('ScalingActivityInProgress', `Scaling activity is in cooldown until ${new Date(lastChange + cooldown).toISOString()} and blocks this action`);
  }
  const breach = (MetricValue ?? 0) - (BreachThreshold ?? 0);
  const execution = { requestId, at: new Date(clock.now()).toISOString(), honorCooldown: HonorCooldown, ...(isStep && { breach }) };
  await write.patch(ScalingPolicy, { namespace, name }, { spec: { execution } });
}
