import type {
  InstanceCreditSpecificationRequest,
  ModifyInstanceCreditSpecificationRequest,
  ModifyInstanceCreditSpecificationResult,
  UnsuccessfulInstanceCreditSpecificationErrorCode,
} from '@aws-sdk/client-ec2';
import { AwsError, invalidParameterValue } from '../../errors.ts';
import type { OperationContext } from '../../operation.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import { changeSpec } from './change-instance.ts';
import { creditsOf } from './credit-specification.ts';
import { requireInstance } from './find-instances.ts';
import { shownStateOf } from './shown-state.ts';

type Failure = { InstanceId: string; Error: { Code: UnsuccessfulInstanceCreditSpecificationErrorCode; Message: string } };

const CONCURRENCY = 16;

/**
 * Changes the credit options of burstable instances, each for itself: what could not be changed is told in the answer.
 * @throws AwsError InvalidParameterValue - a credit option that does not exist
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceCreditSpecification.html
 */
export async function modifyInstanceCreditSpecification(
  input: ModifyInstanceCreditSpecificationRequest,
  context: OperationContext,
): Promise<ModifyInstanceCreditSpecificationResult> {
  const wishes = input.InstanceCreditSpecifications ?? [];
  for (const { CpuCredits } of wishes) {
    if (CpuCredits !== 'standard' && CpuCredits !== 'unlimited') throw invalidParameterValue('CpuCredits', CpuCredits ?? '', 'It must be standard or unlimited.');
  }
  const failures = await allBounded(wishes, CONCURRENCY, (wish) => changeOne(wish, context));
  const failed = failures.filter((failure) => failure !== undefined);
  return {
    SuccessfulInstanceCreditSpecifications: wishes.flatMap(({ InstanceId }, position) => (failures[position] ? [] : [{ InstanceId }])),
    UnsuccessfulInstanceCreditSpecifications: failed,
  };
}

async function changeOne({ InstanceId = '', CpuCredits }: InstanceCreditSpecificationRequest, context: OperationContext): Promise<Failure | undefined> {
  const failure = (Code: UnsuccessfulInstanceCreditSpecificationErrorCode, Message: string): Failure => ({ InstanceId, Error: { Code, Message } });
  try {
    const instance = requireInstance(InstanceId, context);
    const state = shownStateOf(instance);
    if (state === 'terminated' || state === 'shutting-down') {
      return failure('IncorrectInstanceState', `The instance '${InstanceId}' is not in a state from which its credit option can be changed.`);
    }
    if (creditsOf(instance, context.read) === undefined) {
      return failure('InstanceCreditSpecification.NotSupported', `The instance '${InstanceId}' is not a burstable performance instance.`);
    }
    await changeSpec(instance, { creditSpecification: CpuCredits }, context.write);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError && error.code === 'InvalidInstanceID.NotFound') return failure(error.code, error.message);
    if (error instanceof AwsError && error.code === 'InvalidInstanceID.Malformed') return failure(error.code, error.message);
    throw error;
  }
}
