import { ec2IdOf } from '../../api/ec2-id.ts';
import { ImportTaskDefinition } from '../../api/compute/import-task.ts';
import { isAlreadyExists } from '../../kubernetes/errors.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import { Ami, ImportTask } from '../../kubernetes/resources.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { snapshotsAvailability } from './snapshots.ts';
import { failed, pending, type Availability } from './source.ts';

/** ImportTask of an image: named by its id. */
export function importTaskNameOf(ami: Ami): string {
  return `import-${ec2IdOf('ami', ami)}`;
}

/**
 * Of an image that is imported: an ImportTask of its own brings it into a snapshot, once; from then on the snapshot is what counts, whatever becomes of the
 * task.
 */
export async function importAvailability(ami: Ami, { read, write }: ReconcileContext): Promise<Availability> {
  const name = importTaskNameOf(ami);
  const facts = { importTask: name };
  const imported = ami.status?.blockDeviceMappings;
  if (imported !== undefined) return withFacts(snapshotsAvailability(imported, ami, read), facts);
  const task = read.get(ImportTask, { namespace: ami.metadata.namespace, name });
  if (task === undefined) {
    await write.create(ImportTask, importTaskFor(ami)).catch((error: unknown) => {
      if (!isAlreadyExists(error)) throw error; // an earlier pass made it, and the cache does not show it yet
    });
    return pending('Importing', `ImportTask ${name} brings the disk image in.`, { facts });
  }
  const { state, snapshotId, statusMessage = '', progress = 0 } = task.status ?? {};
  if (state === 'completed' && snapshotId !== undefined) return withFacts(snapshotsAvailability(mappingsFor(ami, snapshotId), ami, read), facts);
  if (state === 'failed' || state === 'cancelled') {
    return failed(task.status?.conditions?.[0]?.reason ?? 'ImportFailed', statusMessage, 'Client.InvalidParameterValue', { facts });
  }
  return pending('Importing', `ImportTask ${name}: ${statusMessage === '' ? 'not begun yet' : statusMessage}`, { facts: { ...facts, progress } });
}

function withFacts(judged: Availability, facts: NonNullable<Availability['facts']>): Availability {
  return { ...judged, facts: { ...judged.facts, ...facts } };
}

function mappingsFor({ spec }: Ami, snapshotId: string): NonNullable<NonNullable<Ami['status']>['blockDeviceMappings']> {
  const others = (spec.blockDeviceMappings ?? []).filter(({ deviceName }) => deviceName !== spec.rootDeviceName);
  const root = spec.blockDeviceMappings?.find(({ deviceName }) => deviceName === spec.rootDeviceName);
  return [{ deviceName: spec.rootDeviceName, ebs: { ...root?.ebs, volumeSize: spec.rootVolumeSize, snapshotId } }, ...others];
}

function importTaskFor(ami: Ami): ImportTask {
  const { http, s3, registry, upload } = ami.spec.source;
  const { namespace, name } = ami.metadata;
  return {
    apiVersion: ImportTaskDefinition.apiVersion,
    kind: ImportTaskDefinition.kind,
    metadata: { name: importTaskNameOf(ami), ...(namespace === undefined ? {} : { namespace }), ownerReferences: [controllerReferenceTo(Ami, ami)] },
    spec: ImportTaskDefinition.spec.parse({
      source: { http, s3, registry, upload },
      volumeSize: ami.spec.rootVolumeSize,
      imageId: name,
      description: `Disk of image ${ami.spec.name ?? name}`.slice(0, 255),
    }),
  };
}
