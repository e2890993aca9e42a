import assert from 'node:assert/strict';
import type { KubernetesObject, ObjectMeta } from '../../operator/api/shared.ts';
import { systemClock, type Clock } from '../../operator/kubernetes/clock.ts';
import type { LiveRead, ConsoleRead } from '../../operator/kubernetes/cluster.ts';
import { ApiError } from '../../operator/kubernetes/errors.ts';
import { isSameJson } from '../../operator/kubernetes/merge-patch.ts';
import type { PodLogSelection } from '../../operator/kubernetes/pod-log.ts';
import type { Index, ObjectKey, Read } from '../../operator/kubernetes/read.ts';
import { groupOf, type ResourceKind, type ResourceType } from '../../operator/kubernetes/resource-type.ts';
import { Pod, VirtualMachineInstance } from '../../operator/kubernetes/resources.ts';
import type { EventRecord, Json, RemoveOptions, Write } from '../../operator/kubernetes/write.ts';
import type { Permission } from '../../operator/kubernetes/permission.ts';
import { FakePermissions } from './fake-permissions.ts';
import { completed, frozen, hasStatusSubresource, withoutOwned, type Stored } from './fake-object-rules.ts';
import { mergePatched } from './merge-patched.ts';

/** The mutations of Write by name; `event` is counted apart. */
export type WriteVerb = 'create' | 'apply' | 'patch' | 'replace' | 'patchStatus' | 'remove' | 'putSubresource';

/** One write that reached the fake, refused or not. */
export interface WriteRecord {
  verb: WriteVerb;
  kind: string;
  key: ObjectKey;
  /** What was sent: the object, the patch, the options or the subresource's body. */
  body: unknown;
  subresource?: string;
  /** Set if the write was refused. */
  error?: Error;
}

/** An event as it was recorded. */
export interface RecordedEvent extends EventRecord {
  regarding: { kind: string; namespace: string | undefined; name: string };
}

/** A change as a watch would tell it. */
export interface FakeChange {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  object: KubernetesObject;
  previous?: KubernetesObject | undefined;
}

/** How a FakeCluster begins. */
export interface FakeClusterOptions {
  clock?: Clock;
  /** Refuses what is not declared, reads too (a cache needs list and watch). Everything is allowed without it. */
  permissions?: readonly Permission[];
  /** What is there already; apiVersion and kind must be set. */
  objects?: readonly KubernetesObject[];
}

type Kind = Pick<ResourceKind, 'apiVersion' | 'kind'>;

function keyOf(metadata: ObjectMeta | undefined): ObjectKey {
  return { namespace: metadata?.namespace, name: metadata?.name ?? '' };
}

function pathOf(kind: Kind, key: ObjectKey): string {
  return `${kind.apiVersion}/${kind.kind}/${key.namespace ?? ''}/${key.name}`;
}

/**
 * An API server and its caches in memory, always in step: uid, resourceVersion, generation, Conflict, AlreadyExists, finalizers, merge patch, status
 * apart from the rest, defaults and validation of our own kinds by their zod definition. What it does not do: CEL rules, admission, watches,
 * graceful deletion of pods. Server-side apply knows one owner, and replaces lists whole. Objects that it returns are frozen.
 */
export class FakeCluster implements Read, Write, LiveRead, ConsoleRead {
  /** Every write in order. */
  readonly writes: WriteRecord[] = [];
  /** Every event in order. */
  readonly events: RecordedEvent[] = [];
  /** Every change in order, for FakeListWatch. */
  readonly changes: FakeChange[] = [];
  readonly #listeners = new Set<(change: FakeChange) => void>();
  readonly #objects = new Map<string, Stored>();
  readonly #applied = new Map<string, unknown>();
  readonly #failures: { verb: WriteVerb; kind: string; error: Error }[] = [];
  readonly #permissions: FakePermissions;
  readonly #clock: Clock;
  #version = 100;

  constructor(options: FakeClusterOptions = {}) {
    this.#clock = options.clock ?? systemClock;
    this.#permissions = new FakePermissions(options.permissions);
    this.add(...(options.objects ?? []));
  }

  /** Puts objects there as they are, status included, asking nobody; an object of that name is replaced. */
  add(...objects: readonly KubernetesObject[]): this {
    for (const object of objects) {
      assert.ok(object.apiVersion !== undefined && object.kind !== undefined, 'FakeCluster.add needs objects with apiVersion and kind');
      this.#store({ apiVersion: object.apiVersion, kind: object.kind }, this.#born(object));
    }
    return this;
  }

