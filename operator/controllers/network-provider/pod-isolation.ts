import { VpcConditions } from '../../api/network/vpc.ts';
import type { Read } from '../../kubernetes/read.ts';
import type { ConditionClaim } from '../../runtime/conditions.ts';
import { enforcementFrom } from '../security-group/enforcement.ts';
import type { VpcSettings } from '../vpc/settings.ts';

/**
 * Says whether other VPCs are kept out. They share the pod network; what keeps them apart are the policies of security groups, whose rules about blocks
 * of addresses let in instances of the own VPC only, as long as it is known which addresses pods have.
 */
export function isolationClaimFor(read: Read, settings: VpcSettings): Omit<ConditionClaim, 'observedGeneration'> {
  const type = VpcConditions.isolated;
  const { mechanism, isEnforced } = enforcementFrom(read, settings);
  if (isEnforced === undefined) {
    const message = `Nobody can tell whether other VPCs are kept out: ${mechanism}; set KUBE_EC2_NETWORK_POLICY to enforced or not-enforced if you know.`;
    return { type, status: 'Unknown', reason: 'MechanismUnknown', message };
  }
  if (!isEnforced) return { type, status: 'False', reason: 'NotEnforced', message: `Other VPCs are not kept out: ${mechanism} does not enforce NetworkPolicies.` };
  if (settings.podCidrs.length === 0) {
    const message = 'Rules of security groups about wide blocks let in instances of other VPCs too: set KUBE_EC2_POD_CIDRS to the addresses of the pod network.';
    return { type, status: 'False', reason: 'PodAddressesUnknown', message };
  }
  return { type, status: 'True', reason: 'BySecurityGroups', message: `Instances of other VPCs are kept out by the policies of security groups, by ${mechanism}; rules that name addresses of theirs let them in.` };
}
