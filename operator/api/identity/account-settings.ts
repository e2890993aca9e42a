import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions } from '../shared.ts';

/** Name of the one object of the kind that counts in a namespace. */
export const ACCOUNT_SETTINGS_NAME = 'default';

/**
 * What a launch gets that does not say it itself. Absent: no preference.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceMetadataDefaults.html
 */
const InstanceMetadataDefaults = z
  .object({
    httpTokens: z.enum(['optional', 'required']).optional().describe('Whether metadata requests need a session token.'),
    httpPutResponseHopLimit: z.int().min(1).max(64).optional().describe('Hop limit of the token answer.'),
    httpEndpoint: z.enum(['enabled', 'disabled']).optional().describe('Whether the metadata service answers.'),
    instanceMetadataTags: z.enum(['enabled', 'disabled']).optional().describe('Whether tags are shown in the metadata.'),
    httpTokensEnforced: z.enum(['enabled', 'disabled']).optional().describe('enabled: nothing is launched that does not need session tokens.'),
  })
  .describe('Metadata options of instances whose launch does not name them. Instances that are there already keep theirs.')
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "!has(self.httpTokensEnforced) || self.httpTokensEnforced == 'disabled' || !has(self.httpTokens) || self.httpTokens == 'required'",
        message: 'httpTokensEnforced and httpTokens optional contradict each other: nothing could be launched by default',
        fieldPath: '.httpTokens',
      },
    ],
  });
export type InstanceMetadataDefaults = z.infer<typeof InstanceMetadataDefaults>;

const AccountSettingsSpec = z.object({ instanceMetadataDefaults: InstanceMetadataDefaults.optional() });
export type AccountSettingsSpec = z.infer<typeof AccountSettingsSpec>;

const AccountSettingsStatus = z.object({ conditions: Conditions.optional() });
export type AccountSettingsStatus = z.infer<typeof AccountSettingsStatus>;
export type AccountSettings = CustomResource<AccountSettingsSpec, AccountSettingsStatus>;

/** AccountSettings: what an account decides for itself. */
export const AccountSettingsDefinition = defineCustomResource({
  kind: 'AccountSettings',
  plural: 'accountsettings',
  shortNames: [],
  namespaced: true,
  description: 'What an account decides for itself, in its namespace: its Account belongs to the administrator of the cluster.',
  spec: AccountSettingsSpec,
  status: AccountSettingsStatus,
  printerColumns: [{ name: 'Age', type: 'date', path: '.metadata.creationTimestamp' }],
  objectRules: [{ rule: `self.metadata.name == '${ACCOUNT_SETTINGS_NAME}'`, message: `an account has settings of one name: ${ACCOUNT_SETTINGS_NAME}` }],
});
