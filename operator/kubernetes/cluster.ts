import type { IncomingMessage } from 'node:http';
import type { KubeConfig } from '@kubernetes/client-node';
import type { Logger } from 'winston';
import type { KubernetesObject } from '../api/shared.ts';
import { ClusterWrite, impersonationHeaders, type WriterOptions } from './cluster-write.ts';
import { systemClock, type TimerClock } from './clock.ts';
import { Connection } from './connection.ts';
import { isNotFound } from './errors.ts';
import { EventRecorder } from './event-recorder.ts';
import { MalformedStreamError } from './line-stream.ts';
import { readScreenshot } from './machine-screenshot.ts';
import { readPodLog, type PodLogSelection } from './pod-log.ts';
import type { ObjectKey } from './read.ts';
import { collectionPath, objectPath } from './resource-path.ts';
import type { ResourceKind, ResourceType } from './resource-type.ts';
import type { Write } from './write.ts';

/** One page of a list, as read. */
export interface ListPage {
  items: KubernetesObject[];
  resourceVersion: string;
  /** Asks for the next page; undefined on the last. */
  next: string | undefined;
}

/** Narrows a list or watch on the server's side. */
export interface Selection {
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
}

/** Look-ups in the API server itself, for what no cache may or should hold. */
export interface LiveRead {
  /** Undefined if it does not exist. @throws ApiError */
  fetch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined>;
}

/** Looks into what machines say: their logs and screens. */
export interface ConsoleRead {
  /** What a machine shows, as PNG; undefined if it does not run. @throws ApiError */
  screenshot(key: ObjectKey): Promise<Buffer | undefined>;
  /** The end of a log; undefined if there is no such pod, or its container has not begun. @throws ApiError */
  podLog(selection: PodLogSelection): Promise<Buffer | undefined>;
}

/** The API server: typed reads and writes over one set of kept connections. */
export class Cluster implements LiveRead {
  /** Writes as ourselves. */
  readonly write: Write;
  readonly #connection: Connection;
  readonly #events: EventRecorder;

  /** Requests are given up after 30 s, or after `requestSeconds`. */
  constructor(config: KubeConfig, log: Logger, clock: TimerClock = systemClock, requestSeconds?: number) {
    this.#connection = new Connection(config, clock, requestSeconds);
    this.write = this.#writer({});
    this.#events = new EventRecorder(this.write, log, clock);
  }

  /** Writes as somebody else (impersonation), judged by that user's permissions. Events stay our own. */
  writeAs(user: string, groups?: readonly string[]): Write {
    return this.#writer(groups === undefined ? { user } : { user, groups });
  }

  #writer(identity: WriterOptions): Write {
    return new ClusterWrite(this.#connection, identity, (regarding, event) => this.#events.record(regarding, event));
  }

  /** Looks up as somebody else, judged by that user's permissions. */
  liveAs(user: string, groups?: readonly string[]): LiveRead & ConsoleRead {
    const identity = groups === undefined ? { user } : { user, groups };
    return {
      fetch: (type, key) => this.#fetch(type, key, identity),
      podLog: (selection) => readPodLog(this.#connection, impersonationHeaders(identity), selection),
      screenshot: (key) => readScreenshot(this.#connection, impersonationHeaders(identity), key),
    };
  }

  fetch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey): Promise<T | undefined> {
    return this.#fetch(type, key, {});
  }

  async #fetch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, identity: WriterOptions): Promise<T | undefined> {
    const headers = impersonationHeaders(identity);
    try {
      return (await this.#connection.json({ verb: 'get', kind: type.kind, method: 'GET', path: objectPath(type, key), headers, isRepeatable: true })) as T;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** One page of a list, consistent with every write that came before. `limit` 0 means all. @throws ApiError - Expired if `next` is too old */
  async listPage(type: ResourceKind, selection: Selection, limit: number, next?: string, signal?: AbortSignal): Promise<ListPage> {
    const { namespace, labelSelector, fieldSelector } = selection;
    const query = { limit: limit === 0 ? undefined : limit, continue: next, labelSelector, fieldSelector };
    const path = collectionPath(type, namespace, query);
    const body = await this.#connection.json({ verb: 'list', kind: type.kind, method: 'GET', path, isRepeatable: true, ...(signal && { signal }) });
    const { items, metadata } = body as { items?: KubernetesObject[] | null; metadata?: { resourceVersion?: string; continue?: string } };
    // An answer that is no list (from a proxy, say) must not be taken for an empty one.
    if (metadata?.resourceVersion === undefined) throw new MalformedStreamError(`the answer to a list of ${type.plural} is no list`);
    return { items: items ?? [], resourceVersion: metadata.resourceVersion, next: metadata.continue === '' ? undefined : metadata.continue };
  }

  /** Opens a watch from a position. The stream's lines are watch events. @throws ApiError - Expired if the position is too old */
  openWatch(type: ResourceKind, selection: Selection, resourceVersion: string, timeoutSeconds: number, signal: AbortSignal): Promise<IncomingMessage> {
    const { namespace, labelSelector, fieldSelector } = selection;
    const query = { watch: 1, allowWatchBookmarks: true, resourceVersion, timeoutSeconds, labelSelector, fieldSelector };
    return this.#connection.stream({
      verb: 'watch',
      kind: type.kind,
      method: 'GET',
      path: collectionPath(type, namespace, query),
      isRepeatable: true,
      signal,
    });
  }

  /** Whether the API server answers. */
  async isReady(): Promise<boolean> {
    const request = { verb: 'get', kind: 'Version', method: 'GET', path: '/version', isRepeatable: false } as const;
    return this.#connection.json(request).then(
      () => true,
      () => false,
    );
  }

  /** Closes kept connections; running requests end first. */
  close(): void {
    this.#connection.close();
  }
}
