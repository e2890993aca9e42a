import { join } from 'node:path';
import { startControlPlane } from '../control-plane/control-plane.ts';
import { OPERATOR_USER } from '../control-plane/identities.ts';
import { eventually } from '../control-plane/readiness.ts';
import { isFree } from '../control-plane/ports.ts';
import { accessKeyOf } from './access-key.ts';
import type { StartArguments } from './command-line.ts';
import { UsageError } from './command-line.ts';
import { ensureClients } from './ensure-clients.ts';
import { writeEnvironmentFile } from './environment-file.ts';
import { waitForEndpoint } from './endpoint-readiness.ts';
import { operatorDefinition } from './operator-definition.ts';
import { productDefinitions, productObjects, sampleObjects } from './product-objects.ts';

/** What is running, for the one who has to stop it. */
export interface Running {
  endpointUrl: string;
  environmentFile: string;
  logFolder: string;
  /** Namespace of the account whose key is in the environment file, if there is one. */
  namespace: string | undefined;
  /** Whether the sample images are there. */
  hasSamples: boolean;
  stop(): Promise<void>;
}

const SAMPLE_ACCOUNT = 'main';

/** Starts control plane and operator, or continues with what the data folder holds. Nothing is left running if it fails. */
export async function startLocal(given: StartArguments, signal: AbortSignal, log: (line: string) => void): Promise<Running> {
  if (!(await isFree(given.port))) throw new UsageError(`--port: ${String(given.port)} on 127.0.0.1 is in use`);
  const plane = await startControlPlane({
    dataDirectory: given.data,
    ...(given.controlPlanePort === undefined ? {} : { portBase: given.controlPlanePort }),
    nodes: given.nodes,
    region: given.region,
    zones: given.zones,
    durable: true,
    signal,
    log,
  });
  const file = (...names: string[]): string => join(plane.dataDirectory, ...names);
  const abort = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
  const finish = async (): Promise<Running> => {
    await plane.applier.applyOnce(file('applied', 'product-definitions'), productDefinitions());
    await plane.applier.applyOnce(file('applied', 'product'), productObjects());
    const endpointUrl = `http://127.0.0.1:${String(given.port)}`;
    const kubeconfig = plane.kubeconfigFor(OPERATOR_USER);
    const operator = await plane.run(operatorDefinition({ kubeconfig, region: given.region, port: given.port }));
    await waitForEndpoint(endpointUrl, operator);
    await plane.applier.applyOnce(file('applied', 'samples'), sampleObjects());
    const accessKey = await eventually(`the operator made the access key of account ${SAMPLE_ACCOUNT}`, 60, async () =>
      accessKeyOf(SAMPLE_ACCOUNT, async (path) => plane.client.get(path)),
    );
    const binFolder = await ensureClients(file('bin'), log);
    const environmentFile = file('env');
    writeEnvironmentFile(environmentFile, { kubeconfig: plane.kubeconfigPath, endpointUrl, region: given.region, accessKey, binFolder });
    return { endpointUrl, environmentFile, logFolder: file('logs'), namespace: accessKey.namespace, hasSamples: true, stop: async () => plane.stop() };
  };
  try {
    return await Promise.race([finish(), abort]);
  } catch (error) {
    await plane.stop();
    throw error;
  }
}
