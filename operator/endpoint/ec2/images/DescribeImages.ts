import type { DescribeImagesRequest, DescribeImagesResult } from '@aws-sdk/client-ec2';
import type { ReadOnlyContext } from '../../operation.ts';
import { predicateFrom } from '../filters.ts';
import { IdKinds, requireEach } from '../ids.ts';
import { forbidPagesWithIds, pageOf, pageScopeOf } from '../pages.ts';
import { imageFilters } from './image-filters.ts';
import { isExecutableByOneOf, isOwnedByOneOf } from './image-scopes.ts';
import { sdkImageFrom } from './sdk-image.ts';
import { findVisibleImage, visibleImages, type VisibleImage } from './visible-images.ts';

const BOUNDS = { minimum: 1, maximum: 1000 };

/**
 * Lists the images that the caller may launch: own, shared and public ones. Disabled images are shown to their owner on demand only.
 * @throws AwsError InvalidAMIID.Malformed, InvalidAMIID.NotFound, InvalidUserID.Malformed, InvalidParameterValue, InvalidParameterCombination
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html
 */
export async function describeImages(input: DescribeImagesRequest, context: ReadOnlyContext): Promise<DescribeImagesResult> {
  forbidPagesWithIds('imagesSet', input.ImageIds, input);
  const isOwnerAsked = isOwnedByOneOf(input.Owners);
  const isUserAsked = isExecutableByOneOf(input.ExecutableUsers, context.caller);
  const matches = predicateFrom(input.Filters, imageFilters, ({ Tags }) => (Tags ?? []).map(({ Key = '', Value = '' }) => ({ key: Key, value: Value })));
  const images = scopeOf(input, context)
    .filter(({ ami }) => input.IncludeDisabled === true || !ami.spec.disabled)
    .filter((image) => isOwnerAsked(image) && isUserAsked(image))
    .map(sdkImageFrom)
    .filter(matches);
  const page = pageOf(images, input, BOUNDS, pageScopeOf('DescribeImages', context), ({ CreationDate = '', ImageId = '' }) => `${CreationDate}/${ImageId}`);
  return { Images: page.items, ...(page.NextToken !== undefined && { NextToken: page.NextToken }) };
}

function scopeOf({ ImageIds = [], IncludeDeprecated }: DescribeImagesRequest, { read, caller, clock }: ReadOnlyContext): VisibleImage[] {
  if (ImageIds.length > 0) return requireEach(IdKinds.image, ImageIds, (id) => findVisibleImage(read, caller, id));
  const images = visibleImages(read, caller);
  if (IncludeDeprecated) return images;
  // Its owner, and whoever knows its id, still sees a deprecated image.
  return images.filter(({ isOwn, ami }) => isOwn || !isDeprecated(ami.spec.deprecationTime, clock.now()));
}

function isDeprecated(deprecationTime: string | undefined, now: number): boolean {
  return deprecationTime !== undefined && Date.parse(deprecationTime) <= now;
}
