import type { ModifyInstanceCpuOptionsRequest, ModifyInstanceCpuOptionsResult } from '@aws-sdk/client-ec2';
import { requireCpuOptions } from '../../../api/compute/launch-draft.ts';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import { AwsError } from '../../errors.ts';
import { findInstanceType } from '../../../kubernetes/instance-type-facts.ts';
import type { OperationContext } from '../../operation.ts';
import { requireLiving } from './require-living.ts';
import { shownStateOf } from './shown-state.ts';

/**
 * Confirms the cores and threads that the instance type gives; other ones cannot be had.
 * @throws AwsError InvalidInstanceID.*, IncorrectInstanceState (not stopped), InvalidParameterCombination, InvalidParameterValue, Unsupported
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceCpuOptions.html
 */
export async function modifyInstanceCpuOptions(input: ModifyInstanceCpuOptionsRequest, context: OperationContext): Promise<ModifyInstanceCpuOptionsResult> {
  const { CoreCount, ThreadsPerCore, NestedVirtualization } = input;
  if (CoreCount === undefined && ThreadsPerCore === undefined && NestedVirtualization === undefined) {
    throw new AwsError('InvalidParameterCombination', 'No attributes specified.');
  }
  const instance = requireLiving(input.InstanceId, context);
  if (shownStateOf(instance) !== 'stopped') {
    throw new AwsError('IncorrectInstanceState', `The instance '${ec2IdOf('i', instance)}' is not in the 'stopped' state.`);
  }
  const type = findInstanceType(context.read, instance.spec.instanceType);
  if (!type) throw new AwsError('InvalidParameterValue', `The following supplied instance types do not exist: [${instance.spec.instanceType}]`);
  requireCpuOptions({ coreCount: CoreCount, threadsPerCore: ThreadsPerCore, nestedVirtualization: NestedVirtualization }, type);
  return { InstanceId: ec2IdOf('i', instance), CoreCount: type.vcpus / type.threadsPerCore, ThreadsPerCore: type.threadsPerCore };
}
