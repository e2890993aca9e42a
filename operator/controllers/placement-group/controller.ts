import { PlacementGroup } from '../../kubernetes/resources.ts';
import { defineController, watching, type AnyController } from '../../runtime/reconcile.ts';
import { namesakesOf, reconcile } from './reconcile.ts';

/** Gives placement groups their ids. Their machines are placed by the scheduler, by the affinity that the instance controller gives them. */
export function placementGroupController(): AnyController {
  return defineController({
    name: 'placement-group',
    type: PlacementGroup,
    watches: [
      // When the older of two with one name goes, the other has the name to itself.
      watching(PlacementGroup, (group, read) => namesakesOf(group, read).map(({ metadata }) => ({ namespace: metadata.namespace, name: metadata.name }))),
    ],
    permissions: [],
    concurrency: 2,
    reconcile,
  });
}
