import type { Read } from '../../../kubernetes/read.ts';
import type { SecurityGroup } from '../../../kubernetes/resources.ts';
import { vpcIdOf } from '../vpcs/find-vpc.ts';

/** Id of the VPC that a group is for; undefined as long as its account has no default VPC. */
export function vpcIdOfGroup({ metadata, spec }: SecurityGroup, read: Read): string | undefined {
  return vpcIdOf(spec.vpcId, metadata.namespace, read);
}
