import type { Logger } from 'winston';
import type { KubernetesObject } from '../api/shared.ts';
import type { Clock } from '../kubernetes/clock.ts';
import type { ObjectKey, Read } from '../kubernetes/read.ts';
import type { ResourceKind, ResourceType } from '../kubernetes/resource-type.ts';
import type { EventRecord, Write } from '../kubernetes/write.ts';

/** What a reconcile gets beside its object. */
export interface ReconcileContext {
  read: Read;
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

/** A Kubernetes permission that code declares; the ClusterRoles are generated from them. */
export interface Permission {
  /** API group, '' for core. */
  group: string;
  /** Plural, with subresource after a slash: `virtualmachineinstances/softreboot`. */
  resource: string;
  verbs: readonly ('get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'impersonate')[];
  /** Why it is needed, for the generated file's reader. */
  reason: string;
}

/** A kind whose changes wake a controller: `keysOf` names the objects to reconcile. */
export interface WatchedResource<T extends KubernetesObject> {
  type: ResourceType<T>;
  keysOf(object: T, read: Read): readonly ObjectKey[];
}

/** All that the manager needs to run a controller. */
export interface ControllerDefinition<T extends KubernetesObject, Status> {
  /** Kebab-case, for logs and metrics. */
  name: string;
  type: ResourceType<T>;
  watches: readonly WatchedResource<never>[];
  permissions: readonly Permission[];
  /** Objects reconciled at the same time; one object never twice at once. */
  concurrency: number;
  reconcile: Reconcile<T, Status>;
}

/** A definition whose types are its own affair, as the manager holds it. */
export type AnyController = Omit<ControllerDefinition<never, unknown>, 'type'> & { type: ResourceKind };
