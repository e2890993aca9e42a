import { z } from 'zod';

/** API group of every kind of this project. */
export const API_GROUP = 'kube-ec2.io';
/** The one served and stored version. */
export const API_VERSION = 'v1alpha1';

/** The part of Kubernetes' ObjectMeta that the product reads or writes. Times are RFC 3339. */
export interface ObjectMeta {
  name?: string;
  generateName?: string;
  namespace?: string;
  uid?: string;
  resourceVersion?: string;
  generation?: number;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  managedFields?: unknown[];
}

/** Kubernetes' owner reference: when the owner goes, the garbage collector removes the object. */
export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

/** An object as the API server returns it: metadata always carries the name. */
export interface KubernetesObject {
  apiVersion?: string;
  kind?: string;
  metadata?: ObjectMeta;
}

/**
 * One observation about an object, as Kubernetes defines conditions.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/
 */
export const Condition = z
  .object({
    type: z.string().max(316).describe('Name of the condition in CamelCase.'),
    status: z.enum(['True', 'False', 'Unknown']).describe('Whether the condition holds.'),
    reason: z.string().min(1).max(1024).describe('One CamelCase word that says why, for programs.'),
    message: z.string().max(32768).describe('What is so and what to do next, for people.'),
    lastTransitionTime: z.iso.datetime().describe('When the status last changed.'),
    observedGeneration: z.int().min(0).optional().describe('metadata.generation that this condition was computed from.'),
  })
  .describe('One observation about the object.');
export type Condition = z.infer<typeof Condition>;

/** Conditions keyed by type: the API server refuses two of one type. They belong to a status, which is applied whole. */
export const Conditions = z
  .array(Condition)
  .max(32)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] })
  .describe('Observations, one per type.');

/**
 * An EC2 tag. Keys are unique per resource and case-sensitive; keys that begin with `aws:` are written by the service only.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
 */
export const Tag = z.object({
  key: z.string().min(1).max(128).describe('Tag key, 1 to 128 characters.'),
  value: z.string().max(256).default('').describe('Tag value, up to 256 characters; may be empty.'),
});
export type Tag = z.infer<typeof Tag>;

/** Tags keyed by their key; EC2 allows 50 per resource beside those of the service itself. */
export const Tags = z
  .array(Tag)
  .max(60)
  .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['key'] })
  .describe('EC2 tags. They are data, not Kubernetes labels.');

/** Reference to an object of the same namespace by resource name or EC2 id. */
export const Reference = z.string().min(1).max(253);

/** The API call that made an object: a repetition of it, by its token, is known, and told from another call with the same token. */
export const ApiRequest = z.object({
  clientToken: z.string().max(128).describe('Idempotency token of the call.'),
  parametersHash: z.string().max(64).describe('Digest of its parameters.'),
});
