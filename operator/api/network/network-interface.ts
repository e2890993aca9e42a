import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { ec2IdFrom } from '../ec2-id.ts';
import type { Instance } from '../compute/instance.ts';
import { Conditions, Reference, Tags } from '../shared.ts';

/** Condition types of a NetworkInterface. */
export const NetworkInterfaceConditions = {
  /** An instance can be launched with it, or has been. */
  ready: 'Ready',
} as const;

/** Keeps a NetworkInterface for as long as an instance has it. */
export const NETWORK_INTERFACE_FINALIZER = 'kube-ec2.io/in-use';

const immutable = (field: string): Record<string, unknown> => ({
  'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: `${field} cannot be changed; make a new NetworkInterface` }],
});

const Request = z
  .object({
    clientToken: z.string().max(128).describe('Idempotency token of the call.'),
    parametersHash: z.string().max(64).describe('Digest of the parameters of the call, to refuse the same token with others.'),
  })
  .describe('Origin of an interface made through the API.')
  .meta(immutable('request'));

const NetworkInterfaceSpec = z.object({
  subnetId: Reference.optional().describe('Subnet, by name or id (subnet-...); by default the default subnet of the zone that the instance runs in.').meta(immutable('subnetId')),
  securityGroupIds: z.array(Reference).max(16).optional().meta({ 'x-kubernetes-list-type': 'set' }).describe('Security groups, by name or id (sg-...). Without any: the default group of the account.'),
  description: z.string().max(255).optional().describe('What the interface is for.'),
  sourceDestCheck: z.boolean().default(true).describe('Recorded.'),
  tags: Tags.optional(),
  request: Request.optional(),
});
export type NetworkInterfaceSpec = z.infer<typeof NetworkInterfaceSpec>;

const NetworkInterfaceStatus = z.object({
  networkInterfaceId: z.string().optional().describe('EC2 id, eni-...'),
  status: z.enum(['available', 'in-use']).optional().describe('in-use while an instance has it.'),
  macAddress: z.string().optional().describe('MAC address; it stays with the interface.'),
  instanceId: z.string().optional().describe('EC2 id of the instance that has it.'),
  attachTime: z.iso.datetime().optional().describe('Since when the instance has it.'),
  privateIpAddress: z.string().optional().describe("Address on the pod network while the instance runs; the pod network gives it, and a new one at each start."),
  observedGeneration: z.int().optional().describe('metadata.generation that this status was computed from.'),
  conditions: Conditions.optional(),
});
export type NetworkInterfaceStatus = z.infer<typeof NetworkInterfaceStatus>;
export type NetworkInterface = CustomResource<NetworkInterfaceSpec, NetworkInterfaceStatus>;

/** EC2 id of the interface that an instance is born with: it is no object of its own, but a part of the Instance. */
export function ownInterfaceIdOf({ metadata }: Instance): string {
  return ec2IdFrom('eni', metadata.uid ?? metadata.name);
}

/** EC2 id of the attachment of an instance's primary interface. */
export function attachmentIdOf({ metadata }: Instance): string {
  return ec2IdFrom('eni-attach', `${metadata.uid ?? metadata.name}/attachment`);
}

/**
 * A MAC address for good: locally administered, and made of the uid of what has it, so that a guest's network configuration holds over every start.
 * 40 bits of the digest: among a million machines the odds of a clash within one network are about one in two.
 */
export function macAddressFrom(uid: string): string {
  const bytes = createHash('sha256').update(`mac/${uid}`).digest().subarray(0, 5);
  return ['02', ...[...bytes].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}

/** NetworkInterface: groups, MAC address and tags that an instance can be launched with, and that outlive it. */
export const NetworkInterfaceDefinition = defineCustomResource({
  kind: 'NetworkInterface',
  plural: 'networkinterfaces',
  shortNames: ['eni'],
  namespaced: true,
  description: 'A network interface as EC2 has it, made before its instance: the instance takes over its MAC address, security groups and description.',
  spec: NetworkInterfaceSpec,
  status: NetworkInterfaceStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.networkInterfaceId' },
    { name: 'Status', type: 'string', path: '.status.status' },
    { name: 'Instance', type: 'string', path: '.status.instanceId' },
    { name: 'MAC', type: 'string', path: '.status.macAddress' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
  specRules: ['subnetId', 'request'].map((field) => ({
    rule: `has(self.${field}) == has(oldSelf.${field})`,
    message: `${field} cannot be added or removed; make a new NetworkInterface`,
    fieldPath: `.${field}`,
  })),
});
