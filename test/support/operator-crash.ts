import { isNotFound } from '../../hack/control-plane/kubernetes-client.ts';
import type { Cloud } from './cloud.ts';
import { OPERATOR_NAMESPACE } from './install.ts';

const LEASE = `/apis/coordination.k8s.io/v1/namespaces/${OPERATOR_NAMESPACE}/leases/kube-ec2-controllers`;

/**
 * Kills the operator with SIGKILL and starts it again, after what is to be done while it is down; ready on return. The lease that the dead process holds is
 * taken away: for the 15 s until its end controllers would not run, and a second crash in that time would hit nothing.
 */
export async function crashOperator({ operator, controlPlane }: Cloud, whileDown: () => Promise<void> = async () => undefined): Promise<void> {
  await operator.kill();
  try {
    await whileDown();
    await controlPlane.client.remove(LEASE).catch((error: unknown) => {
      if (!isNotFound(error)) throw error; // it never led
    });
  } finally {
    await operator.start();
  }
}
