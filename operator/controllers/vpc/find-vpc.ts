import { ec2IdOf } from '../../api/ec2-id.ts';
import { defineIndex, type Read } from '../../kubernetes/read.ts';
import { Subnet, Vpc, type SecurityGroup } from '../../kubernetes/resources.ts';
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

const subnetsByReference = defineIndex(Subnet, 'controllers.reference', (subnet) =>
  [...new Set([subnet.metadata.name, ec2IdOf('subnet', subnet)])].map((name) => `${subnet.metadata.namespace ?? ''}/${name}`),
);

/** The subnet of this name or id. */
export function findSubnet(reference: string, namespace: string | undefined, read: Read): Subnet | undefined {
  return read.byIndex(subnetsByReference, `${namespace ?? ''}/${reference}`)[0];
}

/** The id of the VPC that a spec names, or that of the default one; undefined if it is not there. */
export function vpcIdOf(reference: string | undefined, namespace: string | undefined, read: Read): string | undefined {
  const vpc = reference === undefined ? defaultVpcOf(namespace, read) : findVpc(reference, namespace, read);
  return vpc && ec2IdOf('vpc', vpc);
}

/** The id of the VPC of the subnet that a spec names, or of the default one; undefined if it is not there. */
export function vpcIdOfSubnet(reference: string | undefined, namespace: string | undefined, read: Read): string | undefined {
  if (reference === undefined) return vpcIdOf(undefined, namespace, read);
  const subnet = findSubnet(reference, namespace, read);
  return subnet && vpcIdOf(subnet.spec.vpcId, namespace, read);
}

/** The id of the VPC of a security group. */
export function vpcIdOfGroup({ metadata, spec }: SecurityGroup, read: Read): string | undefined {
  return vpcIdOf(spec.vpcId, metadata.namespace, read);
}
