import type { KubernetesObject } from '../api/shared.ts';
import type { Cluster, Selection } from './cluster.ts';
import { isExpired } from './errors.ts';
import type { ResourceKind } from './resource-type.ts';

/** Objects per page of a list: with its managedFields an instance is some 7 KB of JSON, and a page is in memory twice. */
const PAGE = 200;

/** A whole list, as of one moment. */
export interface CompleteList<T> {
  items: T[];
  resourceVersion: string;
}

/**
 * Reads all pages of a list. `take` is given each object as soon as its page is here and answers with what is kept of it: of ten thousand objects with all
 * that the API server tells of them, the heap would grow to several times of what lives. @throws ApiError
 */
export async function listAll<T>(
  cluster: Pick<Cluster, 'listPage'>,
  type: ResourceKind,
  selection: Selection,
  signal: AbortSignal,
  take: (object: KubernetesObject) => T,
): Promise<CompleteList<T>> {
  const pages = async (limit: number): Promise<CompleteList<T>> => {
    const items: T[] = [];
    for (let next: string | undefined; ; ) {
      const page = await cluster.listPage(type, selection, limit, next, signal);
      for (const item of page.items) items.push(take(item));
      if (page.next === undefined) return { items, resourceVersion: page.resourceVersion };
      next = page.next;
    }
  };
  try {
    return await pages(PAGE);
  } catch (error) {
    // Objects changed for so long that the pages expired half-way: read the list in one piece.
    if (isExpired(error)) return pages(0);
    throw error;
  }
}
