import { DEFAULT_INSTANCE_TYPE, launchDraftFrom, type LaunchDraft, type LaunchFacts } from '../../api/compute/launch-draft.ts';
import { parameterNameOf } from '../../api/compute/image-parameter.ts';
import { interfacesOf } from '../../api/compute/launch-refusals.ts';
import type { LaunchTemplateData } from '../../api/compute/launch-template-data.ts';
import { placementGroupNameOf } from '../../api/compute/placement-group.ts';
import { ec2IdOf } from '../../api/ec2-id.ts';
import { Refusal } from '../../api/refusal.ts';
import { findInstanceType } from '../../kubernetes/instance-type-facts.ts';
import type { Read } from '../../kubernetes/read.ts';
import { PlacementGroup, SecurityGroup, type Ami } from '../../kubernetes/resources.ts';
import { storageClassFor } from '../../kubernetes/storage-class-choice.ts';
import { metadataDefaultsOf } from '../account-settings.ts';
import { byAge } from '../by-age.ts';
import { imageOfParameterName } from '../image-of-parameter.ts';
import { isObjection, type Objection } from '../instance/objection.ts';
import { amiNotFound, instanceTypeNotFound } from '../instance/references.ts';
import { launchableImage } from '../launchable-image.ts';
import { usableSnapshot } from '../volume/find-source.ts';

/** Where and when a group launches. */
export interface LaunchPlace {
  namespace: string | undefined;
  read: Read;
  /** Milliseconds since the epoch. */
  now: number;
}

/**
 * What a launch from these data comes to, by the rules of RunInstances, or why it cannot be; `what` names the data. What is only a name in them (an image by
 * parameter, a placement group by id, security groups by name) is found here.
 */
export function groupDraftFrom(data: LaunchTemplateData, what: string, place: LaunchPlace): LaunchDraft | Objection {
  try {
    requireShareable(data);
    const image = imageFor(data.imageId ?? '', place);
    if (isObjection(image)) return image;
    const typeName = data.instanceType ?? DEFAULT_INSTANCE_TYPE;
    const type = findInstanceType(place.read, typeName);
    if (type === undefined) return instanceTypeNotFound(typeName);
    const draft = launchDraftFrom({ ...data, imageId: image.imageId, ...placementOf(data, place) }, { ami: image.ami, type, ...factsFor(place) });
    const ids = securityGroupIds(draft.securityGroupNames, what, place);
    if (isObjection(ids)) return ids;
    const all = [...new Set([...(draft.spec.securityGroupIds ?? []), ...ids])];
    return all.length === 0 ? draft : { ...draft, spec: { ...draft.spec, securityGroupIds: all } };
  } catch (error) {
    if (error instanceof Refusal) return { reason: 'TemplateUnsupported', message: `${what} cannot be launched: ${error.message}` };
    throw error;
  }
}

/** What one instance can have but not several. */
function requireShareable(data: LaunchTemplateData): void {
  const [card] = interfacesOf(data);
  if (card?.['networkInterfaceId']) throw new Refusal('InvalidParameterCombination', 'a group cannot use a network interface that is there already');
  if (!data.placement?.['availabilityZoneId']) return;
  throw new Refusal('UnsupportedOperation', 'placement.availabilityZoneId is not supported in groups; name availabilityZone');
}

function imageFor(reference: string, { namespace, read, now }: LaunchPlace): { imageId: string; ami: Ami } | Objection {
  const parameter = parameterNameOf(reference);
  if (parameter === undefined) {
    const ami = launchableImage(reference, namespace, read);
    return ami === undefined ? amiNotFound(reference) : { imageId: reference, ami };
  }
  const ami = imageOfParameterName(parameter, namespace, read, now);
  if (ami !== undefined) return { imageId: ec2IdOf('ami', ami), ami };
  const message = `no image that can be launched carries the parameter ${parameter}; versions and labels of parameters are not kept`;
  return { reason: 'ParameterNotFound', message };
}

function placementOf({ placement }: LaunchTemplateData, { namespace, read }: LaunchPlace): Pick<LaunchTemplateData, 'placement'> {
  const groupId = placement?.['groupId'];
  if (!placement || typeof groupId !== 'string' || groupId === '') return {};
  const group = read.list(PlacementGroup, namespace).find((candidate) => ec2IdOf('pg', candidate) === groupId);
  if (group === undefined) throw new Refusal('InvalidPlacementGroupId.NotFound', `The Placement Group '${groupId}' is unknown.`);
  return { placement: { ...placement, groupName: placementGroupNameOf(group) } };
}

function factsFor({ namespace, read }: LaunchPlace): Omit<LaunchFacts, 'ami' | 'type'> {
  return {
    metadataDefaults: metadataDefaultsOf(namespace, read),
    snapshotSizeOf: (snapshotId) => {
      const snapshot = usableSnapshot(snapshotId, namespace, read);
      if ('reason' in snapshot) throw new Refusal('InvalidSnapshot.NotFound', snapshot.message);
      return snapshot.status?.volumeSize;
    },
    requireClassFor: ({ volumeType, encrypted, kmsKeyId }) => {
      if (kmsKeyId) throw new Refusal('UnsupportedOperation', 'Encryption keys cannot be chosen: they are up to the StorageClass that encrypts.');
      if (encrypted && storageClassFor({ volumeType, encrypted }, read, undefined) === undefined) {
        throw new Refusal('UnsupportedOperation', `no StorageClass for the volume type ${volumeType} says that it encrypts (annotation kube-ec2.io/encrypted)`);
      }
    },
  };
}

function securityGroupIds(names: readonly string[], what: string, { namespace, read }: LaunchPlace): string[] | Objection {
  const ids: string[] = [];
  for (const name of names) {
    const group = read.list(SecurityGroup, namespace).filter((other) => (other.spec.groupName ?? other.metadata.name) === name).toSorted(byAge)[0];
    if (group === undefined) {
      return { reason: 'SecurityGroupNotFound', message: `security group ${name}, which ${what} names, does not exist in this namespace` };
    }
    ids.push(ec2IdOf('sg', group));
  }
  return ids;
}
