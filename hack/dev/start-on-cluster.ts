import { homedir } from 'node:os';
import { join } from 'node:path';
import { Applier } from '../control-plane/apply.ts';
import { ChildProcesses } from '../control-plane/child-processes.ts';
import { openDataDirectory } from '../control-plane/data-directory.ts';
import { isNotFound, type AnyObject } from '../control-plane/kubernetes-client.ts';
import { isFree } from '../control-plane/ports.ts';
import { accessKeyOf } from './access-key.ts';
import { openCluster, type ClusterClient } from './cluster-client.ts';
import { UsageError, type StartArguments } from './command-line.ts';
import { waitForEndpoint } from './endpoint-readiness.ts';
import { ensureClients } from './ensure-clients.ts';
import { writeEnvironmentFile } from './environment-file.ts';
import { operatorDefinition } from './operator-definition.ts';
import { productDefinitions, productObjects } from './product-objects.ts';
import type { Running } from './start-local.ts';

const KUBEVIRT_KINDS = ['virtualmachines.kubevirt.io', 'virtualmachineclusterinstancetypes.instancetype.kubevirt.io'];

/**
 * Runs the operator against the cluster of the caller's kubeconfig, with the caller's rights. Applies our definitions, roles and instance types
 * there; no accounts and no samples.
 * @throws UsageError - if the cluster has no KubeVirt, or cannot be reached
 */
export async function startOnCluster(given: StartArguments, signal: AbortSignal, log: (line: string) => void): Promise<Running> {
  if (!(await isFree(given.port))) throw new UsageError(`--port: ${String(given.port)} on 127.0.0.1 is in use`);
  const cluster = openCluster();
  try {
    await requireKubevirt(cluster);
    log(`applying definitions, roles and instance types to ${cluster.server}`);
    const applier = new Applier(cluster);
    await applier.apply(productDefinitions());
    await applier.apply(productObjects());
    signal.throwIfAborted();
    const data = await openDataDirectory(given.data, log);
    const children = new ChildProcesses(data, log);
    signal.addEventListener('abort', () => void children.stop(), { once: true });
    const endpointUrl = `http://127.0.0.1:${String(given.port)}`;
    const kubeconfig = process.env['KUBECONFIG'] ?? join(homedir(), '.kube', 'config');
    try {
      const operator = await children.run(operatorDefinition({ kubeconfig, region: given.region, port: given.port }));
      await waitForEndpoint(endpointUrl, operator);
      const accessKey = await firstAccessKey(cluster);
      const binFolder = await ensureClients(data.file('bin'), log);
      const environmentFile = data.file('env');
      writeEnvironmentFile(environmentFile, { kubeconfig, endpointUrl, region: given.region, accessKey, binFolder });
      return { endpointUrl, environmentFile, logFolder: data.file('logs'), namespace: accessKey?.namespace, hasSamples: false, stop: async () => children.stop() };
    } catch (error) {
      await children.stop();
      throw error;
    }
  } finally {
    cluster.close();
  }
}

async function requireKubevirt(cluster: ClusterClient): Promise<void> {
  for (const name of KUBEVIRT_KINDS) {
    try {
      await cluster.get(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
    } catch (error) {
      if (isNotFound(error)) throw new UsageError(`the cluster ${cluster.server} has no KubeVirt (${name} is missing): install KubeVirt 1.6 or later there first`);
      throw new UsageError(`the cluster ${cluster.server} cannot be used: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
}

/** Root access key of the first account that has one; `undefined` in a cluster without accounts. */
async function firstAccessKey(cluster: ClusterClient): Promise<Awaited<ReturnType<typeof accessKeyOf>>> {
  const { items } = await cluster.get<{ items: AnyObject[] }>('/apis/kube-ec2.io/v1alpha1/accounts');
  for (const account of items) {
    const accessKey = await accessKeyOf(String(account.metadata.name), async (path) => cluster.get(path));
    if (accessKey) return accessKey;
  }
  return undefined;
}
