import { randomBytes } from 'node:crypto';
import type { Logger } from 'winston';
import type { KubernetesObject } from '../api/shared.ts';
import type { Clock } from './clock.ts';
import { isNotFound } from './errors.ts';
import { Event } from './resources.ts';
import type { EventRecord, Write } from './write.ts';

/** Events that are remembered, to count a repetition instead of writing it again. */
const MEMORY = 2048;
/** The API server forgets events after an hour. */
const MEMORY_MILLISECONDS = 50 * 60 * 1000;
/** The API server's limit of a message. */
const MAX_MESSAGE = 1024;

interface Remembered {
  namespace: string;
  name: string;
  count: number;
  firstAt: number;
}

/** Writes events of the core group; the same event about the same object again becomes a count. */
export class EventRecorder {
  readonly #write: Pick<Write, 'create' | 'patch'>;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #remembered = new Map<string, Remembered>();

  constructor(write: Pick<Write, 'create' | 'patch'>, log: Logger, clock: Clock) {
    this.#write = write;
    this.#log = log;
    this.#clock = clock;
  }

  /** Never rejects. */
  async record(regarding: KubernetesObject, event: EventRecord): Promise<void> {
    try {
      await this.#record(regarding, { ...event, message: event.message.slice(0, MAX_MESSAGE) });
    } catch (error) {
      const { namespace, name } = regarding.metadata ?? {};
      this.#log.warn('event could not be written', { reason: event.reason, kind: regarding.kind, namespace, name, error });
    }
  }

  async #record(regarding: KubernetesObject, event: EventRecord): Promise<void> {
    const id = [regarding.kind, regarding.metadata?.uid, regarding.metadata?.name, event.type, event.reason, event.message].join('\n');
    const known = this.#remembered.get(id);
    if (known !== undefined && this.#clock.now() - known.firstAt < MEMORY_MILLISECONDS) {
      known.count += 1;
      const patch = { count: known.count, lastTimestamp: this.#timestamp() };
      const isCounted = await this.#write.patch(Event, known, patch).then(() => true, forgiveNotFound);
      if (isCounted) return;
    }
    const created = await this.#create(regarding, event);
    this.#remembered.delete(id);
    this.#remembered.set(id, { ...created, count: 1, firstAt: this.#clock.now() });
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size > MEMORY && oldest.done !== true) this.#remembered.delete(oldest.value);
  }

  async #create(regarding: KubernetesObject, event: EventRecord): Promise<{ namespace: string; name: string }> {
    const { namespace: own, name, uid, resourceVersion } = regarding.metadata ?? {};
    // Events about cluster-scoped objects live in `default`, as Kubernetes' own do.
    const namespace = own ?? 'default';
    const metadata = { namespace, name: `${(name ?? 'unknown').slice(0, 200)}.${randomBytes(8).toString('hex')}` };
    const involvedObject = { apiVersion: regarding.apiVersion, kind: regarding.kind, namespace: own, name, uid, resourceVersion };
    const now = this.#timestamp();
    await this.#write.create(Event, {
      metadata,
      involvedObject: Object.fromEntries(Object.entries(involvedObject).filter(([, value]) => value !== undefined)),
      type: event.type,
      reason: event.reason,
      message: event.message,
      source: { component: 'kube-ec2' },
      reportingComponent: 'kube-ec2',
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
    return metadata;
  }

  #timestamp(): string {
    return `${new Date(this.#clock.now()).toISOString().slice(0, 19)}Z`;
  }
}

function forgiveNotFound(error: unknown): false {
  if (isNotFound(error)) return false;
  throw error;
}
