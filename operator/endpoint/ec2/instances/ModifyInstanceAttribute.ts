import type { InstanceBlockDeviceMappingSpecification, ModifyInstanceAttributeRequest } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { isSameDevice } from '../../../api/compute/image-devices.ts';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { Secret, type Instance } from '../../../kubernetes/resources.ts';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { volumesAround } from '../indexes.ts';
import { changeInterface, interfaceGroupIds, vpcIdOfInterface, type InterfaceChange } from '../network-interfaces/change-interface.ts';
import { primaryInterfaceOf, type FoundInterface } from '../network-interfaces/find-interface.ts';
import { changeVolume } from '../volumes/change-volume.ts';
import { attachmentTo } from '../volumes/shown-attachment.ts';
import { attributeChangeFrom, type AttributeChange } from './attribute-changes.ts';
import { changeSpec, type SpecPatch } from './change-instance.ts';
import { requireInstance } from './find-instances.ts';
import { amiOf } from './instance-references.ts';
import { requireType } from './launch-plan.ts';
import { rootDeviceTypeOf } from './sdk-instance.ts';
import { shownStateOf } from './shown-state.ts';
import { userDataFrom, userDataReference, userDataSecretName, withinLimit, writeUserData } from './user-data.ts';

/**
 * Changes one attribute.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState (type, user data and EBS optimization need a stopped instance), InvalidParameterCombination,
 *   InvalidParameterValue, InvalidGroup.NotFound, InvalidUserData.Malformed, UnsupportedOperation
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
 */
export async function modifyInstanceAttribute(input: ModifyInstanceAttributeRequest, context: OperationContext): Promise<void> {
  const change = attributeChangeFrom(input);
  const instance = requireInstance(input.InstanceId ?? '', context);
  const state = shownStateOf(instance);
  if (state === 'terminated' || state === 'shutting-down') throw notInState(instance, 'running or stopped');
  if (change.attribute === 'userData') return changeUserData(instance, change.value, context);
  if (change.attribute === 'blockDeviceMapping') return changeDeletion(change.value, instance, context);
  const found = primaryInterfaceOf(instance, context.read);
  const interfaceChange = interfaceChangeFrom(change, found, context);
  if (interfaceChange) return changeInterface(found, interfaceChange, context);
  const patch = patchFor(change, instance, context);
  if (Object.keys(patch).length > 0) await changeSpec(instance, patch, context.write);
}

/** Groups and source/destination check are attributes of the primary interface, in EC2 too. */
function interfaceChangeFrom(change: AttributeChange, found: FoundInterface, context: OperationContext): InterfaceChange | undefined {
  if (change.attribute === 'groupSet') return { securityGroupIds: interfaceGroupIds(change.value, vpcIdOfInterface(found, context), context) };
  return change.attribute === 'sourceDestCheck' ? { sourceDestCheck: change.value } : undefined;
}

function patchFor(change: Exclude<AttributeChange, { attribute: 'userData' | 'blockDeviceMapping' }>, instance: Instance, context: OperationContext): SpecPatch {
  switch (change.attribute) {
    case 'disableApiTermination':
    case 'disableApiStop':
      return { [change.attribute]: change.value };
    case 'ebsOptimized':
      requireStopped(instance);
      return { ebsOptimized: change.value };
    case 'instanceType':
      requireStopped(instance);
      return { instanceType: requireType(change.value, amiOf(instance, context.read), context).name };
    case 'instanceInitiatedShutdownBehavior':
      return { instanceInitiatedShutdownBehavior: shutdownBehaviorFrom(change.value, instance, context) };
    case 'enaSupport':
    case 'enclaveOptions':
      // What is so already can be asked for.
      if (change.value) throw unsupported(change.attribute);
      return {};
    case 'groupSet':
    case 'sourceDestCheck':
      return {};
    case 'kernel':
    case 'ramdisk':
    case 'sriovNetSupport':
      throw unsupported(change.attribute);
    default:
      return change satisfies never;
  }
}

async function changeUserData(instance: Instance, value: Uint8Array | string, { write }: OperationContext): Promise<void> {
  requireStopped(instance);
  const userData = typeof value === 'string' ? userDataFrom(value) : withinLimit(Buffer.from(value));
  const id = ec2IdOf('i', instance);
  const namespace = instance.metadata.namespace ?? '';
  if (userData && userData.length > 0) {
    await writeUserData(id, namespace, userData, write);
    await changeSpec(instance, { userData: null, userDataSecretRef: userDataReference(id) }, write);
    return;
  }
  await changeSpec(instance, { userData: null, userDataSecretRef: null }, write);
  await write.remove(Secret, { namespace, name: userDataSecretName(id) }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // there was none, or it is a Secret of the user's own
  });
}

function requireStopped(instance: Instance): void {
  if (shownStateOf(instance) !== 'stopped') throw notInState(instance, 'stopped');
}

function notInState(instance: Instance, wanted: string): AwsError {
  return new AwsError('IncorrectInstanceState', `The instance '${ec2IdOf('i', instance)}' is not in the '${wanted}' state.`);
}

function shutdownBehaviorFrom(value: string, instance: Instance, { read }: OperationContext): 'stop' | 'terminate' {
  if (value !== 'stop' && value !== 'terminate') throw invalidParameterValue('instanceInitiatedShutdownBehavior', value, 'It must be stop or terminate.');
  const isEphemeral = rootDeviceTypeOf(instance, { ami: amiOf(instance, read) }) === 'instance-store';
  if (value === 'stop' && isEphemeral) {
    throw new AwsError('UnsupportedOperation', "An instance with an 'instance-store' root device cannot be stopped: its shutdown behavior is terminate.");
  }
  return value;
}

/** Sets whether volumes go with their instance. */
async function changeDeletion(mappings: readonly InstanceBlockDeviceMappingSpecification[], instance: Instance, { read, write }: OperationContext): Promise<void> {
  const volumes = volumesAround(instance, read);
  const changes = mappings.map(({ DeviceName = '', Ebs }) => {
    const volume = volumes.find((candidate) => isSameDevice(attachmentTo(instance, candidate)?.device ?? '', DeviceName));
    if (!volume) throw new AwsError('InvalidInstanceAttributeValue', `No device is currently mapped at ${DeviceName}`);
    if (Ebs?.VolumeId && Ebs.VolumeId !== ec2IdOf('vol', volume)) {
      throw new AwsError('InvalidInstanceAttributeValue', `The volume at ${DeviceName} is ${ec2IdOf('vol', volume)}`);
    }
    return { volume, deleteOnTermination: Ebs?.DeleteOnTermination };
  });
  for (const { volume, deleteOnTermination } of changes) {
    if (deleteOnTermination === undefined) continue;
    await changeVolume(volume, ({ spec }) => (spec.attachment === undefined ? {} : { attachment: { deleteOnTermination } }), write);
  }
}

function unsupported(attribute: string): AwsError {
  return new AwsError('UnsupportedOperation', `The attribute ${attribute} cannot be set.`);
}
