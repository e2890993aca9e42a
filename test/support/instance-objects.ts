import { InstanceDefinition, type Instance, type InstanceSpec, type InstanceStatus } from '../../operator/api/compute/instance.ts';
import { SecurityGroupDefinition, type SecurityGroup } from '../../operator/api/network/security-group.ts';
import { NAMESPACE } from './operation-context.ts';

/** What a test says about an instance: parts of its spec, and its status in `status`. */
export type InstanceOptions = Partial<InstanceSpec> & {
  namespace?: string;
  status?: InstanceStatus;
  creationTimestamp?: string;
  uid?: string;
  /** Left to the controllers: the status is one generation behind. */
  isUnseen?: boolean;
};

/** An instance that runs from an EBS-like root unless the test says otherwise; `name` may be an id. */
export function anInstance(name: string, options: InstanceOptions = {}): Instance {
  const { namespace = NAMESPACE, status = {}, creationTimestamp = '2026-01-01T00:00:00Z', uid = `uid-${name}`, isUnseen = false, ...spec } = options;
  const { apiVersion, kind } = InstanceDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid, creationTimestamp, generation: 2 },
    spec: InstanceDefinition.spec.parse({ imageId: 'ami-00000000000000001', instanceType: 't3.micro', ...spec }),
    status: { state: 'running', rootDeviceType: 'ebs', observedGeneration: isUnseen ? 1 : 2, ...status },
  };
}

/** A security group; `name` may be an id. */
export function aSecurityGroup(name: string, spec: Partial<SecurityGroup['spec']> & { namespace?: string } = {}): SecurityGroup {
  const { namespace = NAMESPACE, ...rest } = spec;
  const { apiVersion, kind } = SecurityGroupDefinition;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, uid: `uid-${name}`, creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: SecurityGroupDefinition.spec.parse(rest),
  };
}
