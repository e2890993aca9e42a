import { addKubeOvn } from '../../hack/control-plane/kube-ovn/kube-ovn.ts';
import { openCloud, sharedCloud, type Cloud } from './cloud.ts';

/**
 * The product with Kube-OVN as network provider, on the shared control plane: with Kube-OVN's kinds and its simulated controller for as long as it is open.
 * One lease, one leader: the operator that other files share stands back meanwhile.
 */
export async function openKubeOvnCloud(name: string, environment: Record<string, string> = {}): Promise<Cloud> {
  const common = await sharedCloud();
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    try {
      for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
    } finally {
      await common.operator.start();
    }
  };
  try {
    await common.operator.stop();
    undo.push(await addKubeOvn(common.controlPlane));
    const cloud = await openCloud(common.controlPlane, { name, environment: { KUBE_EC2_NETWORK_PROVIDER: 'kube-ovn', ...environment } });
    undo.push(async () => cloud.close());
    return { ...cloud, close };
  } catch (error) {
    await close();
    throw error;
  }
}
