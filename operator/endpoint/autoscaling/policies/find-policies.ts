import { createHash } from 'node:crypto';
import { policyNameOf } from '../../../api/auto-scaling/scaling-policy.ts';
import { defineIndex } from '../../../kubernetes/read.ts';
import { ScalingPolicy, type AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { withinNamespace } from '../../ec2/indexes.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireGroup } from '../groups/find-group.ts';
import { validationError } from '../../model-constraints.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

const policiesByGroup = defineIndex(ScalingPolicy, 'policies.group', ({ metadata, spec }) => [withinNamespace(metadata.namespace, spec.autoScalingGroup)]);

/** Policies of a group. */
export function policiesOf({ metadata }: AutoScalingGroup, { read }: Pick<Lookup, 'read'>): readonly ScalingPolicy[] {
  return read.byIndex(policiesByGroup, withinNamespace(metadata.namespace, metadata.name));
}

/** Whether a text names the policy: by its name, or by its ARN. */
export function isNamed(policy: ScalingPolicy, nameOrArn: string): boolean {
  return nameOrArn.startsWith('arn:') ? nameOrArn.includes(`:scalingPolicy:${policy.metadata.uid ?? ' '}:`) : policyNameOf(policy) === nameOrArn;
}

/** A policy by ARN, or by name together with its group. @throws AwsError ValidationError */
export function requirePolicy(nameOrArn: string | undefined, groupName: string | undefined, context: Lookup): ScalingPolicy {
  const text = nameOrArn ?? '';
  if (!text.startsWith('arn:') && groupName === undefined) throw validationError('Auto Scaling group name must be specified with a policy name.');
  const candidates = groupName === undefined ? context.read.list(ScalingPolicy, context.caller.namespace) : policiesOf(requireGroup(groupName, context), context);
  const policy = candidates.find((candidate) => isNamed(candidate, text));
  if (policy) return policy;
  throw validationError(`PolicyName not found - No scaling policy found with name or ARN: ${text.slice(0, 200)}`);
}

/** Name of the object of a policy: of two calls for one name at once one makes it. */
export function policyObjectName({ metadata }: AutoScalingGroup, policyName: string): string {
  return `scalingpolicy-${createHash('sha256').update(JSON.stringify([metadata.uid ?? metadata.name, policyName])).digest('hex').slice(0, 40)}`;
}
