import { randomUUID } from 'node:crypto';
import type { RegisterImageRequest, RegisterImageResult } from '@aws-sdk/client-ec2';
import type { z } from 'zod';
import type { AmiDefinition } from '../../../api/compute/ami.ts';
import { ec2IdFrom } from '../../../api/ec2-id.ts';
import { isSameDevice } from '../../../api/compute/image-devices.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { inTurn } from '../in-turn.ts';
import { tagsFromSpecifications } from '../tag-specifications.ts';
import { createAmi } from './create-ami.ts';
import { imageMappingsFrom } from './image-mappings.ts';
import { imageDescriptionFrom, requireFreeImageName, requireImageName } from './image-names.ts';

const DEFAULT_ROOT_DEVICE = '/dev/sda1';

type Spec = z.input<typeof AmiDefinition.spec>;

/**
 * Makes an image of snapshots: that of the root device says what it boots. ENA and SR-IOV support are recorded and shown; network cards are virtio.
 * @throws AwsError InvalidAMIName.Malformed, InvalidAMIName.Duplicate, InvalidBlockDeviceMapping, InvalidSnapshot.NotFound, IncorrectState,
 *   InvalidParameterValue, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RegisterImage.html
 */
export async function registerImage(input: RegisterImageRequest, context: OperationContext): Promise<RegisterImageResult> {
  const name = requireImageName(input.Name);
  requireHonourable(input);
  const rootDeviceName = input.RootDeviceName || DEFAULT_ROOT_DEVICE;
  const mappings = imageMappingsFrom(input.BlockDeviceMappings, () => true, context);
  const root = mappings.find(({ deviceName }) => isSameDevice(deviceName, rootDeviceName));
  const snapshotId = root?.ebs?.snapshotId;
  if (!snapshotId) throw new AwsError('InvalidBlockDeviceMapping', `The root device '${rootDeviceName}' needs a block device mapping with a snapshot.`);
  const tags = tagsFromSpecifications(input.TagSpecifications, 'image');
  const spec: Spec = {
    name,
    ...imageDescriptionFrom(input.Description),
    architecture: architectureFrom(input.Architecture),
    ...firmwareFrom(input),
    enaSupport: input.EnaSupport ?? false,
    ...(input.SriovNetSupport && { sriovNetSupport: requireOneOf('sriovNetSupport', input.SriovNetSupport, ['simple'] as const) }),
    ...(input.ImdsSupport && { imdsSupport: requireOneOf('imdsSupport', input.ImdsSupport, ['v2.0'] as const) }),
    rootDeviceName,
    ...(root?.ebs?.volumeSize !== undefined && { rootVolumeSize: root.ebs.volumeSize }),
    source: { snapshot: { snapshotId } },
    blockDeviceMappings: mappings,
    ...(tags.length > 0 && { tags }),
  };
  return inTurn(`images/${context.caller.namespace}`, async () => {
    requireFreeImageName(name, context);
    const ami = await createAmi(ec2IdFrom('ami', randomUUID()), spec, context);
    return { ImageId: ami.metadata.name };
  });
}

function architectureFrom(architecture: string | undefined): 'x86_64' | 'arm64' {
  // EC2's own default is i386, which no machine here is; whoever says nothing means what there is.
  return architecture ? requireOneOf('architecture', architecture, ['x86_64', 'arm64'] as const) : 'x86_64';
}

function firmwareFrom({ BootMode, TpmSupport }: RegisterImageRequest): Pick<Spec, 'bootMode' | 'tpmSupport'> {
  const bootMode = BootMode ? requireOneOf('bootMode', BootMode, ['legacy-bios', 'uefi', 'uefi-preferred'] as const) : undefined;
  if (!TpmSupport) return bootMode ? { bootMode } : {};
  const tpmSupport = requireOneOf('tpmSupport', TpmSupport, ['v2.0'] as const);
  if (bootMode !== 'uefi') throw new AwsError('InvalidParameterCombination', 'TpmSupport needs the boot mode uefi.');
  return { bootMode, tpmSupport };
}

/** @throws AwsError InvalidParameterValue */
export function requireOneOf<T extends string>(parameter: string, value: string, allowed: readonly T[]): T {
  if ((allowed as readonly string[]).includes(value)) return value as T;
  throw invalidParameterValue(parameter, value, `It must be ${allowed.join(' or ')}.`);
}

function requireHonourable(input: RegisterImageRequest): void {
  const unsupported = (what: string): AwsError => new AwsError('UnsupportedOperation', `${what} not supported.`);
  if (input.ImageLocation) throw unsupported('Images with an instance store root from a manifest in S3 are');
  if (input.KernelId || input.RamdiskId) throw unsupported('Kernel and RAM disk of your own are');
  if (input.VirtualizationType && input.VirtualizationType !== 'hvm') throw unsupported(`The virtualization type '${input.VirtualizationType}' is`);
  if (input.BillingProducts && input.BillingProducts.length > 0) throw unsupported('Billing products are');
  if (input.UefiData) throw unsupported('UEFI variables with an image are');
}
