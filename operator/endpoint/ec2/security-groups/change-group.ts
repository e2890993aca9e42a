import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { SecurityGroupSpec } from '../../../api/network/security-group.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { SecurityGroup } from '../../../kubernetes/resources.ts';
import type { Json, Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';
import { IdKinds } from '../ids.ts';
import { inTurn } from '../in-turn.ts';

/** What becomes of fields of a group's spec; undefined if nothing has to change. Pure: it is asked again after a lost race. */
export type GroupChange = (group: SecurityGroup) => Partial<Pick<SecurityGroupSpec, 'ingress' | 'egress'>> | undefined;

/** Enough for many callers at the same group: of those that race one always wins. */
const ATTEMPTS = 50;
/** Rules of one group as JSON: with what Kubernetes adds to them they must fit into the 1.5 MB that etcd takes. */
const RULES_LIMIT_BYTES = 900_000;

/**
 * Changes the rules of a group. Every write names the version of the object that it was computed from, so calls at the same time lose nothing to each
 * other.
 * @throws AwsError InvalidGroup.NotFound - it went away meanwhile; RulesPerSecurityGroupLimitExceeded - the object would be too large
 */
export async function changeGroup(group: SecurityGroup, change: GroupChange, write: Write): Promise<SecurityGroup> {
  return inTurn(`security-group/${group.metadata.uid ?? group.metadata.name}`, async () => attempt(group, change, write));
}

async function attempt(group: SecurityGroup, change: GroupChange, write: Write): Promise<SecurityGroup> {
  const { namespace, name } = group.metadata;
  const patch = async (body: { [field: string]: Json | undefined }): Promise<SecurityGroup> =>
    write.patch(SecurityGroup, { namespace, name }, body).catch((error: unknown) => {
      throw isNotFound(error) ? gone(group, error) : error;
    });
  // An empty patch changes nothing and answers with the object as it is now, which the cache may not show yet.
  let current = await patch({});
  for (let tries = 1; ; tries += 1) {
    if (current.metadata.uid !== group.metadata.uid) throw gone(group);
    const spec = change(current);
    if (spec === undefined) return current;
    if (JSON.stringify({ ...current.spec, ...spec }).length > RULES_LIMIT_BYTES) throw rulesLimitExceeded();
    try {
      return await patch({ metadata: { resourceVersion: current.metadata.resourceVersion }, spec: spec });
    } catch (error) {
      if (!isConflict(error) || tries === ATTEMPTS) throw error;
    }
    current = await patch({});
  }
}

/** EC2's answer to too many rules. */
export function rulesLimitExceeded(): AwsError {
  return new AwsError('RulesPerSecurityGroupLimitExceeded', 'The maximum number of rules per security group has been reached.');
}

function gone(group: SecurityGroup, cause?: unknown): AwsError {
  const { notFoundCode, notFound } = IdKinds.securityGroup;
  return new AwsError(notFoundCode, notFound([ec2IdOf('sg', group)]), cause === undefined ? {} : { cause });
}
