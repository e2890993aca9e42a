import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { EntityName, identityFields, IdentityStatus } from './iam-identity.ts';

const IamUserSpec = z.object({
  userName: EntityName.max(64)
    .optional()
    .describe('Name of the user in IAM. By default the name of the resource.')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'userName cannot be changed; make a new IamUser' }] }),
  ...identityFields,
});
export type IamUserSpec = z.infer<typeof IamUserSpec>;
export type IamUser = CustomResource<IamUserSpec, IdentityStatus>;

/** IamUser: somebody with access keys and less than all rights in an account. */
export const IamUserDefinition = defineCustomResource({
  kind: 'IamUser',
  plural: 'iamusers',
  shortNames: ['iamu'],
  namespaced: true,
  description: 'A user of an account: access keys, and policies that say what they may do.',
  spec: IamUserSpec,
  status: IdentityStatus,
  printerColumns: [
    { name: 'User-Name', type: 'string', path: '.spec.userName' },
    { name: 'Ready', type: 'string', path: ".status.conditions[?(@.type=='Ready')].status" },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});

/** Name of the user in IAM. Pure. */
export function userNameOf({ spec, metadata }: IamUser): string {
  return spec.userName ?? metadata.name;
}
