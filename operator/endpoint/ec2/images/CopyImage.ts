import { randomUUID } from 'node:crypto';
import type { CopyImageRequest, CopyImageResult } from '@aws-sdk/client-ec2';
import { AmiDefinition } from '../../../api/ami.ts';
import { ec2IdFrom, ec2IdOf } from '../../../api/ec2-id.ts';
import { isAlreadyExists } from '../../../kubernetes/errors.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { requestRecordFrom, requireSameParameters, type RequestRecord } from '../client-token.ts';
import { IdKinds, requireOne } from '../ids.ts';
import { inTurn } from '../in-turn.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { findVisibleImage, shownImageStateOf, type VisibleImage } from './visible-images.ts';

const NAME_PATTERN = AmiDefinition.spec.shape.name;

/**
 * Makes an own image of an own, shared or public one: from then on it is independent of its source. Only images from container images, whose source
 * every node can pull, are copied; volumes are not copied yet.
 * @throws AwsError InvalidAMIID.*, InvalidAMIName.Malformed, InvalidAMIName.Duplicate, IdempotentParameterMismatch, InvalidParameterValue, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CopyImage.html
 */
export async function copyImage(input: CopyImageRequest, context: OperationContext): Promise<CopyImageResult> {
  const { caller, read } = context;
  const request = requestRecordFrom(input);
  const name = requireName(input.Name);
  requireHonourable(input, context.region);
  const source = requireOne(IdKinds.image, input.SourceImageId ?? '', (id) => findVisibleImage(read, caller, id));
  return inTurn(`images/${caller.namespace}`, async () => {
    const imageId = request ? ec2IdFrom('ami', `${caller.namespace}/CopyImage/${request.clientToken}`) : ec2IdFrom('ami', randomUUID());
    const earlier = read.get(Ami, { namespace: caller.namespace, name: imageId });
    if (request && earlier) return repeated(earlier, request);
    requireCopyable(source);
    requireFreeName(name, context);
    return { ImageId: ec2IdOf('ami', await create(imageId, name, { input, source, request }, context)) };
  });
}

type Copy = { input: CopyImageRequest; source: VisibleImage; request: RequestRecord | undefined };

async function create(imageId: string, name: string, { input, source, request }: Copy, { caller, region, write }: OperationContext): Promise<Ami> {
  // Tags of other accounts are not seen, so they are not copied either.
  const copied = input.CopyImageTags && source.isOwn ? (source.ami.spec.tags ?? []).filter(({ key }) => !key.startsWith('aws:')) : [];
  const given = tagsFromSpecifications(input.TagSpecifications, 'image');
  const tags = [...new Map([...copied, ...given].map((tag) => [tag.key, tag])).values()];
  const { description: _description, public: _public, launchPermissionAccountIds: _accounts, deprecationTime: _time, tags: _tags, ...same } = source.ami.spec;
  const { deregistrationProtectedUntil: _until, request: _request, ...kept } = same;
  const ami: Ami = {
    apiVersion: AmiDefinition.apiVersion,
    kind: AmiDefinition.kind,
    metadata: { name: imageId, namespace: caller.namespace },
    spec: {
      ...kept,
      name,
      ...(input.Description ? { description: input.Description } : {}),
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

function repeated(earlier: Ami, request: RequestRecord): CopyImageResult {
  requireSameParameters(earlier.spec.request, request);
  return { ImageId: ec2IdOf('ami', earlier) };
}

function requireName(name: string | undefined): string {
  if (name && NAME_PATTERN.safeParse(name).success) return name;
  throw new AwsError(
    'InvalidAMIName.Malformed',
    "AMI names must be between 3 and 128 characters long, and may contain letters, numbers, '(', ')', '.', '-', '/' and '_'",
  );
}

function requireHonourable(input: CopyImageRequest, region: string): void {
  if (input.SourceRegion !== region) throw invalidParameterValue('SourceRegion', input.SourceRegion ?? '', `There is one region here: ${region}.`);
  if (input.Description && input.Description.length > 255) throw invalidParameterValue('Description', `${input.Description.slice(0, 40)}...`, 'It may have 255 characters at most.');
  if (input.Encrypted || input.KmsKeyId) throw new AwsError('UnsupportedOperation', 'Encrypting a copy of an image with an instance-store root is not supported.');
  if (input.DestinationOutpostArn) throw new AwsError('UnsupportedOperation', 'Outposts are not supported.');
  const { DestinationAvailabilityZone, DestinationAvailabilityZoneId, SnapshotCopyCompletionDurationMinutes } = input;
  if (DestinationAvailabilityZone || DestinationAvailabilityZoneId) throw new AwsError('UnsupportedOperation', 'Copying an image to a Local Zone is not supported.');
  if (SnapshotCopyCompletionDurationMinutes !== undefined) throw new AwsError('UnsupportedOperation', 'Time-based copies are not supported.');
}

function requireCopyable({ imageId, ami }: VisibleImage): void {
  if (shownImageStateOf(ami) !== 'available') throw new AwsError('InvalidAMIID.Unavailable', `The image ID '${imageId}' is not available`);
  if (!ami.spec.source.containerDisk) throw new AwsError('UnsupportedOperation', `The image '${imageId}' has a volume for a root, which cannot be copied yet.`);
}

function requireFreeName(name: string, { read, caller }: OperationContext): void {
  const namesake = read.list(Ami, caller.namespace).find(({ metadata, spec }) => (spec.name ?? metadata.name) === name);
  if (namesake) throw new AwsError('InvalidAMIName.Duplicate', `AMI name ${name} is already in use by AMI ${ec2IdOf('ami', namesake)}`);
}
