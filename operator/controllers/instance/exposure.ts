import { PARTIALLY_ENFORCED_REASON, SecurityGroupConditions } from '../../api/network/security-group.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { Read } from '../../kubernetes/read.ts';
import { SecurityGroup, type Instance } from '../../kubernetes/resources.ts';
import type { Objection } from './objection.ts';
import type { InstanceSettings } from './settings.ts';

/**
 * Why an instance must not be launched where the administrator wants no machine without enforced security groups. A group of which some rules cannot be
 * enforced is good enough: what a policy cannot express, it does not let pass.
 */
export function objectionToExposure(
  { metadata }: Instance,
  securityGroupIds: readonly string[],
  read: Read,
  { networkPolicyFailClosed }: Pick<InstanceSettings, 'networkPolicyFailClosed'>,
): Objection | undefined {
  if (!networkPolicyFailClosed) return undefined;
  const reason = 'SecurityGroupNotEnforced';
  if (securityGroupIds.length === 0) return { reason, message: 'it has no security group, and instances are launched only where security groups are enforced' };
  const groups = read.list(SecurityGroup, metadata.namespace).filter((group) => securityGroupIds.includes(ec2IdOf('sg', group)));
  const open = groups.find((group) => !isEnforced(group));
  if (open === undefined) return undefined;
  return { reason, message: `security group ${open.metadata.name} is not enforced, and instances are launched only where it is: see its condition Enforced` };
}

function isEnforced({ metadata, status }: SecurityGroup): boolean {
  const condition = status?.conditions?.find(({ type }) => type === SecurityGroupConditions.enforced);
  if (condition?.observedGeneration !== metadata.generation) return false;
  return condition?.status === 'True' || condition?.reason === PARTIALLY_ENFORCED_REASON;
}
