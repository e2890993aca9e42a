import { ec2IdOf } from '../../api/ec2-id.ts';
import { VOLUME_ID_LABEL } from '../../api/storage/volume.ts';
import { isAlreadyExists, isForbidden, isInvalid } from '../../kubernetes/errors.ts';
import { zoneOfNode } from '../../kubernetes/node-zone.ts';
import { controllerReferenceTo } from '../../kubernetes/owner-reference.ts';
import type { ObjectKey, Read } from '../../kubernetes/read.ts';
import { Node, PersistentVolumeClaim, StorageClass, Volume } from '../../kubernetes/resources.ts';
import { claimModesOf, storageClassFor } from '../../kubernetes/storage-class-choice.ts';
import type { ReconcileContext } from '../../runtime/reconcile.ts';
import { findSource, type VolumeSource } from './find-source.ts';
import { instanceOf } from './indexes.ts';
import { isObjection, type Objection } from './objection.ts';
import { SELECTED_NODE_ANNOTATION } from './selected-node.ts';
import type { VolumeSettings } from './settings.ts';
import { zoneByDigest, zoneForInstance, type NodesByZone } from './zone-for-instance.ts';

/** Where the claim of a volume is found: it has the volume's id for a name. */
export function claimKeyOf(volume: Volume): ObjectKey {
  return { namespace: volume.metadata.namespace, name: ec2IdOf('vol', volume) };
}

function classOf({ spec }: Volume, { claim }: VolumeSource, read: Read, settings: VolumeSettings): StorageClass | Objection {
  const inherited = spec.storageClassName === undefined && !spec.encrypted ? claim?.spec?.storageClassName : undefined;
  const chosen = inherited === undefined ? storageClassFor(spec, read, settings.storageClass) : read.get(StorageClass, { name: inherited });
  if (chosen !== undefined) return chosen;
  const wanted = spec.storageClassName ?? inherited ?? settings.storageClass;
  const which = wanted === undefined ? `no StorageClass is for the volume type ${spec.volumeType}, nor is there a default one` : `StorageClass ${wanted} does not exist`;
  return { reason: 'StorageClassNotFound', message: spec.encrypted ? `${which}, or it does not say that it encrypts (kube-ec2.io/encrypted)` : which };
}

function nodesByZone(read: Read, region: string): NodesByZone {
  const found = new Map<string, string[]>();
  for (const node of read.list(Node)) {
    if (node.spec?.unschedulable === true || node.metadata?.deletionTimestamp !== undefined) continue;
    const zone = zoneOfNode(node, region);
    found.set(zone, [...(found.get(zone) ?? []), node.metadata?.name ?? ''].sort());
  }
  return found;
}

/**
 * The annotation that has the disk made in the volume's zone. Where claims wait for their first user and that one comes by itself (the volume is to be
 * attached), the scheduler decides on the node. A volume that is made together with another one of its instance goes where that one went.
 */
function placement(volume: Volume, storageClass: StorageClass, read: Read, settings: VolumeSettings, sibling: PersistentVolumeClaim | undefined): Record<string, string> | Objection {
  const { availabilityZone, attachment } = volume.spec;
  if (storageClass.volumeBindingMode === 'WaitForFirstConsumer' && attachment !== undefined) return {};
  const instance = attachment && instanceOf(attachment.instanceId, volume.metadata.namespace, read);
  const nodes = nodesByZone(read, settings.region);
  const siblingsNode = sibling?.metadata?.annotations?.[SELECTED_NODE_ANNOTATION];
  if (availabilityZone === undefined && siblingsNode !== undefined) return { [SELECTED_NODE_ANNOTATION]: siblingsNode };
  const free = instance === undefined ? zoneByDigest(volume.metadata.uid ?? volume.metadata.name, nodes) : zoneForInstance(instance, nodes, read, settings);
  const zone = availabilityZone ?? free;
  const node = nodes.get(zone ?? '')?.[0];
  // The instance that is to have it says what is wrong with its zone.
  if (node === undefined && attachment !== undefined) return {};
  if (node === undefined) return { reason: 'ZoneNotFound', message: `there is no node in zone ${zone ?? '(any)'} that takes anything` };
  return { [SELECTED_NODE_ANNOTATION]: node };
}

/** The claim of a volume, or what stands in the way. Pure. */
export function claimFor(volume: Volume, source: VolumeSource, read: Read, settings: VolumeSettings, sibling?: PersistentVolumeClaim): PersistentVolumeClaim | Objection {
  const { size } = volume.spec;
  if (size !== undefined && size < source.GiB) {
    return { reason: 'VolumeTooSmall', message: `${size} GiB are fewer than the ${source.GiB} GiB that it is made from`, isFinal: true };
  }
  const storageClass = classOf(volume, source, read, settings);
  if (isObjection(storageClass)) return storageClass;
  const annotations = placement(volume, storageClass, read, settings, sibling);
  if (isObjection(annotations)) return annotations;
  const modes = claimModesOf(storageClass);
  const { namespace, name } = claimKeyOf(volume);
  const storageClassName = storageClass.metadata?.name;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      labels: { [VOLUME_ID_LABEL]: name },
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ownerReferences: [controllerReferenceTo(Volume, volume)],
    },
    spec: {
      accessModes: source.claim?.spec?.accessModes ?? [modes.accessMode],
      volumeMode: source.claim?.spec?.volumeMode ?? source.snapshot?.status?.volumeMode ?? modes.volumeMode,
      resources: { requests: { storage: `${size ?? Math.max(source.GiB, 1)}Gi` } },
      ...(storageClassName === undefined ? {} : { storageClassName }),
      ...(source.dataSource === undefined ? {} : { dataSource: source.dataSource }),
    },
  };
}

/** Makes the claim of a volume if it is not there: it has the volume's name, so that a repeated pass finds it. `sibling`: of another volume of its instance. */
export async function ensureClaim(
  volume: Volume,
  context: Pick<ReconcileContext, 'read' | 'live' | 'write'>,
  settings: VolumeSettings,
  sibling?: PersistentVolumeClaim,
): Promise<PersistentVolumeClaim | Objection> {
  const { read, write } = context;
  const found = read.get(PersistentVolumeClaim, claimKeyOf(volume));
  if (found !== undefined) return ownedBy(volume, found);
  const source = await findSource(volume, context);
  if (isObjection(source)) return source;
  const wanted = claimFor(volume, source, read, settings, sibling);
  if (isObjection(wanted)) return wanted;
  try {
    return await write.create(PersistentVolumeClaim, wanted);
  } catch (error) {
    if (isForbidden(error)) return { reason: 'ClaimRefused', message: `the claim cannot be made: ${error.message}` };
    if (isInvalid(error)) return { reason: 'ClaimRefused', message: `the claim cannot be made: ${error.message}`, isFinal: true };
    if (isAlreadyExists(error)) return wanted; // another pass made it, and the cache lags
    throw error;
  }
}

function ownedBy(volume: Volume, claim: PersistentVolumeClaim): PersistentVolumeClaim | Objection {
  if ((claim.metadata?.ownerReferences ?? []).some(({ uid }) => uid === volume.metadata.uid)) return claim;
  return { reason: 'NameTaken', message: `a PersistentVolumeClaim ${claim.metadata?.name ?? ''} exists that is not of this Volume; remove it`, isFinal: true };
}
