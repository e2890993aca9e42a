import { randomBytes } from 'node:crypto';
import { ec2IdOf } from '../../api/ec2-id.ts';
import type { KubernetesObject, ObjectMeta } from '../../api/shared.ts';
import { isConflict, isNotFound } from '../../kubernetes/errors.ts';
import type { ResourceType } from '../../kubernetes/resource-type.ts';
import type { Json, Write } from '../../kubernetes/write.ts';
import { AwsError } from '../errors.ts';
import type { IdKind } from './ids.ts';
import { inTurn } from './in-turn.ts';

/** An object of the network: a VPC or something of it. */
export type NetworkObject = KubernetesObject & { metadata: ObjectMeta & { name: string }; spec: object };

/** A kind of them: its token, and how EC2 speaks of its ids. */
export interface NetworkKind<T extends NetworkObject> {
  type: ResourceType<T>;
  idKind: IdKind;
}

/** Enough for many callers at the same object: of those that race one always wins. */
const ATTEMPTS = 50;

/** A new id, for the name of an object that the API makes. */
export function newIdOf({ prefix }: IdKind): string {
  return `${prefix}-${randomBytes(9).toString('hex').slice(0, 17)}`;
}

/**
 * Changes fields of an object's spec (null takes one away). Every write names the version of the object that it was computed from, so that calls at the
 * same time lose nothing to each other; `change` is pure and asked again after a lost race; undefined changes nothing.
 * @throws AwsError the kind's NotFound code - it went away meanwhile
 */
export async function changeNetworkObject<T extends NetworkObject>(
  { type, idKind }: NetworkKind<T>,
  object: T,
  change: (current: T) => { [field: string]: Json | undefined } | undefined,
  write: Write,
): Promise<T> {
  const { namespace, name, uid } = object.metadata;
  const gone = (cause?: unknown): AwsError => new AwsError(idKind.notFoundCode, idKind.notFound([ec2IdOf(idKind.prefix, object)]), { cause });
  const patch = async (body: { [field: string]: Json | undefined }): Promise<T> =>
    write.patch(type, { namespace, name }, body).catch((error: unknown) => {
      throw isNotFound(error) ? gone(error) : error;
    });
  return inTurn(`${type.kind}/${uid ?? name}`, async () => {
    for (let tries = 1; ; tries += 1) {
      // An empty patch changes nothing and answers with the object as it is now, which the cache may not show yet.
      const current = await patch({});
      if (current.metadata.uid !== uid) throw gone();
      const spec = change(current);
      if (spec === undefined) return current;
      try {
        return await patch({ metadata: { resourceVersion: current.metadata.resourceVersion }, spec });
      } catch (error) {
        if (!isConflict(error) || tries === ATTEMPTS) throw error;
      }
    }
  });
}

/** Removes an object; gone already is what is wanted. */
export async function removeNetworkObject<T extends NetworkObject>({ type }: Pick<NetworkKind<T>, 'type'>, object: T, write: Write): Promise<void> {
  const { namespace, name, uid } = object.metadata;
  await write.remove(type, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}

/** EC2's refusal to delete what others need. */
export function hasDependencies(what: string, id: string): AwsError {
  return new AwsError('DependencyViolation', `The ${what} '${id}' has dependencies and cannot be deleted.`);
}
