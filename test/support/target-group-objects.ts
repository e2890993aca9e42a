import { TargetGroupDefinition, type TargetGroup, type TargetGroupSpec, type TargetGroupStatus } from '../../operator/api/network/target-group.ts';
import { NAMESPACE } from './operation-context.ts';

/** A target group for HTTP on port 80, checked every 30 seconds. */
export function aTargetGroup(name: string, spec: Partial<TargetGroupSpec> = {}, status?: TargetGroupStatus): TargetGroup {
  return {
    apiVersion: TargetGroupDefinition.apiVersion,
    kind: TargetGroupDefinition.kind,
    metadata: { name, namespace: NAMESPACE, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z', generation: 1 },
    spec: TargetGroupDefinition.spec.parse({ port: 80, ...spec }),
    ...(status && { status }),
  };
}
