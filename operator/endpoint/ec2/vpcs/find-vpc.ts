import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { KubernetesObject } from '../../../api/shared.ts';
import type { Read } from '../../../kubernetes/read.ts';
import { Vpc } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { defaultVpcsByNamespace, vpcsById, withinNamespace } from '../indexes.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller'>;

/** The default VPC of an account: of several the oldest, as its controller says; none until the account's controller has made it. */
export function defaultVpcOf(read: Read, namespace: string | undefined): Vpc | undefined {
  return read.byIndex(defaultVpcsByNamespace, namespace ?? '').toSorted((left, right) => (ageKey(left) < ageKey(right) ? -1 : 1))[0];
}

/** Id of the default VPC of an account. */
export function defaultVpcIdOf(read: Read, namespace: string | undefined): string | undefined {
  const vpc = defaultVpcOf(read, namespace);
  return vpc && ec2IdOf('vpc', vpc);
}

/** A VPC by name of the object or by id. */
export function findVpc(reference: string, namespace: string | undefined, read: Read): Vpc | undefined {
  return read.byIndex(vpcsById, withinNamespace(namespace, reference))[0] ?? read.get(Vpc, { namespace, name: reference });
}

/** The id of the VPC that an object's spec names, by name or id; absent that of the account's default VPC. The id itself if there is no such VPC any more. */
export function vpcIdOf(reference: string | undefined, namespace: string | undefined, read: Read): string | undefined {
  if (reference === undefined) return defaultVpcIdOf(read, namespace);
  const vpc = findVpc(reference, namespace, read);
  return vpc ? ec2IdOf('vpc', vpc) : reference;
}

/** @throws AwsError InvalidVpcID.Malformed, InvalidVpcID.NotFound */
export function requireVpc(vpcId: string, { read, caller }: Lookup): Vpc {
  return requireOne(IdKinds.vpc, vpcId, (id) => read.byIndex(vpcsById, withinNamespace(caller.namespace, id))[0]);
}

/** @throws AwsError VPCIdNotSpecified - the account has no default VPC */
export function requireDefaultVpc({ read, caller }: Lookup): Vpc {
  const vpc = defaultVpcOf(read, caller.namespace);
  if (vpc) return vpc;
  throw new AwsError('VPCIdNotSpecified', 'No default VPC for this user');
}

function ageKey({ metadata }: KubernetesObject): string {
  return `${metadata?.creationTimestamp ?? ''}/${metadata?.name ?? ''}`;
}