  /** The next write of that verb to that kind fails with the error, and changes nothing. */
  failNext(verb: WriteVerb, kind: string, error: Error): void {
    this.#failures.push({ verb, kind, error });
  }

  /** The same cluster as seen by somebody with other permissions. */
  as(permissions: readonly Permission[]): Read & Write & LiveRead & ConsoleRead {
    return new Proxy<FakeCluster>(this, {
      get: (target, property) => {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        return (...parameters: unknown[]): unknown =>
          target.#permissions.during(permissions, () => Reflect.apply(value, target, parameters) as unknown);
      },
    });
  }

  /** Tells every further change. Returns what ends it. */
  onChange(listener: (change: FakeChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** resourceVersion of the last change. */
  get resourceVersion(): string {
    return String(this.#version);
  }

  /** What the garbage collector would do by and by: removes objects whose owners are all gone, and theirs. */
  collectGarbage(): void {
    const uids = new Set([...this.#objects.values()].map((object) => object.metadata.uid));
    const orphans = [...this.#objects.values()].filter(({ metadata }) => {
      const owners = metadata.ownerReferences ?? [];
      return metadata.deletionTimestamp === undefined && owners.length > 0 && !owners.some((owner) => uids.has(owner.uid));
    });
    if (orphans.length === 0) return;
    for (const orphan of orphans) this.#delete({ apiVersion: orphan.apiVersion ?? '', kind: orphan.kind ?? '' }, orphan);
    this.collectGarbage();
  }

  get<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey): T | undefined {
    this.#permissions.requireRead(type);
    return this.#objects.get(pathOf(type, key)) as T | undefined;
  }

  /** The look-up in the API server itself: the same, but it needs `get`. */
  async fetch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined> {
    this.#permissions.requireVerb(type, 'get', key.name);
    return this.#objects.get(pathOf(type, key)) as T | undefined;
  }

  /** Logs of containers by `<namespace>/<label selector>/<container>`, put there by tests. */
  readonly podLogs = new Map<string, string>();

  async podLog({ namespace, labelSelector, container }: PodLogSelection): Promise<Buffer | undefined> {
    this.#permissions.requireVerb(Pod, 'list', '');
    this.#permissions.requireVerb(Pod, 'get', '', 'log');
    const log = this.podLogs.get(`${namespace}/${labelSelector}/${container}`);
    return log === undefined ? undefined : Buffer.from(log);
  }

  /** Screens of machines by `<namespace>/<name>`, as PNG, put there by tests. */
  readonly screenshots = new Map<string, Buffer>();

  async screenshot({ namespace, name }: ObjectKey): Promise<Buffer | undefined> {
    this.#permissions.requireSubresource(VirtualMachineInstance, name, 'vnc', 'get');
    return this.screenshots.get(`${namespace ?? ''}/${name}`);
  }

  list<T extends KubernetesObject>(type: ResourceType<T>, namespace?: string): readonly T[] {
    this.#permissions.requireRead(type);
    const prefix = namespace === undefined ? `${type.apiVersion}/${type.kind}/` : `${type.apiVersion}/${type.kind}/${namespace}/`;
    return [...this.#objects].filter(([path]) => path.startsWith(prefix)).map(([, object]) => object as KubernetesObject as T);
  }

  byIndex<T extends KubernetesObject>(index: Index<T>, value: string): readonly T[] {
    return this.list(index.type).filter((object) => index.keys(object).includes(value));
  }

  create<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    return this.#write('create', type, keyOf(object.metadata), object, () => {
      this.#permissions.requireVerb(type, 'create', object.metadata?.name ?? '');
      return this.#create(type, object);
    });
  }

  apply<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    const key = keyOf(object.metadata);
    return this.#write('apply', type, key, object, () => {
      this.#permissions.requireVerb(type, 'patch', key.name);
      const live = this.#objects.get(pathOf(type, key));
      const before = this.#applied.get(pathOf(type, key));
      if (live === undefined) this.#permissions.requireVerb(type, 'create', key.name);
      const result = live === undefined ? this.#create(type, object) : this.#change(type, live, mergePatched(withoutOwned(live, before, object), object));
      this.#applied.set(pathOf(type, key), structuredClone(object));
      return result;
    });
  }

  patch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<T> {
    return this.#write('patch', type, key, patch, () => {
      this.#permissions.requireVerb(type, 'patch', key.name);
      const live = this.#existing(type, key);
      const patched = mergePatched(live, patch) as Stored;
      this.#requireUid(type, live, patched);
      return this.#change(type, live, patched);
    });
  }

  replace<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    return this.#write('replace', type, keyOf(object.metadata), object, () => {
      this.#permissions.requireVerb(type, 'update', object.metadata?.name ?? '');
      return this.#change(type, this.#existing(type, keyOf(object.metadata)), structuredClone(object));
    });
  }

  patchStatus<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<T> {
    return this.#write('patchStatus', type, key, patch, () => {
      this.#permissions.requireVerb(type, 'patch', key.name, 'status');
      const live = this.#existing(type, key);
      if (!hasStatusSubresource(type)) throw this.#notFound(type, key);
      const patched = mergePatched(live, patch) as Stored;
      // Of all metadata the API server only looks at the resourceVersion here; even another uid is ignored.
      this.#requireSame(type, live, { ...patched.metadata, uid: live.metadata.uid });
      return this.#commit(type, live, { ...live, status: patched.status });
    });
  }

  async remove<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, options: RemoveOptions = {}): Promise<void> {
    await this.#write('remove', type, key, options, () => {
      this.#permissions.requireVerb(type, 'delete', key.name);
      const live = this.#existing(type, key);
      this.#requireSame(type, live, options);
      this.#delete(type, live);
      return live;
    });
  }

  async putSubresource<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, subresource: string, body?: Json): Promise<void> {
    await this.#write('putSubresource', type, key, body, () => {
      this.#permissions.requireSubresource(type, key.name, subresource);
      return this.#existing(type, key);
    }, subresource);
  }

  event(regarding: KubernetesObject, event: EventRecord): Promise<void> {
    const { namespace, name } = keyOf(regarding.metadata);
    this.events.push({ ...event, regarding: { kind: regarding.kind ?? '', namespace, name } });
    return Promise.resolve();
  }

  // Runs in the same turn as the call, so that a test can look at the result before it awaits it, and answers in a later one, as a network would.
  #write<T extends KubernetesObject>(verb: WriteVerb, type: ResourceType<T>, key: ObjectKey, body: unknown, act: () => unknown, subresource?: string): Promise<T> {
    const record: WriteRecord = { verb, kind: type.kind, key: { ...key }, body: structuredClone(body), ...(subresource === undefined ? {} : { subresource }) };
    this.writes.push(record);
    try {
      const failure = this.#failures.findIndex((candidate) => candidate.verb === verb && candidate.kind === type.kind);
      if (failure >= 0) throw this.#failures.splice(failure, 1)[0]?.error ?? new Error('unreachable');
      return Promise.resolve(act() as T);
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      record.error = error;
      return Promise.reject(error);
    }
  }

  #create(type: ResourceKind, object: KubernetesObject): Stored {
    const { resourceVersion, ...metadata } = object.metadata ?? {};
    if (resourceVersion !== undefined) throw new ApiError({ code: 500, reason: 'Unknown', message: 'resourceVersion should not be set on objects to be created' });
    const name = metadata.name ?? `${metadata.generateName ?? ''}${crypto.randomUUID().slice(0, 5)}`;
    if (type.namespaced && metadata.namespace === undefined) throw new ApiError({ code: 400, reason: 'BadRequest', message: `${type.kind} needs a namespace` });
    const key = { namespace: metadata.namespace, name };
    if (this.#objects.has(pathOf(type, key))) {
      throw new ApiError({ code: 409, reason: 'AlreadyExists', message: `${type.plural} "${name}" already exists`, details: { name, kind: type.plural } });
    }
    // The server sets these itself, whatever the client sent.
    const { uid: _uid, generation: _generation, creationTimestamp: _creation, deletionTimestamp: _deletion, ...own } = metadata;
    const { status, ...rest } = object as Stored;
    const kept = status === undefined || hasStatusSubresource(type) ? rest : { ...rest, status };
    return this.#store(type, this.#born({ ...completed(type, kept), metadata: { ...own, name } }));
  }

  #born(object: KubernetesObject): Stored {
    const metadata = { uid: crypto.randomUUID(), generation: 1, creationTimestamp: this.#timestamp(), ...object.metadata };
    return { ...structuredClone(object), metadata: structuredClone(metadata) };
  }

  #change(type: ResourceKind, live: Stored, wanted: unknown): Stored {
    const next = completed(type, wanted as Stored);
    this.#requireSame(type, live, next.metadata);
    return this.#commit(type, live, hasStatusSubresource(type) ? { ...next, status: live.status } : next);
  }

  #commit(type: ResourceKind, live: Stored, next: Stored): Stored {
    const { uid, creationTimestamp, deletionTimestamp, resourceVersion, generation = 1 } = live.metadata;
    const metadata = { ...next.metadata, uid, creationTimestamp, deletionTimestamp, resourceVersion, generation } as ObjectMeta;
    const wanted = { ...next, apiVersion: type.apiVersion, kind: type.kind, metadata };
    if (isSameJson(wanted, live)) return live;
    if (deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0) {
      return this.#gone(type, wanted);
    }
    const { metadata: _live, status: _liveStatus, ...liveRest } = live as Stored & { apiVersion: string };
    const { metadata: _wanted, status: _wantedStatus, ...wantedRest } = wanted;
    return this.#store(type, { ...wanted, metadata: { ...metadata, generation: isSameJson(liveRest, wantedRest) ? generation : generation + 1 } });
  }

  #delete(kind: Kind, live: Stored): void {
    const path = pathOf(kind, keyOf(live.metadata));
    this.#applied.delete(path);
    if ((live.metadata.finalizers ?? []).length === 0) {
      this.#gone(kind, live);
      return;
    }
    if (live.metadata.deletionTimestamp === undefined) this.#store(kind, { ...live, metadata: { ...live.metadata, deletionTimestamp: this.#timestamp() } });
  }

  #store(kind: Kind, object: Stored): Stored {
    const stored = frozen({ ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata: { ...object.metadata, resourceVersion: this.#nextVersion() } });
    const path = pathOf(kind, keyOf(stored.metadata));
    const previous = this.#objects.get(path);
    this.#changed({ type: previous === undefined ? 'ADDED' : 'MODIFIED', object: stored, previous });
    this.#objects.set(path, stored);
    return stored;
  }

  #gone(kind: Kind, last: Stored): Stored {
    this.#objects.delete(pathOf(kind, keyOf(last.metadata)));
    const object = frozen({ ...last, metadata: { ...last.metadata, resourceVersion: this.#nextVersion() } });
    this.#changed({ type: 'DELETED', object, previous: last });
    return object;
  }

  #changed(change: FakeChange): void {
    this.changes.push(change);
    for (const listener of this.#listeners) listener(change);
  }

  #existing(type: ResourceKind, key: ObjectKey): Stored {
    const live = this.#objects.get(pathOf(type, key));
    if (live === undefined) throw this.#notFound(type, key);
    return live;
  }

  #notFound(type: ResourceKind, { name }: ObjectKey): ApiError {
    const details = { name, group: groupOf(type), kind: type.plural };
    return new ApiError({ code: 404, reason: 'NotFound', message: `${type.plural} "${name}" not found`, details });
  }

  #requireSame(type: ResourceKind, live: Stored, wanted: { uid?: string | undefined; resourceVersion?: string } | undefined): void {
    const { uid = live.metadata.uid, resourceVersion = live.metadata.resourceVersion } = wanted ?? {};
    if (uid === live.metadata.uid && resourceVersion === live.metadata.resourceVersion) return;
    const name = live.metadata.name ?? '';
    throw new ApiError({ code: 409, reason: 'Conflict', message: `Operation cannot be fulfilled on ${type.plural} "${name}": the object has been modified` });
  }

  /** Of a patch the API server checks the uid as any other field: Invalid, where a replacement or removal is a Conflict. */
  #requireUid(type: ResourceKind, live: Stored, patched: Stored): void {
    if (patched.metadata.uid === live.metadata.uid) return;
    const name = live.metadata.name ?? '';
    throw new ApiError({ code: 422, reason: 'Invalid', message: `${type.kind} "${name}" is invalid: metadata.uid: field is immutable` });
  }

  #nextVersion(): string {
    this.#version += 1;
    return String(this.#version);
  }

  #timestamp(): string {
    return `${new Date(this.#clock.now()).toISOString().slice(0, 19)}Z`;
  }
}
