import { SubnetDefinition, type Subnet } from '../../operator/api/network/subnet.ts';
import { DEFAULT_VPC_BLOCK, VpcDefinition, type Vpc } from '../../operator/api/network/vpc.ts';
import { NAMESPACE } from './operation-context.ts';

interface Origin {
  namespace?: string;
  creationTimestamp?: string;
}

const CREATION = '2026-01-01T00:00:00Z';

/** A VPC as somebody makes it with kubectl, reconciled; `name` may be an id. */
export function aVpc(name: string, { namespace = NAMESPACE, creationTimestamp = CREATION, ...spec }: Partial<Vpc['spec']> & Origin = {}): Vpc {
  const { apiVersion, kind } = VpcDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp },
    spec: VpcDefinition.spec.parse({ cidrBlock: DEFAULT_VPC_BLOCK, ...spec }),
    status: { state: 'available' },
  };
}

/** A subnet as somebody makes it with kubectl, reconciled; of the VPC `default` and in us-east-1a unless it is said otherwise. */
export function aSubnet(name: string, { namespace = NAMESPACE, creationTimestamp = CREATION, ...spec }: Partial<Subnet['spec']> & Origin = {}): Subnet {
  const { apiVersion, kind } = SubnetDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp },
    spec: SubnetDefinition.spec.parse({ vpcId: 'default', cidrBlock: '172.31.0.0/20', availabilityZone: 'us-east-1a', ...spec }),
    status: { state: 'available' },
  };
}

/** What the controllers make for an account on a cluster of these zones. */
export function aDefaultNetwork(zones: readonly string[] = ['us-east-1a'], namespace = NAMESPACE): (Vpc | Subnet)[] {
  const subnets = zones.map((availabilityZone, position) =>
    aSubnet(`default-${availabilityZone}`, { namespace, availabilityZone, cidrBlock: `172.31.${position * 16}.0/20`, defaultForAz: true }),
  );
  return [aVpc('default', { namespace, isDefault: true }), ...subnets];
}
