import { ec2IdOf } from '../../api/ec2-id.ts';
import { isNotFound } from '../../kubernetes/errors.ts';
import type { Read } from '../../kubernetes/read.ts';
import { SecurityGroup, type Instance } from '../../kubernetes/resources.ts';
import type { Write } from '../../kubernetes/write.ts';
import { instancesByGroup, within } from './indexes.ts';

/** Keeps a deleted group, and with it its NetworkPolicy, for as long as instances are in it: EC2 does not delete such a group at all. */
export const SECURITY_GROUP_FINALIZER = 'kube-ec2.io/security-group';

/** Puts the finalizer on a group that has none yet. */
export async function hold(group: SecurityGroup, write: Write): Promise<void> {
  const { namespace, name, resourceVersion, finalizers = [] } = group.metadata;
  if (finalizers.includes(SECURITY_GROUP_FINALIZER)) return;
  await write.patch(SecurityGroup, { namespace, name }, { metadata: { resourceVersion, finalizers: [...finalizers, SECURITY_GROUP_FINALIZER] } });
}

/** Lets a deleted group go. */
export async function letGo(group: SecurityGroup, write: Write): Promise<void> {
  const { namespace, name, resourceVersion, finalizers = [] } = group.metadata;
  if (!finalizers.includes(SECURITY_GROUP_FINALIZER)) return;
  const rest = finalizers.filter((other) => other !== SECURITY_GROUP_FINALIZER);
  await write.patch(SecurityGroup, { namespace, name }, { metadata: { resourceVersion, finalizers: rest } }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // gone already
  });
}

/** Instances that are in a group, or ask to be. */
export function membersOf(group: SecurityGroup, read: Read): Instance[] {
  const { namespace, name } = group.metadata;
  const references = new Set([name, ec2IdOf('sg', group)]);
  return [...new Set([...references].flatMap((reference) => read.byIndex(instancesByGroup, within(namespace, reference))))];
}
