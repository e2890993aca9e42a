import type { DeletePolicyType } from '@aws-sdk/client-auto-scaling';
import { isNotFound } from '../../../kubernetes/errors.ts';
import { ScalingPolicy } from '../../../kubernetes/resources.ts';
import type { OperationContext } from '../../operation.ts';
import { requirePolicy } from './find-policies.ts';

/**
 * Removes a scaling policy; the alarms that target tracking has made go with it, others stay.
 * @throws AwsError ValidationError
 * @see https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DeletePolicy.html
 */
export async function deletePolicy({ PolicyName, AutoScalingGroupName }: DeletePolicyType, context: OperationContext): Promise<void> {
  const { namespace, name, uid } = requirePolicy(PolicyName, AutoScalingGroupName, context).metadata;
  await context.write.remove(ScalingPolicy, { namespace, name }, uid === undefined ? {} : { uid }).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // already gone is what we want
  });
}
