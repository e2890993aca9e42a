import { imageOfParameter, mayNameImagesFor } from '../../../api/compute/image-parameter.ts';
import { defineIndex } from '../../../kubernetes/read.ts';
import { Ami } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { findVisibleImage, visibleImages, type VisibleImage } from './visible-images.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';

type Lookup = Pick<ReadOnlyContext, 'read' | 'caller' | 'clock'>;

/** AMIs of all namespaces by the names of parameters that they carry. */
const amisByParameter = defineIndex(Ami, 'parameter-path', ({ spec }) => spec.parameterPaths ?? []);

/** The image that a parameter stands for, as this caller sees it. */
export function imageOfParameterName(name: string, { read, caller, clock }: Lookup): VisibleImage | undefined {
  const named = read.byIndex(amisByParameter, name).flatMap((ami) => {
    const image = findVisibleImage(read, caller, ec2IdOf('ami', ami));
    return image?.ami === ami && mayNameImagesFor(image) ? [image] : [];
  });
  const chosen = imageOfParameter(named.map(({ ami }) => ami), name, clock.now());
  return named.find(({ ami }) => ami === chosen);
}

/** Every parameter that the caller sees, in the order of the names, with its image. */
export function imageParameters(context: Lookup): { name: string; image: VisibleImage }[] {
  const paths = visibleImages(context.read, context.caller).filter(mayNameImagesFor).flatMap(({ ami }) => ami.spec.parameterPaths ?? []);
  return [...new Set(paths)].sort().flatMap((name) => {
    const image = imageOfParameterName(name, context);
    return image ? [{ name, image }] : [];
  });
}

/**
 * The id of the image that a launch names by `resolve:ssm:<parameter>`.
 * @throws AwsError InvalidParameterValue - there is no such parameter, or a version of it was asked for, which is not kept
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-systems-manager-parameter-to-find-AMI.html
 */
export function requireImageIdOfParameter(name: string, context: Lookup): string {
  const image = imageOfParameterName(name, context);
  if (image) return image.imageId;
  throw new AwsError('InvalidParameterValue', `Invalid SSM parameter: ${name}. There is no such parameter${name.includes(':') ? ', and versions and labels are not kept' : ''}.`);
}
