import type { KubernetesObject } from '../api/shared.ts';
import type { Connection } from './connection.ts';
import type { ApiRequest } from './http-exchange.ts';
import type { ObjectKey } from './read.ts';
import { collectionPath, kubevirtSubresourcePath, objectPath } from './resource-path.ts';
import type { ResourceType } from './resource-type.ts';
import type { EventRecord, Json, RemoveOptions, Write } from './write.ts';

/** Owner of the fields that we set. */
export const FIELD_MANAGER = 'kube-ec2';

/** Who writes. */
export interface WriterOptions {
  /** Kubernetes user that the writes are sent as (impersonation); our own identity without. */
  user?: string;
  /** Groups of that user. Without them the API server gives a ServiceAccount its own groups. */
  groups?: readonly string[];
}

/** Headers that make a request somebody else's. @see https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation */
export function impersonationHeaders({ user, groups }: WriterOptions): Readonly<Record<string, string | string[]>> {
  return {
    ...(user === undefined ? {} : { 'Impersonate-User': user }),
    ...(groups === undefined ? {} : { 'Impersonate-Group': [...groups] }),
  };
}

/** Kinds that are questions: creating one twice does nothing. */
const STORED_NOWHERE = new Set(['SubjectAccessReview']);

function isRefused(review: unknown): boolean {
  return (review as { status?: { allowed?: boolean } } | undefined)?.status?.allowed === false;
}

const MERGE_PATCH = 'application/merge-patch+json';
/** Who has written a status knows it: the rest of the object would be written down, sent and read for nobody. */
const METADATA_ONLY = { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json' };
const APPLY_PATCH = 'application/apply-patch+yaml';

function keyOf(object: KubernetesObject): ObjectKey {
  return { namespace: object.metadata?.namespace, name: object.metadata?.name ?? '' };
}

function withKind<T extends KubernetesObject>(type: ResourceType<T>, object: T): T {
  return { ...object, apiVersion: type.apiVersion, kind: type.kind };
}

/** Write over a connection, as one identity. */
export class ClusterWrite implements Write {
  readonly #connection: Connection;
  readonly #headers: Readonly<Record<string, string | string[]>>;
  readonly #record: Write['event'];

  /** `record` takes events: they tell what we saw, so they stay our own whoever the writes are sent as. */
  constructor(connection: Connection, identity: WriterOptions, record: Write['event']) {
    this.#connection = connection;
    this.#headers = impersonationHeaders(identity);
    this.#record = record;
  }

  create<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    const path = collectionPath(type, object.metadata?.namespace, { fieldManager: FIELD_MANAGER });
    const isQuestion = STORED_NOWHERE.has(type.kind);
    const body = JSON.stringify(withKind(type, object));
    return this.#send<T>({ verb: 'create', kind: type.kind, method: 'POST', path, body, isRepeatable: isQuestion, ...(isQuestion && { isDenial: isRefused }) });
  }

  apply<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    const { managedFields: _managed, ...metadata } = object.metadata ?? {};
    const path = objectPath(type, keyOf(object), { fieldManager: FIELD_MANAGER, force: true });
    const body = JSON.stringify({ ...withKind(type, object), metadata });
    return this.#send<T>({ verb: 'apply', kind: type.kind, method: 'PATCH', path, body, contentType: APPLY_PATCH, isRepeatable: true });
  }

  patch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<T> {
    const path = objectPath(type, key, { fieldManager: FIELD_MANAGER });
    const body = JSON.stringify(patch);
    return this.#send<T>({ verb: 'patch', kind: type.kind, method: 'PATCH', path, body, contentType: MERGE_PATCH, isRepeatable: true });
  }

  replace<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    const path = objectPath(type, keyOf(object), { fieldManager: FIELD_MANAGER });
    return this.#send<T>({ verb: 'replace', kind: type.kind, method: 'PUT', path, body: JSON.stringify(withKind(type, object)), isRepeatable: true });
  }

  patchStatus<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<KubernetesObject> {
    const path = objectPath(type, key, { fieldManager: FIELD_MANAGER }, 'status');
    const body = JSON.stringify(patch);
    return this.#send<KubernetesObject>({ verb: 'patchStatus', kind: type.kind, method: 'PATCH', path, body, contentType: MERGE_PATCH, headers: METADATA_ONLY, isRepeatable: true });
  }

  async remove<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, options: RemoveOptions = {}): Promise<void> {
    const { uid, resourceVersion, graceSeconds, propagation } = options;
    const body = JSON.stringify({
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      gracePeriodSeconds: graceSeconds,
      propagationPolicy: propagation ?? 'Background',
      preconditions: { uid, resourceVersion },
    });
    const request = { verb: 'delete', kind: type.kind, method: 'DELETE', path: objectPath(type, key), body } as const;
    // Named by uid, a removal that is sent again can meet no other object than the one that was meant.
    await this.#send({ ...request, isRepeatable: uid !== undefined });
  }

  async putSubresource<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, subresource: string, body?: Json): Promise<void> {
    const path = kubevirtSubresourcePath(type, key, subresource);
    const kind = `${type.kind}/${subresource}`;
    await this.#send({ verb: 'subresource', kind, method: 'PUT', path, body: JSON.stringify(body ?? {}), isRepeatable: false });
  }

  event(regarding: KubernetesObject, event: EventRecord): Promise<void> {
    return this.#record(regarding, event);
  }

  #send<T>(request: ApiRequest): Promise<T> {
    return this.#connection.json({ ...request, headers: { ...this.#headers, ...request.headers } }) as Promise<T>;
  }
}
