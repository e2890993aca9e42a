import { IamRoleDefinition, type IamRole } from '../../operator/api/identity/iam-role.ts';
import { InstanceProfileDefinition, type InstanceProfile } from '../../operator/api/identity/instance-profile.ts';
import { NAMESPACE } from './operation-context.ts';

/** A role as somebody makes it with kubectl. */
export function anIamRole(name: string, { namespace = NAMESPACE, ...spec }: Partial<IamRole['spec']> & { namespace?: string } = {}): IamRole {
  const { apiVersion, kind } = IamRoleDefinition;
  return { apiVersion, kind, metadata: { name, namespace, uid: `uid-role-${name}` }, spec: IamRoleDefinition.spec.parse(spec) };
}

/** An instance profile as somebody makes it with kubectl; with the role of its own name, unless the test says otherwise. */
export function anInstanceProfile(name: string, { namespace = NAMESPACE, ...spec }: Partial<InstanceProfile['spec']> & { namespace?: string } = {}): InstanceProfile {
  const { apiVersion, kind } = InstanceProfileDefinition;
  return { apiVersion, kind, metadata: { name, namespace, uid: `uid-profile-${name}` }, spec: InstanceProfileDefinition.spec.parse({ roleName: name, ...spec }) };
}
