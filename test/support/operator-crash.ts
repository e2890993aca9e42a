import { setTimeout as delay } from 'node:timers/promises';
import { isNotFound } from '../../hack/control-plane/kubernetes-client.ts';
import type { Cloud } from './cloud.ts';
import { OPERATOR_NAMESPACE } from './install.ts';

const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${OPERATOR_NAMESPACE}/leases/kube-ec2-controllers`;

/**
 * Kills the operator with SIGKILL and starts it again after a while; ready on return. The lease that the dead process holds is taken away, so that nobody
 * waits for its end.
 */
export async function crashOperator({ operator, controlPlane }: Cloud, downMilliseconds = 0): Promise<void> {
  await operator.kill();
  await delay(downMilliseconds);
  await controlPlane.client.remove(LEASE).catch((error: unknown) => {
    if (!isNotFound(error)) throw error; // it never led
  });
  await operator.start();
}
