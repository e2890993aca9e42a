import type { KubernetesObject } from '../api/shared.ts';

/** Sorts the older object first; those of one second by name, so that every replica agrees. */
export function byAge(left: KubernetesObject, right: KubernetesObject): number {
  const ageOf = ({ metadata }: KubernetesObject): string => `${metadata?.creationTimestamp ?? ''}/${metadata?.name ?? ''}`;
  const [leftAge, rightAge] = [ageOf(left), ageOf(right)];
  return leftAge === rightAge ? 0 : leftAge < rightAge ? -1 : 1;
}
