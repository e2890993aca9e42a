import type { InstanceAttributeName, InstanceBlockDeviceMappingSpecification, ModifyInstanceAttributeRequest } from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue, missingParameter } from '../../errors.ts';

/** One change that ModifyInstanceAttribute asks for, whichever of its two forms was used. */
export type AttributeChange =
  | { attribute: 'disableApiTermination' | 'disableApiStop' | 'sourceDestCheck' | 'ebsOptimized' | 'enaSupport' | 'enclaveOptions'; value: boolean }
  | { attribute: 'instanceType' | 'instanceInitiatedShutdownBehavior' | 'kernel' | 'ramdisk' | 'sriovNetSupport'; value: string }
  | { attribute: 'userData'; value: Uint8Array | string }
  | { attribute: 'groupSet'; value: string[] }
  | { attribute: 'blockDeviceMapping'; value: InstanceBlockDeviceMappingSpecification[] };

/**
 * The one change of a request: EC2 takes one attribute per call, by a parameter of its own (`InstanceType.Value`) or by Attribute and Value.
 * @throws AwsError InvalidParameterCombination - none or several
 * @throws AwsError MissingParameter, InvalidParameterValue
 */
export function attributeChangeFrom(input: ModifyInstanceAttributeRequest): AttributeChange {
  const changes = ownParameters(input);
  const [first] = changes;
  if (changes.length > 1) throw severalAttributes();
  if (input.Attribute === undefined) {
    if (!first) throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
    return first;
  }
  if (first && (first.attribute !== input.Attribute || input.Value !== undefined)) throw severalAttributes();
  return first ?? namedChange(input.Attribute, input.Value);
}

function ownParameters(input: ModifyInstanceAttributeRequest): AttributeChange[] {
  const changes: AttributeChange[] = [];
  const flag = (attribute: Extract<AttributeChange, { value: boolean }>['attribute'], given: { Value?: boolean | undefined } | undefined): void => {
    if (given?.Value !== undefined) changes.push({ attribute, value: given.Value });
  };
  const text = (attribute: Exclude<Extract<AttributeChange, { value: string }>['attribute'], 'userData'>, given: { Value?: string | undefined } | undefined): void => {
    if (given?.Value !== undefined) changes.push({ attribute, value: given.Value });
  };
  flag('disableApiTermination', input.DisableApiTermination);
  flag('disableApiStop', input.DisableApiStop);
  flag('sourceDestCheck', input.SourceDestCheck);
  flag('ebsOptimized', input.EbsOptimized);
  flag('enaSupport', input.EnaSupport);
  flag('enclaveOptions', input.EnclaveOptions && { Value: input.EnclaveOptions.Enabled });
  text('instanceType', input.InstanceType);
  text('instanceInitiatedShutdownBehavior', input.InstanceInitiatedShutdownBehavior);
  text('kernel', input.Kernel);
  text('ramdisk', input.Ramdisk);
  text('sriovNetSupport', input.SriovNetSupport);
  if (input.UserData) changes.push({ attribute: 'userData', value: input.UserData.Value ?? new Uint8Array() });
  if (input.Groups && input.Groups.length > 0) changes.push({ attribute: 'groupSet', value: input.Groups });
  if (input.BlockDeviceMappings && input.BlockDeviceMappings.length > 0) {
    changes.push({ attribute: 'blockDeviceMapping', value: input.BlockDeviceMappings });
  }
  return changes;
}

function namedChange(attribute: InstanceAttributeName, value: string | undefined): AttributeChange {
  if (value === undefined) throw missingParameter('Value');
  switch (attribute) {
    case 'disableApiTermination':
    case 'disableApiStop':
    case 'sourceDestCheck':
    case 'ebsOptimized':
    case 'enaSupport':
      return { attribute, value: booleanFrom(value) };
    case 'instanceType':
    case 'instanceInitiatedShutdownBehavior':
    case 'kernel':
    case 'ramdisk':
    case 'sriovNetSupport':
    case 'userData':
      return { attribute, value };
    case 'groupSet':
      return { attribute, value: [value] };
    case 'blockDeviceMapping':
      throw missingParameter('BlockDeviceMapping');
    default:
      throw new AwsError('InvalidParameterValue', `Value (${attribute as string}) for parameter attribute is invalid. The attribute cannot be modified.`);
  }
}

function booleanFrom(text: string): boolean {
  const lower = text.toLowerCase();
  if (lower === 'true' || lower === 'false') return lower === 'true';
  throw invalidParameterValue('value', text, 'It must be true or false.');
}

function severalAttributes(): AwsError {
  return new AwsError('InvalidParameterCombination', 'Fields for multiple attribute types specified');
}
