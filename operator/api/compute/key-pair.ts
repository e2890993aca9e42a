import { z } from 'zod';
import { defineCustomResource, type CustomResource } from '../custom-resource.ts';
import { Conditions, Tags } from '../shared.ts';

/** Condition types of a KeyPair. */
export const KeyPairConditions = {
  /** The public key is readable and instances can use it. */
  ready: 'Ready',
} as const;

const KeyPairSpec = z.object({
  keyName: z.string().min(1).max(255).optional().describe('Name of the key pair in EC2. By default the name of the resource.').meta({
    'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'keyName cannot be changed; make a new KeyPair' }],
  }),
  publicKeyMaterial: z
    .string()
    .min(16)
    .max(16384)
    .describe('Public key in OpenSSH form (ssh-rsa or ssh-ed25519).')
    .meta({ 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'publicKeyMaterial cannot be changed; make a new KeyPair' }] }),
  generated: z.boolean().default(false).describe('Made by CreateKeyPair: decides the form of the fingerprint.'),
  fingerprint: z.string().max(128).optional().describe('Fingerprint of the private key, which only its maker can compute; written by CreateKeyPair.'),
  tags: Tags.optional(),
});
export type KeyPairSpec = z.infer<typeof KeyPairSpec>;

const KeyPairStatus = z.object({
  keyPairId: z.string().optional().describe('EC2 id, key-...'),
  keyType: z.enum(['rsa', 'ed25519']).optional(),
  fingerprint: z.string().optional().describe('As EC2 shows it.'),
  secretName: z.string().optional().describe('Secret with the public key that machines are given.'),
  observedGeneration: z.int().optional(),
  conditions: Conditions.optional(),
});
export type KeyPairStatus = z.infer<typeof KeyPairStatus>;
export type KeyPair = CustomResource<KeyPairSpec, KeyPairStatus>;

/** KeyPair: the public half of an SSH key. */
export const KeyPairDefinition = defineCustomResource({
  kind: 'KeyPair',
  plural: 'keypairs',
  shortNames: ['kp'],
  namespaced: true,
  description: 'The public half of an SSH key; instances that name it let its owner in.',
  spec: KeyPairSpec,
  status: KeyPairStatus,
  printerColumns: [
    { name: 'Id', type: 'string', path: '.status.keyPairId' },
    { name: 'Key-Type', type: 'string', path: '.status.keyType' },
    { name: 'Fingerprint', type: 'string', path: '.status.fingerprint' },
    { name: 'Age', type: 'date', path: '.metadata.creationTimestamp' },
  ],
});
