import type { ObjectMeta } from './shared.ts';

interface Identified {
  metadata: ObjectMeta;
}

/**
 * Which of the images or snapshots that go by one id it stands for, as seen from a namespace: the own one, else the oldest. Whoever may make such objects
 * may name one like the id of somebody else's public one; being younger, it never takes that one's place for others. Whether the namespace may use the
 * result is another question: an id that stands for a private object does not fall through to somebody's public copy.
 */
export function ofId<T extends Identified>(candidates: readonly T[], namespace: string | undefined): T | undefined {
  const own = candidates.filter(({ metadata }) => metadata.namespace === namespace);
  return (own.length > 0 ? own : candidates).toSorted((left, right) => (ageKey(left) < ageKey(right) ? -1 : 1))[0];
}

// Of one second the uid decides, so that every replica agrees.
function ageKey({ metadata }: Identified): string {
  return `${metadata.creationTimestamp ?? ''}/${metadata.uid ?? ''}`;
}
