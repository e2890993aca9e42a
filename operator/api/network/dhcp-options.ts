import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Tags } from '../shared.ts';

/** EC2's word for the resolver of the network itself: here the cluster's DNS. */
export const PROVIDED_DNS = 'AmazonProvidedDNS';
/** What a pod takes, and a guest with it; EC2 takes one more. */
export const NAME_SERVERS_LIMIT = 3;
/** EC2's limit of time servers. */
export const TIME_SERVERS_LIMIT = 4;
/** Name of the DhcpOptions of VPCs that name none. */
export const DEFAULT_DHCP_OPTIONS_NAME = 'default';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make new DhcpOptions` }],
});

const address = z.string().max(45).meta({ 'x-kubernetes-validations': [{ rule: 'isIP(self) && ip(self).family() == 4', message: 'must be an IPv4 address' }] });

const DhcpOptionsSpec = z.object({
  domainName: z.string().min(1).max(253).optional().describe('Search domain of guests.').meta(immutable('domainName')),
  domainNameServers: z
    .array(z.string().max(45).meta({ 'x-kubernetes-validations': [{ rule: `self == '${PROVIDED_DNS}' || isIP(self)`, message: `must be an IP address, or ${PROVIDED_DNS}` }] }))
    .min(1)
    .max(NAME_SERVERS_LIMIT)
    .optional()
    .describe(`Name servers of guests, or ${PROVIDED_DNS} for those of the cluster. With others the names of instances do not resolve unless those servers know them.`)
    .meta({ 'x-kubernetes-list-type': 'atomic', ...immutable('domainNameServers') }),
  ntpServers: z.array(address).min(1).max(TIME_SERVERS_LIMIT).optional().describe('Time servers of guests.').meta({ 'x-kubernetes-list-type': 'atomic', ...immutable('ntpServers') }),
  tags: Tags.optional(),
});
export type DhcpOptionsSpec = z.infer<typeof DhcpOptionsSpec>;

const DhcpOptionsStatus = z.object({
  dhcpOptionsId: z.string().optional().describe('EC2 id, dopt-...'),
  ownerId: z.string().optional().describe('Account that owns it, 12 digits.'),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
});
export type DhcpOptionsStatus = z.infer<typeof DhcpOptionsStatus>;
export type DhcpOptions = CustomResource<DhcpOptionsSpec, DhcpOptionsStatus>;

/** DhcpOptions: what guests are told beside their address. */
export const DhcpOptionsDefinition = defineCustomResource({
  kind: 'DhcpOptions',
  plural: 'dhcpoptions',
  shortNames: ['dopt'],
  namespaced: true,
  description: 'A DHCP options set as EC2 has it: name servers, search domain and time servers of the instances of the VPCs that name it. Instances launched later have them.',
  spec: DhcpOptionsSpec,
  status: DhcpOptionsStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.dhcpOptionsId' },
    { name: 'Domain', type: 'string', path: '.spec.domainName' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: ['domainName', 'domainNameServers', 'ntpServers'].map((field) => ({
    rule: `has(self.${field}) == has(oldSelf.${field})`,
    message: `${field} cannot be added or removed; make new DhcpOptions`,
    fieldPath: `.${field}`,
  })),
});
