import type { Ami } from './ami.ts';

/**
 * Which of the AMIs that go by one id it stands for, as seen from a namespace: the own one, else the oldest. Whoever may make Amis may name one like
 * the id of somebody else's public image; being younger, it never takes that image's place for others. Whether the namespace may launch the result
 * is another question: an id that stands for a private image does not fall through to somebody's public copy.
 */
export function imageOfId(candidates: readonly Ami[], namespace: string | undefined): Ami | undefined {
  const own = candidates.filter(({ metadata }) => metadata.namespace === namespace);
  return (own.length > 0 ? own : candidates).toSorted((left, right) => (ageKey(left) < ageKey(right) ? -1 : 1))[0];
}

// Of one second the uid decides, so that every replica agrees.
function ageKey({ metadata }: Ami): string {
  return `${metadata.creationTimestamp ?? ''}/${metadata.uid ?? ''}`;
}
