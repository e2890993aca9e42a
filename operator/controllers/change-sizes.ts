import { AutoScalingGroup } from '../kubernetes/resources.ts';
import type { ReconcileContext } from '../runtime/reconcile.ts';

/** Sizes of a group. */
export interface Sizes {
  minSize: number;
  maxSize: number;
  desiredCapacity: number | undefined;
}

/**
 * Gives a group other sizes, with the cause that its activities tell after the time: `the scheduled action ...`. The desired capacity is kept within the limits. Nothing is written if nothing changes.
 * @throws ApiError Conflict - if somebody else changed the group since it was read: the decision is to be made anew
 */
export async function changeSizes(group: AutoScalingGroup, sizes: Sizes, cause: string, { write, clock }: Pick<ReconcileContext, 'write' | 'clock'>): Promise<void> {
  const { minSize, maxSize } = sizes;
  const desiredCapacity = sizes.desiredCapacity === undefined ? undefined : Math.max(minSize, Math.min(maxSize, sizes.desiredCapacity));
  const { namespace, name, resourceVersion } = group.metadata;
  if (minSize === group.spec.minSize && maxSize === group.spec.maxSize && desiredCapacity === group.spec.desiredCapacity) return;
  const capacityChange = { at: new Date(clock.now()).toISOString(), cause: cause.slice(0, 512) };
  const spec = { minSize, maxSize, ...(desiredCapacity !== undefined && { desiredCapacity }), capacityChange };
  await write.patch(AutoScalingGroup, { namespace, name }, { metadata: { resourceVersion }, spec });
}
