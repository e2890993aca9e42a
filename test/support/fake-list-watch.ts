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
  readonly #held: (() => void)[] = [];
  #isHeld: (kind: string) => boolean = () => false;

  constructor(cluster: FakeCluster) {
    this.#cluster = cluster;
  }

  /** Watches (of one kind, if given) tell nothing from now on. */
  hold(kind?: string): void {
    this.#isHeld = (candidate) => kind === undefined || candidate === kind;
  }

  /** Watches tell what they held back, and go on. */
  release(): void {
    this.#isHeld = () => false;
    for (const tell of this.#held.splice(0)) tell();
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
      const event = selectedChange(selection, change);
      if (event === undefined) return;
      const write = (): void => void stream.write(`${JSON.stringify(event)}\n`);
      if (this.#isHeld(type.kind)) this.#held.push(write);
      else write();
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

/** How a change looks to a watch that selects: what leaves the selection is deleted for it, what enters is added. */
function selectedChange(selection: Selection, { type, object, previous }: FakeChange): FakeChange | undefined {
  const was = previous !== undefined && isSelected(selection, previous) === true;
  const is = type !== 'DELETED' && isSelected(selection, object) === true;
  if (!was && !is) return undefined;
  if (!is) return { type: 'DELETED', object };
  return { type: was ? 'MODIFIED' : 'ADDED', object };
}
