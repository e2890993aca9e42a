import { randomUUID } from 'node:crypto';
import { ec2IdFrom } from '../../../api/ec2-id.ts';
import type { Tag } from '../../../api/shared.ts';
import { SNAPSHOT_FINALIZER, SnapshotDefinition, type SnapshotSpec } from '../../../api/storage/snapshot.ts';
import { Snapshot } from '../../../kubernetes/resources.ts';
import { invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';

const DESCRIPTION_LIMIT = 255;

/** A description as EC2 takes it; undefined for an empty one. @throws AwsError InvalidParameterValue */
export function descriptionFrom(description: string | undefined): string | undefined {
  if (!description) return undefined;
  if (description.length <= DESCRIPTION_LIMIT) return description;
  throw invalidParameterValue('description', `${description.slice(0, 40)}...`, `It may have ${DESCRIPTION_LIMIT} characters at most.`);
}

/** Makes a Snapshot under a new id. */
export async function makeSnapshot(parts: Partial<SnapshotSpec>, tags: readonly Tag[], { caller, write }: OperationContext): Promise<Snapshot> {
  const { apiVersion, kind } = SnapshotDefinition;
  const name = ec2IdFrom('snap', randomUUID());
  const spec: SnapshotSpec = { public: false, ...parts, ...(tags.length > 0 && { tags: [...tags] }) };
  return write.create(Snapshot, { apiVersion, kind, metadata: { name, namespace: caller.namespace, finalizers: [SNAPSHOT_FINALIZER] }, spec });
}
