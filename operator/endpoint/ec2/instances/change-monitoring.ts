import type { InstanceMonitoring } from '@aws-sdk/client-ec2';
import { ec2IdOf } from '../../../api/ec2-id.ts';
import type { OperationContext } from '../../operation.ts';
import { allBounded } from '../../../kubernetes/bounded.ts';
import { changeSpec } from './change-instance.ts';
import { requireInstances } from './find-instances.ts';

const CONCURRENCY = 16;

/** Turns detailed monitoring on or off and tells what it is now. It is recorded only. @throws AwsError InvalidInstanceID.* */
export async function changeMonitoring(ids: readonly string[] | undefined, monitoring: boolean, context: OperationContext): Promise<InstanceMonitoring[]> {
  return allBounded(requireInstances(ids, context), CONCURRENCY, async (instance) => {
    if (instance.spec.monitoring !== monitoring) await changeSpec(instance, { monitoring }, context.write);
    return { InstanceId: ec2IdOf('i', instance), Monitoring: { State: monitoring ? 'enabled' : 'disabled' } };
  });
}
