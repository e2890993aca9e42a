import type { KubernetesObject } from '../api/shared.ts';
import type { ObjectKey } from './read.ts';
import type { ResourceType } from './resource-type.ts';

/** Kubernetes' limit-checked form of an event: `reason` is CamelCase, `message` for people. */
export interface EventRecord {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

/** Narrows a removal to the object that was looked at. */
export interface RemoveOptions {
  uid?: string;
  resourceVersion?: string;
  graceSeconds?: number;
  propagation?: 'Background' | 'Foreground' | 'Orphan';
}

/** Any JSON value: bodies of patches and subresources. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json | undefined };

/** Every mutation that exists. All of them reject with ApiError (errors.ts), whose code tells NotFound, Conflict, AlreadyExists, Invalid, Forbidden. */
export interface Write {
  /** Creates; AlreadyExists if the name is taken. */
  create<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T>;
  /** Server-side apply with the product's field manager and force: the object holds exactly the fields that we own. */
  apply<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T>;
  /** JSON merge patch. Put metadata.resourceVersion into the patch for optimistic locking. */
  patch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<T>;
  /** Replaces the object; metadata.resourceVersion in it makes a lost race a Conflict. */
  replace<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T>;
  /** JSON merge patch of the status subresource. What is certain of the answer is its metadata. */
  patchStatus<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<KubernetesObject>;
  remove<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, options?: RemoveOptions): Promise<void>;
  /** PUT of a subresource of KubeVirt's aggregated API (`subresources.kubevirt.io/v1`), e.g. softreboot of a VirtualMachineInstance. */
  putSubresource<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, subresource: string, body?: Json): Promise<void>;
  /** Records an event about an object; never rejects (an event that cannot be written is logged). */
  event(regarding: KubernetesObject, event: EventRecord): Promise<void>;
}
