import type { Read } from '../../kubernetes/read.ts';
import { InternetGateway, type Vpc } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';
import { namesOf } from '../vpc/find-vpc.ts';

/** The gateway of a VPC: of several that name it the oldest. */
export function gatewayOf(vpc: Vpc, read: Read): InternetGateway | undefined {
  const names = namesOf(vpc);
  return read
    .list(InternetGateway, vpc.metadata.namespace)
    .filter(({ spec }) => spec.vpcId !== undefined && names.includes(spec.vpcId))
    .toSorted(byAge)[0];
}
