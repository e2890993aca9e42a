import type { KubernetesObject } from '../api/shared.ts';
import type { ObjectKey } from './read.ts';
import type { ResourceKind, ResourceType } from './resource-type.ts';
import type { EventRecord, Json, RemoveOptions, Write } from './write.ts';

/** What is to be told about writes. */
export interface WriteObserver {
  /** Before a write is sent; what it throws refuses the write. */
  before?(): void;
  /** After an object was written; the write resolves when this does. */
  written?(type: ResourceKind, object: KubernetesObject): Promise<void> | void;
  /** Before a removal is sent; the function that it returns runs after it succeeded. */
  removing?(type: ResourceKind, key: ObjectKey, options: RemoveOptions): () => Promise<void> | void;
}

/** A Write that lets an observer see every mutation; events are not mutations. */
export class ObservedWrite implements Write {
  readonly #write: Write;
  readonly #observer: WriteObserver;

  constructor(write: Write, observer: WriteObserver) {
    this.#write = write;
    this.#observer = observer;
  }

  create<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    return this.#written(type, () => this.#write.create(type, object));
  }

  apply<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    return this.#written(type, () => this.#write.apply(type, object));
  }

  patch<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<T> {
    return this.#written(type, () => this.#write.patch(type, key, patch));
  }

  replace<T extends KubernetesObject>(type: ResourceType<T>, object: T): Promise<T> {
    return this.#written(type, () => this.#write.replace(type, object));
  }

  patchStatus<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, patch: Json): Promise<KubernetesObject> {
    return this.#written(type, () => this.#write.patchStatus(type, key, patch));
  }

  async remove<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, options: RemoveOptions = {}): Promise<void> {
    this.#observer.before?.();
    const removed = this.#observer.removing?.(type, key, options);
    await this.#write.remove(type, key, options);
    await removed?.();
  }

  async putSubresource<T extends KubernetesObject>(type: ResourceType<T>, key: ObjectKey, subresource: string, body?: Json): Promise<void> {
    this.#observer.before?.();
    await this.#write.putSubresource(type, key, subresource, body);
  }

  event(regarding: KubernetesObject, event: EventRecord): Promise<void> {
    return this.#write.event(regarding, event);
  }

  async #written<T extends KubernetesObject>(type: ResourceKind, send: () => Promise<T>): Promise<T> {
    this.#observer.before?.();
    const object = await send();
    await this.#observer.written?.(type, object);
    return object;
  }
}
