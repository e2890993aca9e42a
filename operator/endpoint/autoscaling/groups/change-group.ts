import { autoScalingGroupNameOf, type AutoScalingGroupSpec } from '../../../api/auto-scaling/auto-scaling-group.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { AutoScalingGroup } from '../../../kubernetes/resources.ts';
import { mergePatchFrom } from '../../../kubernetes/merge-patch.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { inTurn } from '../../ec2/in-turn.ts';
import { asValidationError } from '../validation.ts';
import { groupNotFound } from './find-group.ts';

/** Fields of a spec to set; null takes one away. */
export type SpecChange = { [Field in keyof AutoScalingGroupSpec]?: AutoScalingGroupSpec[Field] | null };

/** What becomes of a group; undefined if nothing has to change. Pure: it is asked again after a lost race. */
export type GroupChange = (group: AutoScalingGroup) => SpecChange | undefined;

/** Enough for many callers at the same group: of those that race one always wins. */
const ATTEMPTS = 50;

/**
 * Changes a group. Every write names the version of the object that it was computed from, so calls at the same time lose nothing to each other.
 * @throws AwsError ValidationError - it went away meanwhile, or the rules of the resource refuse the change
 */
export async function changeGroup(group: AutoScalingGroup, change: GroupChange, write: Write): Promise<AutoScalingGroup> {
  return inTurn(`auto-scaling-group/${group.metadata.uid ?? group.metadata.name}`, async () => attempt(group, change, write));
}

async function attempt(group: AutoScalingGroup, change: GroupChange, write: Write): Promise<AutoScalingGroup> {
  const { namespace, name } = group.metadata;
  const patch = async (body: { [field: string]: Json | undefined }): Promise<AutoScalingGroup> =>
    write.patch(AutoScalingGroup, { namespace, name }, body).catch((error: unknown) => {
      throw isNotFound(error) ? groupNotFound(autoScalingGroupNameOf(group)) : asValidationError(error);
    });
  // An empty patch changes nothing and answers with the object as it is now, which the cache may not show yet.
  let current = await patch({});
  for (let tries = 1; ; tries += 1) {
    if (current.metadata.uid !== group.metadata.uid) throw groupNotFound(autoScalingGroupNameOf(group));
    const changed = change(current);
    // A field is replaced whole: what its former value said beyond the new one goes.
    const spec = changed && mergePatchFrom(current.spec, { ...current.spec, ...withoutNulls(changed) });
    if (spec === undefined) return current;
    try {
      return await patch({ metadata: { resourceVersion: current.metadata.resourceVersion }, spec });
    } catch (error) {
      if (!isConflict(error) || tries === ATTEMPTS) throw error;
    }
    current = await patch({});
  }
}

function withoutNulls(change: SpecChange): object {
  return Object.fromEntries(Object.entries(change).map(([field, value]) => [field, value ?? undefined]));
}
