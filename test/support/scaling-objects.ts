import { AutoScalingGroupDefinition, type AutoScalingGroup, type AutoScalingGroupSpec } from '../../operator/api/auto-scaling/auto-scaling-group.ts';
import type { Instance } from '../../operator/api/compute/instance.ts';
import { ScalingPolicyDefinition, type ScalingPolicy, type ScalingPolicySpec, type ScalingPolicyStatus } from '../../operator/api/auto-scaling/scaling-policy.ts';
import { ScheduledActionDefinition, type ScheduledAction, type ScheduledActionSpec, type ScheduledActionStatus } from '../../operator/api/auto-scaling/scheduled-action.ts';
import { anInstance } from './instance-objects.ts';
import { NAMESPACE } from './operation-context.ts';

const CREATED = '2025-12-31T00:00:00Z';

/** A group from 0 to 20, with no warm-up, unless the test says otherwise. */
export function aGroup(name: string, spec: Partial<AutoScalingGroupSpec> = {}): AutoScalingGroup {
  return {
    apiVersion: AutoScalingGroupDefinition.apiVersion,
    kind: AutoScalingGroupDefinition.kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: CREATED, generation: 1, resourceVersion: '1' },
    spec: AutoScalingGroupDefinition.spec.parse({ launchTemplate: { launchTemplate: 'web' }, minSize: 0, maxSize: 20, defaultInstanceWarmup: 0, ...spec }),
  };
}

/** Members of a group in service, made at a time. */
export function membersIn(group: string, count: number, creationTimestamp = CREATED): Instance[] {
  return Array.from({ length: count }, (_, index) =>
    anInstance(`i-${group.length.toString(16)}${String(Date.parse(creationTimestamp) % 1e6).padStart(6, '0')}${String(index).padStart(10, '0')}`.slice(0, 19), { autoScaling: { groupName: group }, creationTimestamp }),
  );
}

/** A policy of the group `web`. */
export function aPolicy(name: string, spec: Partial<ScalingPolicySpec>, status?: ScalingPolicyStatus): ScalingPolicy {
  return {
    apiVersion: ScalingPolicyDefinition.apiVersion,
    kind: ScalingPolicyDefinition.kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: CREATED, generation: 1 },
    spec: ScalingPolicyDefinition.spec.parse({ autoScalingGroup: 'web', ...spec }),
    ...(status && { status }),
  };
}

/** A scheduled action of the group `web`. */
export function aScheduledAction(name: string, spec: Partial<ScheduledActionSpec>, status?: ScheduledActionStatus, creationTimestamp = CREATED): ScheduledAction {
  return {
    apiVersion: ScheduledActionDefinition.apiVersion,
    kind: ScheduledActionDefinition.kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp, generation: 1 },
    spec: ScheduledActionDefinition.spec.parse({ autoScalingGroup: 'web', ...spec }),
    ...(status && { status }),
  };
}
