import { mkdirSync, writeFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { ensureGoTools } from '../tools/go-tools.ts';
import { Applier } from './apply.ts';
import * as components from './components.ts';
import { openDataDirectory, type DataDirectory } from './data-directory.ts';
import { openIdentities } from './identities.ts';
import { kubeconfigFrom, writeSecretFile } from './kubeconfig.ts';
import { KubernetesClient, type AnyObject, type Connection } from './kubernetes-client.ts';
import { kubevirtObjects, kubevirtPath, kubevirtStatus } from './kubevirt-objects.ts';
import { ManagedProcess, type ProcessDefinition } from './managed-process.ts';
import type { NodeAgentConfiguration } from './node-agent/configuration.ts';
import { completeOptions, type ControlPlaneOptions } from './options.ts';
import { choosePorts } from './ports.ts';
import { waitForApiServer, waitForKubevirt, waitForNodes } from './readiness.ts';
import { nodeAgentAccess, NODE_AGENT_USER, simulatedNodes } from './simulated-nodes.ts';
import { startWatchdog } from './watchdog.ts';

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
  /** Process ids by name: etcd, kube-apiserver, kube-controller-manager, kube-scheduler, virt-api, virt-controller, node-agent. */
  pids(): Record<string, number>;
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
  const kubernetes = await ensureGoTools(['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'], options.log);
  const kubevirt = options.kubevirt ? await ensureGoTools(['virt-api', 'virt-controller', 'kubevirt-manifests'], options.log) : undefined;
  const data = await openDataDirectory(options.dataDirectory, options.log);
  const processes = new Processes(data, options.log);
  try {
    const ports = await choosePorts(data.file('ports.json'), options.portBase);
    const server = components.serverUrl(ports);
    const identities = openIdentities(data.path, server);
    const context = { dataDirectory: data.path, options, ports, identities, binaries: kubernetes };
    const admin = identities.connectionFor('kube-ec2-admin', ['system:masters']);
    writeSecretFile(data.file('kubeconfig'), kubeconfigFrom(admin));
    const client = new KubernetesClient(admin);
    const applier = new Applier(client);
    const startedAt = new Date();
    const etcd = await processes.run(components.etcd(context));
    const apiServer = await processes.run(components.apiServer(context));
    await waitForApiServer(client);
    await processes.run(components.controllerManager(context));
    await processes.run(components.scheduler(context));

    mkdirSync(data.file('applied'), { recursive: true });
    const nodes = simulatedNodes(options);
    const installed = kubevirt && installKubevirt(kubevirtObjects(kubevirt['kubevirt-manifests'], identities, ports), client, applier, data);
    await applier.applyOnce(data.file('applied', 'nodes'), [...nodeAgentAccess(), ...nodes]);
    await processes.run(components.nodeAgent(context, writeNodeAgentConfiguration(data, context)));
    await installed;
    if (kubevirt) {
      await processes.run(components.virtApi(context, kubevirt['virt-api']));
      await processes.run(components.virtController(context, kubevirt['virt-controller']));
    }
    await waitForNodes(client, nodes.map((node) => node.metadata.name ?? ''));
    if (kubevirt) await waitForKubevirt(client, startedAt, nodes.length);

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
      pids: () => processes.pids(),
      run: async (definition) => processes.run(definition),
      restartApiServer: async () => apiServer.stop().then(async () => apiServer.start()).then(ready),
      killApiServer: async () => apiServer.kill(),
      startApiServer: async () => apiServer.start().then(ready),
      killEtcd: async () => etcd.kill(),
      startEtcd: async () => etcd.start().then(ready),
      stop: async () => {
        client.close();
        await processes.stop();
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const details = processes.troubled();
    await processes.stop();
    throw new Error(`the control plane cannot be started: ${reason}${details && `\n${details}`}`, { cause: error });
  }
}

/** The children of one control plane, and the folder that is theirs. */
class Processes {
  readonly #data: DataDirectory;
  readonly #log: (line: string) => void;
  readonly #watchdog: ChildProcess;
  readonly #all: ManagedProcess[] = [];

  constructor(data: DataDirectory, log: (line: string) => void) {
    this.#data = data;
    this.#log = log;
    this.#watchdog = startWatchdog(data.path);
  }

  async run(definition: ProcessDefinition): Promise<ManagedProcess> {
    const child = new ManagedProcess(this.#data.path, definition, this.#log);
    this.#all.push(child);
    await child.start();
    return child;
  }

  pids(): Record<string, number> {
    return Object.fromEntries(this.#all.flatMap((child) => (child.pid === undefined ? [] : [[child.definition.name, child.pid]])));
  }

  /** The last words of those that should run and do not. */
  troubled(): string {
    return this.#all
      .filter((child) => child.isWanted && child.pid === undefined)
      .map((child) => `${child.definition.name} is down; ${child.logFile} ends with:\n${child.lastLines()}`)
      .join('\n');
  }

  /** Ends all children in stop order, those of one number together, and unlocks the folder. */
  async stop(): Promise<void> {
    const orders = [...new Set(this.#all.map((child) => child.definition.stopOrder))].sort((left, right) => left - right);
    for (const order of orders) {
      await Promise.all(this.#all.filter((child) => child.definition.stopOrder === order).map(async (child) => child.stop()));
    }
    this.#watchdog.stdin?.end();
    this.#data.release();
  }
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

function writeNodeAgentConfiguration(data: DataDirectory, { ports, identities }: components.ComponentContext): string {
  const configuration: NodeAgentConfiguration = {
    kubelet: identities.connectionFor(NODE_AGENT_USER),
    handler: identities.connectionFor('system:serviceaccount:kubevirt:kubevirt-handler'),
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
