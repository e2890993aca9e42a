import type { DescribeInstanceAttributeRequest, InstanceAttribute, InstanceAttributeName } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { Secret, type Instance } from '../../../kubernetes/resources.ts';
import { AwsError } from '../../errors.ts';
import type { ReadOnlyContext } from '../../operation.ts';
import { volumesAround } from '../indexes.ts';
import { launchedWith } from '../network-interfaces/find-interface.ts';
import { requireInstance } from './find-instances.ts';
import { amiOf, groupsOf } from './instance-references.ts';
import { blockDeviceMappingsFrom, groupIdentifiersFrom, rootDeviceTypeOf } from './sdk-instance.ts';
import { shownStateOf } from './shown-state.ts';

type Attribute = (instance: Instance, context: ReadOnlyContext) => InstanceAttribute | Promise<InstanceAttribute>;

/** What each attribute shows. Those without a value here are shown as EC2 shows an attribute that is not set. */
const attributes: Readonly<Record<InstanceAttributeName, Attribute>> = {
  blockDeviceMapping: (instance, { read }) => ({
    BlockDeviceMappings: shownStateOf(instance) === 'terminated' ? [] : blockDeviceMappingsFrom(instance, volumesAround(instance, read)),
  }),
  disableApiStop: ({ spec }) => ({ DisableApiStop: { Value: spec.disableApiStop } }),
  disableApiTermination: ({ spec }) => ({ DisableApiTermination: { Value: spec.disableApiTermination } }),
  ebsOptimized: ({ spec }) => ({ EbsOptimized: { Value: spec.ebsOptimized } }),
  enaSupport: () => ({ EnaSupport: { Value: false } }),
  enclaveOptions: () => ({ EnclaveOptions: { Enabled: false } }),
  groupSet: (instance, { read }) => ({ Groups: groupIdentifiersFrom(groupsOf(instance, read)) }),
  instanceInitiatedShutdownBehavior: (instance, { read }) => ({ InstanceInitiatedShutdownBehavior: { Value: shutdownBehaviorOf(instance, read) } }),
  instanceType: ({ spec, status }) => ({ InstanceType: { Value: status?.instanceType ?? spec.instanceType } }),
  kernel: () => ({ KernelId: {} }),
  productCodes: () => ({ ProductCodes: [] }),
  ramdisk: () => ({ RamdiskId: {} }),
  rootDeviceName: (instance, { read }) => {
    const name = instance.status?.rootDeviceName ?? amiOf(instance, read)?.spec.rootDeviceName;
    return { RootDeviceName: name === undefined ? {} : { Value: name } };
  },
  sourceDestCheck: (instance, { read }) => ({ SourceDestCheck: { Value: (launchedWith(instance, read)?.spec ?? instance.spec).sourceDestCheck } }),
  sriovNetSupport: () => ({ SriovNetSupport: {} }),
  userData: async (instance, context) => {
    const userData = await userDataOf(instance, context);
    return { UserData: userData === undefined ? {} : { Value: userData } };
  },
};

/**
 * Shows one attribute. User data is read from its Secret as the caller, so whoever may not read that may not read it here either.
 * @throws AwsError InvalidInstanceID.*, InvalidParameterValue
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
 */
export async function describeInstanceAttribute(input: DescribeInstanceAttributeRequest, context: ReadOnlyContext): Promise<InstanceAttribute> {
  const name = input.Attribute ?? '';
  const attribute = Object.hasOwn(attributes, name) ? attributes[name as InstanceAttributeName] : undefined;
  if (!attribute) throw new AwsError('InvalidParameterValue', `Value (${name}) for parameter attribute is invalid. Unknown attribute.`);
  const instance = requireInstance(input.InstanceId ?? '', context);
  return { InstanceId: ec2IdOf('i', instance), ...(await attribute(instance, context)) };
}

/** What a power-off from within does: an instance-store root leaves no choice. */
function shutdownBehaviorOf(instance: Instance, read: ReadOnlyContext['read']): 'stop' | 'terminate' {
  const isEphemeral = rootDeviceTypeOf(instance, { ami: amiOf(instance, read) }) === 'instance-store';
  return isEphemeral ? 'terminate' : instance.spec.instanceInitiatedShutdownBehavior;
}

/** Base64, as it was sent; undefined without user data. */
async function userDataOf({ metadata, spec }: Instance, { live }: ReadOnlyContext): Promise<string | undefined> {
  if (spec.userData !== undefined) return Buffer.from(spec.userData).toString('base64') || undefined;
  const reference = spec.userDataSecretRef;
  if (!reference) return undefined;
  const secret = await live.fetch(Secret, { namespace: metadata.namespace, name: reference.name });
  return secret?.data?.[reference.key] || undefined;
}
