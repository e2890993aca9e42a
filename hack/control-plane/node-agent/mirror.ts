import { setTimeout as delay } from 'node:timers/promises';
import { KubernetesError, type AnyObject, type KubernetesClient } from '../kubernetes-client.ts';

const WATCH_SECONDS = 300;
const FIRST_PAUSE_MILLISECONDS = 100;
const LONGEST_PAUSE_MILLISECONDS = 2_000;

/** `namespace/name`, or `name` alone. */
export function keyOf(object: AnyObject): string {
  const { namespace, name = '' } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** A local copy of a collection, kept current by list and watch, over restarts of the API server. */
export class Mirror<T extends AnyObject> {
  readonly #client: KubernetesClient;
  readonly #path: string;
  readonly #onChange: (key: string, object: T | undefined) => void;
  readonly #objects = new Map<string, T>();
  #resourceVersion: string | undefined;

  /** `onChange` gets every object that appears, changes or goes (`undefined` then). */
  constructor(client: KubernetesClient, path: string, onChange: (key: string, object: T | undefined) => void) {
    this.#client = client;
    this.#path = path;
    this.#onChange = onChange;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  values(): IterableIterator<T> {
    return this.#objects.values();
  }

  /** Takes a newer version that a write returned, so that the next look does not see the older one. */
  remember(object: T): void {
    if (!this.#holdsNewer(keyOf(object), object)) this.#objects.set(keyOf(object), object);
  }

  /** Lists, then follows for ever. Resolves when the first list is in; errors only make it try again. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => void this.#follow(resolve));
  }

  async #follow(onListed: () => void): Promise<never> {
    let pause = FIRST_PAUSE_MILLISECONDS;
    for (;;) {
      try {
        if (this.#resourceVersion === undefined) {
          await this.#list();
          onListed();
        }
        await this.#watch();
        pause = FIRST_PAUSE_MILLISECONDS;
      } catch (error) {
        if (error instanceof KubernetesError && error.code === 410) this.#resourceVersion = undefined;
        await delay(pause);
        pause = Math.min(pause * 2, LONGEST_PAUSE_MILLISECONDS);
      }
    }
  }

  async #list(): Promise<void> {
    const list = await this.#client.get<{ metadata: { resourceVersion: string }; items: T[] }>(this.#path);
    const listed = new Map(list.items.map((object) => [keyOf(object), object]));
    for (const key of this.#objects.keys()) if (!listed.has(key)) this.#remove(key);
    for (const [key, object] of listed) this.#set(key, object);
    this.#resourceVersion = list.metadata.resourceVersion;
  }

  async #watch(): Promise<void> {
    const separator = this.#path.includes('?') ? '&' : '?';
    const query = `resourceVersion=${String(this.#resourceVersion)}&allowWatchBookmarks=true&timeoutSeconds=${String(WATCH_SECONDS)}`;
    for await (const event of this.#client.watch<T>(`${this.#path}${separator}${query}`)) {
      if (event.type === 'ERROR') {
        const status = event.object as unknown as { code?: number; reason?: string; message?: string };
        throw new KubernetesError(status.code ?? 500, status.reason ?? '', status.message ?? 'watch failed');
      }
      this.#resourceVersion = event.object.metadata.resourceVersion;
      if (event.type === 'DELETED') this.#remove(keyOf(event.object));
      if (event.type === 'ADDED' || event.type === 'MODIFIED') this.#set(keyOf(event.object), event.object);
    }
  }

  #set(key: string, object: T): void {
    // An event of what was before a write of ours must not bring that back: an address that was just given would look free.
    if (!this.#holdsNewer(key, object)) this.#objects.set(key, object);
    this.#onChange(key, object);
  }

  #holdsNewer(key: string, { metadata }: T): boolean {
    return Number(this.#objects.get(key)?.metadata.resourceVersion ?? 0) > Number(metadata.resourceVersion);
  }

  #remove(key: string): void {
    this.#objects.delete(key);
    this.#onChange(key, undefined);
  }
}
