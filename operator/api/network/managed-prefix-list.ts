import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Tags } from '../shared.ts';

/** EC2's limit of entries of one list. */
export const PREFIX_LIST_ENTRIES_LIMIT = 1000;

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new ManagedPrefixList` }],
});

const Entry = z.object({
  cidr: z
    .string()
    .max(49)
    .meta({ 'x-kubernetes-validations': [{ rule: 'isCIDR(self)', message: 'must be a block such as 10.0.0.0/16 or fd00::/8' }] })
    .describe('Addresses.'),
  description: z.string().max(255).optional().describe('What they are.'),
});
export type PrefixListEntry = z.infer<typeof Entry>;

const ManagedPrefixListSpec = z.object({
  prefixListName: z.string().min(1).max(255).optional().describe('Name of the list in EC2. By default that of the resource.'),
  addressFamily: z.enum(['IPv4', 'IPv6']).default('IPv4').describe('Family of all entries.').meta(immutable('addressFamily')),
  maxEntries: z.int().min(1).max(PREFIX_LIST_ENTRIES_LIMIT).default(100).describe('How many entries there may be.'),
  entries: z.array(Entry).max(PREFIX_LIST_ENTRIES_LIMIT).default([]).meta({ 'x-kubernetes-list-type': 'atomic' }).describe('The blocks of the list.'),
  version: z.int().min(1).default(1).describe('Counts the changes that the API makes to the entries.'),
  tags: Tags.optional(),
  request: z
    .object({
      clientToken: z.string().max(128).describe('Idempotency token of the call.'),
      parametersHash: z.string().max(64).describe('Digest of the parameters of the call, to refuse the same token with others.'),
    })
    .optional()
    .describe('Origin of a list made through the API.')
    .meta(immutable('request')),
});
export type ManagedPrefixListSpec = z.infer<typeof ManagedPrefixListSpec>;

const ManagedPrefixListStatus = z.object({
  prefixListId: z.string().optional().describe('EC2 id, pl-...'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
});
export type ManagedPrefixListStatus = z.infer<typeof ManagedPrefixListStatus>;
export type ManagedPrefixList = CustomResource<ManagedPrefixListSpec, ManagedPrefixListStatus>;

/** Name of a list as EC2 shows it. */
export function prefixListNameOf({ metadata, spec }: ManagedPrefixList): string {
  return spec.prefixListName ?? metadata.name;
}

/** ManagedPrefixList: blocks of addresses that rules of security groups name together. */
export const ManagedPrefixListDefinition = defineCustomResource({
  kind: 'ManagedPrefixList',
  plural: 'managedprefixlists',
  shortNames: ['pl'],
  namespaced: true,
  description: 'A customer-managed prefix list as EC2 has it: blocks of addresses that rules of security groups name together.',
  spec: ManagedPrefixListSpec,
  status: ManagedPrefixListStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.prefixListId' },
    { name: 'Family', type: 'string', path: '.spec.addressFamily' },
    { name: 'Version', type: 'integer', path: '.spec.version' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: [{ rule: 'self.entries.size() <= self.maxEntries', message: 'there are more entries than maxEntries', fieldPath: '.entries' }],
});
