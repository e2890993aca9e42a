import { randomUUID } from 'node:crypto';
import type { CreateImageRequest, CreateImageResult } from '@aws-sdk/client-ec2';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import { isSameDevice } from '../../../api/compute/image-devices.ts';
import { type Ami, type Instance, Volume } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { inTurn } from '../in-turn.ts';
import { requireInstance } from '../instances/find-instances.ts';
import { shownStateOf } from '../instances/shown-state.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { createAmi } from './create-ami.ts';
import { imageMappingsFrom } from './image-mappings.ts';
import { imageDescriptionFrom, requireFreeImageName, requireImageName } from './image-names.ts';
import { findVisibleImage } from './visible-images.ts';

/**
 * Makes an image of an instance's volumes as they are now. A running machine without a guest agent is stopped for it and started again, unless NoReboot
 * is set; with an agent the file systems are held still instead.
 * @throws AwsError InvalidInstanceID.*, InvalidParameterValue (not running or stopped), UnsupportedOperation (instance-store root), InvalidAMIName.*,
 *   InvalidBlockDeviceMapping
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateImage.html
 */
export async function createImage(input: CreateImageRequest, context: OperationContext): Promise<CreateImageResult> {
  const instance = requireInstance(input.InstanceId ?? '', context);
  const name = requireImageName(input.Name);
  requireCapturable(instance);
  if (input.SnapshotLocation && input.SnapshotLocation !== 'regional') throw new AwsError('UnsupportedOperation', 'Snapshots in Local Zones are not supported.');
  const mapped = devicesOf(instance, context);
  const mappings = imageMappingsFrom(input.BlockDeviceMappings, (device) => !mapped.some((known) => isSameDevice(known, device)), context);
  const root = instance.status?.rootDeviceName;
  if (mappings.some(({ deviceName, noDevice, ebs }) => isSameDevice(deviceName, root ?? '') && (noDevice === true || ebs?.snapshotId !== undefined))) {
    throw new AwsError('InvalidBlockDeviceMapping', `The root device '${root ?? ''}' can neither be left out nor be made from another snapshot.`);
  }
  const tags = tagsFor('image', input);
  const snapshotTags = tagsFor('snapshot', input);
  const launched = findVisibleImage(context.read, context.caller, instance.status?.imageId ?? instance.spec.imageId)?.ami.spec;
  return inTurn(`images/${context.caller.namespace}`, async () => {
    requireFreeImageName(name, context);
    const ami = await createAmi(
      ec2IdFrom('ami', randomUUID()),
      {
        ...firmwareOf(launched),
        name,
        ...imageDescriptionFrom(input.Description),
        architecture: launched?.architecture ?? (instance.status?.architecture === 'arm64' ? 'arm64' : 'x86_64'),
        ...(root !== undefined && { rootDeviceName: root }),
        source: { instance: { instanceId: ec2IdOf('i', instance), noReboot: input.NoReboot ?? false } },
        ...(mappings.length > 0 && { blockDeviceMappings: mappings }),
        ...(tags.length > 0 && { tags }),
        ...(snapshotTags.length > 0 && { snapshotTags }),
      },
      context,
    );
    return { ImageId: ami.metadata.name };
  });
}

/** Device names of the instance's volumes. */
function devicesOf({ metadata, ...rest }: Instance, { read, caller }: OperationContext): string[] {
  const names = [metadata.name, ec2IdOf('i', { metadata, ...rest })];
  return read.list(Volume, caller.namespace).flatMap(({ spec }) => (spec.attachment && names.includes(spec.attachment.instanceId) ? [spec.attachment.device] : []));
}

/** What a machine of the new image needs as much as one of that which the instance came from; nothing if that image is gone. */
function firmwareOf(launched: Ami['spec'] | undefined): Partial<Ami['spec']> {
  if (!launched) return {};
  const { platform, bootMode, secureBoot, tpmSupport, enaSupport, sriovNetSupport, userDataFormat, preference, guestAgent, imdsSupport } = launched;
  return {
    bootMode,
    secureBoot,
    enaSupport,
    userDataFormat,
    guestAgent,
    ...(platform && { platform }),
    ...(tpmSupport && { tpmSupport }),
    ...(sriovNetSupport && { sriovNetSupport }),
    ...(preference !== undefined && { preference }),
    ...(imdsSupport && { imdsSupport }),
  };
}

function requireCapturable(instance: Instance): void {
  const id = ec2IdOf('i', instance);
  const state = shownStateOf(instance);
  // Packer knows these words and tries again.
  if (state !== 'running' && state !== 'stopped') throw new AwsError('InvalidParameterValue', `Instance is not in state 'running' or 'stopped': ${id} is ${state}.`);
  if (instance.status?.rootDeviceType === 'instance-store') {
    throw new AwsError('UnsupportedOperation', `The instance '${id}' does not have an 'ebs' root device type and no image can be made of it.`);
  }
}

function tagsFor(type: 'image' | 'snapshot', { TagSpecifications = [] }: CreateImageRequest): ReturnType<typeof tagsFromSpecifications> {
  const other = type === 'image' ? 'snapshot' : 'image';
  return tagsFromSpecifications(TagSpecifications.filter(({ ResourceType }) => ResourceType !== other), type);
}
