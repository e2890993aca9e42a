import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlPlane } from '../../hack/control-plane/control-plane.ts';
import { eventually } from '../../hack/control-plane/readiness.ts';

/** How an operator process is to be started. */
export interface OperatorOptions {
  /** Names its log file; two operators on one control plane need two. */
  name?: string;
  role?: 'all' | 'controllers' | 'endpoint';
  /** Kubeconfig of its identity; by default the administrator's. */
  kubeconfigPath?: string;
  /** Further settings, see operator/config.ts. */
  environment?: Readonly<Record<string, string>>;
  /** Arguments of Node itself, such as `--cpu-prof`. */
  nodeArguments?: readonly string[];
}

/** The operator as a child process, on ports of its own that stay the same from life to life. */
export interface OperatorProcess {
  /** `http://127.0.0.1:<port>`; nothing listens there with the role `controllers`. */
  readonly endpointUrl: string;
  /** `http://127.0.0.1:<port>`: /metrics, /healthz, /readyz. */
  readonly metricsUrl: string;
  readonly logFile: string;
  pid(): number | undefined;
  /** Text of /metrics. */
  metrics(): Promise<string>;
  /** Resolves once its caches hold the object as the API server gave it: what kubectl shows, the endpoint shows some milliseconds later. */
  hasSeen(object: { kind?: string; metadata: { resourceVersion?: string } }): Promise<void>;
  /** SIGKILL: what a crash is like. It stays down until `start`. */
  kill(): Promise<void>;
  /** Ready on return. */
  start(): Promise<void>;
  /** SIGTERM: it drains and releases its lease. */
  stop(): Promise<void>;
  ready(): Promise<void>;
}

const READY_SECONDS = 120;
const repositoryFolder = fileURLToPath(new URL('../..', import.meta.url));

/** Starts `operator/main.ts` against the control plane, in its care; ready on return. */
export async function startOperator(controlPlane: ControlPlane, options: OperatorOptions = {}): Promise<OperatorProcess> {
  const { name = 'operator', role = 'all', kubeconfigPath = controlPlane.kubeconfigPath } = options;
  const [endpointPort, metricsPort] = [await freePort(), await freePort()];
  const child = await controlPlane.run({
    name,
    command: process.execPath,
    arguments: [...(options.nodeArguments ?? []), join(repositoryFolder, 'operator', 'main.ts')],
    environment: {
      KUBECONFIG: kubeconfigPath,
      KUBE_EC2_ROLE: role,
      KUBE_EC2_ENDPOINT_HOST: '127.0.0.1',
      KUBE_EC2_ENDPOINT_PORT: String(endpointPort),
      KUBE_EC2_METRICS_HOST: '127.0.0.1',
      KUBE_EC2_METRICS_PORT: String(metricsPort),
      ...options.environment,
    },
    stopOrder: 0,
    // In a cluster the kubelet starts it again too, for instance after a lost lease.
    restarts: true,
    // It drains for 20 s at most.
    stopTimeoutSeconds: 30,
  });
  const endpointUrl = `http://127.0.0.1:${String(endpointPort)}`;
  const metricsUrl = `http://127.0.0.1:${String(metricsPort)}`;
  const ready = async (): Promise<void> => {
    await eventually(`the operator is ready (${child.logFile})`, READY_SECONDS, async () => {
      const answers = await Promise.all([metricsUrl, ...(role === 'controllers' ? [] : [endpointUrl])].map(async (url) => fetch(`${url}/readyz`)));
      return answers.every((answer) => answer.ok);
    });
  };
  await ready().catch(async (error: unknown) => {
    await child.stop();
    throw error;
  });
  const metrics = async (): Promise<string> => (await fetch(`${metricsUrl}/metrics`)).text();
  return {
    endpointUrl,
    metricsUrl,
    logFile: child.logFile,
    pid: () => child.pid,
    metrics,
    hasSeen: async ({ kind = '', metadata: { resourceVersion = '' } }) => {
      const position = new RegExp(`^kube_ec2_cache_resource_version\\{kind="${kind}"\\} (\\d+)$`, 'm');
      await eventually(`the operator has seen ${kind} of version ${resourceVersion}`, 60, async () => Number(position.exec(await metrics())?.[1]) >= Number(resourceVersion));
    },
    kill: async () => child.kill(),
    start: async () => child.start().then(ready),
    stop: async () => child.stop(),
    ready,
  };
}

/** A loopback port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
