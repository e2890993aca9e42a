import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import type { KubernetesObject } from '../../operator/api/shared.ts';
import type { Cluster, ListPage, Selection } from '../../operator/kubernetes/cluster.ts';
import type { ResourceKind } from '../../operator/kubernetes/resource-type.ts';
import { isSelected } from '../../operator/kubernetes/selection.ts';
import type { FakeChange, FakeCluster } from './fake-cluster.ts';

/** List and watch over a FakeCluster, so that real caches run on it: behind it by as much as a test wants. */
export class FakeListWatch implements Pick<Cluster, 'listPage' | 'openWatch'> {
  readonly #cluster: FakeCluster;
  #held: (() => void)[] | undefined;

  constructor(cluster: FakeCluster) {
    this.#cluster = cluster;
  }

  /** Watches tell nothing from now on. */
  hold(): void {
    this.#held = [];
  }

  /** Watches tell what they held back, and go on. */
  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const tell of held) tell();
  }

  listPage(type: ResourceKind, selection: Selection): Promise<ListPage> {
    const all = this.#cluster.list<KubernetesObject>({ ...type }).filter((object) => isSelected(selection, object) === true);
    // A server's answer is nobody else's: caches may change it.
    return Promise.resolve({ items: structuredClone([...all]), resourceVersion: this.#cluster.resourceVersion, next: undefined });
  }

  openWatch(type: ResourceKind, selection: Selection, resourceVersion: string, _timeoutSeconds: number, signal: AbortSignal): Promise<IncomingMessage> {
    const stream = new PassThrough();
    const tell = (change: FakeChange): void => {
      if (change.object.kind !== type.kind || change.object.apiVersion !== type.apiVersion) return;
      if (isSelected(selection, change.object) !== true) return;
      const write = (): void => void stream.write(`${JSON.stringify(change)}\n`);
      if (this.#held === undefined) write();
      else this.#held.push(write);
    };
    for (const change of this.#cluster.changes) {
      if (BigInt(change.object.metadata?.resourceVersion ?? '0') > BigInt(resourceVersion)) tell(change);
    }
    const end = this.#cluster.onChange(tell);
    signal.addEventListener('abort', () => stream.destroy());
    stream.on('close', end);
    return Promise.resolve(stream as unknown as IncomingMessage);
  }
}
