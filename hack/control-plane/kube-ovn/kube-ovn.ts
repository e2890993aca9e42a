import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlPlane } from '../control-plane.ts';
import { writeSecretFile } from '../kubeconfig.ts';
import { isNotFound } from '../kubernetes-client.ts';
import { eventually } from '../readiness.ts';
import { kubeOvnDefinitions } from './definitions.ts';

/** Makes the control plane one with Kube-OVN: its kinds, and a simulated controller. The answer takes all of it away again. */
export async function addKubeOvn(controlPlane: ControlPlane): Promise<() => Promise<void>> {
  const { applier, client, dataDirectory } = controlPlane;
  const definitions = kubeOvnDefinitions();
  await applier.apply(definitions);
  const connectionFile = join(dataDirectory, 'kube-ovn.json');
  writeSecretFile(connectionFile, JSON.stringify(controlPlane.connectionFor('kube-ovn', ['system:masters'])));
  const controller = await controlPlane.run({
    name: 'kube-ovn-controller',
    command: process.execPath,
    arguments: [fileURLToPath(new URL('main.ts', import.meta.url)), connectionFile],
    stopOrder: 5,
    restarts: true,
  });
  return async () => {
    const paths = await Promise.all(definitions.map(async (definition) => applier.pathOf(definition)));
    // While the controller still runs: it lets go of what is deleted with the kinds.
    await Promise.all(paths.map(async (path) => client.remove(path)));
    await eventually("Kube-OVN's kinds are gone", 120, async () => {
      const gone = await Promise.all(paths.map(async (path) => client.get(path).then(() => false, isNotFound)));
      return gone.every(Boolean);
    });
    await controller.stop();
  };
}
