import { ec2IdOf } from '../../api/ec2-id.ts';
import { DEFAULT_SECURITY_GROUP_NAME } from '../../api/network/security-group.ts';
import type { Read } from '../../kubernetes/read.ts';
import { SecurityGroup } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import { vpcIdOfGroup } from '../vpc/find-vpc.ts';
import type { Objection } from './objection.ts';

/** Where groups are looked for: those of an instance are of its VPC; a namespace without a default VPC has groups of none. */
export interface GroupsHome {
  namespace: string | undefined;
  vpcId: string | undefined;
}

/** The security groups that names and ids stand for; without any the default group of the VPC. */
export function securityGroupsFor(references: readonly string[] | undefined, { namespace, vpcId }: GroupsHome, read: Read): SecurityGroup[] | Objection {
  const groups = read.list(SecurityGroup, namespace);
  if (references === undefined || references.length === 0) {
    // A namespace that is no account has no default group.
    return groups
      .filter((group) => group.spec.groupName === DEFAULT_SECURITY_GROUP_NAME && vpcIdOfGroup(group, read) === vpcId)
      .toSorted(byAge)
      .slice(0, 1);
  }
  const found: SecurityGroup[] = [];
  for (const reference of references) {
    const group = groups.find((candidate) => candidate.metadata.name === reference || ec2IdOf('sg', candidate) === reference);
    if (group === undefined) return { reason: 'SecurityGroupNotFound', message: `security group ${reference} does not exist in this namespace` };
    const home = vpcIdOfGroup(group, read);
    if (home !== vpcId) return { reason: 'SecurityGroupOfOtherVpc', message: `security group ${reference} is of ${home ?? 'no VPC'}, not of ${vpcId ?? 'none'} as the instance` };
    found.push(group);
  }
  return found;
}

/** Their EC2 ids, sorted, each once. */
export function securityGroupIdsFor(references: readonly string[] | undefined, home: GroupsHome, read: Read): string[] | Objection {
  const groups = securityGroupsFor(references, home, read);
  if (!Array.isArray(groups)) return groups;
  return [...new Set(groups.map((group) => ec2IdOf('sg', group)))].sort();
}
