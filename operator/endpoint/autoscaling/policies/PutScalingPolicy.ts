import type { PolicyARNType, PutScalingPolicyType } from '@aws-sdk/client-auto-scaling';
import { autoScalingGroupNameOf } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { ScalingPolicyDefinition } from '../../../api/auto-scaling/scaling-policy.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { mergePatchFrom } from '../../../kubernetes/merge-patch.ts';
import { ScalingPolicy, type AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { inTurn } from '../../ec2/in-turn.ts';
import type { OperationContext } from '../../operation.ts';
import { isNamed, policiesOf, policyObjectName } from './find-policies.ts';
import { requireGroup } from '../groups/find-group.ts';
import { ownedBy } from './owned-by.ts';
import { policyArn } from './policy-arn.ts';
import { validationError } from '../../model-constraints.ts';
import { requestedPolicyFrom } from './requested-policy.ts';
import { alarmsOf } from './sdk-policy.ts';

/** Auto Scaling's own. */
const POLICIES_LIMIT = 50;

/**
 * Makes a scaling policy, or gives the one of this name other settings. Target tracking makes its alarms by itself.
 * @throws AwsError ValidationError, LimitExceeded
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScalingPolicy.html
 */
export async function putScalingPolicy(input: PutScalingPolicyType, context: OperationContext): Promise<PolicyARNType> {
  const group = requireGroup(input.AutoScalingGroupName, context);
  const name = input.PolicyName ?? '';
  if (name === '' || name.length > 255) throw validationError('PolicyName must have 1 to 255 characters.');
  const requested = requestedPolicyFrom(input);
  const policy = await inTurn(`${context.caller.namespace}/ScalingPolicy/${policyObjectName(group, name)}`, async () => put(group, name, requested, context));
  return { PolicyARN: policyArn(policy, autoScalingGroupNameOf(group), context), Alarms: alarmsOf(policy, group, context) };
}

async function put(group: AutoScalingGroup, name: string, requested: ReturnType<typeof requestedPolicyFrom>, context: OperationContext): Promise<ScalingPolicy> {
  const { write, live, caller } = context;
  const known = policiesOf(group, context).find((policy) => isNamed(policy, name));
  if (known) return change(known, requested, context);
  if (policiesOf(group, context).length >= POLICIES_LIMIT) throw validationError(`The group has the most policies that there may be: ${String(POLICIES_LIMIT)}.`);
  const key = { namespace: caller.namespace, name: policyObjectName(group, name) };
  const policy: ScalingPolicy = {
    apiVersion: ScalingPolicyDefinition.apiVersion,
    kind: ScalingPolicyDefinition.kind,
    metadata: { ...key, ...ownedBy(group) },
    spec: { policyName: name, autoScalingGroup: group.metadata.name, ...requested },
  };
  try {
    return await write.create(ScalingPolicy, policy);
  } catch (error) {
    const other = isAlreadyExists(error) ? await live.fetch(ScalingPolicy, key) : undefined;
    if (!other) throw error;
    return change(other, requested, context);
  }
}

/** Settings that are not given go back to their defaults, as Auto Scaling has it; the last call wins. */
async function change(policy: ScalingPolicy, requested: ReturnType<typeof requestedPolicyFrom>, { write }: OperationContext): Promise<ScalingPolicy> {
  const { policyName: _name, autoScalingGroup: _group, execution: _execution, ...settings } = policy.spec;
  const patch = mergePatchFrom(settings, requested);
  const { namespace, name } = policy.metadata;
  return patch === undefined ? policy : write.patch(ScalingPolicy, { namespace, name }, { spec: patch });
}
