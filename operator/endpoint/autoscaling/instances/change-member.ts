import type { Member } from '../../../api/auto-scaling/auto-scaling-member.ts';
import type { Membership } from '../../../api/auto-scaling/auto-scaling-membership.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { Instance } from '../../../kubernetes/resources.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { inTurn } from '../../ec2/in-turn.ts';
import { validationError } from '../../model-constraints.ts';
import type { AwsError } from '../../errors.ts';

/** Fields of a membership to set; null takes one away. */
export type MembershipChange = { [Field in keyof Membership]?: Membership[Field] | null };

const ATTEMPTS = 20;

/** Auto Scaling's answer to an instance that no group has. */
export function noManagedInstance(id: string): AwsError {
  return validationError(`Instance Id not found - No managed instance found for instance ID: ${id}`);
}

/**
 * Changes what is known of a member. `change` is asked again after a lost race; undefined leaves the member alone.
 * @throws AwsError ValidationError - it went away meanwhile
 */
export async function changeMember(member: Member, change: (membership: Membership) => MembershipChange | undefined, write: Write): Promise<void> {
  const { namespace, name, uid } = member.metadata;
  await inTurn(`member/${uid ?? name}`, async () => {
    let current = member;
    for (let tries = 1; ; tries += 1) {
      const autoScaling = change(current.spec.autoScaling);
      if (autoScaling === undefined) return;
      try {
        await write.patch(Instance, { namespace, name }, { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: { autoScaling: autoScaling as unknown as Json } });
        return;
      } catch (error) {
        if (isNotFound(error)) throw noManagedInstance(ec2IdOf('i', member));
        if (!isConflict(error) || tries === ATTEMPTS) throw error;
      }
      const live = await write.patch(Instance, { namespace, name }, {}).catch((error: unknown) => {
        throw isNotFound(error) ? noManagedInstance(ec2IdOf('i', member)) : error;
      });
      if (live.spec.autoScaling === undefined) throw noManagedInstance(ec2IdOf('i', member));
      current = live as Member;
    }
  });
}
