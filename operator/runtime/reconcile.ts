import type { Logger } from 'winston';
import type { KubernetesObject } from '../api/shared.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { LiveRead } from '../kubernetes/cluster.ts';
import type { ObjectKey, Read } from '../kubernetes/read.ts';
import { groupOf, type ResourceKind, type ResourceType } from '../kubernetes/resource-type.ts';
import type { EventRecord, Write } from '../kubernetes/write.ts';
import type { Permission } from '../kubernetes/permission.ts';

/** What a reconcile gets beside its object. */
export interface ReconcileContext {
  read: Read;
  /** For the little that no cache of ours may hold, such as Secrets; each look-up is a request. */
  live: LiveRead;
  write: Write;
  clock: Clock;
  log: Logger;
}

/**
 * What a reconcile ends with. `status` is the whole status that the object should have; the runtime writes it once, as a merge patch, and only
 * if it differs. `requeueAfterSeconds` asks for another pass without an event (deadlines). `events` are recorded after the status is written,
 * and only if that write changed something, so that a repeated pass tells nothing twice.
 */
export interface Outcome<Status> {
  status: Status;
  requeueAfterSeconds?: number;
  events?: EventRecord[];
}

/** The object is wrong: no retry until it changes. `status` says so in a condition. */
export class TerminalError<Status = unknown> extends Error {
  override readonly name = 'TerminalError';
  readonly status: Status;

  constructor(message: string, status: Status) {
    super(message);
    this.status = status;
  }
}

/** Level-triggered: reads what is, decides, writes what should be; safe to run twice and after a crash between any two writes. `undefined`: the object is gone or needs no status. */
export type Reconcile<T extends KubernetesObject, Status> = (
  object: T,
  context: ReconcileContext,
) => Promise<Outcome<Status> | undefined>;

/** A kind whose changes wake a controller, its type erased: made by `watching`. */
export interface WatchedResource {
  type: ResourceType<KubernetesObject>;
  /** The kind comes with something that a cluster may lack: there are no objects then. */
  isOptional?: boolean;
  /** Changes gather for so long before they wake: for a kind of which many objects that one pass looks at change together. 0 by default. */
  gatherMilliseconds?: number;
  /** Names the objects to reconcile when `object` was added, changed or removed (of a change both sides are asked). Pure but for `read`. */
  keysOf(object: KubernetesObject, read: Read): readonly ObjectKey[];
}

/**
 * Declares that changes of a kind wake a controller: `keysOf` names the objects to reconcile.
 * The cast is safe because the manager only ever feeds `keysOf` from the cache of this very type.
 */
export function watching<T extends KubernetesObject>(
  type: ResourceType<T>,
  keysOf: (object: T, read: Read) => readonly ObjectKey[],
): WatchedResource {
  return { type: type as ResourceKind, keysOf: (object, read) => keysOf(object as T, read) };
}

/** Wakes the owner: for kinds whose objects carry an owner reference to the reconciled kind. */
export function watchingOwned<T extends KubernetesObject>(type: ResourceType<T>, owner: ResourceKind): WatchedResource {
  return watching(type, (object) =>
    (object.metadata?.ownerReferences ?? [])
      .filter((reference) => reference.kind === owner.kind && groupOf(reference) === groupOf(owner))
      .map(({ name }) => (owner.namespaced ? { namespace: object.metadata?.namespace, name } : { name })),
  );
}

/** The same for a kind that a cluster may lack; once it is there, its objects are seen. */
export function ifServed(watched: WatchedResource): WatchedResource {
  return { ...watched, isOptional: true };
}

/** The same for changes that come by the hundred: they gather a little, so that one pass sees many. */
export function gathered(watched: WatchedResource, milliseconds: number): WatchedResource {
  return { ...watched, gatherMilliseconds: milliseconds };
}

/** What an author writes about a controller. */
export interface ControllerDefinition<T extends KubernetesObject, Status> {
  /** Kebab-case, for logs and metrics. */
  name: string;
  type: ResourceType<T>;
  /** Somebody else writes the status of the kind: `reconcile` ends with none, and the right to write it is not asked for. */
  isStatusForeign?: boolean;
  watches: readonly WatchedResource[];
  /** What `reconcile` writes and reads beside what the watches imply (list and watch of every watched kind, patch of the own status). */
  permissions: readonly Permission[];
  /** Objects reconciled at the same time; one object never twice at once. */
  concurrency: number;
  reconcile: Reconcile<T, Status>;
}

/** A definition whose types are its own affair, as the manager holds it: made by `defineController`, `permissions` complete. */
export type AnyController = ControllerDefinition<KubernetesObject, unknown>;

function impliedPermissions(type: ResourceKind, watches: readonly WatchedResource[], isStatusForeign: boolean): Permission[] {
  const watched = [type, ...watches.map((watch) => watch.type)];
  const reads = watched.map(
    (kind): Permission => ({ group: groupOf(kind), resource: kind.plural, verbs: ['list', 'watch'], reason: `cache of ${kind.kind}` }),
  );
  return isStatusForeign ? reads : [...reads, { group: groupOf(type), resource: `${type.plural}/status`, verbs: ['patch'], reason: `status of ${type.kind}` }];
}

/**
 * Completes a definition for the manager and erases its types.
 * The casts are safe for the same reason as in `watching`: objects of `type` come from the cache of `type` only.
 */
export function defineController<T extends KubernetesObject, Status>(definition: ControllerDefinition<T, Status>): AnyController {
  const { type, watches, permissions, reconcile } = definition;
  return {
    ...definition,
    type: type as ResourceKind,
    permissions: [...permissions, ...impliedPermissions(type, watches, definition.isStatusForeign ?? false)],
    reconcile: (object, context) => reconcile(object as T, context),
  };
}
