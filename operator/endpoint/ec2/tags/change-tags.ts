import type { Tag } from '../../../api/shared.ts';
import { isConflict, isNotFound } from '../../../kubernetes/errors.ts';
import { isSameJson } from '../../../kubernetes/merge-patch.ts';
import type { Write } from '../../../kubernetes/write.ts';
import { AwsError } from '../../errors.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import { inTurn } from '../in-turn.ts';
import type { Taggable, TaggedObject } from './taggable-kind.ts';

/** What becomes of a resource's tags. Pure: it may be asked again after a lost race. @throws AwsError TagLimitExceeded */
export type TagChange = (tags: readonly Tag[]) => Tag[];

const CONCURRENCY = 16;
/** Enough for many callers at the same resource: of those that race one always wins. */
const ATTEMPTS = 50;

/**
 * Changes the tags of resources. Every write names the version that it was computed from, so calls at the same time never lose a tag to each other.
 * The change is tried on all resources before the first is written.
 * @throws AwsError the kind's NotFound code - for a resource that went away meanwhile
 */
export async function changeTags(resources: readonly Taggable[], change: TagChange, write: Write): Promise<void> {
  for (const { object, kind, id } of resources) change(kind.storedTags(object, id));
  await allBounded(resources, CONCURRENCY, (resource) =>
    inTurn(`tags/${resource.object.metadata.uid ?? resource.id}`, () => changeOne(resource, change, write)),
  );
}

async function changeOne(resource: Taggable, change: TagChange, write: Write): Promise<void> {
  let object = resource.object;
  let isCurrent = false;
  for (let attempt = 1; ; attempt += 1) {
    const stored = resource.kind.storedTags(object, resource.id);
    const tags = change(stored);
    if (isSameJson(tags, stored)) {
      if (isCurrent) return;
    } else {
      const isWritten = await patched(resource, object, tags, write).catch((error: unknown) => {
        if (isConflict(error) && attempt < ATTEMPTS) return false;
        throw error;
      });
      if (isWritten) return;
    }
    object = await currentObject(resource, write);
    isCurrent = true;
  }
}

async function patched(resource: Taggable, object: TaggedObject, tags: readonly Tag[], write: Write): Promise<true> {
  const { namespace, name, resourceVersion } = object.metadata;
  const patch = { metadata: { resourceVersion }, spec: resource.kind.specWith(object, resource.id, tags) };
  await write.patch(resource.kind.type, { namespace, name }, patch).catch((error: unknown) => {
    throw notFoundOr(error, resource);
  });
  return true;
}

/** The object as the API server has it now, which the cache may not show yet: an empty patch changes nothing and answers with it. */
async function currentObject(resource: Taggable, write: Write): Promise<TaggedObject> {
  const { namespace, name } = resource.object.metadata;
  return write.patch(resource.kind.type, { namespace, name }, {}).catch((error: unknown) => {
    throw notFoundOr(error, resource);
  });
}

function notFoundOr(error: unknown, { id, kind }: Taggable): unknown {
  if (!isNotFound(error)) return error;
  return new AwsError(kind.idKind.notFoundCode, kind.idKind.notFound([id]), { cause: error });
}
