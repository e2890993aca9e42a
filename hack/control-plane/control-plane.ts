import { mkdirSync, writeFileSync } from 'node:fs';
import { ensureGoTools } from '../tools/go-tools.ts';
import { ensureModuleFolder } from '../tools/module-folder.ts';
import { Applier } from './apply.ts';
import { ChildProcesses } from './child-processes.ts';
import * as components from './components.ts';
import { openDataDirectory, type DataDirectory } from './data-directory.ts';
import { openIdentities } from './identities.ts';
import { importDefinitions } from './import-objects.ts';
import { kubeconfigFrom, writeSecretFile } from './kubeconfig.ts';
import { KubernetesClient, type AnyObject, type Connection } from './kubernetes-client.ts';
import { kubevirtObjects, kubevirtPath, kubevirtStatus } from './kubevirt-objects.ts';
import type { ManagedProcess, ProcessDefinition } from './managed-process.ts';
import type { NodeAgentConfiguration } from './node-agent/configuration.ts';
import { completeOptions, type CompleteOptions, type ControlPlaneOptions } from './options.ts';
import { choosePorts } from './ports.ts';
import { waitForApiServer, waitForKubevirt, waitForNodes } from './readiness.ts';
import { nodeAgentAccess, NODE_AGENT_USER, simulatedNodes } from './simulated-nodes.ts';
import { storageComponents, storageTools } from './storage-components.ts';
import { snapshotClass, snapshotDefinitions, storageObjects } from './storage-objects.ts';

