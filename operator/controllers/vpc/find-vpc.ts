import { ec2IdOf } from '../../api/ec2-id.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { Subnet, Vpc } from '../../kubernetes/resources.ts';
import { byAge } from '../by-age.ts';

const defaultVpcs = defineIndex(Vpc, 'controllers.default', ({ metadata, spec }) => (spec.isDefault ? [metadata.namespace ?? ''] : []));
const vpcsByReference = defineIndex(Vpc, 'controllers.reference', (vpc) => namesOf(vpc).map((name) => `${vpc.metadata.namespace ?? ''}/${name}`));
const subnetsByVpc = defineIndex(Subnet, 'controllers.vpc', ({ metadata, spec }) => [`${metadata.namespace ?? ''}/${spec.vpcId}`]);

/** What specs may call a VPC: its name or its id. */
export function namesOf(vpc: Vpc): string[] {
  return [...new Set([vpc.metadata.name, ec2IdOf('vpc', vpc)])];
}

/** The default VPC of a namespace: of several the oldest. */
export function defaultVpcOf(namespace: string | undefined, read: Read): Vpc | undefined {
  return read.byIndex(defaultVpcs, namespace ?? '').toSorted(byAge)[0];
}

/** The VPC of this name or id. */
export function findVpc(reference: string, namespace: string | undefined, read: Read): Vpc | undefined {
  return read.byIndex(vpcsByReference, `${namespace ?? ''}/${reference}`)[0];
}

/** The subnets of a VPC, oldest first. */
export function subnetsOf(vpc: Vpc, read: Read): Subnet[] {
  return namesOf(vpc)
    .flatMap((name) => read.byIndex(subnetsByVpc, `${vpc.metadata.namespace ?? ''}/${name}`))
    .sort(byAge);
}
