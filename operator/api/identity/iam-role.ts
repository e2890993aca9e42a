import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { EntityName, identityFields, IdentityStatus } from './iam-identity.ts';

const IamRoleSpec = z.object({
  roleName: EntityName.max(64)
    .optional()
    .describe('Name of the role in IAM. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'roleName cannot be changed; make a new IamRole' }] }),
  description: z.string().max(1000).optional().describe('What the role is for.'),
  maxSessionDuration: z.int().min(3600).max(43200).default(3600).describe('Longest session, in seconds.'),
  assumeRolePolicyDocument: z.string().max(10240).optional().describe('Trust policy as it was given to the API, for GetRole. trustedPrincipals decides.'),
  trustedPrincipals: z
    .array(z.string().min(1).max(2048))
    .max(100)
    .default([])
    .describe('Who may assume the role: ARN of a user, a role or the root of an account (that stands for whom the account lets), or a service such as ec2.amazonaws.com.'),
  ...identityFields,
});
export type IamRoleSpec = z.infer<typeof IamRoleSpec>;
export type IamRole = CustomResource<IamRoleSpec, IdentityStatus>;

/** IamRole: rights that somebody takes on for a while. */
export const IamRoleDefinition = defineCustomResource({
  kind: 'IamRole',
  plural: 'iamroles',
  shortNames: ['iamr'],
  namespaced: true,
  description: 'A role of an account: policies, and who may take them on for a while by AssumeRole.',
  spec: IamRoleSpec,
  status: IdentityStatus,
  printerColumns: [
    { name: 'Role-Name', type: 'string', path: '.spec.roleName' },
    { name: 'Ready', type: 'string', path: ".status.conditions[?(@.type=='Ready')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

/** Name of the role in IAM. Pure. */
export function roleNameOf({ spec, metadata }: IamRole): string {
  return spec.roleName ?? metadata.name;
}
