import type { Ami } from './ami.ts';

/** What an image id begins with that names a Systems Manager parameter instead of an image. */
const REFERENCE_PREFIX = 'resolve:ssm:';

/** The name in `resolve:ssm:/aws/service/debian/12`; undefined for any other image id. A version or label after a colon stays part of it. */
export function parameterNameOf(imageId: string): string | undefined {
  return imageId.startsWith(REFERENCE_PREFIX) ? imageId.slice(REFERENCE_PREFIX.length) : undefined;
}

/** An image as far as it matters to which one a parameter stands for. */
export type ParameterCandidate = Pick<Ami, 'metadata' | 'spec' | 'status'>;

/**
 * The image that a parameter stands for: of those that carry its name the newest that can be launched. Who may give images names that others see is
 * the caller's question: see `mayNameImagesFor`.
 */
export function imageOfParameter<T extends ParameterCandidate>(candidates: readonly T[], name: string, now: number): T | undefined {
  return candidates
    .filter(({ spec }) => spec.parameterPaths?.includes(name) ?? false)
    .filter(({ metadata, spec, status }) => metadata.deletionTimestamp === undefined && status?.state === 'available' && !spec.disabled)
    .filter(({ spec }) => spec.deprecationTime === undefined || Date.parse(spec.deprecationTime) > now)
    .toSorted((left, right) => (ageKeyOf(left) < ageKeyOf(right) ? 1 : -1))[0];
}

/**
 * Whether an owner's parameters are seen by another account: only those of a provider of images, whom the administrator gave an owner alias. Anybody
 * else could put an image of his own behind a name that others trust.
 */
export function mayNameImagesFor({ isOwn, ownerAlias }: { isOwn: boolean; ownerAlias: string | undefined }): boolean {
  return isOwn || ownerAlias !== undefined;
}

// Of one second the name decides, so that every replica agrees.
function ageKeyOf({ metadata }: ParameterCandidate): string {
  return `${metadata.creationTimestamp ?? ''}/${metadata.name}`;
}
