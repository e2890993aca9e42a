import { PlacementGroupDefinition, type PlacementGroup } from '../../operator/api/compute/placement-group.ts';
import { NAMESPACE } from './operation-context.ts';

/** A placement group as somebody makes it with kubectl; `name` may be an id. */
export function aPlacementGroup(name: string, { namespace = NAMESPACE, creationTimestamp = '2026-01-01T00:00:00Z', ...spec }: PlacementGroupOptions = {}): PlacementGroup {
  const { apiVersion, kind } = PlacementGroupDefinition;
  return { apiVersion, kind, metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp }, spec: PlacementGroupDefinition.spec.parse(spec) };
}

type PlacementGroupOptions = Partial<PlacementGroup['spec']> & { namespace?: string; creationTimestamp?: string };