/** A running control plane. All of it ends with `stop()`, and soon after this process if that dies. */
export interface ControlPlane {
  readonly dataDirectory: string;
  /** `https://127.0.0.1:<port>` */
  readonly server: string;
  /** The administrator's kubeconfig (group system:masters), mode 0600. */
  readonly kubeconfigPath: string;
  /** PEM file of the CA that signed the API server's certificate. */
  readonly certificateAuthorityFile: string;
  /** A client with the administrator's rights. */
  readonly client: KubernetesClient;
  /** Server-side apply with the administrator's rights. */
  readonly applier: Applier;
  /**
   * Path of a kubeconfig for any user, by client certificate. Groups default to those of a ServiceAccount where the user is one
   * (`system:serviceaccount:<namespace>:<name>`), else to none.
   */
  kubeconfigFor(user: string, groups?: readonly string[]): string;
  connectionFor(user: string, groups?: readonly string[]): Connection;
  /** Process ids by name: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, virt-api, virt-controller, csi-driver and its sidecars, node-agent. */
  pids(): Record<string, number>;
  /** A component by its name in `pids`, to be killed and started: what its outage leads to. @throws Error - if there is none */
  component(name: string): ManagedProcess;
  /** Another child in the same care: log file, restarts, end. Its stopOrder should be below 10. */
  run(definition: ProcessDefinition): Promise<ManagedProcess>;
  /** Stops the API server in an orderly way and starts it again; ready on return. */
  restartApiServer(): Promise<void>;
  /** SIGKILL; it stays down until `startApiServer`. */
  killApiServer(): Promise<void>;
  /** Ready on return. */
  startApiServer(): Promise<void>;
  /** SIGKILL; it stays down until `startEtcd`. */
  killEtcd(): Promise<void>;
  /** The API server is ready again on return. */
  startEtcd(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts etcd, kube-apiserver, kube-controller-manager, kube-scheduler, KubeVirt and the simulated nodes, or continues from what the data
 * directory holds. The programs are built first if the cache does not have them (minutes, once).
 * @throws Error - with the end of a component's log if it does not get ready; nothing is left running then
 */
export async function startControlPlane(given: ControlPlaneOptions): Promise<ControlPlane> {
  const options = completeOptions(given);
  const binaries = await ensureBinaries(options);
  options.signal?.throwIfAborted();
  const data = await openDataDirectory(options.dataDirectory, options.log);
  const children = new ChildProcesses(data, options.log);
  try {
    return await Promise.race([start(options, binaries, data, children), rejectionOf(options.signal)]);
  } catch (error) {
    const details = children.troubled();
    await children.stop();
    if (options.signal?.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`the control plane cannot be started: ${reason}${details && `\n${details}`}`, { cause: error });
  }
}

type Binaries = components.ComponentContext['binaries'] & {
  kubevirt: Record<'virt-api' | 'virt-controller' | 'kubevirt-manifests', string> | undefined;
  /** Machines are what disks are for: without KubeVirt there is no storage. */
  storage: (Record<(typeof storageTools)[number], string> & { definitions: string }) | undefined;
};

const snapshotDefinitionFiles = { module: 'csi', from: 'github.com/kubernetes-csi/external-snapshotter/client/v8', folder: 'config/crd' };

async function ensureBinaries({ kubevirt, log }: CompleteOptions): Promise<Binaries> {
  return {
    ...(await ensureGoTools(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'], log)),
    kubevirt: kubevirt ? await ensureGoTools(['virt-api', 'virt-controller', 'kubevirt-manifests'], log) : undefined,
    storage: kubevirt ? { ...(await ensureGoTools(storageTools, log)), definitions: await ensureModuleFolder(snapshotDefinitionFiles) } : undefined,
  };
}

async function rejectionOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));
}

async function start(options: CompleteOptions, binaries: Binaries, data: DataDirectory, children: ChildProcesses): Promise<ControlPlane> {
  const ports = await choosePorts(data.file('ports.json'), options.portBase);
  const server = components.serverUrl(ports);
  const identities = openIdentities(data.path, server);
  const context = { dataDirectory: data.path, options, ports, identities, binaries };
  const admin = identities.connectionFor('kube-ec2-admin', ['system:masters']);
  writeSecretFile(data.file('kubeconfig'), kubeconfigFrom(admin));
  const client = new KubernetesClient(admin);
  const applier = new Applier(client);
  const startedAt = new Date();

  const etcd = await children.run(components.etcd(context));
  const apiServer = await children.run(components.apiServer(context));
  await waitForApiServer(client);
  await children.run(components.controllerManager(context));
  await children.run(components.scheduler(context));
  const nodes = simulatedNodes(options);
  mkdirSync(data.file('applied'), { recursive: true });
  await applier.applyOnce(data.file('applied', 'nodes'), [...nodeAgentAccess(), ...storageObjects(), ...nodes]);
  await children.run(components.nodeAgent(context, writeNodeAgentConfiguration(data, context)));
  if (binaries.storage) {
    await applier.applyOnce(data.file('applied', 'storage'), [...snapshotDefinitions(binaries.storage.definitions), snapshotClass(), ...importDefinitions()]);
    for (const component of storageComponents(context, binaries.storage)) await children.run(component);
  }
  if (binaries.kubevirt) {
    const objects = kubevirtObjects(binaries.kubevirt['kubevirt-manifests'], identities, ports);
    await installKubevirt(objects, client, applier, data);
    await children.run(components.virtApi(context, binaries.kubevirt['virt-api']));
    await children.run(components.virtController(context, binaries.kubevirt['virt-controller']));
  }
  await waitForNodes(client, nodes.map((node) => node.metadata.name ?? ''));
  if (binaries.kubevirt) await waitForKubevirt(client, startedAt, nodes.length);

  const ready = async (): Promise<void> => waitForApiServer(client);
  return {
    dataDirectory: data.path,
    server,
    kubeconfigPath: data.file('kubeconfig'),
    certificateAuthorityFile: identities.cluster.certificateFile,
    client,
    applier,
    kubeconfigFor: (user, groups) => identities.kubeconfigFor(user, groups),
    connectionFor: (user, groups) => identities.connectionFor(user, groups),
    pids: () => children.pids(),
    component: (name) => children.named(name),
    run: async (definition) => children.run(definition),
    restartApiServer: async () => apiServer.stop().then(async () => apiServer.start()).then(ready),
    killApiServer: async () => apiServer.kill(),
    startApiServer: async () => apiServer.start().then(ready),
    killEtcd: async () => etcd.kill(),
    startEtcd: async () => etcd.start().then(ready),
    stop: async () => {
      client.close();
      await children.stop();
    },
  };
}

async function installKubevirt(
  objects: { definitions: AnyObject[]; rest: AnyObject[] },
  client: KubernetesClient,
  applier: Applier,
  data: DataDirectory,
): Promise<void> {
  await applier.applyOnce(data.file('applied', 'kubevirt-definitions'), objects.definitions);
  if (!(await applier.applyOnce(data.file('applied', 'kubevirt'), objects.rest))) return;
  await client.patch(`${kubevirtPath}/status`, 'merge', { status: kubevirtStatus });
}

function writeNodeAgentConfiguration(data: DataDirectory, { options, ports, identities }: components.ComponentContext): string {
  const configuration: NodeAgentConfiguration = {
    kubelet: identities.connectionFor(NODE_AGENT_USER),
    handler: identities.connectionFor('system:serviceaccount:kubevirt:kubevirt-handler'),
    hasKubevirt: options.kubevirt,
    handlerPort: ports.virtHandler,
    handlerCertificate: identities.virtHandlerServer,
    kubeletPort: ports.kubelet,
    kubeletCertificate: identities.virtHandlerServer,
    certificateAuthorityFile: identities.cluster.certificateFile,
  };
  const path = data.file('node-agent.json');
  writeFileSync(path, JSON.stringify(configuration), { mode: 0o600 });
  return path;
}
