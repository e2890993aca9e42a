import type { KubernetesObject } from '../api/shared.ts';
import type { Cluster, Selection } from './cluster.ts';
import { isExpired } from './errors.ts';
import type { ResourceKind } from './resource-type.ts';

/** Objects per page of a list. */
const PAGE = 500;

/** A whole list, as of one moment. */
export interface CompleteList {
  items: KubernetesObject[];
  resourceVersion: string;
}

/** Reads all pages of a list; `onPage` is called after each. @throws ApiError */
export async function listAll(
  cluster: Pick<Cluster, 'listPage'>,
  type: ResourceKind,
  selection: Selection,
  signal: AbortSignal,
  onPage: () => void,
): Promise<CompleteList> {
  const pages = async (limit: number): Promise<CompleteList> => {
    const items: KubernetesObject[] = [];
    for (let next: string | undefined; ; ) {
      const page = await cluster.listPage(type, selection, limit, next, signal);
      onPage();
      for (const item of page.items) items.push(item);
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
