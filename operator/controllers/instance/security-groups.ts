import { ec2IdOf } from '../../api/ec2-id.ts';
import { DEFAULT_SECURITY_GROUP_NAME } from '../../api/security-group.ts';
import type { Read } from '../../kubernetes/read.ts';
import { SecurityGroup } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import type { Objection } from './references.ts';

/** The security groups that names and ids stand for; without any the account's default group. */
export function securityGroupsFor(references: readonly string[] | undefined, namespace: string | undefined, read: Read): SecurityGroup[] | Objection {
  const groups = read.list(SecurityGroup, namespace);
  if (references === undefined || references.length === 0) {
    // A namespace that is no account has no default group.
    return groups.filter((group) => group.spec.groupName === DEFAULT_SECURITY_GROUP_NAME).toSorted(byAge).slice(0, 1);
  }
  const found: SecurityGroup[] = [];
  for (const reference of references) {
    const group = groups.find((candidate) => candidate.metadata.name === reference || ec2IdOf('sg', candidate) === reference);
    if (group === undefined) return { reason: 'SecurityGroupNotFound', message: `security group ${reference} does not exist in this namespace` };
    found.push(group);
  }
  return found;
}

/** Their EC2 ids, sorted, each once. */
export function securityGroupIdsFor(references: readonly string[] | undefined, namespace: string | undefined, read: Read): string[] | Objection {
  const groups = securityGroupsFor(references, namespace, read);
  if (!Array.isArray(groups)) return groups;
  return [...new Set(groups.map((group) => ec2IdOf('sg', group)))].sort();
}
