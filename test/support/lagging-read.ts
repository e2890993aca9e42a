import type { KubernetesObject } from '../../operator/api/shared.ts';
import type { Index, Read } from '../../operator/kubernetes/read.ts';

/** Caches that lag: they show nothing of some kinds yet. */
export function laggingRead(read: Read, unseenKinds: readonly string[]): Read {
  const isUnseen = ({ kind }: { kind: string }): boolean => unseenKinds.includes(kind);
  return {
    get: (type, key) => (isUnseen(type) ? undefined : read.get(type, key)),
    list: (type, namespace) => (isUnseen(type) ? [] : read.list(type, namespace)),
    byIndex: <T extends KubernetesObject>(index: Index<T>, value: string) => (isUnseen(index.type) ? [] : read.byIndex(index, value)),
  };
}
