import type { DescribeImageAttributeRequest, ImageAttribute, ImageAttributeName, LaunchPermission } from '@aws-sdk/client-ec2';
import type { Ami } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { requireOwnImage } from './own-image.ts';
import { blockDeviceMappingsFrom } from './sdk-image.ts';

/** What each attribute shows. Those without a value here are shown as EC2 shows an attribute that is not set. */
const attributes: Readonly<Record<ImageAttributeName, (ami: Ami) => ImageAttribute>> = {
  blockDeviceMapping: (ami) => ({ BlockDeviceMappings: blockDeviceMappingsFrom(ami) }),
  bootMode: ({ spec }) => ({ BootMode: { Value: spec.bootMode } }),
  deregistrationProtection: ({ spec }) => ({ DeregistrationProtection: { Value: spec.deregistrationProtection } }),
  description: ({ spec }) => ({ Description: spec.description === undefined ? {} : { Value: spec.description } }),
  imdsSupport: ({ spec }) => ({ ImdsSupport: spec.imdsSupport === undefined ? {} : { Value: spec.imdsSupport } }),
  kernel: () => ({ KernelId: {} }),
  lastLaunchedTime: () => {
    // Nobody keeps it: an instance that has gone leaves no trace, and "never" would be a guess.
    throw new AwsError('UnsupportedOperation', 'The time of the last launch is not recorded.');
  },
  launchPermission: (ami) => ({ LaunchPermissions: launchPermissionsOf(ami) }),
  productCodes: () => ({ ProductCodes: [] }),
  ramdisk: () => ({ RamdiskId: {} }),
  sriovNetSupport: ({ spec }) => ({ SriovNetSupport: spec.sriovNetSupport === undefined ? {} : { Value: spec.sriovNetSupport } }),
  tpmSupport: ({ spec }) => ({ TpmSupport: spec.tpmSupport === undefined ? {} : { Value: spec.tpmSupport } }),
  uefiData: () => ({ UefiData: {} }),
};

/**
 * Shows one attribute of an own image.
 * @throws AwsError InvalidAMIID.*, AuthFailure, InvalidParameterValue, UnsupportedOperation (lastLaunchedTime)
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImageAttribute.html
 */
export async function describeImageAttribute(input: DescribeImageAttributeRequest, context: ReadOnlyContext): Promise<ImageAttribute> {
  const name = input.Attribute ?? '';
  const attribute = Object.hasOwn(attributes, name) ? attributes[name as ImageAttributeName] : undefined;
  if (!attribute) throw invalidParameterValue('attribute', name, 'Unknown attribute.');
  const { imageId, ami } = requireOwnImage(input.ImageId, context);
  return { ImageId: imageId, ...attribute(ami) };
}

function launchPermissionsOf({ spec }: Ami): LaunchPermission[] {
  const users = (spec.launchPermissionAccountIds ?? []).map((UserId): LaunchPermission => ({ UserId }));
  return spec.public ? [{ Group: 'all' }, ...users] : users;
}
