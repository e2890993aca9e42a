import { randomUUID } from 'node:crypto';
import type { CopyImageRequest, CopyImageResult } from '@aws-sdk/client-ec2';
import { AmiDefinition } from '../../../api/compute/ami.ts';
import type { BlockDeviceMapping } from '../../../api/compute/block-device-mapping.ts';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters, type RequestRecord } from '../client-token.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { inTurn } from '../in-turn.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { copySnapshots } from './copy-snapshots.ts';
import { imageDescriptionFrom, requireFreeImageName, requireImageName } from './image-names.ts';
import { findVisibleImage, shownImageStateOf, type VisibleImage } from './visible-images.ts';

/**
 * Makes an own image of an own, shared or public one, with copies of its snapshots: from then on it is independent of its source. Of images of other
 * accounts the snapshots must be shared too, as in EC2.
 * @throws AwsError InvalidAMIID.*, InvalidAMIName.Malformed, InvalidAMIName.Duplicate, IdempotentParameterMismatch, InvalidParameterValue, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html
 */
export async function copyImage(input: CopyImageRequest, context: OperationContext): Promise<CopyImageResult> {
  const { caller, read } = context;
  const request = requestRecordFrom(input);
  const name = requireImageName(input.Name);
  requireHonourable(input, context.region);
  const source = requireOne(IdKinds.image, input.SourceImageId ?? '', (id) => findVisibleImage(read, caller, id));
  return inTurn(`images/${caller.namespace}`, async () => {
    const imageId = request ? ec2IdFrom('ami', `${caller.namespace}/CopyImage/${request.clientToken}`) : ec2IdFrom('ami', randomUUID());
    const earlier = read.get(Ami, { namespace: caller.namespace, name: imageId });
    if (request && earlier) return repeated(earlier, request);
    requireCopyable(source);
    requireFreeImageName(name, context);
    const copies = await copySnapshots(imageId, source, input, context);
    const ami = await create(imageId, name, { input, source, request, mappings: copies.mappings }, context).catch(async (error: unknown) => {
      await copies.takeBack();
      throw error;
    });
    return { ImageId: ec2IdOf('ami', ami) };
  });
}

type Copy = { input: CopyImageRequest; source: VisibleImage; request: RequestRecord | undefined; mappings: BlockDeviceMapping[] | undefined };

async function create(imageId: string, name: string, { input, source, request, mappings }: Copy, { caller, region, write }: OperationContext): Promise<Ami> {
  // Tags of other accounts are not seen, so they are not copied either.
  const copied = input.CopyImageTags && source.isOwn ? (source.ami.spec.tags ?? []).filter(({ key }) => !key.startsWith('aws:')) : [];
  const given = tagsFromSpecifications((input.TagSpecifications ?? []).filter(({ ResourceType }) => ResourceType !== 'snapshot'), 'image');
  const tags = [...new Map([...copied, ...given].map((tag) => [tag.key, tag])).values()];
  const { description: _description, public: _public, launchPermissionAccountIds: _accounts, deprecationTime: _time, tags: _tags, ...same } = source.ami.spec;
  const { deregistrationProtectedUntil: _until, request: _request, parameterPaths: _paths, snapshotTags: _snapshotTags, ...kept } = same;
  const ami: Ami = {
    apiVersion: AmiDefinition.apiVersion,
    kind: AmiDefinition.kind,
    metadata: { name: imageId, namespace: caller.namespace },
    spec: {
      ...kept,
      ...rootOf(mappings),
      name,
      ...imageDescriptionFrom(input.Description),
      public: false,
      disabled: false,
      deregistrationProtection: 'disabled',
      sourceImage: { imageId: source.imageId, region },
      ...(tags.length > 0 && { tags }),
      ...(request && { request }),
    },
  };
  return write.create(Ami, ami).catch(async (error: unknown) => {
    if (!request || !isAlreadyExists(error)) throw error;
    // Another replica was faster with the same call; an empty patch changes nothing and answers with what it made.
    const existing = await write.patch(Ami, { namespace: caller.namespace, name: imageId }, {});
    requireSameParameters(existing.spec.request, request);
    return existing;
  });
}

/** The root of a copy is made of the copy of the snapshot. */
function rootOf(mappings: BlockDeviceMapping[] | undefined): Partial<Ami['spec']> {
  const root = mappings?.[0]?.ebs;
  if (!mappings || !root?.snapshotId) return {};
  return { source: { snapshot: { snapshotId: root.snapshotId } }, blockDeviceMappings: mappings, ...(root.volumeSize !== undefined && { rootVolumeSize: root.volumeSize }) };
}

function repeated(earlier: Ami, request: RequestRecord): CopyImageResult {
  requireSameParameters(earlier.spec.request, request);
  return { ImageId: ec2IdOf('ami', earlier) };
}

function requireHonourable(input: CopyImageRequest, region: string): void {
  if (input.SourceRegion !== region) throw invalidParameterValue('SourceRegion', input.SourceRegion ?? '', `There is one region here: ${region}.`);
  if (input.Encrypted || input.KmsKeyId) throw new AwsError('UnsupportedOperation', 'Encrypting a copy is not supported: it is up to the storage of the cluster.');
  if (input.DestinationOutpostArn) throw new AwsError('UnsupportedOperation', 'Outposts are not supported.');
  const { DestinationAvailabilityZone, DestinationAvailabilityZoneId, SnapshotCopyCompletionDurationMinutes } = input;
  if (DestinationAvailabilityZone || DestinationAvailabilityZoneId) throw new AwsError('UnsupportedOperation', 'Copying an image to a Local Zone is not supported.');
  if (SnapshotCopyCompletionDurationMinutes !== undefined) throw new AwsError('UnsupportedOperation', 'Time-based copies are not supported.');
}

function requireCopyable({ imageId, ami }: VisibleImage): void {
  if (shownImageStateOf(ami) !== 'available') throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${imageId}' is not available`);
  const { persistentVolumeClaim, volumeSnapshot } = ami.spec.source;
  if (persistentVolumeClaim ?? volumeSnapshot) {
    throw new AwsError('UnsupportedOperation', `The image '${imageId}' is made of a claim or VolumeSnapshot of Kubernetes', which is not copied. Make a Snapshot of it, and an image of that.`);
  }
}
